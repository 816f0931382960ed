package dev.flusso.schema;

import java.util.List;

/** A condition on the rows of one table. */
public sealed interface Filter {

    Place place();

    /** SQL as the user wrote it, evaluated with the table's columns in scope. */
    record Raw(String sql, Place place) implements Filter {}

    /**
     * A column compared with literals, which are read as the column's own type.
     *
     * @param operands as many as the operator takes
     */
    record Comparison(String column, Operator operator, List<Literal> operands, Place place) implements Filter {
        public Comparison {
            operands = List.copyOf(operands);
            if (!operator.takes(operands.size())) {
                throw new IllegalArgumentException(
                        place + ": op " + operator + " with " + operands.size() + " operands");
            }
        }
    }

    /** The operators, by the key the user types in lower case. */
    enum Operator {
        IS_NULL,
        IS_NOT_NULL,
        EQ,
        NEQ,
        LT,
        LTE,
        GT,
        GTE,
        LIKE,
        ILIKE,
        IN,
        NOT_IN,
        BETWEEN;

        /** Whether that many operands go with it. */
        public boolean takes(int operands) {
            return switch (this) {
                case IS_NULL, IS_NOT_NULL -> operands == 0;
                case EQ, NEQ, LT, LTE, GT, GTE, LIKE, ILIKE -> operands == 1;
                case IN, NOT_IN -> true;
                case BETWEEN -> operands == 2;
            };
        }
    }
}
