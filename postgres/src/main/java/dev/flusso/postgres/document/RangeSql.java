package dev.flusso.postgres.document;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Writes the statements that cut a table into ranges of its key. */
final class RangeSql {

    /** Keys looked at for each range where the table is too large to count. */
    private static final int SAMPLE_PER_RANGE = 500;

    /** And pages: keys given in sequence lie together, so that a page of them is hardly more than one place. */
    private static final int PAGES_PER_RANGE = 40;

    private final Relation root;
    private final List<String> key;
    private final List<PgType> types;

    RangeSql(Relation root, List<String> key, List<PgType> types) {
        this.root = root;
        this.key = List.copyOf(key);
        this.types = List.copyOf(types);
    }

    /** How large the planner believes a table to be. */
    record Extent(long rows, long pages) {}

    /** About how many rows the planner believes in, and how many pages. Parameter: the table's oid, twice. */
    static String estimate() {
        return "SELECT coalesce(sum(greatest(c.reltuples, 0)), 0)::bigint, coalesce(sum(c.relpages), 0)::bigint FROM pg_catalog.pg_class c WHERE c.oid IN (SELECT"
                + " relid FROM pg_catalog.pg_partition_tree(?::oid::regclass) WHERE isleaf UNION SELECT ?::oid)"
                + " AND c.relkind <> 'p'";
    }

    /**
     * The first keys of all ranges but the first, in order: each key that follows a multiple of the ranges' width. One pass over the
     * key's index numbers the rows and one counts them; nothing is sorted where there is an index. Parameter: how many ranges.
     */
    String exact() {
        var self = SqlText.name(root.table().name());
        return boundaries(
                "SELECT " + numbered(self) + " FROM " + root.table().sql() + present(self),
                "",
                "SELECT count(*) FROM " + root.table().sql() + present(self));
    }

    /** The same out of a sample of the table's pages. Parameter: how many ranges. */
    String sampled(Extent table, int count) {
        var self = SqlText.name(root.table().name());
        double part = Math.max(
                (double) SAMPLE_PER_RANGE * count / Math.max(1, table.rows()),
                (double) PAGES_PER_RANGE * count / Math.max(1, table.pages()));
        double percent = Math.min(100, Math.max(0.001, 100 * part));
        var sample = "WITH s AS MATERIALIZED (SELECT " + numbered(self) + " FROM "
                + root.table().sql() + " TABLESAMPLE SYSTEM (" + String.format(Locale.ROOT, "%.4f", percent) + ")"
                + present(self) + ")\n";
        return boundaries("SELECT s.* FROM s", sample, "SELECT count(*) FROM s");
    }

    private String numbered(String self) {
        return IntStream.range(0, key.size())
                        .mapToObj(i -> SqlText.column(self, key.get(i)) + " AS \"#" + (i + 1) + "\"")
                        .collect(Collectors.joining(", "))
                + ", row_number() OVER (ORDER BY " + RowSource.columns(self, key) + ") - 1 AS \"#n\"";
    }

    private String present(String self) {
        return key.stream()
                .map(column -> SqlText.column(self, column) + " IS DISTINCT FROM NULL")
                .collect(Collectors.joining(" AND ", " WHERE ", ""));
    }

    private String boundaries(String rows, String with, String count) {
        var texts = IntStream.range(0, key.size())
                .mapToObj(i -> KeySql.text("b.\"#" + (i + 1) + "\"", types.get(i)))
                .collect(Collectors.joining(", "));
        return with + "SELECT " + texts + " FROM (" + rows + ") b, (SELECT greatest(1, ceil((" + count
                + ")::numeric / ?)::bigint) AS w) c WHERE b.\"#n\" > 0 AND b.\"#n\" % c.w = 0 ORDER BY b.\"#n\"";
    }
}
