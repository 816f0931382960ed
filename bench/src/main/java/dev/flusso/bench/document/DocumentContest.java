package dev.flusso.bench.document;

import dev.flusso.bench.Closing;
import dev.flusso.bench.Contest;
import dev.flusso.bench.Goal;
import dev.flusso.bench.Reading;
import dev.flusso.bench.Settings;
import dev.flusso.bench.UsersData;
import dev.flusso.dev.servers.PostgresServer;
import dev.flusso.postgres.PostgresAddress;
import dev.flusso.postgres.document.PostgresIndexReader;
import dev.flusso.postgres.document.PostgresRowReader;
import dev.flusso.postgres.document.ReaderSettings;
import dev.flusso.schema.connection.DatabaseUrl;
import dev.flusso.worker.Key;
import dev.flusso.worker.KeyRange;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * What a lane's reader makes of the tables. A whole pass beside {@code COPY} of the same query; batches of random keys beside the best
 * statement found by hand for the same documents; and what a document costs in our process.
 */
public final class DocumentContest implements Contest {

    private static final int BATCH = 1_000;
    private static final int BATCHES = 40;

    private final Random random = new Random(20_260);
    private @Nullable PostgresServer server;
    private @Nullable PostgresRowReader rows;
    private @Nullable PostgresIndexReader index;
    private @Nullable Connection connection;
    private int users;

    @Override
    public String name() {
        return "documents";
    }

    @Override
    public void prepare(Settings settings) throws SQLException, IOException {
        users = settings.scaled(50_000, 2_000);
        var started = UsersData.server();
        server = started;
        UsersData.fill(started, "documents", users);
        var address = PostgresAddress.of(DatabaseUrl.parse(started.url("documents")), "flusso bench");
        var reader = PostgresRowReader.open(address, ReaderSettings.of(4, 2));
        rows = reader;
        var opened = reader.open("users", UsersData.schema(settings), 32L << 20);
        index = opened;
        connection = started.connect("documents");
        var session = open();
        try (var statement = session.createStatement()) {
            statement.execute("SET TimeZone = 'UTC'");
            statement.execute("SET jit = off");
        }
        for (int i = 0; i < 3; i++) { // the compilers of this JVM, the caches of the server
            scan(opened);
            copy(session, opened);
        }
        for (int i = 0; i < 3; i++) {
            batches(opened, keys());
            batchesByHand(session, keys());
        }
    }

    @Override
    public List<Reading> round() throws SQLException, IOException {
        var reader = index;
        if (reader == null) {
            throw new IllegalStateException("not prepared");
        }
        var session = open();
        var readings = new ArrayList<Reading>();
        double copied = copy(session, reader);
        var scanned = scan(reader);
        readings.add(Reading.beside(
                "documents out of Postgres, one pass",
                "docs/s",
                "COPY (the same query) TO STDOUT, thrown away",
                copied,
                scanned.perSecond(),
                Goal.ratioAtLeast(0.9)));
        readings.add(Reading.alone("CPU of our process for a document", "µs", scanned.cpuMicros(), Goal.atMost(10)));
        var keys = keys();
        double byHand = batchesByHand(session, keys);
        readings.add(Reading.beside(
                "batches of 1,000 random keys",
                "docs/s",
                "the best statement written by hand",
                byHand,
                batches(reader, keys),
                Goal.ratioAtLeast(0.95)));
        return readings;
    }

    private Connection open() {
        var session = connection;
        if (session == null) {
            throw new IllegalStateException("not prepared");
        }
        return session;
    }

    /** A pass over all documents. */
    private record Pass(double perSecond, double cpuMicros) {}

    private Pass scan(PostgresIndexReader reader) {
        long[] count = new long[1];
        long cpu = processCpuNanos();
        long start = System.nanoTime();
        reader.scan(KeyRange.ALL, (stamp, answer) -> count[0]++);
        long nanos = System.nanoTime() - start;
        long used = processCpuNanos() - cpu;
        expect(count[0], users);
        return new Pass(count[0] * 1e9 / nanos, used / 1e3 / count[0]);
    }

    private static long processCpuNanos() {
        return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                .getProcessCpuTime();
    }

    private double copy(Connection session, PostgresIndexReader reader) throws SQLException {
        var sql = "COPY (" + reader.scanSql(KeyRange.ALL) + ") TO STDOUT";
        long start = System.nanoTime();
        var copy = session.unwrap(PGConnection.class).getCopyAPI().copyOut(sql);
        long count = 0;
        while (copy.readFromCopy() != null) {
            count++;
        }
        expect(count, users);
        return count * 1e9 / (System.nanoTime() - start);
    }

    private List<List<Key>> keys() {
        var batches = new ArrayList<List<Key>>();
        for (int i = 0; i < BATCHES; i++) {
            batches.add(random.ints(1, users + 1)
                    .distinct()
                    .limit(BATCH)
                    .mapToObj(id -> Key.of(Integer.toString(id)))
                    .toList());
        }
        return batches;
    }

    private static double batches(PostgresIndexReader reader, List<List<Key>> batches) {
        long start = System.nanoTime();
        long count = 0;
        for (var batch : batches) {
            count += reader.documents(batch).answers().size();
        }
        expect(count, (long) BATCH * BATCHES);
        return count * 1e9 / (System.nanoTime() - start);
    }

    private static double batchesByHand(Connection session, List<List<Key>> batches) throws SQLException {
        long start = System.nanoTime();
        long count = 0;
        try (var query = session.prepareStatement(ByHand.SQL)) {
            for (var batch : batches) {
                var ids = batch.stream()
                        .map(key -> Long.valueOf(key.parts().get(0)))
                        .toArray(Long[]::new);
                query.setArray(1, session.createArrayOf("bigint", ids));
                try (var found = query.executeQuery()) {
                    while (found.next()) {
                        count += found.getBytes(2).length > 100 ? 1 : 0;
                    }
                }
            }
        }
        expect(count, (long) BATCH * BATCHES);
        return count * 1e9 / (System.nanoTime() - start);
    }

    private static void expect(long found, long expected) {
        if (found != expected) {
            throw new IllegalStateException(found + " documents came, expected " + expected);
        }
    }

    @Override
    public void close() {
        Closing.all(connection, rows, server);
    }
}
