package dev.flusso.postgres.inspect;

import dev.flusso.schema.Place;
import dev.flusso.schema.SourceConfig;
import dev.flusso.schema.TableRef;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Looks at the server's settings, the role and the slot. One thread. */
final class ServerInspection {

    private static final int OLDEST = 140_000;

    private static final String FACTS = """
            SELECT current_setting('server_version_num')::int, current_setting('server_version'), current_setting('wal_level'),
                   pg_is_in_recovery(), current_user, r.rolsuper,
                   r.rolsuper OR r.rolreplication
                     OR EXISTS (SELECT FROM pg_roles m WHERE m.rolname = 'rds_replication' AND pg_has_role(m.oid, 'MEMBER')),
                   has_database_privilege(current_database(), 'CREATE'), current_database(),
                   current_setting('max_replication_slots')::int, (SELECT count(*) FROM pg_replication_slots),
                   current_setting('max_wal_senders')::int, (SELECT count(*) FROM pg_stat_replication)
            FROM pg_roles r WHERE r.rolname = current_user
            """;

    private static final String SLOT = """
            SELECT s.slot_type, coalesce(s.plugin, ''), coalesce(s.database, ''), s.active, coalesce(s.active_pid, 0),
                   coalesce(s.wal_status, ''), coalesce(pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery()
                     THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END, s.restart_lsn), 0)::bigint
            FROM pg_replication_slots s WHERE s.slot_name = ?
            """;

    private final Connection connection;
    private final Findings findings;

    ServerInspection(Connection connection, Findings findings) {
        this.connection = connection;
        this.findings = findings;
    }

    /**
     * What others go by.
     *
     * @param version {@code server_version_num}
     * @param mayCreate whether the role may make a publication in the database
     */
    record Server(int version, String role, boolean superuser, boolean mayCreate) {}

    Server inspect(InspectionRequest request) throws SQLException {
        var place = request.source().place();
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(FACTS)) {
            if (!row.next()) {
                throw new SQLException("pg_roles does not know the current user");
            }
            var server = new Server(row.getInt(1), row.getString(5), row.getBoolean(6), row.getBoolean(8));
            settings(row, place);
            if (!row.getBoolean(7)) {
                findings.error(
                        place,
                        "role " + server.role() + " may not replicate",
                        "ALTER ROLE " + TableRef.quoted(server.role()) + " REPLICATION;");
            }
            var exists = slot(request, row.getString(9));
            room(row, exists, request, place);
            return server;
        }
    }

    private void settings(ResultSet row, Place place) throws SQLException {
        if (row.getInt(1) < OLDEST) {
            findings.error(
                    place,
                    "the server is Postgres " + row.getString(2) + ", expected 14 or newer",
                    "upgrade the server");
        }
        if (!row.getString(3).equals("logical")) {
            findings.error(
                    place,
                    "'wal_level' is '" + row.getString(3) + "', expected 'logical': no change can be followed",
                    "ALTER SYSTEM SET wal_level = logical; -- then restart the server");
        }
        if (row.getBoolean(4)) {
            findings.error(
                    place,
                    "the server is a standby; it can be captured from once it is promoted",
                    "name the primary in source.connection_url");
        }
    }

    private void room(ResultSet row, boolean slotExists, InspectionRequest request, Place place) throws SQLException {
        int slots = row.getInt(10);
        if (!slotExists && row.getInt(11) >= slots) {
            findings.error(
                    place,
                    "all " + slots + " replication slots are taken (max_replication_slots), and slot '" + request.slot()
                            + "' is yet to be made",
                    "ALTER SYSTEM SET max_replication_slots = " + (slots + 4) + "; -- then restart the server");
        }
        int senders = row.getInt(12);
        if (!slotExists && row.getInt(13) >= senders) {
            findings.error(
                    place,
                    "all " + senders + " WAL senders are busy (max_wal_senders), and capture needs one",
                    "ALTER SYSTEM SET max_wal_senders = " + (senders + 4) + "; -- then restart the server");
        }
    }

    /** Whether there is one of the name. */
    private boolean slot(InspectionRequest request, String database) throws SQLException {
        var place = request.source().place();
        try (var query = connection.prepareStatement(SLOT)) {
            query.setString(1, request.slot());
            try (var row = query.executeQuery()) {
                if (!row.next()) {
                    findings.note(place, "slot '" + request.slot() + "' does not exist yet; capture makes it", "");
                    return false;
                }
                var drop = "SELECT pg_drop_replication_slot('" + request.slot() + "');";
                if (!row.getString(1).equals("logical")
                        || !row.getString(2).equals("pgoutput")
                        || !row.getString(3).equals(database)) {
                    findings.error(
                            place,
                            "slot '" + request.slot() + "' is not ours to use: " + row.getString(1) + ", plugin '"
                                    + row.getString(2) + "', database '" + row.getString(3)
                                    + "', expected logical, pgoutput, '" + database + "'",
                            drop + " -- or choose another --slot");
                } else if (row.getString(6).equals("lost")) {
                    lost(request, drop);
                } else {
                    var used = row.getBoolean(4) ? "is read by process " + row.getInt(5) : "is not read by anybody now";
                    findings.note(
                            place,
                            "slot '" + request.slot() + "' exists, " + used + ", and keeps "
                                    + ByteText.of(row.getLong(7)) + " of WAL",
                            "");
                }
                return true;
            }
        }
    }

    private void lost(InspectionRequest request, String drop) {
        var message = "slot '" + request.slot() + "' is lost: the server has removed WAL it needed";
        if (request.source().onGap() == SourceConfig.OnGap.STOP) {
            findings.error(
                    request.source().place(),
                    message + ", and source.on_gap = \"stop\" forbids to go on",
                    drop + " -- then start once with source.on_gap = \"heal\"");
        } else {
            findings.warning(
                    request.source().place(),
                    message + ", so capture makes it anew and every index is built again",
                    "");
        }
    }
}
