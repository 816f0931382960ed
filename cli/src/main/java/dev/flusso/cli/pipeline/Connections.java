package dev.flusso.cli.pipeline;

import dev.flusso.postgres.PostgresAddress;
import dev.flusso.postgres.connect.ConnectionSettings;
import dev.flusso.schema.connection.DatabaseUrl;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** From the resolved address of the database to what the edges connect with. */
public final class Connections {

    private static final String DEFAULT_CONNECT_TIMEOUT_SECONDS = "10";

    private Connections() {}

    /** For reading. */
    public static ConnectionSettings settings(DatabaseUrl url) {
        var parameters = url.parameters();
        return new ConnectionSettings(
                url.host(),
                url.port(),
                url.database(),
                url.user(),
                url.password(),
                parameters.get("sslmode"),
                parameters.get("sslrootcert"),
                parameters.get("sslcert"),
                parameters.get("sslkey"),
                parameters.get("application_name"),
                Duration.ofSeconds(
                        Long.parseLong(parameters.getOrDefault("connect_timeout", DEFAULT_CONNECT_TIMEOUT_SECONDS))));
    }

    static PostgresAddress address(DatabaseUrl url) {
        var password = url.password();
        return new PostgresAddress(
                url.host(),
                url.port(),
                url.user(),
                password == null ? "" : password,
                url.database(),
                settings(url).properties("flusso capture"));
    }

    /** Threads of the stream: one that reports to the server, one that waits for a slot. */
    static ThreadFactory threads() {
        var number = new AtomicInteger();
        return task -> {
            var thread = new Thread(task, "flusso-stream-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
