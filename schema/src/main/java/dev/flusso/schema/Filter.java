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
        BETWEEN
    }
}
