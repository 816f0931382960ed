package dev.flusso.postgres.provision;

import dev.flusso.capture.Blocker;
import java.sql.Connection;
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
                     coalesce(a.state, '') AS state,
                     coalesce(extract(epoch FROM clock_timestamp() - a.xact_start)::bigint, 0) AS seconds, '' AS gid
              FROM pg_stat_activity a
              WHERE a.backend_xid IS NOT NULL AND a.pid <> pg_backend_pid()
              UNION ALL
              SELECT p.transaction::text, 0, p.owner::text, '', '', 'prepared',
                     extract(epoch FROM clock_timestamp() - p.prepared)::bigint, p.gid
              FROM pg_prepared_xacts p) t
            WHERE ((? - t.xid::bigint) & 4294967295) BETWEEN 1 AND 2147483647
            ORDER BY t.seconds DESC LIMIT 10
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
                    var problem = "runs for " + rows.getLong("seconds") + " s"
                            + (prepared.isEmpty()
                                    ? " in process " + rows.getInt("pid") + " (" + rows.getString("state") + ", user "
                                            + rows.getString("who") + ", application '"
                                            + rows.getString("application") + "', client " + rows.getString("client")
                                            + ")"
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
}
