package dev.flusso.postgres.provision;

import dev.flusso.capture.SlotHeldElsewhereException;
import dev.flusso.capture.SlotState;
import dev.flusso.capture.SourceNotUsableException;
import dev.flusso.journal.Lsn;
import dev.flusso.postgres.PostgresAddress;
import dev.flusso.postgres.SqlFailure;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** The replication slot. One thread. */
final class Slots {

    private static final int INVALIDATION_REASON_SINCE = 170_000;

    private final PostgresAddress address;
    private final Connection connection;
    private final int serverVersion;
    private final String name;

    Slots(PostgresAddress address, Connection connection, int serverVersion, String name) {
        this.address = address;
        this.connection = connection;
        this.serverVersion = serverVersion;
        this.name = name;
    }

    Optional<SlotState> find() throws SQLException {
        var reason = serverVersion >= INVALIDATION_REASON_SINCE
                ? "s.invalidation_reason"
                : "CASE WHEN s.wal_status = 'lost' THEN 'its log was removed (max_slot_wal_keep_size)' END";
        try (var statement =
                connection.prepareStatement("SELECT s.slot_type, s.plugin, s.database, coalesce(s.active_pid, 0),"
                        + " coalesce(r.application_name || coalesce(' at ' || host(r.client_addr), ''), ''),"
                        + " coalesce((extract(epoch FROM r.reply_time) * 1000000)::bigint, 0),"
                        + " s.confirmed_flush_lsn::text, s.restart_lsn::text, coalesce(" + reason + ", ''),"
                        + " pg_current_wal_insert_lsn()::text"
                        + " FROM pg_replication_slots s LEFT JOIN pg_stat_replication r ON r.pid = s.active_pid"
                        + " WHERE s.slot_name = ?")) {
            statement.setString(1, name);
            try (var rows = statement.executeQuery()) {
                return rows.next() ? Optional.of(state(rows)) : Optional.empty();
            }
        }
    }

    private SlotState state(ResultSet rows) throws SQLException {
        var type = rows.getString(1);
        var plugin = rows.getString(2);
        var database = rows.getString(3);
        if (!type.equals("logical") || !plugin.equals("pgoutput") || !database.equals(address.database())) {
            throw new SourceNotUsableException("slot '" + name + "' at " + address + " is a " + type + " slot"
                    + (type.equals("logical") ? " of plugin " + plugin + " in database '" + database + "'" : "")
                    + ", expected a logical one of pgoutput in database '" + address.database()
                    + "'; choose another --slot, or run: SELECT pg_drop_replication_slot('" + name + "')");
        }
        return new SlotState(
                rows.getInt(4),
                rows.getString(5),
                rows.getLong(6),
                lsn(rows.getString(7)),
                lsn(rows.getString(8)),
                rows.getString(9),
                lsn(rows.getString(10)));
    }

    private static Lsn lsn(String text) {
        return text == null ? Lsn.ZERO : Lsn.parse(text);
    }

    void drop() throws SQLException {
        try (var statement = connection.prepareStatement(
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = ?")) {
            statement.setString(1, name);
            statement.execute();
        } catch (SQLException e) {
            if (SqlFailure.is(e, SqlFailure.OBJECT_IN_USE)) {
                throw new SlotHeldElsewhereException("slot '" + name + "' at " + address
                        + " must be made anew, but another process reads it: " + SqlFailure.oneLine(e)
                        + "; stop that one, or start this one with another --slot");
            }
            if (!SqlFailure.is(e, SqlFailure.UNDEFINED_OBJECT)) {
                throw e;
            }
        }
    }
}
