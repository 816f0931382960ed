package dev.flusso.postgres.expectation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A type with all it is made of.
 *
 * @param name {@code pg_type.typname}
 * @param builtin whether Postgres brought it along
 * @param kind {@code b}ase, {@code d}omain, {@code c}omposite, {@code e}num, …
 * @param sql as a cast takes it
 * @param inner what a domain is over, the element of an array; null for others
 * @param members of a composite
 */
record ValueType(
        String name,
        boolean builtin,
        char kind,
        String sql,
        @Nullable ValueType inner,
        List<Member> members) {

    /** One member of a composite. */
    record Member(String name, ValueType type) {}

    /** Without domains. */
    ValueType base() {
        var type = this;
        while (type.kind == 'd' && type.inner != null) {
            type = type.inner;
        }
        return type;
    }

    boolean isArray() {
        return kind != 'd' && inner != null;
    }

    boolean isNumber() {
        return builtin
                && List.of("int2", "int4", "int8", "float4", "float8", "numeric", "money")
                        .contains(name);
    }

    boolean isFloat() {
        return builtin && (name.equals("float4") || name.equals("float8"));
    }
}
