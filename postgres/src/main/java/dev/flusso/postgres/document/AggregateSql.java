package dev.flusso.postgres.document;

import dev.flusso.schema.Field;

/**
 * A figure over a column.
 *
 * @param sql the expression
 * @param type of its value
 */
record AggregateSql(String sql, PgType type) {

    static AggregateSql of(Field.Aggregate.Function function, String column, PgType type) {
        return switch (function) {
            case COUNT -> new AggregateSql("count(" + column + ")", PgType.BIGINT);
            case SUM -> new AggregateSql("sum(" + column + ")", sum(type));
            case AVG -> new AggregateSql("avg(" + column + ")", average(type));
            case MIN -> edge("min", column, "", type);
            case MAX -> edge("max", column, " DESC", type);
        };
    }

    private static PgType sum(PgType type) {
        return switch (type.sql()) {
            case "smallint", "integer" -> PgType.BIGINT;
            case "bigint" -> PgType.NUMERIC;
            default -> type;
        };
    }

    private static PgType average(PgType type) {
        return switch (type.sql()) {
            case "smallint", "integer", "bigint" -> PgType.NUMERIC;
            case "real" -> PgType.DOUBLE;
            default -> type;
        };
    }

    /** Types without a {@code min} and {@code max} of their own (uuid, boolean, …) still have an order. */
    private static AggregateSql edge(String function, String column, String direction, PgType type) {
        return switch (type.sql()) {
            case "smallint",
                    "integer",
                    "bigint",
                    "real",
                    "double precision",
                    "numeric",
                    "money",
                    "date",
                    "timestamp without time zone",
                    "timestamp with time zone",
                    "time without time zone",
                    "time with time zone",
                    "interval",
                    "text",
                    "bpchar",
                    "inet",
                    "citext" -> new AggregateSql(function + "(" + column + ")", type);
            case "character varying" -> new AggregateSql(function + "(" + column + ")", PgType.TEXT);
            default ->
                new AggregateSql(
                        "(array_agg(" + column + " ORDER BY " + column + direction + ") FILTER (WHERE " + column
                                + " IS NOT NULL))[1]",
                        type);
        };
    }
}
