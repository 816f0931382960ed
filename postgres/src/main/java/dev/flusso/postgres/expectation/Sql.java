package dev.flusso.postgres.expectation;

import dev.flusso.schema.Filter;
import dev.flusso.schema.Literal;
import dev.flusso.schema.TableRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Pieces of plain statements; values stand in them as literals, so that a {@code ?} of the user's own is only a {@code ?}. */
final class Sql {

    private Sql() {}

    static String text(String value) {
        return "'" + value.replace("'", "''") + "'";
    }

    /** A list of texts as one literal. */
    static String texts(List<@Nullable String> values) {
        return text(values.stream()
                        .map(value -> value == null
                                ? "NULL"
                                : '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
                        .collect(Collectors.joining(",", "{", "}")))
                + "::text[]";
    }

    /** {@code (SELECT * FROM table WHERE filters)}: in there a filter may name columns as its author likes. */
    static String within(TableRef table, List<Filter> filters, Map<String, ValueType> types) {
        var conditions = new ArrayList<String>();
        filters.forEach(filter -> conditions.add(condition(filter, types)));
        return "(SELECT * FROM " + table.sql()
                + (conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions)) + ")";
    }

    static String condition(Filter filter, Map<String, ValueType> types) {
        if (filter instanceof Filter.Raw raw) {
            return "(" + raw.sql() + "\n)";
        }
        var comparison = (Filter.Comparison) filter;
        var column = TableRef.quoted(comparison.column());
        var type = types.get(comparison.column());
        var cast = type == null ? "" : "::" + type.base().sql();
        var operands = comparison.operands().stream()
                .map(operand -> (operand instanceof Literal.Null ? "NULL" : text(plain(operand))) + cast)
                .toList();
        var citext = type != null && type.base().name().equals("citext");
        var like = citext ? column : column + "::text";
        return switch (comparison.operator()) {
            case IS_NULL -> "NOT (" + column + " IS DISTINCT FROM NULL)";
            case IS_NOT_NULL -> column + " IS DISTINCT FROM NULL";
            case EQ -> column + " = " + operands.get(0);
            case NEQ -> column + " != " + operands.get(0);
            case LT -> column + " < " + operands.get(0);
            case LTE -> column + " <= " + operands.get(0);
            case GT -> column + " > " + operands.get(0);
            case GTE -> column + " >= " + operands.get(0);
            case LIKE -> like + " LIKE " + text(plain(comparison.operands().get(0))) + (citext ? cast : "");
            case ILIKE -> like + " ILIKE " + text(plain(comparison.operands().get(0))) + (citext ? cast : "");
            case IN -> any(column, " = ", operands, " OR ", "false");
            case NOT_IN -> any(column, " != ", operands, " AND ", "true");
            case BETWEEN -> "(" + column + " >= " + operands.get(0) + " AND " + column + " <= " + operands.get(1) + ")";
        };
    }

    private static String any(String column, String operator, List<String> operands, String word, String none) {
        return operands.isEmpty()
                ? none
                : operands.stream().map(each -> column + operator + each).collect(Collectors.joining(word, "(", ")"));
    }

    private static String plain(Literal literal) {
        if (literal instanceof Literal.Text text) {
            return text.value();
        }
        return literal instanceof Literal.Fraction fraction ? fraction.value().toPlainString() : literal.json();
    }
}
