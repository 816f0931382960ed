package dev.flusso.postgres.stream;

import dev.flusso.capture.SourceUnavailableException;
import dev.flusso.capture.Timelines;
import dev.flusso.journal.Lsn;
import dev.flusso.postgres.PostgresAddress;
import dev.flusso.postgres.SqlFailure;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Connections that speak the replication protocol. */
public final class ReplicationConnection {

    private ReplicationConnection() {}

    /** A new one, without a socket timeout: the driver would not survive it in mid-message. */
    public static Connection open(PostgresAddress address) throws SQLException {
        var properties = address.properties();
        properties.setProperty("replication", "database");
        properties.setProperty("preferQueryMode", "simple");
        properties.setProperty("assumeMinServerVersion", "14");
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("socketTimeout", "0");
        if (properties.getProperty("ApplicationName") == null) {
            properties.setProperty("ApplicationName", "flusso capture");
        }
        return DriverManager.getConnection(address.jdbcUrl(), properties);
    }

    /** The ends of the timelines before {@code timeline}; empty for the first. */
    public static List<Timelines.End> history(PostgresAddress address, int timeline) {
        if (timeline == 1) {
            return List.of();
        }
        try (var connection = open(address);
                var statement = connection.createStatement();
                var rows = statement.executeQuery("TIMELINE_HISTORY " + timeline)) {
            if (!rows.next()) {
                throw new SourceUnavailableException(
                        "the server at " + address + " has no history of timeline " + timeline);
            }
            return parse(rows.getString(2));
        } catch (SQLException e) {
            throw SqlFailure.of(e, "cannot read the history of timeline " + timeline, address);
        }
    }

    /** Reads a timeline history file: on each line timeline, place and reason, apart by white space. */
    static List<Timelines.End> parse(String history) {
        var text = history.startsWith("\\x") ? unhex(history) : history;
        var ends = new ArrayList<Timelines.End>();
        for (var line : text.split("\\R", -1)) {
            var parts = line.strip().split("\\s+", 3);
            if (parts.length >= 2 && !parts[0].startsWith("#")) {
                ends.add(new Timelines.End(Integer.parseInt(parts[0]), Lsn.parse(parts[1])));
            }
        }
        return ends;
    }

    private static String unhex(String hex) {
        var bytes = new byte[(hex.length() - 2) / 2];
        for (var i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(hex.substring(2 + 2 * i, 4 + 2 * i), 16);
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
