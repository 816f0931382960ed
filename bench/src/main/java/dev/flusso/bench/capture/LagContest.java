package dev.flusso.bench.capture;

import dev.flusso.bench.Contest;
import dev.flusso.bench.Goal;
import dev.flusso.bench.Numbers;
import dev.flusso.bench.Reading;
import dev.flusso.bench.Settings;
import dev.flusso.bench.UsersData;
import dev.flusso.dev.servers.Eventually;
import dev.flusso.dev.servers.FreePorts;
import dev.flusso.dev.servers.PostgresServer;
import dev.flusso.dev.servers.ProcessControl;
import dev.flusso.dev.servers.WorkFolder;
import dev.flusso.journal.Entry;
import dev.flusso.journal.Reader;
import dev.flusso.journal.chronicle.ChronicleJournal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * How far {@code flusso capture}, a process of its own, is behind its source: how long after a commit, on an idle system, its entry can be read
 * in this process; and how much of the log is unacknowledged while others write as fast as they can. The limit is a reader of the same
 * publication that drops what it reads and acknowledges it every 10 ms. One of the two stands still while the other is measured.
 */
public final class LagContest implements Contest {

    private static final String DATABASE = "lag";
    private static final String NAME = "flusso_lag";
    private static final String LIMIT = "a reader of the same publication that drops what it reads";
    private static final Duration DEADLINE = Duration.ofMinutes(5);
    private static final int PROBES = 200;
    private static final int WRITERS = 2;
    private static final Duration WRITING = Duration.ofSeconds(5);
    private static final long BETWEEN_LOOKS_NANOS = 20_000_000;
    private static final long BETWEEN_POLLS_NANOS = 20_000;

    private @Nullable PostgresServer server;
    private @Nullable Connection connection;
    private @Nullable ProcessControl capture;
    private @Nullable DroppingReader dropping;
    private @Nullable ChronicleJournal journal;
    private @Nullable Reader reader;
    private int orders;
    private int probe;

    @Override
    public String name() {
        return "lag";
    }

    @Override
    public void prepare(Settings settings) throws SQLException, IOException {
        orders = settings.scaled(100_000, 10_000);
        var started = UsersData.server();
        server = started;
        UsersData.fill(started, DATABASE, orders / UsersData.ORDERS_PER_USER);
        connection = started.connect(DATABASE);
        var folder = WorkFolder.fresh("bench-lag");
        Files.createDirectories(folder);
        Files.copy(UsersData.schemaFile(settings), folder.resolve("users.schema.yml"));
        Files.writeString(folder.resolve("flusso.toml"), """
                [source]
                type = "postgres"
                connection_url = { env = "DATABASE_URL" }

                [[index]]
                name = "users"
                schema = "users.schema.yml"
                """);
        capture = start(settings, started, folder);
        Eventually.within(DEADLINE).until("the slot to be read", () -> isRead(NAME));
        dropping = DroppingReader.of(started, DATABASE, NAME);
        var opened = ChronicleJournal.openReadOnly(folder.resolve("flusso-journal"));
        journal = opened;
        reader = opened.reader();
        round();
    }

    private static ProcessControl start(Settings settings, PostgresServer server, Path folder) {
        return ProcessControl.command(List.of(
                        settings.distribution().resolve("bin/flusso").toString(),
                        "capture",
                        "--slot",
                        NAME,
                        "--publication",
                        NAME,
                        "--capture-address",
                        "127.0.0.1:" + FreePorts.next()))
                .name("flusso capture")
                .directory(folder)
                .environment("DATABASE_URL", server.url(DATABASE))
                .start();
    }

    @Override
    public List<Reading> round() throws SQLException {
        var readings = new ArrayList<Reading>();
        double[] limit;
        LagSamples limitLag;
        capture().freeze();
        try (var live = known(dropping).live()) {
            drain(DroppingReader.slot(), live);
            limit = arrivals(live::awaitUpdate);
            limitLag = underWriters(DroppingReader.slot(), live);
        } finally {
            capture().thaw();
        }
        drain(NAME, null);
        skipAll();
        double[] ours = arrivals(this::awaitEntry);
        for (double part : new double[] {0.5, 0.99}) {
            readings.add(Reading.beside(
                    "commit → entry readable in another process, p" + Math.round(part * 100),
                    "ms",
                    LIMIT,
                    Numbers.quantile(limit, part),
                    Numbers.quantile(ours, part),
                    Goal.NONE));
        }
        var lag = underWriters(NAME, null);
        for (double part : new double[] {0.5, 0.99}) {
            var which = ", p" + Math.round(part * 100);
            readings.add(Reading.beside(
                    "WAL not acknowledged under " + WRITERS + " writers" + which,
                    "MiB",
                    LIMIT,
                    limitLag.mebibytes(part),
                    lag.mebibytes(part),
                    Goal.NONE));
            readings.add(Reading.beside(
                    "age of the acknowledgement under " + WRITERS + " writers" + which,
                    "s",
                    LIMIT,
                    limitLag.seconds(part),
                    lag.seconds(part),
                    Goal.NONE));
        }
        return readings;
    }

