package dev.flusso.postgres.document;

import dev.flusso.schema.Filter;
import dev.flusso.schema.Literal;
import dev.flusso.schema.SoftDelete;
import java.util.ArrayList;
import java.util.List;

/** Conditions on the rows of one table, whose columns are in scope under the table's own name. */
final class FilterSql {

    private final Types types;
    private final Marks marks;

    FilterSql(Types types, Marks marks) {
        this.types = types;
        this.marks = marks;
    }

    /** The filters as conditions to be joined by AND; none for no filters. */
    List<String> conditions(Relation relation, List<Filter> filters) {
        var conditions = new ArrayList<String>();
        filters.forEach(filter -> conditions.add(condition(relation, filter)));
        return conditions;
    }

    /** Equal for filters that say the same, wherever they stand. */
    static List<Object> sameness(List<Filter> filters) {
        return filters.stream()
                .map(filter -> filter instanceof Filter.Raw raw
                        ? raw.sql()
                        : List.<Object>of(
                                ((Filter.Comparison) filter).column(),
                                ((Filter.Comparison) filter).operator(),
                                ((Filter.Comparison) filter).operands()))
                .toList();
    }

    /** True for a row that is not deleted. */
    String alive(Relation relation, SoftDelete delete) {
        var column = relation.column(delete.column(), delete.place());
        var name = SqlText.column(SqlText.name(relation.table().name()), delete.column());
        var deleted = switch (types.base(column.type()).form()) {
            case BOOLEAN -> name;
            case WHOLE, NUMBER, MONEY ->
                name + " <> " + "'0'::" + types.base(column.type()).sql();
            default -> name + " IS DISTINCT FROM NULL";
        };
        var all = new ArrayList<String>();
        all.add(marks.mark(delete.place()) + deleted);
        all.addAll(conditions(relation, delete.when()));
        return "((" + String.join(" AND ", all) + ") IS NOT TRUE)";
    }

    private String condition(Relation relation, Filter filter) {
        if (filter instanceof Filter.Raw raw) {
            return "(" + marks.mark(raw.place()) + SqlText.escaped(raw.sql()) + "\n)";
        }
        var comparison = (Filter.Comparison) filter;
        var type = types.base(
                relation.column(comparison.column(), comparison.place()).type());
        var column = SqlText.column(SqlText.name(relation.table().name()), comparison.column());
        return "(" + marks.mark(comparison.place()) + compared(column, type, comparison) + ")";
    }

    private String compared(String column, PgType type, Filter.Comparison comparison) {
        var operands = comparison.operands();
        return switch (comparison.operator()) {
            case IS_NULL -> column + " IS NOT DISTINCT FROM NULL";
            case IS_NOT_NULL -> column + " IS DISTINCT FROM NULL";
            case EQ -> column + " = " + operand(operands.get(0), type);
            case NEQ -> column + " <> " + operand(operands.get(0), type);
            case LT -> column + " < " + operand(operands.get(0), type);
            case LTE -> column + " <= " + operand(operands.get(0), type);
            case GT -> column + " > " + operand(operands.get(0), type);
            case GTE -> column + " >= " + operand(operands.get(0), type);
            case LIKE, ILIKE -> like(column, type, comparison);
            case IN -> operands.isEmpty() ? "false" : column + " IN (" + list(operands, type) + ")";
            case NOT_IN -> operands.isEmpty() ? "true" : column + " NOT IN (" + list(operands, type) + ")";
            case BETWEEN ->
                column + " BETWEEN " + operand(operands.get(0), type) + " AND " + operand(operands.get(1), type);
        };
    }

    /** Compares the text, in citext's own way where the column is one. */
    private String like(String column, PgType type, Filter.Comparison comparison) {
        var operator = comparison.operator() == Filter.Operator.LIKE ? " LIKE " : " ILIKE ";
        return isCitext(type)
                ? column + operator + operand(comparison.operands().get(0), type)
                : column + "::text" + operator + operand(comparison.operands().get(0), PgType.TEXT);
    }

    private static boolean isCitext(PgType type) {
        return type.sql().equals("citext") || type.sql().endsWith(".citext");
    }

    private static String list(List<Literal> operands, PgType type) {
        return String.join(
                ", ", operands.stream().map(literal -> operand(literal, type)).toList());
    }

    /** A literal, read by the type's own input function. */
    private static String operand(Literal literal, PgType type) {
        if (literal instanceof Literal.Null) {
            return "NULL::" + type.sql();
        }
        return SqlText.literal(text(literal)) + "::" + type.sql();
    }

    private static String text(Literal literal) {
        if (literal instanceof Literal.Text text) {
            return text.value();
        }
        if (literal instanceof Literal.Fraction fraction) {
            return fraction.value().toPlainString();
        }
        return literal.json();
    }
}
