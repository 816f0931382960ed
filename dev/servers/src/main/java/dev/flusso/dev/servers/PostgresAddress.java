package dev.flusso.dev.servers;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a Postgres as its superuser, and the few statements the test bed itself needs.
 *
 * @param trusted the certificate to insist on, or null to speak in plain text
 */
record PostgresAddress(
        String host,
        int port,
        String user,
        String password,
        @Nullable Path trusted) {

    String jdbcUrl(String database) {
        return "jdbc:postgresql://" + host + ":" + port + "/" + encoded(database) + "?user=" + encoded(user)
                + "&password=" + encoded(password) + tls("&");
    }

    String url(String database) {
        return "postgres://" + encoded(user) + ":" + encoded(password) + "@" + host + ":" + port + "/"
                + encoded(database) + tls("?");
    }

    Connection connect(String database) {
        try {
            return DriverManager.getConnection(jdbcUrl(database));
        } catch (SQLException e) {
            throw new ServerException(
                    "cannot connect to database '" + database + "' at " + host + ":" + port + ": " + e.getMessage(), e);
        }
    }

    /** Whether it answers a query now; fails within a few seconds. */
    void ping() throws SQLException {
        try (var connection = DriverManager.getConnection(jdbcUrl("postgres") + "&connectTimeout=3&socketTimeout=5");
                var statement = connection.createStatement()) {
            statement.execute("select 1");
        }
    }

    /** DROP and CREATE DATABASE; a slot would forbid the first, so the slots go before. */
    void makeFresh(String database) {
        var quoted = '"' + database.replace("\"", "\"\"") + '"';
        try (var connection = connect("postgres");
                var terminate =
                        connection.prepareStatement("select pg_terminate_backend(active_pid) from pg_replication_slots"
                                + " where database = ? and active_pid is not null");
                var drop = connection.prepareStatement(
                        "select pg_drop_replication_slot(slot_name) from pg_replication_slots where database = ?");
                var statement = connection.createStatement()) {
            terminate.setString(1, database);
            drop.setString(1, database);
            Eventually.within(Duration.ofSeconds(20)).passes("the slots of " + quoted + " to be dropped", () -> {
                terminate.execute();
                drop.execute();
            });
            statement.execute("drop database if exists " + quoted + " with (force)");
            statement.execute("create database " + quoted);
        } catch (SQLException e) {
            throw new ServerException("cannot make database '" + database + "' anew: " + e.getMessage(), e);
        }
    }

    void promote() {
        try (var connection = connect("postgres");
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select pg_promote(true, 60)")) {
            if (!rows.next() || !rows.getBoolean(1)) {
                throw new ServerException(
                        "Postgres at " + host + ":" + port + " is still a standby 60 s after pg_promote");
            }
        } catch (SQLException e) {
            throw new ServerException("cannot promote Postgres at " + host + ":" + port + ": " + e.getMessage(), e);
        }
    }

    private String tls(String separator) {
        return trusted == null ? "" : separator + "sslmode=verify-full&sslrootcert=" + encoded(trusted.toString());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
