package dev.flusso.postgres.document;

import dev.flusso.schema.Field;
import dev.flusso.schema.TableRef;
import dev.flusso.worker.DriftException;
import java.util.Locale;
import java.util.Map;

/** Names of types as people write them: {@code int4}, {@code VARCHAR(20)}, {@code public.citext}, {@code text[]}. */
final class TypeName {

    private static final Map<String, String> ALIASES = Map.ofEntries(
            Map.entry("int2", "smallint"),
            Map.entry("int", "integer"),
            Map.entry("int4", "integer"),
            Map.entry("int8", "bigint"),
            Map.entry("smallserial", "smallint"),
            Map.entry("serial", "integer"),
            Map.entry("bigserial", "bigint"),
            Map.entry("float4", "real"),
            Map.entry("float8", "double precision"),
            Map.entry("float", "double precision"),
            Map.entry("decimal", "numeric"),
            Map.entry("bool", "boolean"),
            Map.entry("varchar", "character varying"),
            Map.entry("char", "bpchar"),
            Map.entry("character", "bpchar"),
            Map.entry("varbit", "bit varying"),
            Map.entry("timestamp", "timestamp without time zone"),
            Map.entry("timestamptz", "timestamp with time zone"),
            Map.entry("time", "time without time zone"),
            Map.entry("timetz", "time with time zone"));

    private TypeName() {}

    /** Refuses a column whose type is none of those the schema lists, if it lists any. */
    static void check(Field.Custom custom, PgType type, PgType base, TableRef table) {
        var listed = custom.postgres();
        if (listed.isEmpty() || listed.stream().anyMatch(name -> isSame(name, type) || isSame(name, base))) {
            return;
        }
        throw new DriftException(
                custom.place(),
                "column '" + custom.column() + "' of table " + table + " is of type " + type.sql()
                        + ", expected one of " + String.join(", ", listed)
                        + "; add it to 'postgres', or name another column");
    }

    static boolean isSame(String written, PgType type) {
        return plain(written).equals(plain(type.sql()));
    }

    /** Without schema, quotes, length and spelling; an array keeps one pair of brackets. */
    private static String plain(String name) {
        var text = name.strip().toLowerCase(Locale.ROOT).replace("\"", "").replaceAll("\\s*\\([^)]*\\)", "");
        boolean array = text.endsWith("]");
        text = array ? text.substring(0, text.indexOf('[')).strip() : text;
        text = text.substring(text.lastIndexOf('.') + 1);
        return ALIASES.getOrDefault(text, text) + (array ? "[]" : "");
    }
}
