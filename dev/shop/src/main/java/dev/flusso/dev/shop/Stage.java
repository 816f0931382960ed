package dev.flusso.dev.shop;

import dev.flusso.dev.servers.FileTree;
import dev.flusso.dev.servers.PostgresServer;
import dev.flusso.dev.servers.SearchServer;
import dev.flusso.dev.servers.WorkFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * All that runs: the two servers, the shop's database, flusso's two processes. Commanded by the thread that made it; closed by it, or by
 * the end of the JVM, which then waits until all is gone. After SIGKILL the processes go by themselves, and the next start removes the files.
 */
final class Stage implements AutoCloseable {

    static final List<String> INDEXES = List.of("users", "orders", "products");

    private final Thread owner = Thread.currentThread();
    private final Console console;
    private final Path folder;
    private final PostgresServer postgres;
    private final SearchServer search;
    private final SearchIndexes indexes;
    private final Flusso flusso;
    private final FutureTask<Void> searchStart;
    private final Thread searchStarter;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable ShopDatabase database;

    private Stage(DemoOptions options, Console console) {
        this.console = console;
        this.folder = WorkFolder.fresh("shop");
        this.postgres = PostgresServer.builder().build();
        this.search = SearchServer.builder().build();
        this.indexes = new SearchIndexes(search.url());
        this.flusso = new Flusso(
                options.distribution(),
                options.shop().resolve("flusso.toml"),
                folder.resolve("journal"),
                postgres.url(ShopDatabase.NAME),
                search.url(),
                console);
        this.searchStart = new FutureTask<>(search::start, null);
        this.searchStarter = new Thread(searchStart, "start-opensearch");
    }

    /** Nothing runs yet, and nothing stays when this JVM ends. */
    static Stage set(DemoOptions options, Console console) {
        var stage = new Stage(options, console);
        WorkFolder.closeAtEnd(stage);
        return stage;
    }

    /** Starts both servers side by side and fills the database meanwhile. */
    ShopDatabase startServers(Path sql) {
        searchStarter.start();
        postgres.start();
        var filled = ShopDatabase.fill(postgres, sql, INDEXES);
        database = filled;
        return filled;
    }

    /** Returns when OpenSearch answers. */
    void awaitSearch() {
        try {
            searchStart.get();
        } catch (ExecutionException e) {
            throw new DemoException("OpenSearch did not start: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DemoException("interrupted while OpenSearch was starting", e);
        }
    }

    PostgresServer postgres() {
        return postgres;
    }

    SearchServer search() {
        return search;
    }

    SearchIndexes indexes() {
        return indexes;
    }

    Flusso flusso() {
        return flusso;
    }

    /** Whether everything is on its way down, so that a failure means nothing. */
    boolean isClosing() {
        return begun.get();
    }

    /** Closes everything, once; another call waits until that is done. */
    @Override
    public void close() {
        if (!begun.compareAndSet(false, true)) {
            awaitEnd();
            return;
        }
        try {
            if (Thread.currentThread() == owner) {
                closeAll();
            } else {
                console.hush();
                owner.interrupt(); // whatever it waits for does not come any more
                closeAll();
                console.farewell("   Everything is stopped and removed.");
            }
        } finally {
            ended.countDown();
        }
    }

    private void awaitEnd() {
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the other call goes on, and the JVM waits for it
        }
    }

    /** From the last to the first, and each whatever becomes of the one before. */
    private void closeAll() {
        searchStarter.interrupt();
        var parts = new ArrayList<AutoCloseable>(List.of(flusso));
        var filled = database;
        if (filled != null) {
            parts.add(filled);
        }
        parts.add(search);
        parts.add(postgres);
        parts.add(() -> FileTree.delete(folder));
        @Nullable DemoException failure = null;
        for (var part : parts) {
            try {
                part.close();
            } catch (Exception | AssertionError e) {
                failure = new DemoException("not everything could be ended and removed: " + e.getMessage(), e);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
