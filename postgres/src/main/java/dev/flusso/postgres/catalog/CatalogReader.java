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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads the needed tables and the publication; a handful of statements whatever the number of tables. One thread. */
public final class CatalogReader {

    private static final int COLUMN_LISTS_SINCE = 150_000;
    private static final int GENERATED_SENT_SINCE = 180_000;

    /**
     * Tables, and of partitioned ones the leaves. A leaf was born attached when it was made by PARTITION OF: its row type and its
     * link to the root were written by one transaction, two commands apart. CREATE, then ATTACH needs more, and INSERT between them
     * more still (measured on 15 and 16); a leaf that is wrongly taken for attached only costs a reseed. The same must hold of each
     * table between leaf and root. What was detached and attached again has its links from other transactions.
     */
    private static final String TABLES = """
            WITH wanted AS (SELECT * FROM unnest(?::text[], ?::text[]) AS w(schema, name)),
            t AS (SELECT c.oid, n.nspname, c.relname, c.relkind, c.relreplident, c.relrowsecurity, c.oid AS root, c.relpersistence,
                         c.relfilenode
                  FROM wanted w JOIN pg_namespace n ON n.nspname = w.schema
                  JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.name
                  WHERE c.relkind IN ('r', 'p')),
            leaf AS (SELECT c.oid, n.nspname, c.relname, c.relkind, c.relreplident, c.relrowsecurity, t.oid AS root,
                            c.relpersistence, c.relfilenode
                     FROM t CROSS JOIN LATERAL pg_partition_tree(t.oid) p
                     JOIN pg_class c ON c.oid = p.relid JOIN pg_namespace n ON n.oid = c.relnamespace
                     WHERE t.relkind = 'p' AND p.isleaf AND p.relid <> t.oid)
            SELECT x.oid::bigint, x.nspname, x.relname, x.relkind::text, x.relreplident::text, x.relrowsecurity, x.root::bigint,
                   coalesce(l.born, false), coalesce(l.links, 0),
                   CASE WHEN x.relkind = 'f' THEN 'foreign' WHEN x.relpersistence <> 'p' THEN 'unlogged'
                        WHEN x.relkind = 'r' AND EXISTS (SELECT FROM pg_inherits h WHERE h.inhparent = x.oid) THEN 'inherited'
                        ELSE '' END,
                   x.relfilenode::bigint
            FROM (SELECT * FROM t UNION ALL SELECT * FROM leaf) x
            LEFT JOIN LATERAL (
              SELECT bool_and(i.xmin = y.xmin AND i.cmin::text::bigint - y.cmin::text::bigint <= 2) AS born,
                     hashtextextended(string_agg(i.inhrelid || ' ' || i.inhparent || ' ' || i.xmin, ',' ORDER BY a.n), 0) AS links
              FROM pg_partition_ancestors(x.oid) WITH ORDINALITY a(relid, n)
              JOIN pg_inherits i ON i.inhrelid = a.relid
              JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_type y ON y.oid = c.reltype
              WHERE a.n < (SELECT r.n FROM pg_partition_ancestors(x.oid) WITH ORDINALITY r(relid, n) WHERE r.relid = x.root)) l
              ON x.oid <> x.root
            ORDER BY x.oid
            """;

    private static final String FOREIGN = "foreign";
    private static final String INHERITED = "inherited";

    /** A column's catalog row is written anew when it is defined anew, and for some lesser reasons. */
    private static final String COLUMNS = """
            SELECT a.attrelid::bigint, a.attname, a.attnum::int, format_type(a.atttypid, a.atttypmod), a.attnotnull,
                   a.attgenerated::text, a.xmin::text::bigint
            FROM pg_attribute a WHERE a.attrelid = ANY (?::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
            ORDER BY a.attrelid, a.attnum
            """;

