package dev.flusso.postgres.document;

import dev.flusso.schema.DocumentSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which tables and columns the names of a schema mean, down to the column's number: one that was dropped and added again, retyped, or
 * is in another table of the same name has other values now, and no event told of them.
 */
final class Definition {

    private static final String SQL = """
            SELECT a.attrelid::bigint, a.attname, a.attnum || ':' || a.atttypid || ':' || a.atttypmod
            FROM pg_catalog.pg_attribute a
            WHERE a.attrelid = ANY (?::oid[]) AND a.attnum > 0 AND NOT a.attisdropped""";

    private Definition() {}

    /** A line for each table and each column: {@code public.users is 16384}, {@code public.users email=2:25:-1}. */
    static String of(Connection connection, DocumentSchema schema, Catalog catalog) throws SQLException {
        var named = SchemaColumns.of(schema);
        var oids = new TreeMap<Long, Relation>();
        catalog.relations().forEach(relation -> oids.put(relation.oid(), relation));
        var lines = new TreeSet<String>();
        catalog.relations().forEach(relation -> lines.add(relation.table() + " is " + relation.oid()));
        try (var query = connection.prepareStatement(SQL)) {
            query.setString(1, Catalog.oids(oids.keySet()));
            try (var rows = query.executeQuery()) {
                while (rows.next()) {
                    var relation = oids.get(rows.getLong(1));
                    var used = relation == null ? null : named.get(relation.table());
                    if (relation != null && used != null && used.contains(rows.getString(2))) {
                        lines.add(relation.table() + " " + rows.getString(2) + "=" + rows.getString(3));
                    }
                }
            }
        }
        return String.join("\n", lines);
    }
}
