package dev.flusso.postgres.inspect;

import dev.flusso.schema.TableRef;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads the facts of tables; four statements whatever their number. One thread. */
final class TablesReader {

    private static final String TABLES = """
            SELECT n.nspname, c.relname, c.oid::bigint, c.relkind::text, c.relpersistence = 'u',
                   has_schema_privilege(n.oid, 'USAGE'), pg_has_role(c.relowner, 'USAGE'), row_security_active(c.oid),
                   c.reltuples::bigint, CASE WHEN c.relkind IN ('r', 'm') THEN pg_relation_size(c.oid) ELSE 0 END,
                   CASE WHEN c.relkind = 'r' THEN (SELECT count(*) FROM pg_inherits i WHERE i.inhparent = c.oid) ELSE 0 END
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE (n.nspname, c.relname) IN (SELECT * FROM unnest(?::name[], ?::name[])) AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
            """;

    private static final String LEAVES = """
            SELECT r.oid::bigint, n.nspname, c.relname, c.relkind::text, c.relpersistence = 'u', pg_has_role(c.relowner, 'USAGE'),
                   c.reltuples::bigint, CASE WHEN c.relkind = 'r' THEN pg_relation_size(c.oid) ELSE 0 END
            FROM unnest(?::oid[]) r(oid) CROSS JOIN LATERAL pg_partition_tree(r.oid) t
            JOIN pg_class c ON c.oid = t.relid JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE t.isleaf AND t.relid <> r.oid ORDER BY r.oid, n.nspname, c.relname
            """;

    private static final String COLUMNS = """
            SELECT a.attrelid::bigint, a.attname, format_type(a.atttypid, a.atttypmod), b.typname, b.typtype::text, c.many,
                   a.attnotnull OR c.filled, has_column_privilege(a.attrelid, a.attnum, 'SELECT'),
                   ARRAY(SELECT e.enumlabel::text FROM pg_enum e WHERE e.enumtypid = b.oid ORDER BY e.enumsortorder)
            FROM pg_attribute a
            CROSS JOIN LATERAL (
              WITH RECURSIVE chain(oid, filled, many, depth) AS (
                SELECT a.atttypid, false, false, 0
                UNION ALL
                SELECT CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.typelem END,
                       chain.filled OR (t.typnotnull AND NOT chain.many), chain.many OR t.typtype <> 'd', chain.depth + 1
                FROM chain JOIN pg_type t ON t.oid = chain.oid
                WHERE t.typtype = 'd' OR (t.typelem <> 0 AND t.typsubscript = 'array_subscript_handler'::regproc))
              SELECT * FROM chain ORDER BY depth DESC LIMIT 1) c
            JOIN pg_type b ON b.oid = c.oid
            WHERE a.attrelid = ANY (?::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
            ORDER BY a.attrelid, a.attnum
            """;

    private static final String INDEXES = """
            SELECT i.indrelid::bigint, i.indisunique AND i.indimmediate, i.indisprimary, m.amname = 'btree',
                   ARRAY(SELECT coalesce(a.attname::text, '') FROM unnest(i.indkey) WITH ORDINALITY k(n, o)
                         LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.n AND k.n > 0
                         WHERE k.o <= i.indnkeyatts ORDER BY k.o)
            FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am m ON m.oid = c.relam
            WHERE i.indrelid = ANY (?::oid[]) AND i.indisvalid AND i.indpred IS NULL
            """;

    private final Connection connection;

    /** @param connection with {@code search_path} at {@code pg_catalog} */
    TablesReader(Connection connection) {
        this.connection = connection;
    }

    private record Named(
            TableRef table,
            long oid,
            String kind,
            boolean unlogged,
            TableFacts.Rights rights,
            long rows,
            long bytes,
            int heirs) {}

    /** What the partitions of a table come to. */
    private static final class Leaves {
        private final List<TableFacts.Leaf> all = new ArrayList<>();
        private boolean owned = true;
        private long rows;
        private long bytes;

        void add(ResultSet row) throws SQLException {
            var table = new TableRef(row.getString(2), row.getString(3));
            all.add(new TableFacts.Leaf(table, row.getString(4), row.getBoolean(5)));
            owned &= row.getBoolean(6);
            rows += Math.max(0, row.getLong(7));
            bytes += row.getLong(8);
        }
    }

