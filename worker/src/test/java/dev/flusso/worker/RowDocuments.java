package dev.flusso.worker;

import dev.flusso.journal.TableName;
import dev.flusso.schema.DocumentSchema;
import dev.flusso.schema.Field;
import dev.flusso.schema.Link;
import dev.flusso.schema.ResolutionPath;
import dev.flusso.schema.TableRef;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The documents of a schema over rows in memory, as one snapshot shows them: plain columns, joins of each kind, counts. */
final class RowDocuments {

    /** What a cell holds that holds nothing. */
    static final String NULL = "\0";

    static final Comparator<Key> ORDER = Comparator.comparing(Key::toString);

    private final DocumentSchema schema;
    private final Function<TableName, List<SortedMap<String, String>>> rows;
    private final Map<TableName, List<String>> primaryKeys;

    RowDocuments(
            DocumentSchema schema,
            Function<TableName, List<SortedMap<String, String>>> rows,
            Map<TableName, List<String>> primaryKeys) {
        this.schema = schema;
        this.rows = rows;
        this.primaryKeys = primaryKeys;
    }

    /** The keys of all root rows. */
    List<Key> keys() {
        return rows(schema.table()).stream()
                .map(row -> new Key(values(row, schema.primaryKey())))
                .sorted(ORDER)
                .toList();
    }

    /** The document of a key; null when there is none. */
    @Nullable
    String json(Key key) {
        for (var row : rows(schema.table())) {
            if (values(row, schema.primaryKey()).equals(key.parts())) {
                var deleted = schema.softDelete();
                return deleted != null && "true".equals(row.get(deleted.column()))
                        ? null
                        : object(row, schema.table(), schema.primaryKey(), schema.fields());
            }
        }
        return null;
    }

    /** The root keys a path leads to. */
    Set<Key> follow(ResolutionPath path, List<Key> starts) {
        Set<Key> found = new HashSet<>(starts);
        for (var hop : path.hops()) {
            var next = new TreeSet<Key>(ORDER);
            for (var row : rows(hop.table())) {
                if (found.contains(new Key(values(row, hop.match())))) {
                    var result = values(row, hop.result());
                    if (!result.contains(NULL)) {
                        next.add(new Key(result));
                    }
                }
            }
            found = next;
        }
        return found;
    }

    static List<String> values(SortedMap<String, String> row, List<String> columns) {
        return columns.stream().map(column -> row.getOrDefault(column, NULL)).toList();
    }

    private List<SortedMap<String, String>> rows(TableRef table) {
        return rows.apply(TableName.of(table.schema(), table.name()));
    }

    private String object(SortedMap<String, String> row, TableRef table, List<String> key, List<Field> fields) {
        var parts = new ArrayList<String>();
        for (var field : fields) {
            parts.add('"' + field.name() + "\":" + value(row, table, key, field));
        }
        return '{' + String.join(",", parts) + '}';
    }

    private String value(SortedMap<String, String> row, TableRef table, List<String> key, Field field) {
        if (field instanceof Field.Leaf leaf) {
            var value = row.getOrDefault(leaf.column(), NULL);
            return value.equals(NULL) ? "null" : '"' + value + '"';
        }
        if (field instanceof Field.Join join) {
            var objects = joined(row, key, join.table(), join.link()).stream()
                    .sorted(Comparator.comparing(
                            joined -> values(joined, join.primaryKey()).toString()))
                    .map(joined -> object(joined, join.table(), join.primaryKey(), join.fields()))
                    .toList();
            return join.verb().isToMany()
                    ? '[' + String.join(",", objects) + ']'
                    : objects.isEmpty() ? "null" : objects.get(0);
        }
        if (field instanceof Field.Aggregate count) {
            return String.valueOf(joined(row, key, count.table(), count.link()).size());
        }
        throw new IllegalArgumentException("rows in memory know no field of kind " + field.kind() + " in " + table);
    }

    private List<SortedMap<String, String>> joined(
            SortedMap<String, String> row, List<String> key, TableRef table, Link link) {
        var name = TableName.of(table.schema(), table.name());
        if (link instanceof Link.ForeignKey foreign) {
            return where(table, foreign.columns(), Set.of(values(row, key)));
        }
        if (link instanceof Link.ParentColumns parent) {
            return where(table, primaryKeys.getOrDefault(name, List.of()), Set.of(values(row, parent.columns())));
        }
        var through = (Link.Through) link;
        var far = new HashSet<List<String>>();
        where(through.table(), through.leftKey(), Set.of(values(row, key)))
                .forEach(junction -> far.add(values(junction, through.rightKey())));
        return where(table, primaryKeys.getOrDefault(name, List.of()), far);
    }

    private List<SortedMap<String, String>> where(TableRef table, List<String> columns, Set<List<String>> values) {
        return rows(table).stream()
                .filter(row -> values.contains(values(row, columns)))
                .toList();
    }
}
