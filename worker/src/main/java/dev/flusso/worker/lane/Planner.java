package dev.flusso.worker.lane;

import dev.flusso.journal.Cell;
import dev.flusso.journal.Entry;
import dev.flusso.journal.TableName;
import dev.flusso.schema.DocumentSchema;
import dev.flusso.schema.ResolutionPath;
import dev.flusso.worker.Key;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Turns changes into questions: for each path of the schema, the values its first step begins with, taken from the rows as they were
 * before and after each change. Rows that are gone are never looked up.
 */
final class Planner {

    /** A path to be followed, from where to where: {@code after} is the last key of the page before, null for the first. */
    record Step(
            ResolutionPath path, List<Key> starts, @Nullable Key after) {

        Step following(Key last) {
            return new Step(path, starts, last);
        }
    }

    /**
     * What must be asked for some changes.
     *
     * @param keys root keys known already
     * @param steps paths to be followed for more
     * @param unknown values the entries do not tell
     */
    record Plan(Set<Key> keys, List<Step> steps, List<String> unknown) {}

    private final Map<TableName, List<ResolutionPath>> paths = new HashMap<>();
    private final Function<TableName, List<String>> primaryKeys;
    private final TableName root;

    /**
     * @param primaryKeys the primary key of a table as the catalog knows it, for paths that do not name it
     */
    Planner(DocumentSchema schema, Function<TableName, List<String>> primaryKeys) {
        this.primaryKeys = primaryKeys;
        this.root = name(schema.table().schema(), schema.table().name());
        for (var path : schema.paths()) {
            paths.computeIfAbsent(name(path.table().schema(), path.table().name()), t -> new ArrayList<>())
                    .add(path);
        }
    }

    private static TableName name(String schema, String table) {
        return TableName.of(schema, table);
    }

    /** The table whose rows are the documents. */
    TableName root() {
        return root;
    }

    /** Whether changes of a table matter. */
    boolean concerns(TableName table) {
        return paths.containsKey(table);
    }

    /** Tables whose primary key must be looked up in the catalog, since no path names it. */
    Set<TableName> unnamedKeys() {
        var tables = new TreeSet<TableName>();
        paths.forEach((table, of) -> {
            if (of.stream().anyMatch(path -> path.start().isEmpty())) {
                tables.add(table);
            }
        });
        return tables;
    }

    Set<TableName> tables() {
        return paths.keySet();
    }

    /**
     * The questions for some changes. Where an entry does not tell a value the plan names it: then any document may be touched.
     *
     * @param changes of tables that matter
     */
    Plan plan(Collection<Entry.Change> changes) {
        var starts = new LinkedHashMap<ResolutionPath, Set<Key>>();
        var unknown = new LinkedHashSet<String>();
        for (var change : changes) {
            for (var path : paths.getOrDefault(change.table(), List.of())) {
                var columns = path.start().isEmpty() ? primaryKeys.apply(change.table()) : path.start();
                var keys = starts.computeIfAbsent(path, p -> new LinkedHashSet<>());
                if (change.operation() != Entry.Operation.INSERT) {
                    collect(change, columns, change::valueBefore, keys, unknown);
                }
                if (change.operation() != Entry.Operation.DELETE) {
                    collect(change, columns, column -> after(change, column), keys, unknown);
                }
            }
        }
        return plan(starts, List.copyOf(unknown));
    }

    private static Plan plan(Map<ResolutionPath, Set<Key>> starts, List<String> unknown) {
        var keys = new LinkedHashSet<Key>();
        var steps = new ArrayList<Step>();
        starts.forEach((path, values) -> {
            if (path.hops().isEmpty()) {
                keys.addAll(values);
            } else if (!values.isEmpty()) {
                steps.add(new Step(path, List.copyOf(values), null));
            }
        });
        return new Plan(keys, steps, unknown);
    }

    /** The value after a change; a large value the change did not touch is what it was before. */
    private static Optional<Cell.Value> after(Entry.Change change, String column) {
        var value = change.valueAfter(column);
        return value.isPresent() && value.get() instanceof Cell.Value.Unchanged ? change.valueBefore(column) : value;
    }

    private static void collect(
            Entry.Change change,
            List<String> columns,
            Function<String, Optional<Cell.Value>> values,
            Set<Key> keys,
            Set<String> unknown) {
        var parts = new ArrayList<String>(columns.size());
        for (var column : columns) {
            var value = values.apply(column).orElse(Cell.UNCHANGED);
            if (value instanceof Cell.Value.Null) {
                return;
            }
            if (!(value instanceof Cell.Value.Text text)) {
                unknown.add(change.table() + "." + column + " in " + change.operation());
                return;
            }
            parts.add(text.text());
        }
        keys.add(new Key(parts));
    }
}
