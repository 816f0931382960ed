package dev.flusso.schema.parse;

import dev.flusso.schema.Filter;
import dev.flusso.schema.Literal;
import dev.flusso.schema.SortKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code filters}, {@code when} and {@code order_by}. */
final class FilterReader {

    private static final String EXAMPLE = "{column: status, op: eq, value: open}";

    private enum Direction {
        ASC,
        DESC
    }

    private FilterReader() {}

    static List<Filter> filters(Table table, String key) {
        var filters = new ArrayList<Filter>();
        for (var mapping : table.mappings(key, EXAMPLE)) {
            var filter = new Table(mapping, "a filter", Keys.FILTER, table.problems());
            (filter.has("raw") ? raw(filter) : comparison(filter)).ifPresent(filters::add);
        }
        return filters;
    }

    private static Optional<Filter> raw(Table filter) {
        for (var other : List.of("column", "op", "value")) {
            if (filter.raw(other) != null) {
                filter.problems().add(filter.place(other), "'" + other + "' does not go with 'raw' in a filter");
            }
        }
        return filter.requiredText("raw", "an SQL condition").map(sql -> new Filter.Raw(sql, filter.place()));
    }

    private static Optional<Filter> comparison(Table filter) {
        var columnNode = filter.node("column");
        if (columnNode == null) {
            filter.missing("column", "a column and an 'op', or 'raw' with an SQL condition");
        }
        var column = columnNode == null ? Optional.<String>empty() : Names.column(filter, "column", columnNode);
        if (!filter.has("op")) {
            filter.missing("op", "one of " + operators());
            return Optional.empty();
        }
        int before = filter.problems().size();
        var operator = filter.choice("op", Filter.Operator.class, Filter.Operator.EQ);
        if (filter.problems().size() > before) {
            return Optional.empty();
        }
        var operands = operands(filter, operator);
        return column.flatMap(
                name -> operands.map(values -> new Filter.Comparison(name, operator, values, filter.place())));
    }

    private static String operators() {
        var words = new ArrayList<String>();
        for (var operator : Filter.Operator.values()) {
            words.add(Table.word(operator));
        }
        return String.join(", ", words);
    }

    private static Optional<List<Literal>> operands(Table filter, Filter.Operator operator) {
        var value = filter.raw("value");
        var word = Table.word(operator);
        switch (operator) {
            case IS_NULL, IS_NOT_NULL -> {
                if (value != null && filter.has("value")) {
                    filter.problems().add(value.place(), "'value' does not go with op '" + word + "'");
                }
                return Optional.of(List.of());
            }
            case IN, NOT_IN, BETWEEN -> {
                boolean pair = operator == Filter.Operator.BETWEEN;
                var expected = pair
                        ? "a list of exactly two values for op 'between'"
                        : "a list of values for op '" + word + "'";
                if (value == null) {
                    filter.missing("value", expected);
                    return Optional.empty();
                }
                if (!(value instanceof Node.Items items)
                        || (pair && items.nodes().size() != 2)) {
                    var found = value instanceof Node.Items items
                            ? "a list of " + items.nodes().size()
                            : value.found();
                    filter.problems().add(value.place(), "'value' is " + found + ", expected " + expected);
                    return Optional.empty();
                }
                return list(filter, items, word);
            }
            case EQ, NEQ, LT, LTE, GT, GTE, LIKE, ILIKE -> {
                boolean pattern = operator == Filter.Operator.LIKE || operator == Filter.Operator.ILIKE;
                var expected = (pattern ? "a string" : "one value") + " for op '" + word + "'";
                if (value == null) {
                    filter.missing("value", expected);
                    return Optional.empty();
                }
                return one(filter, value, pattern, expected).map(List::of);
            }
        }
        return Optional.empty();
    }

    private static Optional<List<Literal>> list(Table filter, Node.Items items, String word) {
        var values = new ArrayList<Literal>();
        for (var item : items.nodes()) {
            one(filter, item, false, "single values in the list for op '" + word + "'")
                    .ifPresent(values::add);
        }
        return values.size() == items.nodes().size() ? Optional.of(values) : Optional.empty();
    }

    private static Optional<Literal> one(Table filter, Node node, boolean text, String expected) {
        if (node instanceof Node.Scalar scalar && scalar.isNull()) {
            filter.wrong("value", node, expected + "; use op 'is_null' or 'is_not_null'");
            return Optional.empty();
        }
        if (node instanceof Node.Scalar scalar && (!text || scalar.value() instanceof Literal.Text)) {
            return Optional.of(scalar.value());
        }
        filter.wrong("value", node, expected);
        return Optional.empty();
    }

    static List<SortKey> orderBy(Table table) {
        var keys = new ArrayList<SortKey>();
        for (var mapping : table.mappings("order_by", "{column: id, direction: asc}")) {
            var key = new Table(mapping, "an order_by", Keys.ORDER_BY, table.problems());
            var direction = key.choice("direction", Direction.class, Direction.ASC);
            var column = key.node("column");
            if (column == null) {
                key.missing("column", "a column of the joined table");
                continue;
            }
            Names.column(key, "column", column)
                    .ifPresent(name -> keys.add(new SortKey(name, direction == Direction.DESC, key.place())));
        }
        return keys;
    }
}
