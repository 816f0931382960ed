package dev.flusso.postgres.document;

import dev.flusso.schema.Transform;
import java.util.ArrayList;
import java.util.List;

/**
 * How a value is spelled in JSON, as SQL that gives text, by the type it has in the database. The result is NULL where the document has
 * null: for NULL, and for what JSON has no number or date for (NaN, the infinities).
 */
final class ValueSql {

    /** Unicode's white space. */
    private static final String SPACES =
            "\t\n\u000b\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
                    + "\u2009\u200a\u2028\u2029\u202f\u205f\u3000";

    private final Types types;
    private final boolean utf8;
    private int arrays;

    ValueSql(Types types, boolean utf8) {
        this.types = types;
        this.utf8 = utf8;
    }

    /** The JSON of {@code value}, an expression that may be repeated. */
    String json(String value, PgType type) {
        return json(value, type, List.of());
    }

    /** The same with transforms applied to each string in it. */
    String json(String value, PgType type, List<Transform> transforms) {
        return switch (type.form()) {
            case WHOLE -> "(" + value + ")::text";
            case NUMBER -> "nullif(nullif(nullif((" + value + ")::text, 'NaN'), 'Infinity'), '-Infinity')";
            case MONEY -> "(" + value + ")::numeric::text";
            case BOOLEAN -> "(" + value + ")::text";
            case STRING, PADDED -> "to_json(" + transformed("(" + value + ")::text", transforms) + ")::text";
            case DATE -> date(value);
            case TIMESTAMP -> timestamp(value, value, "");
            case TIMESTAMPTZ -> timestamp(value, "((" + value + ") AT TIME ZONE 'UTC')", "Z");
            case BYTES -> "('\"' || translate(encode(" + value + ", 'base64'), E'\\n', '') || '\"')";
            case JSON -> "(" + value + ")::text";
            case POINT, OTHER ->
                transforms.isEmpty()
                        ? "to_json(" + value + ")::text"
                        : "to_json(" + transformed("(to_json(" + value + ") #>> '{}')", transforms) + ")::text";
            case DOMAIN -> json("(" + value + ")::" + types.base(type).sql(), types.base(type), transforms);
            case ARRAY -> array(value, types.of(type.inner()), transforms);
            case COMPOSITE -> composite(value, type, transforms);
        };
    }

    private String transformed(String text, List<Transform> transforms) {
        var result = text;
        for (var transform : transforms) {
            result = switch (transform) {
                case LOWERCASE -> "lower(" + result + ")";
                case TRIM -> "btrim(" + result + ", " + SqlText.literal(utf8 ? SPACES : "\t\n\u000b\f\r ") + ")";
            };
        }
        return result;
    }

    /** Month and day come out of the text: {@code to_char} would make a timestamp of it, which ends 5.6 million years earlier. */
    private static String date(String value) {
        return "(CASE WHEN " + value + " BETWEEN '0001-01-01' AND '9999-12-31' THEN to_json(" + value + ")::text"
                + " WHEN isfinite(" + value + ") THEN '\"' || " + expandedYear(value) + " || right(split_part((" + value
                + ")::text, ' ', 1), 6) || '\"' END)";
    }

    /**
     * A moment.
     *
     * @param value what is compared, cheaply
     * @param local what is spelled, without a zone
     */
    private static String timestamp(String value, String local, String zone) {
        var utc = zone.isEmpty() ? "" : " 00:00:00+00";
        return "(CASE WHEN " + value + " >= '0001-01-01" + utc + "' AND " + value + " < '10000-01-01" + utc + "' THEN "
                + (zone.isEmpty()
                        ? "to_json(" + local + ")::text"
                        : "rtrim(to_json(" + local + ")::text, '\"') || '" + zone + "\"'")
                + " WHEN isfinite(" + value + ") THEN '\"' || " + expandedYear(local) + " || to_char(" + local
                + ", '-MM-DD\"T\"HH24:MI:SS') || rtrim(to_char(" + local + ", '.US'), '.0') || '" + zone + "\"' END)";
    }

