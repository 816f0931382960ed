package dev.flusso.postgres.catalog;

import dev.flusso.capture.Catalog;
import dev.flusso.capture.SourceTable;
import dev.flusso.journal.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads the needed tables and the publication; a handful of statements whatever the number of tables. One thread. */
public final class CatalogReader {

    private static final int COLUMN_LISTS_SINCE = 150_000;

    /**
     * Tables, and of partitioned ones the leaves. A leaf was born attached when it was made by PARTITION OF: its row type and its
     * link to the root were written by one transaction, two commands apart. CREATE, then ATTACH needs more, and INSERT between them
     * more still (measured on 15 and 16); a leaf that is wrongly taken for attached only costs a reseed.
     */
    private static final String TABLES = """
            WITH wanted AS (SELECT * FROM unnest(?::text[], ?::text[]) AS w(schema, name)),
            t AS (SELECT c.oid, n.nspname, c.relname, c.relkind, c.relreplident, c.relrowsecurity, c.oid AS root
                  FROM wanted w JOIN pg_namespace n ON n.nspname = w.schema
                  JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.name
                  WHERE c.relkind IN ('r', 'p')),
            leaf AS (SELECT c.oid, n.nspname, c.relname, c.relkind, c.relreplident, c.relrowsecurity, t.oid AS root
                     FROM t CROSS JOIN LATERAL pg_partition_tree(t.oid) p
                     JOIN pg_class c ON c.oid = p.relid JOIN pg_namespace n ON n.oid = c.relnamespace
                     WHERE t.relkind = 'p' AND p.isleaf AND p.relid <> t.oid)
            SELECT x.oid::bigint, x.nspname, x.relname, x.relkind::text, x.relreplident::text, x.relrowsecurity, x.root::bigint,
                   coalesce((SELECT i.xmin = y.xmin AND i.cmin::text::bigint - y.cmin::text::bigint <= 2
                             FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_type y ON y.oid = c.reltype
                             WHERE i.inhrelid = x.oid), false) AS born
            FROM (SELECT * FROM t UNION ALL SELECT * FROM leaf) x ORDER BY x.oid
            """;

    private static final String COLUMNS = """
            SELECT a.attrelid::bigint, a.attname, a.attnum::int, format_type(a.atttypid, a.atttypmod), a.attnotnull
            FROM pg_attribute a WHERE a.attrelid = ANY (?::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
            ORDER BY a.attrelid, a.attnum
            """;

    private static final String INDEXES = """
            SELECT i.indrelid::bigint, i.indisprimary, i.indisreplident, c.relname, a.attname, a.attnotnull,
                   i.indisunique AND i.indimmediate AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL AS fit
            FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
            CROSS JOIN LATERAL unnest(i.indkey[0:i.indnkeyatts - 1]) WITH ORDINALITY AS k(attnum, place)
            LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum AND k.attnum > 0
            WHERE i.indrelid = ANY (?::oid[])
            ORDER BY i.indrelid, c.relname, k.place
            """;

    private final Connection connection;
    private final int serverVersion;
    private final String publicationName;

    /**
     * Reads over a connection that stays the caller's.
     *
     * @param serverVersion {@code server_version_num}
     */
    public CatalogReader(Connection connection, int serverVersion, String publicationName) {
        this.connection = connection;
        this.serverVersion = serverVersion;
        this.publicationName = publicationName;
    }

    /** The catalog, and the indexes that could become a table's replica identity. */
    public record Reading(Catalog catalog, Map<Integer, List<Index>> indexes) {}

    /**
     * An index.
     *
     * @param columns its key columns in order
     * @param fits whether it may be a replica identity: unique, immediate, whole, of NOT NULL columns
     */
    public record Index(String name, List<String> columns, boolean primary, boolean replicaIdentity, boolean fits) {}

    private record Row(
            int oid, TableName name, boolean partitioned, String identity, boolean policies, int root, boolean born) {}

    public Reading read(Collection<TableName> wanted) throws SQLException {
        var publication = publication();
        var rows = rows(wanted);
        var oids = rows.stream().map(row -> Integer.toUnsignedLong(row.oid())).toArray(Long[]::new);
        var columns = columns(oids);
        var indexes = indexes(oids);
        var published = new PublishedTables(connection, serverVersion, publicationName).read(publication, oids);
        var leaves = new HashMap<Integer, List<SourceTable.Leaf>>();
        for (var row : rows) {
            if (row.oid() != row.root()) {
                leaves.computeIfAbsent(row.root(), r -> new ArrayList<>())
                        .add(new SourceTable.Leaf(row.oid(), row.name(), identity(row, columns, indexes), row.born()));
            }
        }
        var tables = new TreeMap<TableName, SourceTable>();
        for (var row : rows) {
            if (row.oid() == row.root()) {
                var table = table(row, columns, indexes, leaves.getOrDefault(row.oid(), List.of()), published);
                tables.put(table.name(), table);
            }
        }
        return new Reading(new Catalog(publication, tables), indexes);
    }