    private static final String INDEXES = """
            SELECT i.indrelid::bigint, i.indisprimary, i.indisreplident, c.relname, a.attname, a.attnotnull,
                   i.indisunique AND i.indimmediate AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL AS fit,
                   i.indimmediate AND i.indisvalid
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

    /**
     * The catalog, and what could become a table's replica identity.
     *
     * @param indexes of each table and leaf
     * @param neverFull the tables and leaves whose UPDATE and DELETE would fail, were they published with the identity FULL
     */
    public record Reading(Catalog catalog, Map<Integer, List<Index>> indexes, Set<Integer> neverFull) {}

    /**
     * An index.
     *
     * @param columns its key columns in order
     * @param immediate whether it is checked at once and valid: else it is no replica identity, be it the primary key
     * @param fits whether it may be a replica identity: unique, immediate, whole, of NOT NULL columns
     */
    public record Index(
            String name,
            List<String> columns,
            boolean primary,
            boolean replicaIdentity,
            boolean immediate,
            boolean fits) {}

    private record Row(
            int oid,
            TableName name,
            boolean partitioned,
            String identity,
            boolean policies,
            int root,
            boolean born,
            long links,
            String oddity,
            long file) {}

    /**
     * The columns of a table or leaf.
     *
     * @param stored those that are generated and stored
     * @param virtual those that are generated when they are read
     */
    private record Columns(List<SourceTable.Column> all, SortedSet<String> stored, SortedSet<String> virtual) {

        static final Columns NONE = new Columns(List.of(), new TreeSet<>(), new TreeSet<>());

        SortedSet<String> sent() {
            var names = new TreeSet<String>();
            all.stream().filter(SourceTable.Column::sent).forEach(column -> names.add(column.name()));
            return names;
        }
    }

    public Reading read(Collection<TableName> wanted) throws SQLException {
        var publication = publication();
        // one that is still to be made will send them
        var generatedSent = serverVersion >= GENERATED_SENT_SINCE && (!publication.exists() || publication.generated());
        var rows = rows(wanted);
        var oids = rows.stream().map(row -> Integer.toUnsignedLong(row.oid())).toArray(Long[]::new);
        var columns = columns(oids, generatedSent);
        var indexes = indexes(oids);
        var published = new PublishedTables(connection, serverVersion, publicationName).read(publication, oids);
        var neverFull = new HashSet<Integer>();
        columns.forEach((oid, own) -> {
            if (failsWhenFull(own, generatedSent)) {
                neverFull.add(oid);
            }
        });
        var leaves = new HashMap<Integer, List<SourceTable.Leaf>>();
        var odd = new HashMap<Integer, Row>();
        for (var row : rows) {
            if (row.oid() != row.root()) {
                var identity = identity(row, columns, indexes, generatedSent);
                leaves.computeIfAbsent(row.root(), r -> new ArrayList<>())
                        .add(new SourceTable.Leaf(
                                row.oid(), row.name(), identity, row.born(), row.links(), row.file()));
            }
            if (!row.oddity().isEmpty()) {
                odd.put(row.root(), row);
            }
        }
        var tables = new TreeMap<TableName, SourceTable>();
        for (var row : rows) {
            if (row.oid() == row.root()) {
                var own = columns.getOrDefault(row.oid(), Columns.NONE);
                var parts = leaves.getOrDefault(row.oid(), List.of());
                var keys = indexes.getOrDefault(row.oid(), List.of());
                var reason = odd.get(row.oid());
                var membership = reason == null
                        ? published.membership(row.oid(), row.name(), row.partitioned(), parts, own.sent())
                        : SourceTable.Membership.NONE;
                var table = new SourceTable(
                        row.name(),
                        row.oid(),
                        row.file(),
                        own.all(),
                        primaryKey(keys),
                        identity(row, columns, indexes, generatedSent),
                        membership,
                        row.partitioned(),
                        parts,
                        row.policies(),
                        obstacle(row, reason, keys));
                tables.put(table.name(), table);
            }
        }
        return new Reading(new Catalog(publication, tables), indexes, neverFull);
    }

    private static List<String> primaryKey(List<Index> indexes) {
        return indexes.stream()
                .filter(Index::primary)
                .findFirst()
                .map(Index::columns)
                .orElse(List.of());
    }

    /** Since Postgres 18 all that a replica identity holds must be sent; before, generated columns are left out of it in silence. */
    private boolean failsWhenFull(Columns columns, boolean generatedSent) {
        return serverVersion >= GENERATED_SENT_SINCE
                && (!columns.virtual().isEmpty() || (!columns.stored().isEmpty() && !generatedSent));
    }

    /** @param odd the table or the leaf of it whose changes are not in the log, or not all under its name */
    private static SourceTable.Obstacle obstacle(Row table, @Nullable Row odd, List<Index> indexes) {
        if (odd != null && odd.oddity().equals(FOREIGN)) {
            return new SourceTable.Obstacle(
                    "its partition " + odd.name() + " is a foreign table, whose changes are not in the log", "");
        }
        if (odd != null && odd.oddity().equals(INHERITED)) {
            return new SourceTable.Obstacle(
                    "tables inherit from it: their rows are read with its own, but changes of them are not followed",
                    "");
        }
        if (odd != null) {
            var subject = odd.oid() == table.oid() ? "it" : "its partition " + odd.name();
            return new SourceTable.Obstacle(
                    subject + " is unlogged: its changes are not in the log",
                    "ALTER TABLE " + odd.name().sql() + " SET LOGGED");
        }
        if (table.partitioned() && indexes.stream().noneMatch(index -> index.primary() && index.immediate())) {
            return new SourceTable.Obstacle(
                    "it is partitioned and has no primary key that is checked at once: a partition made later would have no"
                            + " replica identity, and the application's UPDATE and DELETE of it would fail",
                    "");
        }
        return SourceTable.Obstacle.NONE;
    }

    private SourceTable.Identity identity(
            Row row, Map<Integer, Columns> columns, Map<Integer, List<Index>> indexes, boolean generatedSent) {
        var kind = SourceTable.IdentityKind.parse(row.identity());
        var own = indexes.getOrDefault(row.oid(), List.of());
        var all = columns.getOrDefault(row.oid(), Columns.NONE);
        SortedSet<String> carried = switch (kind) {
            case FULL -> failsWhenFull(all, generatedSent) ? new TreeSet<>() : all.sent();
            case NOTHING -> new TreeSet<>();
            case DEFAULT ->
                columnsOf(
                        own.stream()
                                .filter(index -> index.primary() && index.immediate())
                                .findFirst()
                                .orElse(null),
                        all);
            case INDEX ->
                columnsOf(
                        own.stream()
                                .filter(index -> index.replicaIdentity() && index.immediate())
                                .findFirst()
                                .orElse(null),
                        all);
        };
        return new SourceTable.Identity(kind, carried);
    }

    /** What an identity by that index carries; empty when the application's statements would fail by it. */
    private SortedSet<String> columnsOf(@Nullable Index index, Columns columns) {
        if (index == null) {
            return new TreeSet<>();
        }
        var sent = columns.sent();
        var carried = new TreeSet<>(index.columns());
        if (serverVersion >= GENERATED_SENT_SINCE && !sent.containsAll(carried)) {
            return new TreeSet<>();
        }
        carried.retainAll(sent);
        return carried;
    }

    private Catalog.Publication publication() throws SQLException {
        var generated = serverVersion >= GENERATED_SENT_SINCE ? "pubgencols = 's'" : "false";
        try (var statement = connection.prepareStatement(
                "SELECT oid::bigint, puballtables, pubinsert AND pubupdate AND pubdelete AND pubtruncate, pubviaroot, "
                        + generated + ", pg_has_role(pubowner, 'USAGE') FROM pg_publication WHERE pubname = ?")) {
            statement.setString(1, publicationName);
            try (var rows = statement.executeQuery()) {
                return rows.next()
                        ? new Catalog.Publication(
                                rows.getLong(1),
                                rows.getBoolean(2),
                                rows.getBoolean(3),
                                rows.getBoolean(4),
                                rows.getBoolean(5),
                                rows.getBoolean(6))
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
                rows.getBoolean(8),
                rows.getLong(9),
                rows.getString(10),
                rows.getLong(11));
    }

    private Map<Integer, Columns> columns(Long[] oids, boolean generatedSent) throws SQLException {
        var found = new HashMap<Integer, Columns>();
        try (var statement = connection.prepareStatement(COLUMNS)) {
            statement.setArray(1, connection.createArrayOf("oid", oids));
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    var own = found.computeIfAbsent(
                            (int) rows.getLong(1),
                            oid -> new Columns(new ArrayList<>(), new TreeSet<>(), new TreeSet<>()));
                    var name = rows.getString(2);
                    var stored = rows.getString(6).equals("s");
                    var virtual = rows.getString(6).equals("v");
                    if (stored) {
                        own.stored().add(name);
                    } else if (virtual) {
                        own.virtual().add(name);
                    }
                    var sent = !virtual && (!stored || generatedSent);
                    own.all()
                            .add(new SourceTable.Column(
                                    name,
                                    rows.getInt(3),
                                    rows.getString(4),
                                    rows.getBoolean(5),
                                    sent,
                                    rows.getLong(7)));
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
                    name,
                    column == null ? List.of() : List.of(column),
                    rows.getBoolean(2),
                    rows.getBoolean(3),
                    rows.getBoolean(8),
                    fits));
            return;
        }
        var columns = new ArrayList<>(last.columns());
        if (column != null) {
            columns.add(column);
        }
        indexes.set(
                indexes.size() - 1,
                new Index(
                        name,
                        List.copyOf(columns),
                        last.primary(),
                        last.replicaIdentity(),
                        last.immediate(),
                        last.fits() && fits));
    }

    static boolean hasColumnLists(int serverVersion) {
        return serverVersion >= COLUMN_LISTS_SINCE;
    }
}
