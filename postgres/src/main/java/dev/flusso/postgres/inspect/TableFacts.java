package dev.flusso.postgres.inspect;

import dev.flusso.schema.TableRef;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A table, or what stands under its name, as the catalog has it.
 *
 * @param kind {@code pg_class.relkind}
 * @param columns by name, in their order
 * @param primaryKey empty when it has none
 * @param indexes valid ones that hold every row
 * @param rows about how many, as the planner knows; -1 when it does not
 * @param bytes of its rows on disk, without what is stored out of line
 * @param leaves the partitions that hold rows
 * @param heirs tables that inherit from it without being partitions
 */
record TableFacts(
        TableRef table,
        long oid,
        String kind,
        Rights rights,
        boolean unlogged,
        Map<String, ColumnFacts> columns,
        List<String> primaryKey,
        List<Index> indexes,
        long rows,
        long bytes,
        List<Leaf> leaves,
        int heirs) {

    /** With fewer rows a table is read whole in no time. */
    private static final long FEW_ROWS = 5_000;

    private static final long FEW_BYTES = 1L << 20;

    /**
     * What our role may do with it.
     *
     * @param schemaUsable whether it may use the schema
     * @param owned whether it may alter the table
     * @param leavesOwned whether it may alter each of its partitions
     * @param policed whether row-level security hides rows from it
     */
    record Rights(boolean schemaUsable, boolean owned, boolean leavesOwned, boolean policed) {}

    /**
     * A partition that holds rows.
     *
     * @param kind {@code pg_class.relkind}
     */
    record Leaf(TableRef table, String kind, boolean unlogged) {}

    /**
     * An index that holds every row.
     *
     * @param columns its key columns; an expression is an empty name
     * @param ordered whether it is a btree
     */
    record Index(List<String> columns, boolean unique, boolean ordered) {
        Index {
            columns = List.copyOf(columns);
        }
    }

    TableFacts {
        columns = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(columns));
        primaryKey = List.copyOf(primaryKey);
        indexes = List.copyOf(indexes);
        leaves = List.copyOf(leaves);
    }

    /** Whether nobody minds that it is read whole. */
    boolean isSmall() {
        return rows < 0 ? bytes < FEW_BYTES : rows < FEW_ROWS;
    }

    Optional<ColumnFacts> column(String name) {
        return Optional.ofNullable(columns.get(name));
    }

    /** Whether its changes can be followed. */
    boolean isTable() {
        return kind.equals("r") || kind.equals("p");
    }

    boolean partitioned() {
        return kind.equals("p");
    }

    /** Whether no two rows have the same values there. */
    boolean isUnique(List<String> names) {
        return indexes.stream().anyMatch(index -> index.unique() && names.containsAll(index.columns()));
    }

    /** Whether single rows are found by these columns without reading the whole table. */
    boolean isIndexed(List<String> names) {
        return indexes.stream()
                .anyMatch(index ->
                        index.ordered() && names.contains(index.columns().get(0)));
    }

    /** What it is, for people. */
    String what() {
        return switch (kind) {
            case "v" -> "a view";
            case "m" -> "a materialized view";
            case "f" -> "a foreign table";
            default -> "no table";
        };
    }

    /** The statement that makes an index; not CONCURRENTLY on a partitioned table, which cannot. */
    String indexSql(String kind, List<String> names) {
        var list = names.stream()
                .map(TableRef::quoted)
                .reduce((a, b) -> a + ", " + b)
                .orElse("");
        return "CREATE " + kind + (partitioned() ? " ON " : " CONCURRENTLY ON ") + table.sql() + " (" + list + ");";
    }
}