    private interface Arrival {
        void await() throws SQLException;
    }

    /** Milliseconds from before a commit until what it did has come. */
    private double[] arrivals(Arrival arrival) throws SQLException {
        double[] all = new double[PROBES];
        try (var update = known(connection).prepareStatement("UPDATE orders SET total = total + 1 WHERE id = ?")) {
            for (int i = 0; i < PROBES; i++) {
                update.setLong(1, 1 + ++probe % orders);
                long start = System.nanoTime();
                update.executeUpdate();
                arrival.await();
                all[i] = (System.nanoTime() - start) / 1e6;
            }
        }
        return all;
    }

    private void awaitEntry() {
        var from = known(reader);
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (System.nanoTime() < end) {
            if (!from.advance()) {
                LockSupport.parkNanos(BETWEEN_POLLS_NANOS);
            } else if (from.kind() == Entry.Kind.COMMIT) {
                return;
            }
        }
        throw new IllegalStateException(
                "no commit has come into the journal: " + capture().lastLines(10));
    }

    private void skipAll() {
        var from = known(reader);
        while (from.advance()) {
            // what the other's turn and the writers have left
        }
    }

    /** @param live reads meanwhile; null when capture does */
    private LagSamples underWriters(String slot, DroppingReader.@Nullable Live live) throws SQLException {
        var going = new AtomicBoolean(true);
        var threads = Executors.newCachedThreadPool();
        var done = new ArrayList<Future<?>>();
        try (var looking = known(server).connect(DATABASE)) {
            for (int i = 0; i < WRITERS; i++) {
                int number = i;
                done.add(threads.submit(() -> write(number, going)));
            }
            if (live != null) {
                done.add(threads.submit(() -> {
                    while (going.get()) {
                        live.drop();
                    }
                    return true;
                }));
            }
            var samples = new LagSamples(looking, slot);
            long end = System.nanoTime() + WRITING.toNanos();
            while (System.nanoTime() < end) {
                samples.look();
                LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
            }
            return samples;
        } finally {
            going.set(false);
            threads.shutdown();
            done.forEach(LagContest::join);
            drain(slot, live);
        }
    }

    private static void join(Future<?> thread) {
        try {
            thread.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
            throw new IllegalStateException("a writer or reader failed", e);
        }
    }

    /** Transactions of ten rows each, one after the other. */
    private boolean write(int number, AtomicBoolean going) throws SQLException {
        try (var session = known(server).connect(DATABASE);
                var update =
                        session.prepareStatement("UPDATE orders SET total = total + 1 WHERE id > ? AND id <= ? + 10")) {
            int share = orders / WRITERS;
            for (int i = 0; going.get(); i++) {
                long from = (long) number * share + i * 10L % share;
                update.setLong(1, from);
                update.setLong(2, from);
                update.executeUpdate();
            }
            return true;
        }
    }

    /** Waits until the slot is acknowledged up to here. */
    private void drain(String slot, DroppingReader.@Nullable Live live) throws SQLException {
        var end = one("SELECT pg_current_wal_lsn()::text");
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!one("SELECT (confirmed_flush_lsn >= '" + end + "')::text FROM pg_replication_slots WHERE slot_name = '"
                        + slot + "'")
                .equals("true")) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("slot '" + slot + "' does not come to " + end + ": "
                        + capture().lastLines(10));
            }
            one("SELECT pg_logical_emit_message(true, 'bench', 'past the end')::text");
            if (live == null) {
                LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
            } else {
                live.drop();
            }
        }
    }

    private boolean isRead(String slot) throws SQLException {
        return one("SELECT active::text FROM pg_replication_slots WHERE slot_name = '" + slot + "'")
                .equals("true");
    }

    private String one(String query) throws SQLException {
        try (var statement = known(connection).createStatement();
                var rows = statement.executeQuery(query)) {
            return rows.next() ? String.valueOf(rows.getString(1)) : "";
        }
    }

    private ProcessControl capture() {
        return known(capture);
    }

    private static <T> T known(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("not prepared");
        }
        return value;
    }

    @Override
    public void close() {
        for (var one : Arrays.asList(reader, journal, capture, connection, server)) {
            try {
                if (one != null) {
                    one.close();
                }
            } catch (Exception e) { // the rest must go all the same
                System.err.println("while ending: " + e);
            }
        }
    }
}
