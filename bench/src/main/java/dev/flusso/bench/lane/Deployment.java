package dev.flusso.bench.lane;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flusso.bench.Settings;
import dev.flusso.bench.UsersData;
import dev.flusso.dev.servers.Eventually;
import dev.flusso.dev.servers.FreePorts;
import dev.flusso.dev.servers.PostgresServer;
import dev.flusso.dev.servers.ProcessControl;
import dev.flusso.dev.servers.SearchServer;
import dev.flusso.dev.servers.WorkFolder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** {@code flusso capture} and {@code flusso work} over one index, each with the defaults of the reference but no replica. One thread. */
final class Deployment implements AutoCloseable {

    /** The index' plain alias. */
    static final String INDEX = "users";

    private static final Duration DEADLINE = Duration.ofMinutes(10);

    private final Settings settings;
    private final PostgresServer postgres;
    private final String database;
    private final Path folder;
    private final int publicPort = FreePorts.next();
    private final int privatePort = FreePorts.next();
    private final int capturePort = FreePorts.next();
    private final Cluster surface = new Cluster(URI.create("http://127.0.0.1:" + publicPort));
    private final List<ProcessControl> processes = new ArrayList<>();

    private Deployment(Settings settings, PostgresServer postgres, String database, Path folder) {
        this.settings = settings;
        this.postgres = postgres;
        this.database = database;
        this.folder = folder;
    }

    /** Writes the config into a folder of its own; starts nothing. */
    static Deployment of(Settings settings, PostgresServer postgres, String database, SearchServer search)
            throws IOException {
        var folder = WorkFolder.fresh("bench-flusso");
        Files.createDirectories(folder);
        Files.copy(UsersData.schemaFile(settings), folder.resolve("users.schema.yml"));
        Files.writeString(folder.resolve("flusso.toml"), """
                [source]
                type = "postgres"
                connection_url = { env = "DATABASE_URL" }

                [sinks.primary]
                type = "opensearch"
                url = "%s"
                number_of_replicas = 0

                [[index]]
                name = "%s"
                schema = "users.schema.yml"
                """.formatted(search.url(), INDEX));
        return new Deployment(settings, postgres, database, folder);
    }

    ProcessControl startCapture() {
        return start("capture", "--capture-address", "127.0.0.1:" + capturePort);
    }

    ProcessControl startWork() {
        return start(
                "work", "--public-address", "127.0.0.1:" + publicPort, "--private-address", "127.0.0.1:" + privatePort);
    }

    private ProcessControl start(String command, String... addresses) {
        var words = new ArrayList<String>();
        words.add(settings.distribution().resolve("bin/flusso").toString());
        words.addAll(List.of(command, "--slot", "flusso_" + database, "--publication", "flusso_" + database));
        words.addAll(List.of(addresses));
        var process = ProcessControl.command(words)
                .name("flusso " + command)
                .directory(folder)
                .environment("DATABASE_URL", postgres.url(database))
                .start();
        processes.add(process);
        return process;
    }

    JsonNode status() throws IOException {
        return surface.get("/status");
    }

    /** Changes whose documents are settled and checkpointed since the worker started. */
    long committed() throws IOException {
        return status().path("changes_committed").longValue();
    }

    /** Waits until every lane is live. */
    void untilLive() {
        until("the lanes to be live", () -> status().path("phase").asText().equals("live"));
    }

    /** Waits for something, and shows both logs when it does not come. */
    void until(String what, java.util.concurrent.Callable<Boolean> condition) {
        try {
            Eventually.within(DEADLINE).until(what, condition);
        } catch (AssertionError e) {
            var text = new StringBuilder(e.getMessage());
            processes.forEach(process -> text.append('\n').append(process).append(process.lastLines(20)));
            throw new IllegalStateException(text.toString(), e);
        }
    }

    /** Ends both and drops slot and indexes, so that a next start begins from nothing. */
    @Override
    public void close() {
        processes.forEach(ProcessControl::close);
        processes.clear();
        Eventually.within(Duration.ofSeconds(20)).until("the slot to be dropped", () -> {
            try (var connection = postgres.connect(database);
                    var statement = connection.createStatement()) {
                statement.execute(
                        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = "
                                + "'flusso_" + database + "'");
                return true;
            }
        });
    }
}
