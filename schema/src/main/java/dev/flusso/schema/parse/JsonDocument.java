package dev.flusso.schema.parse;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flusso.schema.Literal;
import dev.flusso.schema.Place;
import java.util.ArrayList;

/**
 * The JSON of a compiled form as nodes.
 *
 * <pre>
 * "@file": "users.schema.yml"   the file this object and all in it was read from
 * "@": "12:5"                   line and column of this object and of what in it has none
 * "@@x": …                      the key "@x"
 * </pre>
 */
final class JsonDocument {

    static final String FILE = "@file";
    static final String PLACE = "@";
    private static final String ESCAPE = "@@";

    private JsonDocument() {}

    static String key(String key) {
        return key.startsWith("@") ? "@" + key : key;
    }

    static String place(Place place) {
        return place.line() + ":" + place.column();
    }

    /** Turns a tree into nodes; {@code above} is the place of what holds it. */
    static Node node(JsonNode json, Place above) {
        if (json.isObject()) {
            return mapping(json, above);
        }
        if (json.isArray()) {
            var items = new ArrayList<Node>();
            json.forEach(item -> items.add(node(item, above)));
            return new Node.Items(items, above);
        }
        return new Node.Scalar(scalar(json), above);
    }

    private static Literal scalar(JsonNode json) {
        if (json.isBoolean()) {
            return new Literal.Bool(json.booleanValue());
        }
        if (json.isIntegralNumber()) {
            return new Literal.Whole(json.bigIntegerValue());
        }
        if (json.isNumber()) {
            return new Literal.Fraction(json.decimalValue());
        }
        return json.isTextual() ? new Literal.Text(json.textValue()) : new Literal.Null();
    }

    static Node.Mapping mapping(JsonNode json, Place above) {
        var file = json.path(FILE).asText(above.file());
        var place = json.has(PLACE)
                ? place(file, json.path(PLACE).asText())
                : new Place(file, above.line(), above.column());
        var entries = new ArrayList<Node.Entry>();
        json.properties().forEach(property -> {
            var key = property.getKey();
            if (!key.equals(FILE) && !key.equals(PLACE)) {
                var plain = key.startsWith(ESCAPE) ? key.substring(1) : key;
                entries.add(new Node.Entry(plain, place, node(property.getValue(), place)));
            }
        });
        return new Node.Mapping(entries, place);
    }

    private static Place place(String file, String text) {
        var parts = text.split(":", 2);
        try {
            return new Place(file, Integer.parseInt(parts[0]), parts.length < 2 ? 0 : Integer.parseInt(parts[1]));
        } catch (IllegalArgumentException e) {
            return Place.in(file);
        }
    }
}
