package dev.flusso.postgres.provision;

import dev.flusso.journal.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** Which tables a publication sends only some columns of. */
final class ColumnLists {

    private static final int SINCE = 150_000;

    private ColumnLists() {}

    /** The columns of each table that has a list. */
    static Map<TableName, SortedSet<String>> read(Connection connection, int serverVersion, String publication)
            throws SQLException {
        var found = new HashMap<TableName, SortedSet<String>>();
        if (serverVersion < SINCE) {
            return found;
        }
        try (var statement = connection.prepareStatement("""
                        SELECT n.nspname, c.relname, array_agg(a.attname::text)
                        FROM pg_publication p JOIN pg_publication_rel r ON r.prpubid = p.oid
                        JOIN pg_class c ON c.oid = r.prrelid JOIN pg_namespace n ON n.oid = c.relnamespace
                        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (r.prattrs)
                        WHERE p.pubname = ? AND r.prattrs IS NOT NULL GROUP BY 1, 2
                        """)) {
            statement.setString(1, publication);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    var columns = new TreeSet<>(
                            Arrays.asList((String[]) rows.getArray(3).getArray()));
                    found.put(TableName.of(rows.getString(1), rows.getString(2)), columns);
                }
            }
        }
        return found;
    }
}