    private static SourceTable table(
            Row row,
            Map<Integer, List<SourceTable.Column>> columns,
            Map<Integer, List<Index>> indexes,
            List<SourceTable.Leaf> leaves,
            PublishedTables.Published published) {
        var own = columns.getOrDefault(row.oid(), List.of());
        var primary = indexes.getOrDefault(row.oid(), List.of()).stream()
                .filter(Index::primary)
                .findFirst()
                .map(Index::columns)
                .orElse(List.of());
        return new SourceTable(
                row.name(),
                row.oid(),
                own,
                primary,
                identity(row, columns, indexes),
                published.membership(row.oid(), row.name(), row.partitioned(), leaves, names(own)),
                row.partitioned(),
                leaves,
                row.policies());
    }

    private static SourceTable.Identity identity(
            Row row, Map<Integer, List<SourceTable.Column>> columns, Map<Integer, List<Index>> indexes) {
        var kind = SourceTable.IdentityKind.parse(row.identity());
        var own = indexes.getOrDefault(row.oid(), List.of());
        SortedSet<String> carried = switch (kind) {
            case FULL -> names(columns.getOrDefault(row.oid(), List.of()));
            case NOTHING -> new TreeSet<>();
            case DEFAULT ->
                columnsOf(own.stream().filter(Index::primary).findFirst().orElse(null));
            case INDEX ->
                columnsOf(
                        own.stream().filter(Index::replicaIdentity).findFirst().orElse(null));
        };
        return new SourceTable.Identity(kind, carried);
    }

    private static SortedSet<String> columnsOf(@Nullable Index index) {
        return index == null ? new TreeSet<>() : new TreeSet<>(index.columns());
    }

    private static SortedSet<String> names(List<SourceTable.Column> columns) {
        var names = new TreeSet<String>();
        columns.forEach(column -> names.add(column.name()));
        return names;
    }

    private Catalog.Publication publication() throws SQLException {
        try (var statement = connection.prepareStatement("""
                SELECT oid::bigint, puballtables, pubinsert AND pubupdate AND pubdelete AND pubtruncate, pubviaroot,
                       pg_has_role(pubowner, 'USAGE')
                FROM pg_publication WHERE pubname = ?
                """)) {
            statement.setString(1, publicationName);
            try (var rows = statement.executeQuery()) {
                return rows.next()
                        ? new Catalog.Publication(
                                rows.getLong(1),
                                rows.getBoolean(2),
                                rows.getBoolean(3),
                                rows.getBoolean(4),
                                rows.getBoolean(5))
                        : Catalog.Publication.NONE;
            }
        }
    }

    private List<Row> rows(Collection<TableName> wanted) throws SQLException {
        var found = new ArrayList<Row>();
        try (var statement = connection.prepareStatement(TABLES)) {
            statement.setArray(
                    1,
                    connection.createArrayOf(
                            "text", wanted.stream().map(TableName::schema).toArray()));
            statement.setArray(
                    2,
                    connection.createArrayOf(
                            "text", wanted.stream().map(TableName::name).toArray()));
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(row(rows));
                }
            }
        }
        return found;
    }

    private static Row row(ResultSet rows) throws SQLException {
        return new Row(
                (int) rows.getLong(1),
                TableName.of(rows.getString(2), rows.getString(3)),
                rows.getString(4).equals("p"),
                rows.getString(5),
                rows.getBoolean(6),
                (int) rows.getLong(7),
                rows.getBoolean(8));
    }

    private Map<Integer, List<SourceTable.Column>> columns(Long[] oids) throws SQLException {
        var found = new HashMap<Integer, List<SourceTable.Column>>();
        try (var statement = connection.prepareStatement(COLUMNS)) {
            statement.setArray(1, connection.createArrayOf("oid", oids));
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.computeIfAbsent((int) rows.getLong(1), oid -> new ArrayList<>())
                            .add(new SourceTable.Column(
                                    rows.getString(2), rows.getInt(3), rows.getString(4), rows.getBoolean(5)));
                }
            }
        }
        return found;
    }

    private Map<Integer, List<Index>> indexes(Long[] oids) throws SQLException {
        var found = new HashMap<Integer, List<Index>>();
        try (var statement = connection.prepareStatement(INDEXES)) {
            statement.setArray(1, connection.createArrayOf("oid", oids));
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    addKeyColumn(found.computeIfAbsent((int) rows.getLong(1), oid -> new ArrayList<>()), rows);
                }
            }
        }
        return found;
    }

    /** A row is one key column of an index; those of one index follow each other. */
    private static void addKeyColumn(List<Index> indexes, ResultSet rows) throws SQLException {
        var name = rows.getString(4);
        var column = rows.getString(5);
        var fits = rows.getBoolean(7) && column != null && rows.getBoolean(6);
        var last = indexes.isEmpty() ? null : indexes.get(indexes.size() - 1);
        if (last == null || !last.name().equals(name)) {
            indexes.add(new Index(
                    name, column == null ? List.of() : List.of(column), rows.getBoolean(2), rows.getBoolean(3), fits));
            return;
        }
        var columns = new ArrayList<>(last.columns());
        if (column != null) {
            columns.add(column);
        }
        indexes.set(
                indexes.size() - 1,
                new Index(name, List.copyOf(columns), last.primary(), last.replicaIdentity(), last.fits() && fits));
    }

    static boolean hasColumnLists(int serverVersion) {
        return serverVersion >= COLUMN_LISTS_SINCE;
    }
}
