package dev.flusso.cli.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/** The JSON Schema of {@code /status} in the reference, and as much of a validator as it needs; a keyword it does not know is an error. */
public final class StatusSchema {

    private static final TreeSet<String> KNOWN = new TreeSet<>(List.of(
            "$schema",
            "$id",
            "$defs",
            "$ref",
            "title",
            "description",
            "type",
            "required",
            "properties",
            "additionalProperties",
            "items",
            "enum",
            "minimum",
            "format"));

    private final JsonNode root;

    private StatusSchema(JsonNode root) {
        this.root = root;
    }

    /** As it stands in {@code docs/reference}. */
    public static StatusSchema read() throws IOException {
        var file = Path.of(Objects.requireNonNull(System.getProperty("flusso.root"), "flusso.root"))
                .resolve("docs/reference/status.schema.json");
        return new StatusSchema(JsonMapper.builder().build().readTree(Files.readString(file)));
    }

    JsonNode root() {
        return root;
    }

    /** What is wrong with an answer of {@code /status}, a line each. */
    public List<String> violations(String json) throws IOException {
        var found = new ArrayList<String>();
        check(JsonMapper.builder().build().readTree(json), root, "", found);
        return found;
    }

    private void check(JsonNode value, JsonNode schema, String at, List<String> found) {
        schema.fieldNames().forEachRemaining(keyword -> {
            if (!KNOWN.contains(keyword)) {
                throw new IllegalStateException(
                        "the schema uses '" + keyword + "', which this validator does not know");
            }
        });
        if (schema.has("$ref")) {
            check(value, root.at(schema.get("$ref").asText().substring(1)), at, found);
            return;
        }
        if (!hasType(value, schema.path("type"))) {
            found.add(at + " is " + value + ", expected " + schema.path("type"));
            return;
        }
        if (value.isNull()) {
            return;
        }
        if (schema.has("enum") && !contains(schema.get("enum"), value)) {
            found.add(at + " is " + value + ", expected one of " + schema.get("enum"));
        }
        if (schema.has("minimum") && value.asDouble() < schema.get("minimum").asDouble()) {
            found.add(at + " is " + value + ", expected " + schema.get("minimum") + " or more");
        }
        if (schema.path("format").asText().equals("date-time") && !isTime(value.asText())) {
            found.add(at + " is " + value + ", expected a time");
        }
        if (value.isObject()) {
            checkObject(value, schema, at, found);
        }
        if (value.isArray()) {
            value.forEach(element -> check(element, schema.path("items"), at + "/*", found));
        }
    }

    private void checkObject(JsonNode value, JsonNode schema, String at, List<String> found) {
        schema.path("required").forEach(key -> {
            if (!value.has(key.asText())) {
                found.add(at + "/" + key.asText() + " is missing");
            }
        });
        value.properties().forEach(field -> {
            var place = at + "/" + field.getKey();
            var known = schema.path("properties").get(field.getKey());
            var other = schema.path("additionalProperties");
            if (known != null) {
                check(field.getValue(), known, place, found);
            } else if (other.isObject()) {
                check(field.getValue(), other, place, found);
            } else {
                found.add(place + " is not in the schema");
            }
        });
    }

    private static boolean hasType(JsonNode value, JsonNode types) {
        if (types.isTextual()) {
            return is(value, types.asText());
        }
        for (var type : types) {
            if (is(value, type.asText())) {
                return true;
            }
        }
        return types.isMissingNode();
    }

    private static boolean is(JsonNode value, String type) {
        return switch (type) {
            case "string" -> value.isTextual();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "null" -> value.isNull();
            default -> throw new IllegalStateException("the schema uses the type '" + type + "'");
        };
    }

    private static boolean contains(JsonNode list, JsonNode value) {
        for (var each : list) {
            if (each.equals(value)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isTime(String text) {
        try {
            Instant.parse(text);
            return true;
        } catch (DateTimeParseException e) {
            return false;
        }
    }
}
