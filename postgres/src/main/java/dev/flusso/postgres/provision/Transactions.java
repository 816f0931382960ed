package dev.flusso.postgres.provision;

import dev.flusso.capture.Blocker;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Who keeps others waiting. One thread. */
final class Transactions {

    /** An id of 32 bits is below one of 64 when it lies less than 2^31 before it: as Postgres compares them. */
    private static final String BEFORE = """
            SELECT * FROM (
              SELECT a.backend_xid::text AS xid, a.pid, coalesce(a.usename::text, '') AS who,
                     coalesce(a.application_name, '') AS application, coalesce(host(a.client_addr), 'local') AS client,
                     CASE WHEN a.wait_event = 'SyncRep' THEN 'committed, waits for a synchronous standby'
                          WHEN a.wait_event_type = 'Lock' THEN 'waits for a lock' ELSE coalesce(a.state, 'unknown') END AS state,
                     a.xact_start AS since, CASE WHEN a.state = 'active' THEN a.query_start ELSE a.state_change END AS state_since,
                     '' AS gid
              FROM pg_stat_activity a
              WHERE a.backend_xid IS NOT NULL AND a.pid <> pg_backend_pid()
              UNION ALL
              SELECT p.transaction::text, 0, p.owner::text, '', '', 'prepared', p.prepared, p.prepared, p.gid
              FROM pg_prepared_xacts p) t
            CROSS JOIN LATERAL (
              SELECT coalesce(to_char(t.since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), '?') AS begun,
                     greatest(coalesce(extract(epoch FROM clock_timestamp() - t.since)::bigint, 0), 0) AS seconds,
                     greatest(coalesce(extract(epoch FROM clock_timestamp() - t.state_since)::bigint, 0), 0) AS state_seconds) ages
            WHERE ((? - t.xid::bigint) & 4294967295) BETWEEN 1 AND 2147483647
            ORDER BY t.since LIMIT 10
            """;

    private final Connection connection;

    Transactions(Connection connection) {
        this.connection = connection;
    }

    List<Blocker> before(long xid) throws SQLException {
        var found = new ArrayList<Blocker>();
        try (var statement = connection.prepareStatement(BEFORE)) {
            statement.setLong(1, xid & 0xFFFF_FFFFL);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    var prepared = rows.getString("gid");
                    var problem = "runs since " + rows.getString("begun") + " (" + rows.getLong("seconds") + " s)"
                            + (prepared.isEmpty()
                                    ? session(rows)
                                    : ", prepared as '" + prepared + "' by " + rows.getString("who"));
                    var remedy = prepared.isEmpty()
                            ? "SELECT pg_terminate_backend(" + rows.getInt("pid") + ")"
                            : "ROLLBACK PREPARED '" + prepared.replace("'", "''") + "'";
                    found.add(new Blocker("transaction " + rows.getString("xid"), problem, remedy));
                }
            }
        }
        return found;
    }

    private static String session(ResultSet rows) throws SQLException {
        return " in process " + rows.getInt("pid") + " (" + rows.getString("state") + " for "
                + rows.getLong("state_seconds") + " s, user " + rows.getString("who") + ", application '"
                + rows.getString("application") + "', client " + rows.getString("client") + ")";
    }
}
