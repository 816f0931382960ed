package dev.flusso.schema.print;

import dev.flusso.schema.Field;
import dev.flusso.schema.Filter;
import dev.flusso.schema.LeafType;
import dev.flusso.schema.Link;
import dev.flusso.schema.Literal;
import dev.flusso.schema.SortKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One field in words.
 *
 * @param type the type key, or what it holds
 * @param source where its value comes from, in parts that are shown one behind the other
 */
record Description(String type, List<String> source) {

    Description {
        source = List.copyOf(source);
    }

    static Description of(Field field) {
        return switch (field.kind()) {
            case LEAF -> leaf((Field.Leaf) field);
            case CUSTOM -> {
                var custom = (Field.Custom) field;
                var source = new ArrayList<>(List.of(custom.column()));
                source.add("(" + String.join(", ", custom.postgres()) + ")");
                fallback(custom.fallback(), source);
                yield new Description(custom.opensearch(), source);
            }
            case GEO -> {
                var source = ((Field.Geo) field).source();
                yield new Description(
                        "geo",
                        List.of(
                                source instanceof Field.Geo.Source.LatLon both
                                        ? both.lat() + ", " + both.lon()
                                        : ((Field.Geo.Source.Column) source).column()));
            }
            case OBJECT -> new Description("object", List.of());
            case MAP -> {
                var map = (Field.MapOf) field;
                yield new Description("map of " + map.values().key(), List.of(map.column()));
            }
            case JOIN -> join((Field.Join) field);
            case AGGREGATE -> aggregate((Field.Aggregate) field);
            case IDS -> {
                var ids = (Field.Ids) field;
                var source = new ArrayList<>(List.of("keys of " + ids.table(), link(ids.link())));
                filters(ids.filters(), source);
                yield new Description(ids.elementType().key() + " []", source);
            }
            case CONSTANT ->
                new Description(
                        "constant", List.of(((Field.Constant) field).value().json()));
        };
    }

    private static Description leaf(Field.Leaf leaf) {
        var source = new ArrayList<>(List.of(leaf.column()));
        leaf.transforms().forEach(transform -> source.add(transform.name().toLowerCase(Locale.ROOT)));
        if (!leaf.variants().isEmpty()) {
            source.add("ordered: " + String.join(" < ", leaf.variants()));
        }
        fallback(leaf.fallback(), source);
        return new Description(leaf.type().key(), source);
    }

    private static void fallback(@org.jspecify.annotations.Nullable Literal value, List<String> source) {
        if (value != null) {
            source.add("default " + value.json());
        }
    }

    private static Description join(Field.Join join) {
        var source = new ArrayList<>(List.of(join.table().toString(), link(join.link())));
        filters(join.filters(), source);
        if (!join.orderBy().isEmpty()) {
            source.add("by "
                    + String.join(
                            ", ",
                            join.orderBy().stream().map(Description::sortKey).toList()));
        }
        if (join.limit() > 0) {
            source.add("first " + join.limit());
        }
        return new Description(join.verb().name().toLowerCase(Locale.ROOT), source);
    }

    private static String sortKey(SortKey key) {
        return key.column() + (key.descending() ? " desc" : "");
    }

    private static Description aggregate(Field.Aggregate aggregate) {
        var function = aggregate.function().name().toLowerCase(Locale.ROOT);
        var column = aggregate.column();
        var of = column == null ? aggregate.table().toString() : aggregate.table() + "." + column;
        var source = new ArrayList<>(List.of(function + " of " + of, link(aggregate.link())));
        filters(aggregate.filters(), source);
        var type = aggregate.valueType() == LeafType.DECIMAL
                ? "decimal"
                : aggregate.valueType().key();
        return new Description(type, source);
    }

    private static String link(Link link) {
        if (link instanceof Link.ParentColumns parent) {
            return "on " + String.join(", ", parent.columns());
        }
        if (link instanceof Link.ForeignKey foreign) {
            return "on its " + String.join(", ", foreign.columns());
        }
        var through = (Link.Through) link;
        return "through " + through.table() + " (" + String.join(", ", through.leftKey()) + " → "
                + String.join(", ", through.rightKey()) + ")";
    }

    static void filters(List<Filter> filters, List<String> source) {
        filters.forEach(filter -> source.add("where " + filter(filter)));
    }

    static String filter(Filter filter) {
        if (filter instanceof Filter.Raw raw) {
            return "(" + raw.sql().strip().replaceAll("\\s+", " ") + ")";
        }
        var comparison = (Filter.Comparison) filter;
        var operands = comparison.operands().stream().map(Literal::json).toList();
        var column = comparison.column();
        return switch (comparison.operator()) {
            case IS_NULL -> column + " is null";
            case IS_NOT_NULL -> column + " is not null";
            case EQ -> column + " = " + operands.get(0);
            case NEQ -> column + " <> " + operands.get(0);
            case LT -> column + " < " + operands.get(0);
            case LTE -> column + " <= " + operands.get(0);
            case GT -> column + " > " + operands.get(0);
            case GTE -> column + " >= " + operands.get(0);
            case LIKE -> column + " like " + operands.get(0);
            case ILIKE -> column + " ilike " + operands.get(0);
            case IN -> column + " in (" + String.join(", ", operands) + ")";
            case NOT_IN -> column + " not in (" + String.join(", ", operands) + ")";
            case BETWEEN -> column + " between " + operands.get(0) + " and " + operands.get(1);
        };
    }
}
