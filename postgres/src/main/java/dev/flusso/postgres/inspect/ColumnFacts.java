package dev.flusso.postgres.inspect;

import java.util.List;

/**
 * A column as the catalog has it.
 *
 * @param type as {@code format_type} prints it, with length and scale
 * @param base what a domain, or an array's element, comes down to, as {@code pg_type.typname} spells it
 * @param family what the values of {@code base} are
 * @param array whether a value holds many of {@code base}
 * @param notNull by the column or by its domain
 * @param readable whether our role may select it
 * @param labels of an enum, in its order; else none
 */
record ColumnFacts(
        String name,
        String type,
        String base,
        Family family,
        boolean array,
        boolean notNull,
        boolean readable,
        List<String> labels) {

    ColumnFacts {
        labels = List.copyOf(labels);
    }

    /** What values are, as far as a document or a comparison cares. */
    enum Family {
        WHOLE,
        FRACTION,
        MONEY,
        BOOLEAN,
        TEXT,
        ENUM,
        UUID,
        DATE,
        TIMESTAMP,
        BYTES,
        JSON,
        /** {@code hstore} and composites: an object in JSON. */
        OBJECT,
        POINT,
        /** Whatever else is written as its text. */
        OTHER;

        /**
         * Of a type that is neither a domain nor an array.
         *
         * @param name {@code pg_type.typname}
         * @param kind {@code pg_type.typtype}
         */
        static Family of(String name, String kind) {
            if (kind.equals("c")) {
                return OBJECT;
            }
            if (kind.equals("e")) {
                return ENUM;
            }
            return switch (name) {
                case "int2", "int4", "int8" -> WHOLE;
                case "float4", "float8", "numeric" -> FRACTION;
                case "money" -> MONEY;
                case "bool" -> BOOLEAN;
                case "text", "varchar", "bpchar", "name", "char", "citext" -> TEXT;
                case "uuid" -> UUID;
                case "date" -> DATE;
                case "timestamp", "timestamptz" -> TIMESTAMP;
                case "bytea" -> BYTES;
                case "json", "jsonb" -> JSON;
                case "hstore" -> OBJECT;
                case "point" -> POINT;
                default -> OTHER;
            };
        }

        boolean isNumber() {
            return this == WHOLE || this == FRACTION || this == MONEY;
        }
    }

    /** Whether Postgres has an {@code =} for a value of each. */
    boolean isComparableWith(ColumnFacts other) {
        if (array || other.array) {
            return array == other.array && base.equals(other.base);
        }
        if (family == Family.OTHER || family == Family.ENUM || family == Family.OBJECT) {
            return base.equals(other.base);
        }
        if (family == Family.DATE || family == Family.TIMESTAMP) {
            return other.family == Family.DATE || other.family == Family.TIMESTAMP;
        }
        if (family == Family.WHOLE || family == Family.FRACTION) {
            return other.family == Family.WHOLE || other.family == Family.FRACTION;
        }
        return family == other.family;
    }

    /** Whether an index on one finds values of the other. */
    boolean isFoundBy(ColumnFacts other) {
        return family == other.family || family == Family.DATE || family == Family.TIMESTAMP;
    }
}