    /** Those that exist. */
    Map<TableRef, TableFacts> read(Collection<TableRef> wanted) throws SQLException {
        var named = named(wanted);
        var oids = named.stream().map(Named::oid).toArray(Long[]::new);
        var columns = columns(oids);
        var keys = new HashMap<Long, List<String>>();
        var indexes = indexes(oids, keys);
        var leaves = leaves(oids);
        var found = new TreeMap<TableRef, TableFacts>();
        for (var each : named) {
            var below = leaves.getOrDefault(each.oid(), new Leaves());
            var rights = each.rights();
            found.put(
                    each.table(),
                    new TableFacts(
                            each.table(),
                            each.oid(),
                            each.kind(),
                            new TableFacts.Rights(rights.schemaUsable(), rights.owned(), below.owned, rights.policed()),
                            each.unlogged(),
                            columns.getOrDefault(each.oid(), Map.of()),
                            keys.getOrDefault(each.oid(), List.of()),
                            indexes.getOrDefault(each.oid(), List.of()),
                            below.all.isEmpty() ? each.rows() : below.rows,
                            each.bytes() + below.bytes,
                            below.all,
                            each.heirs()));
        }
        return found;
    }

    /** For tables that are not there, one of nearly that name: in another case, or in another schema. */
    Map<TableRef, TableRef> near(Collection<TableRef> absent) throws SQLException {
        var found = new TreeMap<TableRef, TableRef>();
        try (var query = connection.prepareStatement("""
                SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE lower(c.relname) = lower(?) AND c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
                ORDER BY n.nspname = ? DESC, n.nspname, c.relname LIMIT 1
                """)) {
            for (var table : absent) {
                query.setString(1, table.name());
                query.setString(2, table.schema());
                try (var rows = query.executeQuery()) {
                    if (rows.next()) {
                        found.put(table, new TableRef(rows.getString(1), rows.getString(2)));
                    }
                }
            }
        }
        return found;
    }

    private List<Named> named(Collection<TableRef> wanted) throws SQLException {
        try (var query = connection.prepareStatement(TABLES)) {
            query.setArray(
                    1,
                    connection.createArrayOf(
                            "text", wanted.stream().map(TableRef::schema).toArray()));
            query.setArray(
                    2,
                    connection.createArrayOf(
                            "text", wanted.stream().map(TableRef::name).toArray()));
            try (var rows = query.executeQuery()) {
                var found = new ArrayList<Named>();
                while (rows.next()) {
                    found.add(new Named(
                            new TableRef(rows.getString(1), rows.getString(2)),
                            rows.getLong(3),
                            rows.getString(4),
                            rows.getBoolean(5),
                            new TableFacts.Rights(rows.getBoolean(6), rows.getBoolean(7), true, rows.getBoolean(8)),
                            rows.getLong(9),
                            rows.getLong(10),
                            rows.getInt(11)));
                }
                return found;
            }
        }
    }

    private Map<Long, Leaves> leaves(Long[] oids) throws SQLException {
        var found = new HashMap<Long, Leaves>();
        try (var query = connection.prepareStatement(LEAVES)) {
            query.setArray(1, connection.createArrayOf("oid", oids));
            try (var rows = query.executeQuery()) {
                while (rows.next()) {
                    found.computeIfAbsent(rows.getLong(1), oid -> new Leaves()).add(rows);
                }
            }
        }
        return found;
    }

    private Map<Long, Map<String, ColumnFacts>> columns(Long[] oids) throws SQLException {
        var found = new HashMap<Long, Map<String, ColumnFacts>>();
        try (var query = connection.prepareStatement(COLUMNS)) {
            query.setArray(1, connection.createArrayOf("oid", oids));
            try (var rows = query.executeQuery()) {
                while (rows.next()) {
                    var column = column(rows);
                    found.computeIfAbsent(rows.getLong(1), oid -> new LinkedHashMap<>())
                            .put(column.name(), column);
                }
            }
        }
        return found;
    }

    private static ColumnFacts column(ResultSet rows) throws SQLException {
        var base = rows.getString(4);
        return new ColumnFacts(
                rows.getString(2),
                rows.getString(3),
                base,
                ColumnFacts.Family.of(base, rows.getString(5)),
                rows.getBoolean(6),
                rows.getBoolean(7),
                rows.getBoolean(8),
                List.of((String[]) rows.getArray(9).getArray()));
    }

    private Map<Long, List<TableFacts.Index>> indexes(Long[] oids, Map<Long, List<String>> keys) throws SQLException {
        var found = new HashMap<Long, List<TableFacts.Index>>();
        try (var query = connection.prepareStatement(INDEXES)) {
            query.setArray(1, connection.createArrayOf("oid", oids));
            try (var rows = query.executeQuery()) {
                while (rows.next()) {
                    var columns = List.of((String[]) rows.getArray(5).getArray());
                    if (rows.getBoolean(3)) {
                        keys.put(rows.getLong(1), columns);
                    }
                    found.computeIfAbsent(rows.getLong(1), oid -> new ArrayList<>())
                            .add(new TableFacts.Index(columns, rows.getBoolean(2), rows.getBoolean(4)));
                }
            }
        }
        return found;
    }
}
