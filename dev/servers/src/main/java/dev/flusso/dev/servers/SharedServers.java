package dev.flusso.dev.servers;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One Postgres and one OpenSearch for all tests of a JVM, started at their first use and closed at the JVM's end. Tests must not stop,
 * kill or freeze them, and take a {@link PostgresServer#freshDatabase} and index names of their own.
 *
 * <p>Any thread may ask. To save the wait, ask for {@link #postgres} and {@link #search} after {@link #warmUp}, which starts both at once.
 */
public final class SharedServers {

    private static final Shared<PostgresServer> POSTGRES =
            new Shared<>(() -> PostgresServer.builder().start());
    private static final Shared<SearchServer> SEARCH =
            new Shared<>(() -> SearchServer.builder().start());

    private SharedServers() {}

    public static PostgresServer postgres() {
        return POSTGRES.running();
    }

    public static SearchServer search() {
        return SEARCH.running();
    }

    /** Begins to start both without waiting; a failure shows when the server is asked for. */
    public static void warmUp() {
        CompletableFuture.runAsync(SharedServers::postgres).exceptionally(SharedServers::shownLater);
        CompletableFuture.runAsync(SharedServers::search).exceptionally(SharedServers::shownLater);
    }

    private static @Nullable Void shownLater(Throwable failure) {
        return null;
    }

    /** A server that is started once; after a failure the next call tries again. */
    private static final class Shared<S extends Server> {

        private final Supplier<S> starter;
        private @Nullable S server;

        Shared(Supplier<S> starter) {
            this.starter = starter;
        }

        synchronized S running() {
            var known = server;
            if (known == null) {
                known = starter.get();
                server = known;
                WorkFolder.closeAtEnd(known);
            }
            return known;
        }
    }
}
