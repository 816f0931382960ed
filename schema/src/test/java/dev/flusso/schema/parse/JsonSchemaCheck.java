package dev.flusso.schema.parse;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/** As much of JSON Schema draft 7 as our two schemas use; a word it does not know is an error of the schema. */
final class JsonSchemaCheck {

    private static final Set<String> KNOWN = Set.of(
            "$schema",
            "title",
            "description",
            "default",
            "definitions",
            "type",
            "properties",
            "required",
            "additionalProperties",
            "propertyNames",
            "items",
            "minItems",
            "maxItems",
            "uniqueItems",
            "enum",
            "const",
            "pattern",
            "minLength",
            "maxLength",
            "minimum",
            "maximum",
            "anyOf",
            "oneOf",
            "allOf",
            "not",
            "if",
            "then",
            "dependencies",
            "$ref");

    private final JsonNode root;

    JsonSchemaCheck(JsonNode root) {
        this.root = root;
    }

    /** What is wrong, a line each; empty when the value is valid. */
    List<String> errors(JsonNode value) {
        var errors = new ArrayList<String>();
        check(root, value, "", errors);
        return errors;
    }

    private boolean fits(JsonNode schema, JsonNode value) {
        var errors = new ArrayList<String>();
        check(schema, value, "", errors);
        return errors.isEmpty();
    }

    private void check(JsonNode schema, JsonNode value, String path, List<String> errors) {
        schema.fieldNames().forEachRemaining(word -> {
            if (!KNOWN.contains(word)) {
                throw new IllegalArgumentException("'" + word + "' at " + path);
            }
        });
        if (schema.has("$ref")) {
            check(root.at(schema.path("$ref").asText().substring(1)), value, path, errors);
        }
        if (schema.has("type") && !isOfType(schema.path("type"), value)) {
            errors.add(path + ": " + value + " is not of type " + schema.path("type"));
            return;
        }
        if (schema.has("const") && !schema.path("const").equals(value)) {
            errors.add(path + ": " + value + " is not " + schema.path("const"));
        }
        if (schema.has("enum") && stream(schema.path("enum")).noneMatch(value::equals)) {
            errors.add(path + ": " + value + " is none of " + schema.path("enum"));
        }
        scalars(schema, value, path, errors);
        lists(schema, value, path, errors);
        objects(schema, value, path, errors);
        combinations(schema, value, path, errors);
    }

    private static boolean isOfType(JsonNode types, JsonNode value) {
        var names = types.isArray() ? stream(types).map(JsonNode::asText).toList() : List.of(types.asText());
        return names.stream().anyMatch(name -> switch (name) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "boolean" -> value.isBoolean();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            case "null" -> value.isNull();
            default -> throw new IllegalArgumentException(name);
        });
    }

    private static void scalars(JsonNode schema, JsonNode value, String path, List<String> errors) {
        if (value.isTextual()) {
            var text = value.asText();
            if (schema.has("pattern")
                    && !Pattern.compile(schema.path("pattern").asText())
                            .matcher(text)
                            .find()) {
                errors.add(path + ": " + value + " does not match " + schema.path("pattern"));
            }
            if (text.length() < schema.path("minLength").asInt(0)
                    || text.length() > schema.path("maxLength").asInt(Integer.MAX_VALUE)) {
                errors.add(path + ": " + value + " is too short or too long");
            }
        }
        if (value.isNumber()
                && (value.asDouble() < schema.path("minimum").asDouble(Double.NEGATIVE_INFINITY)
                        || value.asDouble() > schema.path("maximum").asDouble(Double.POSITIVE_INFINITY))) {
            errors.add(path + ": " + value + " is out of range");
        }
    }

    private void lists(JsonNode schema, JsonNode value, String path, List<String> errors) {
        if (!value.isArray()) {
            return;
        }
        if (value.size() < schema.path("minItems").asInt(0)
                || value.size() > schema.path("maxItems").asInt(Integer.MAX_VALUE)) {
            errors.add(path + ": " + value.size() + " items");
        }
        if (schema.path("uniqueItems").asBoolean() && stream(value).distinct().count() < value.size()) {
            errors.add(path + ": an item twice");
        }
        if (schema.has("items")) {
            for (int i = 0; i < value.size(); i++) {
                check(schema.path("items"), value.path(i), path + "/" + i, errors);
            }
        }
    }

    private void objects(JsonNode schema, JsonNode value, String path, List<String> errors) {
        if (!value.isObject()) {
            return;
        }
        stream(schema.path("required"))
                .map(JsonNode::asText)
                .filter(key -> !value.has(key))
                .forEach(key -> errors.add(path + ": lacks " + key));
        schema.path("dependencies")
                .properties()
                .forEach(entry -> stream(entry.getValue())
                        .filter(key -> value.has(entry.getKey()) && !value.has(key.asText()))
                        .forEach(key -> errors.add(path + ": " + entry.getKey() + " without " + key)));
        value.properties().forEach(entry -> {
            var key = entry.getKey();
            if (schema.has("propertyNames")
                    && !fits(schema.path("propertyNames"), com.fasterxml.jackson.databind.node.TextNode.valueOf(key))) {
                errors.add(path + ": key " + key);
            }
            if (schema.path("properties").has(key)) {
                check(schema.path("properties").path(key), entry.getValue(), path + "/" + key, errors);
            } else if (schema.path("additionalProperties").isObject()) {
                check(schema.path("additionalProperties"), entry.getValue(), path + "/" + key, errors);
            } else if (!schema.path("additionalProperties").asBoolean(true)) {
                errors.add(path + ": unknown key " + key);
            }
        });
    }

    private void combinations(JsonNode schema, JsonNode value, String path, List<String> errors) {
        for (var part : schema.path("allOf")) {
            check(part, value, path, errors);
        }
        if (schema.has("anyOf") && stream(schema.path("anyOf")).noneMatch(part -> fits(part, value))) {
            errors.add(path + ": " + value + " fits none of anyOf");
        }
        if (schema.has("oneOf")
                && stream(schema.path("oneOf"))
                                .filter(part -> fits(part, value))
                                .count()
                        != 1) {
            errors.add(path + ": " + value + " does not fit one of oneOf");
        }
        if (schema.has("not") && fits(schema.path("not"), value)) {
            errors.add(path + ": " + value + " fits not");
        }
        if (schema.has("if") && fits(schema.path("if"), value)) {
            check(schema.path("then"), value, path, errors);
        }
    }

    private static java.util.stream.Stream<JsonNode> stream(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }
}
