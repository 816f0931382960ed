package dev.flusso.bench.capture;

import dev.flusso.dev.servers.PostgresServer;
import dev.flusso.journal.Lsn;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;

/** Reads a slot of its own and drops what comes: the least a reader of the stream can do. One thread. */
final class DroppingReader {

    private static final String SLOT = "bench_dropping";

    /** How often {@link Live} acknowledges: as often as our journal is forced. */
    private static final long ACKNOWLEDGE_NANOS = 10_000_000;

    private static final long IDLE_NANOS = 50_000;

    private final PostgresServer server;
    private final String database;
    private final String publication;

    private DroppingReader(PostgresServer server, String database, String publication) {
        this.server = server;
        this.database = database;
        this.publication = publication;
    }

    /** Makes its slot. */
    static DroppingReader of(PostgresServer server, String database, String publication) throws SQLException {
        try (var connection = server.connect(database);
                var statement = connection.createStatement()) {
            statement.execute("SELECT pg_create_logical_replication_slot('" + SLOT + "', 'pgoutput')");
        }
        return new DroppingReader(server, database, publication);
    }

    /** Reads up to {@code end}, past which there must be a message, and acknowledges it; returns the seconds from the first message asked for to the last one read. */
    double readUntil(Lsn end) throws SQLException {
        try (var connection = replication()) {
            var stream = stream(connection);
            long start = System.nanoTime();
            do {
                stream.read(); // the message after the last change ends it
            } while (Long.compareUnsigned(stream.getLastReceiveLSN().asLong(), end.value()) < 0);
            double seconds = (System.nanoTime() - start) / 1e9;
            stream.setFlushedLSN(LogSequenceNumber.valueOf(end.value()));
            stream.setAppliedLSN(LogSequenceNumber.valueOf(end.value()));
            stream.forceUpdateStatus();
            connection.abort(Runnable::run);
            return seconds;
        }
    }

    private PGReplicationStream stream(Connection connection) throws SQLException {
        return connection
                .unwrap(PGConnection.class)
                .getReplicationAPI()
                .replicationStream()
                .logical()
                .withSlotName(SLOT)
                .withAutomaticFlush(false)
                .withStatusInterval(5, TimeUnit.SECONDS)
                .withSlotOption("proto_version", 1)
                .withSlotOption("publication_names", publication)
                .withSlotOption("messages", true)
                .start();
    }

    /** Begins to read as changes come. */
    Live live() throws SQLException {
        var connection = replication();
        try {
            return new Live(connection, stream(connection));
        } catch (SQLException e) {
            connection.abort(Runnable::run);
            throw e;
        }
    }

    /** Reading as changes come. One thread. */
    static final class Live implements AutoCloseable {

        private final Connection connection;
        private final PGReplicationStream stream;
        private long acknowledgedNanos = System.nanoTime();

        private Live(Connection connection, PGReplicationStream stream) {
            this.connection = connection;
            this.stream = stream;
        }

        /** Returns when the commit of the next transaction that updates a row has been read. */
        void awaitUpdate() throws SQLException {
            boolean updated = false;
            while (true) {
                char tag = (char) stream.read().get();
                updated |= tag == 'U';
                if (updated && tag == 'C') {
                    return;
                }
            }
        }

        /** Drops what there is; acknowledges now and then. */
        void drop() throws SQLException {
            while (stream.readPending() != null) {
                acknowledge();
            }
            acknowledge();
            LockSupport.parkNanos(IDLE_NANOS);
        }

        private void acknowledge() throws SQLException {
            if (System.nanoTime() - acknowledgedNanos < ACKNOWLEDGE_NANOS) {
                return;
            }
            acknowledgedNanos = System.nanoTime();
            stream.setFlushedLSN(stream.getLastReceiveLSN());
            stream.setAppliedLSN(stream.getLastReceiveLSN());
            stream.forceUpdateStatus();
        }

        @Override
        public void close() throws SQLException {
            connection.abort(Runnable::run);
        }
    }

    /** Its slot's name. */
    static String slot() {
        return SLOT;
    }

    private Connection replication() throws SQLException {
        var properties = new Properties();
        PGProperty.REPLICATION.set(properties, "database");
        PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "14");
        return DriverManager.getConnection(server.jdbcUrl(database), properties);
    }
}
