package dev.flusso.postgres.document;

import dev.flusso.schema.DocumentSchema;
import dev.flusso.schema.Field;
import dev.flusso.schema.Filter;
import dev.flusso.schema.Link;
import dev.flusso.schema.TableRef;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The columns a schema names, by table; what stands in raw filters is not known. */
final class SchemaColumns {

    private final Map<TableRef, SortedSet<String>> columns = new TreeMap<>();

    private SchemaColumns() {}

    static Map<TableRef, SortedSet<String>> of(DocumentSchema schema) {
        var found = new SchemaColumns();
        found.add(schema.table(), schema.primaryKey());
        found.filtered(schema.table(), schema.filters());
        var softDelete = schema.softDelete();
        if (softDelete != null) {
            found.add(schema.table(), List.of(softDelete.column()));
            found.filtered(schema.table(), softDelete.when());
        }
        found.fields(schema.table(), schema.primaryKey(), schema.fields());
        return found.columns;
    }

    private void add(TableRef table, Collection<String> names) {
        columns.computeIfAbsent(table, any -> new TreeSet<>()).addAll(names);
    }

    private void filtered(TableRef table, List<Filter> filters) {
        for (var filter : filters) {
            if (filter instanceof Filter.Comparison comparison) {
                add(table, List.of(comparison.column()));
            }
        }
    }

    private void fields(TableRef table, List<String> key, List<Field> fields) {
        for (var field : fields) {
            switch (field.kind()) {
                case LEAF -> add(table, List.of(((Field.Leaf) field).column()));
                case CUSTOM -> add(table, List.of(((Field.Custom) field).column()));
                case MAP -> add(table, List.of(((Field.MapOf) field).column()));
                case GEO -> point(table, ((Field.Geo) field).source());
                case OBJECT -> fields(table, key, ((Field.Group) field).fields());
                case JOIN -> joined(table, (Field.Join) field);
                case AGGREGATE -> {
                    var aggregate = (Field.Aggregate) field;
                    linked(table, aggregate.table(), aggregate.link());
                    filtered(aggregate.table(), aggregate.filters());
                    var column = aggregate.column();
                    add(aggregate.table(), column == null ? List.of() : List.of(column));
                }
                case IDS -> {
                    var ids = (Field.Ids) field;
                    linked(table, ids.table(), ids.link());
                    filtered(ids.table(), ids.filters());
                }
                case CONSTANT -> {
                    // no column
                }
            }
        }
    }

    private void point(TableRef table, Field.Geo.Source source) {
        if (source instanceof Field.Geo.Source.LatLon pair) {
            add(table, List.of(pair.lat(), pair.lon()));
        } else if (source instanceof Field.Geo.Source.Column one) {
            add(table, List.of(one.column()));
        }
    }

    private void joined(TableRef table, Field.Join join) {
        linked(table, join.table(), join.link());
        add(join.table(), join.primaryKey());
        filtered(join.table(), join.filters());
        join.orderBy().forEach(sorted -> add(join.table(), List.of(sorted.column())));
        fields(join.table(), join.primaryKey(), join.fields());
    }

    private void linked(TableRef above, TableRef table, Link link) {
        if (link instanceof Link.ForeignKey foreign) {
            add(table, foreign.columns());
        } else if (link instanceof Link.ParentColumns parent) {
            add(above, parent.columns());
        } else if (link instanceof Link.Through through) {
            add(through.table(), through.leftKey());
            add(through.table(), through.rightKey());
        }
    }
}
