package dev.flusso.postgres.document;

import java.util.List;

/**
 * A type of the catalog, as far as a document needs it.
 *
 * @param oid its row in {@code pg_type}
 * @param sql its name as a cast takes it, without length or scale
 * @param form how its values are spelled
 * @param inner the base type of a domain, the element of an array; 0 for others
 * @param members of a composite, in order; empty for others
 */
record PgType(long oid, String sql, Form form, long inner, List<Member> members) {

    /** How the values of a type are spelled in JSON. */
    enum Form {
        /** {@code smallint}, {@code integer}, {@code bigint}. */
        WHOLE,
        /** {@code real}, {@code double precision}, {@code numeric}: may be NaN or infinite. */
        NUMBER,
        MONEY,
        BOOLEAN,
        /** A string whose text is that of a cast to {@code text}. */
        STRING,
        /** {@code char(n)}: a string that a cast to {@code text} takes the padding off. */
        PADDED,
        DATE,
        TIMESTAMP,
        TIMESTAMPTZ,
        BYTES,
        /** {@code json}, {@code jsonb}. */
        JSON,
        POINT,
        /** Whatever {@code to_json} makes of it: the text its output function gives, or what the type's own cast to json says. */
        OTHER,
        DOMAIN,
        ARRAY,
        COMPOSITE
    }

    /** One column of a composite type. */
    record Member(String name, long type) {}

    static final PgType BIGINT = builtin(20, "bigint", Form.WHOLE);
    static final PgType NUMERIC = builtin(1700, "numeric", Form.NUMBER);
    static final PgType REAL = builtin(700, "real", Form.NUMBER);
    static final PgType DOUBLE = builtin(701, "double precision", Form.NUMBER);
    static final PgType TEXT = builtin(25, "text", Form.STRING);

    PgType {
        members = List.copyOf(members);
    }

    private static PgType builtin(long oid, String sql, Form form) {
        return new PgType(oid, sql, form, 0, List.of());
    }

    /** Whether {@code to_json} of it, or of an array of it, already is what the table of values wants. */
    boolean isPlain() {
        return switch (form) {
            case WHOLE, BOOLEAN, STRING, JSON, POINT, OTHER -> true;
            case NUMBER, MONEY, PADDED, DATE, TIMESTAMP, TIMESTAMPTZ, BYTES, DOMAIN, ARRAY, COMPOSITE -> false;
        };
    }
}
