package dev.flusso.postgres.document;

import dev.flusso.schema.Place;
import dev.flusso.schema.TableRef;
import dev.flusso.worker.DriftException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A table as the catalog has it.
 *
 * @param kind {@code pg_class.relkind}
 * @param columns by name, in their order in the table
 * @param primaryKey empty when it has none
 */
record Relation(
        TableRef table,
        long oid,
        String kind,
        Map<String, Column> columns,
        List<String> primaryKey,
        List<Index> indexes) {

    /**
     * A column.
     *
     * @param readable whether our role may select it
     */
    record Column(String name, PgType type, boolean notNull, boolean readable) {}

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

    Relation {
        columns = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(columns));
        primaryKey = List.copyOf(primaryKey);
        indexes = List.copyOf(indexes);
    }

    /** A column that must be there and readable. */
    Column column(String name, Place place) {
        var column = columns.get(name);
        if (column == null) {
            throw new DriftException(
                    place,
                    "table " + table + " has no column '" + name + "'" + nearest(name)
                            + "; name an existing one, or add it to the table");
        }
        if (!column.readable()) {
            throw new DriftException(
                    place,
                    "column '" + name + "' of table " + table
                            + " may not be read, expected the right to: GRANT SELECT ON " + table.sql()
                            + " TO the role of the connection");
        }
        return column;
    }

    private String nearest(String name) {
        return columns.keySet().stream()
                .filter(candidate -> candidate.equalsIgnoreCase(name))
                .map(candidate -> " (there is '" + candidate + "': quote the name to keep its case)")
                .findFirst()
                .orElseGet(() -> columns.isEmpty() ? "" : ", only " + String.join(", ", columns.keySet()));
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

    /** Whether it stores rows of its own or in partitions, so that changes of it can be followed. */
    boolean isTable() {
        return kind.equals("r") || kind.equals("p");
    }
}
