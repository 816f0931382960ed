package dev.flusso.postgres.document;

import dev.flusso.schema.LeafType;
import dev.flusso.schema.Place;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Keeps out of a document what the index would take for something else: a fraction in a field of whole numbers, an empty text in one of
 * numbers or booleans ({@link dev.flusso.schema.mapping.ValueLimit}). In place of such a value stands what is wrong with it, between two
 * {@link #FAULT} characters, which no JSON holds; {@link AnswerRow} finds it where it looks for line feeds anyway.
 */
final class FitSql {

    /** Begins and ends the text of a fault. */
    static final char FAULT = '\u0001';

    private static final int LONGEST_SHOWN = 80;

    /** A fraction that is not zero, whatever stands around the number; an exponent decides otherwise. */
    private static final String FRACTION = "\\.\\d*[1-9]\\d*(?![\\deE])|\\d[eE]-";

    private static final String EMPTY = "\"\"";

    /** Field types of OpenSearch by what is kept from them. */
    private enum Room {
        WHOLE(FRACTION + "|" + EMPTY, "a whole number"),
        NUMBER(EMPTY, "a number"),
        BOOLEAN(EMPTY, "true or false"),
        MOMENT(FRACTION, "a date or whole milliseconds"),
        ANY("", "");

        private final String unfit;
        private final String expected;

        Room(String unfit, String expected) {
            this.unfit = unfit;
            this.expected = expected;
        }
    }

    private static final Map<String, Room> ROOMS = Map.ofEntries(
            Map.entry("byte", Room.WHOLE),
            Map.entry("short", Room.WHOLE),
            Map.entry("integer", Room.WHOLE),
            Map.entry("long", Room.WHOLE),
            Map.entry("unsigned_long", Room.WHOLE),
            Map.entry("half_float", Room.NUMBER),
            Map.entry("float", Room.NUMBER),
            Map.entry("double", Room.NUMBER),
            Map.entry("scaled_float", Room.NUMBER),
            Map.entry("decimal", Room.NUMBER),
            Map.entry("boolean", Room.BOOLEAN),
            Map.entry("date", Room.MOMENT),
            Map.entry("timestamp", Room.MOMENT));

    private static final Set<PgType.Form> NUMBERS = Set.of(PgType.Form.NUMBER, PgType.Form.MONEY);
    private static final Set<PgType.Form> TEXTS =
            Set.of(PgType.Form.STRING, PgType.Form.PADDED, PgType.Form.JSON, PgType.Form.OTHER);

    private final Types types;

    FitSql(Types types) {
        this.types = types;
    }

    /** The JSON of a value, or what is wrong with it for a field of this type. */
    String value(String json, PgType type, LeafType field, String name, Place place) {
        return value(json, type, field.key(), name, place);
    }

    /** As {@link #value(String, PgType, LeafType, String, Place)}, by the name of a type of ours or of OpenSearch's. */
    String value(String json, PgType type, String field, String name, Place place) {
        var unfit = unfit(field, element(type));
        return unfit.isEmpty()
                ? json
                : "(SELECT CASE WHEN f.v ~ " + SqlText.literal(unfit) + " THEN " + fault("f.v", field, name, place)
                        + " ELSE f.v END FROM (SELECT " + json + " AS v OFFSET 0) f)";
    }

    /** As {@link #value}, of an object whose values are of the type. Keys may look as they like. */
    String map(String json, PgType type, LeafType field, String name, Place place) {
        var unfit = unfit(field.key(), element(type));
        return unfit.isEmpty()
                ? json
                : "(SELECT coalesce((SELECT " + fault("e.value::text", field.key(), name, place)
                        + " FROM json_each(CASE WHEN json_typeof(f.v::json) = 'object' THEN f.v::json END) e WHERE e.value::text ~ "
                        + SqlText.literal(unfit) + " LIMIT 1), f.v) FROM (SELECT " + json + " AS v OFFSET 0) f)";
    }

    private static String unfit(String field, PgType.Form form) {
        var room = ROOMS.getOrDefault(field.toLowerCase(Locale.ROOT), Room.ANY);
        if (room == Room.MOMENT) {
            return NUMBERS.contains(form) ? room.unfit : "";
        }
        if (NUMBERS.contains(form)) {
            return room == Room.WHOLE ? room.unfit : "";
        }
        return TEXTS.contains(form) ? room.unfit : "";
    }

    private PgType.Form element(PgType type) {
        var base = types.base(type);
        while (base.form() == PgType.Form.ARRAY) {
            base = types.base(types.of(base.inner()));
        }
        return base.form();
    }

    private static String fault(String value, String field, String name, Place place) {
        var room = ROOMS.getOrDefault(field.toLowerCase(Locale.ROOT), Room.ANY);
        return "chr(1) || " + SqlText.literal("'" + name + "' is ") + " || left(" + value + ", " + LONGEST_SHOWN
                + ") || "
                + SqlText.literal(", expected " + room.expected + " for a field of type " + field + ", at " + place)
                + " || chr(1)";
    }
}
