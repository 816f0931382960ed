package dev.flusso.postgres.provision;

import dev.flusso.capture.ServerFacts;
import dev.flusso.capture.SourceNotUsableException;
import dev.flusso.capture.SourceUnavailableException;
import dev.flusso.capture.Timelines;
import dev.flusso.journal.Lsn;
import dev.flusso.postgres.PostgresAddress;
import dev.flusso.postgres.SqlFailure;
import dev.flusso.postgres.stream.ReplicationConnection;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An ordinary connection and what the server said at its beginning. One thread.
 *
 * @param senderTimeout {@code wal_sender_timeout}; zero when the server never gives up
 */
record Session(Connection connection, ServerFacts facts, Duration senderTimeout) {

    /** A statement that hangs for longer means that the server is gone, in seconds. */
    private static final String SOCKET_TIMEOUT_SECONDS = "60";

    static Session open(PostgresAddress address) {
        Connection connection;
        try {
            connection = connection(address, SOCKET_TIMEOUT_SECONDS);
        } catch (SQLException e) {
            throw SqlFailure.of(e, "cannot connect", address);
        }
        try {
            return looked(address, connection);
        } catch (SQLException e) {
            close(connection);
            throw SqlFailure.of(e, "cannot look at the server", address);
        } catch (RuntimeException e) {
            close(connection);
            throw e;
        }
    }

    /** @param socketTimeoutSeconds 0 for none */
    static Connection connection(PostgresAddress address, String socketTimeoutSeconds) throws SQLException {
        var properties = address.properties();
        properties.setProperty("socketTimeout", socketTimeoutSeconds);
        properties.setProperty("tcpKeepAlive", "true");
        properties.putIfAbsent("connectTimeout", "10");
        if (properties.getProperty("ApplicationName") == null) {
            properties.setProperty("ApplicationName", "flusso capture");
        }
        var connection = DriverManager.getConnection(address.jdbcUrl(), properties);
        try (var statement = connection.createStatement()) {
            // local: a heartbeat must not wait for a synchronous standby. The interval: a backend that waits for
            // transactions
            // notices when we are gone.
            statement.execute("SET synchronous_commit = local; SET search_path = pg_catalog;"
                    + " SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0;"
                    + " SET client_connection_check_interval = '2s'");
        } catch (SQLException e) {
            close(connection);
            throw e;
        }
        return connection;
    }

    private static Session looked(PostgresAddress address, Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT current_setting('wal_level'), pg_is_in_recovery(),"
                        + " current_setting('server_version_num')::int,"
                        + " (SELECT system_identifier::text FROM pg_control_system()), current_database(),"
                        + " (SELECT setting::bigint FROM pg_settings WHERE name = 'wal_sender_timeout')")) {
            rows.next();
            if (rows.getBoolean(2)) {
                throw new SourceUnavailableException(
                        "the server at " + address + " is a standby; it can be captured from once it is promoted");
            }
            var version = rows.getInt(3);
            if (version < 140_000) {
                throw new SourceNotUsableException("the server at " + address + " is version " + version / 10_000
                        + ", expected Postgres 14 or newer");
            }
            if (!rows.getString(1).equals("logical")) {
                throw new SourceNotUsableException("'wal_level' at " + address + " is '" + rows.getString(1)
                        + "', expected 'logical'; run as a superuser: ALTER SYSTEM SET wal_level = logical;"
                        + " and restart the server");
            }
            return new Session(
                    connection,
                    facts(address, connection, rows.getString(4), rows.getString(5), version),
                    Duration.ofMillis(rows.getLong(6)));
        }
    }

    private static ServerFacts facts(
            PostgresAddress address, Connection connection, String system, String database, int version)
            throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT ('x' || substr(pg_walfile_name(lsn), 1, 8))::bit(32)::int,"
                        + " lsn::text FROM pg_current_wal_insert_lsn() AS w(lsn)")) {
            rows.next();
            var timeline = rows.getInt(1);
            return new ServerFacts(
                    system,
                    database,
                    version,
                    new Timelines(timeline, ReplicationConnection.history(address, timeline)),
                    Lsn.parse(rows.getString(2)));
        }
    }

    static void close(@Nullable Connection connection) {
        if (connection == null) {
            return;
        }
        try {
            connection.close();
        } catch (SQLException e) {
            // gone either way
        }
    }
}
