package dev.flusso.bench.capture;

import dev.flusso.capture.Capture;
import dev.flusso.capture.CaptureMonitor;
import dev.flusso.capture.CaptureOptions;
import dev.flusso.capture.CapturePhase;
import dev.flusso.capture.CatalogMemory;
import dev.flusso.dev.servers.PostgresServer;
import dev.flusso.journal.JournalOptions;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.Needs;
import dev.flusso.journal.TableName;
import dev.flusso.journal.TableNeed;
import dev.flusso.journal.chronicle.ChronicleJournal;
import dev.flusso.postgres.PostgresAddress;
import dev.flusso.postgres.provision.PostgresSource;
import dev.flusso.postgres.provision.ProvisionPolicy;
import dev.flusso.schema.DocumentSchema;
import dev.flusso.schema.SourceConfig;
import dev.flusso.schema.connection.DatabaseUrl;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/** The capture half on the calling thread, over a journal of its own that syncs as it does by default. One thread. */
final class CaptureRunner implements AutoCloseable {

    static final String PUBLICATION = "bench";
    private static final String SLOT = "bench_flusso";
    private static final int IDLE_NANOS = 200_000;

    private final PostgresServer server;
    private final String database;
    private final Needs needs;
    private final Path folder;
    private final CaptureOptions options;
    private final ChronicleJournal journal;

    private CaptureRunner(PostgresServer server, String database, Needs needs, Path folder, CaptureOptions options)
            throws IOException {
        this.server = server;
        this.database = database;
        this.needs = needs;
        this.folder = folder;
        this.options = options;
        this.journal = ChronicleJournal.open(folder, JournalOptions.DEFAULT, InstantSource.system());
    }

    static CaptureRunner of(
            PostgresServer server, String database, DocumentSchema schema, Path folder, CaptureOptions options)
            throws IOException {
        var tables = new TreeMap<TableName, TableNeed>();
        schema.needs()
                .forEach((table, columns) -> tables.put(
                        TableName.of(table.schema(), table.name()),
                        new TableNeed(columns.key(), columns.references())));
        return new CaptureRunner(server, database, new Needs(tables), folder, options);
    }

    /** Makes publication, identities and slot. */
    void untilStreaming() {
        try (var source = source();
                var capture = capture(source)) {
            while (capture.status().phase() != CapturePhase.STREAMING) {
                rest(capture.step());
            }
        }
    }

    /** Reads until everything before {@code end} is acknowledged; returns the seconds since it began to read. */
    double runUntil(Lsn end) {
        try (var source = source();
                var capture = capture(source)) {
            while (capture.status().phase() != CapturePhase.STREAMING) {
                rest(capture.step());
            }
            long start = System.nanoTime();
            while (end.isAfter(capture.status().acknowledged())) {
                rest(capture.step());
            }
            return (System.nanoTime() - start) / 1e9;
        }
    }

    private static void rest(int done) {
        if (done == 0) {
            LockSupport.parkNanos(IDLE_NANOS);
        }
    }

    private PostgresSource source() {
        var address = PostgresAddress.of(DatabaseUrl.parse(server.url(database)), "flusso bench");
        var policy = new ProvisionPolicy(
                SLOT, PUBLICATION, true, SourceConfig.ReplicaIdentity.MANAGE, SourceConfig.Publish.ROWS);
        return new PostgresSource(address, policy, Thread::new, task -> new Thread(task).start(), System::nanoTime);
    }

    private Capture capture(PostgresSource source) {
        return new Capture(
                source,
                journal,
                CatalogMemory.inFile(folder.resolve("capture.catalog")),
                options,
                () -> needs,
                InstantSource.system(),
                System::nanoTime,
                RandomGenerator.getDefault(),
                CaptureMonitor.NONE);
    }

    @Override
    public void close() throws IOException {
        journal.close();
    }
}
