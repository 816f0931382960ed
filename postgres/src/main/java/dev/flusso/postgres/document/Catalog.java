package dev.flusso.postgres.document;

import dev.flusso.schema.Place;
import dev.flusso.schema.TableRef;
import dev.flusso.worker.DriftException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What the database says of some tables, and of the types of their columns, at one moment. */
final class Catalog {

    private static final String RELATIONS = """
            SELECT n.nspname, c.relname, c.oid::bigint, c.relkind::text, pg_catalog.row_security_active(c.oid),
                   pg_catalog.has_schema_privilege(n.oid, 'USAGE')
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE (n.nspname, c.relname) IN (SELECT * FROM unnest(?::name[], ?::name[]))
              AND c.relkind IN ('r', 'p', 'v', 'm', 'f')""";

    private static final String COLUMNS = """
            SELECT a.attrelid::bigint, a.attname, a.atttypid::bigint, a.attnotnull,
                   pg_catalog.has_column_privilege(a.attrelid, a.attnum, 'SELECT')
            FROM pg_catalog.pg_attribute a
            WHERE a.attrelid = ANY (?::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
            ORDER BY a.attrelid, a.attnum""";

    private static final String INDEXES = """
            SELECT i.indrelid::bigint, i.indisunique AND i.indimmediate, i.indisprimary, m.amname = 'btree',
                   ARRAY(SELECT coalesce(a.attname::text, '') FROM unnest(i.indkey) WITH ORDINALITY k(n, o)
                         LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.n AND k.n > 0
                         WHERE k.o <= i.indnkeyatts ORDER BY k.o)
            FROM pg_catalog.pg_index i
            JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_am m ON m.oid = c.relam
            WHERE i.indrelid = ANY (?::oid[]) AND i.indisvalid AND i.indpred IS NULL""";

    private final Map<TableRef, Relation> relations = new TreeMap<>();
    private final Set<TableRef> hidden = new LinkedHashSet<>();
    private final Set<TableRef> policed = new LinkedHashSet<>();
    private final Types types;
    private final boolean utf8;

    private Catalog(Types types, boolean utf8) {
        this.types = types;
        this.utf8 = utf8;
    }

    static Catalog load(Connection connection, Collection<TableRef> tables) throws SQLException {
        var catalog = new Catalog(new Types(), isUtf8(connection));
        var kinds = new HashMap<Long, String>();
        var names = new LinkedHashMap<Long, TableRef>();
        catalog.loadNames(connection, tables, names, kinds);
        var oids = oids(names.keySet());
        var columns = new HashMap<Long, Map<String, Relation.Column>>();
        catalog.loadColumns(connection, oids, columns);
        var keys = new HashMap<Long, List<String>>();
        var indexes = new HashMap<Long, List<Relation.Index>>();
        loadIndexes(connection, oids, keys, indexes);
        names.forEach((oid, table) -> catalog.relations.put(
                table,
                new Relation(
                        table,
                        oid,
                        kinds.getOrDefault(oid, ""),
                        columns.getOrDefault(oid, Map.of()),
                        keys.getOrDefault(oid, List.of()),
                        indexes.getOrDefault(oid, List.of()))));
        return catalog;
    }

    private static boolean isUtf8(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SHOW server_encoding")) {
            return row.next() && "UTF8".equals(row.getString(1));
        }
    }

    private void loadNames(
            Connection connection, Collection<TableRef> tables, Map<Long, TableRef> names, Map<Long, String> kinds)
            throws SQLException {
        try (var query = connection.prepareStatement(RELATIONS)) {
            query.setArray(
                    1,
                    connection.createArrayOf(
                            "text", tables.stream().map(TableRef::schema).toArray()));
            query.setArray(
                    2,
                    connection.createArrayOf(
                            "text", tables.stream().map(TableRef::name).toArray()));
            try (var rows = query.executeQuery()) {
                while (rows.next()) {
                    var table = new TableRef(rows.getString(1), rows.getString(2));
                    names.put(rows.getLong(3), table);
                    kinds.put(rows.getLong(3), rows.getString(4));
                    if (rows.getBoolean(5)) {
                        policed.add(table);
                    }
                    if (!rows.getBoolean(6)) {
                        hidden.add(table);
                    }
                }
            }
        }
    }

    private void loadColumns(Connection connection, String oids, Map<Long, Map<String, Relation.Column>> columns)
            throws SQLException {
        record Found(long table, String name, long type, boolean notNull, boolean readable) {}
        var found = new ArrayList<Found>();
        try (var query = connection.prepareStatement(COLUMNS)) {
            query.setString(1, oids);
            try (var rows = query.executeQuery()) {
                while (rows.next()) {
                    found.add(new Found(
                            rows.getLong(1),
                            rows.getString(2),
                            rows.getLong(3),
                            rows.getBoolean(4),
                            rows.getBoolean(5)));
                }
            }
        }
        types.load(connection, found.stream().map(Found::type).toList());
        for (var each : found) {
            columns.computeIfAbsent(each.table(), any -> new LinkedHashMap<>())
                    .put(
                            each.name(),
                            new Relation.Column(each.name(), types.of(each.type()), each.notNull(), each.readable()));
        }
    }

    private static void loadIndexes(
            Connection connection, String oids, Map<Long, List<String>> keys, Map<Long, List<Relation.Index>> indexes)
            throws SQLException {
        try (var query = connection.prepareStatement(INDEXES)) {
            query.setString(1, oids);
            try (var rows = query.executeQuery()) {
                while (rows.next()) {
                    var columns = List.of((String[]) rows.getArray(5).getArray());
                    if (rows.getBoolean(3)) {
                        keys.put(rows.getLong(1), columns);
                    }
                    indexes.computeIfAbsent(rows.getLong(1), any -> new ArrayList<>())
                            .add(new Relation.Index(columns, rows.getBoolean(2), rows.getBoolean(4)));
                }
            }
        }
    }

    static String oids(Collection<Long> oids) {
        return "{" + String.join(",", oids.stream().map(String::valueOf).toList()) + "}";
    }

    /** A table that must be there and readable. */
    Relation relation(TableRef table, Place place) {
        var relation = relations.get(table);
        if (relation == null) {
            throw new DriftException(
                    place,
                    "there is no table " + table
                            + " in the database; create it, or name an existing one (unquoted names"
                            + " are lower case, other schemas are written schema.table)");
        }
        if (hidden.contains(table)) {
            throw new DriftException(
                    place,
                    "table " + table + " may not be read, expected the right to: GRANT USAGE ON SCHEMA "
                            + TableRef.quoted(table.schema()) + " TO the role of the connection");
        }
        if (policed.contains(table)) {
            throw new DriftException(
                    place,
                    "table " + table + " has row-level security, which would hide rows from the role of the connection;"
                            + " give it a role that sees all rows: ALTER ROLE … BYPASSRLS");
        }
        return relation;
    }

    Types types() {
        return types;
    }

    /** Whether the database stores UTF-8, so that its sizes are ours. */
    boolean isUtf8() {
        return utf8;
    }

    Collection<Relation> relations() {
        return relations.values();
    }
}