    /** ISO's year: 1 BC is 0000, 2 BC is -0001; more than four digits take a sign. */
    private static String expandedYear(String value) {
        var year = "extract(year from " + value + ")::int";
        return "(CASE WHEN " + year + " > 0 THEN '+' || " + year + " WHEN " + year
                + " = -1 THEN '0000' ELSE '-' || lpad((-1 - " + year + ")::text, greatest(4, length((-1 - " + year
                + ")::text)), '0') END)";
    }

    /**
     * Element by element where {@code to_json} would not do. An array of several dimensions is a flat list to {@code unnest}: the
     * brackets before and after an element follow from which products of the inner lengths divide its number.
     */
    private String array(String value, PgType element, List<Transform> transforms) {
        if (isPlain(element) && transforms.isEmpty()) {
            return "to_json(" + value + ")::text";
        }
        arrays++; // an array in an array's composite must not take the inner names for its own
        var item = "\"#e" + arrays + "\"";
        var number = "\"#i" + arrays + "\"";
        var rows = " FROM (SELECT unnest(" + value + ") AS " + item + ", generate_series(0, cardinality(" + value
                + ") - 1) AS " + number + ") \"#u" + arrays + "\"";
        var each = "coalesce(" + json(item, element, transforms) + ", 'null')";
        var flat = "(SELECT '[' || coalesce(string_agg(" + each + ", ',' ORDER BY " + number + "), '') || ']'" + rows
                + ")";
        return "(CASE WHEN " + value + " IS NULL THEN NULL WHEN array_ndims(" + value + ") > 1 THEN (SELECT string_agg("
                + "repeat('[', " + brackets(value, number) + ") || " + each + " || repeat(']', "
                + brackets(value, "(" + number + " + 1)") + "), ',' ORDER BY " + number + ")" + rows + ") ELSE " + flat
                + " END)";
    }

    private static String brackets(String array, String number) {
        var sum = new ArrayList<String>();
        for (int from = 1; from <= 6; from++) {
            var product = new StringBuilder();
            for (int dimension = from; dimension <= 6; dimension++) {
                product.append(dimension == from ? "" : " * ")
                        .append("coalesce(array_length(")
                        .append(array)
                        .append(", ")
                        .append(dimension)
                        .append("), 1)");
            }
            sum.add("CASE WHEN array_ndims(" + array + ") >= " + from + " AND " + number + " % (" + product
                    + ") = 0 THEN 1 ELSE 0 END");
        }
        return "(" + String.join(" + ", sum) + ")";
    }

    /** {@code IS NOT DISTINCT FROM} and not {@code IS NULL}, which a row of nulls is too. */
    private String composite(String value, PgType type, List<Transform> transforms) {
        if (transforms.isEmpty() && isPlain(type)) {
            return "to_json(" + value + ")::text";
        }
        var pieces = new ArrayList<String>();
        for (var member : type.members()) {
            var its = json("(" + value + ")." + SqlText.name(member.name()), types.of(member.type()), transforms);
            pieces.add(SqlText.literal((pieces.isEmpty() ? "{" : ",") + JsonText.quoted(member.name()) + ":"));
            pieces.add("coalesce(" + its + ", 'null')");
        }
        pieces.add(pieces.isEmpty() ? "'{}'" : "'}'");
        return "(CASE WHEN " + value + " IS NOT DISTINCT FROM NULL THEN NULL ELSE " + SqlText.concatenated(pieces)
                + " END)";
    }

    /** Whether {@code to_json} gives what is wanted, all the way down. */
    private boolean isPlain(PgType type) {
        return switch (type.form()) {
            case DOMAIN -> isPlain(types.base(type));
            case ARRAY -> isPlain(types.of(type.inner()));
            case COMPOSITE -> type.members().stream().allMatch(member -> isPlain(types.of(member.type())));
            default -> type.isPlain();
        };
    }
}
