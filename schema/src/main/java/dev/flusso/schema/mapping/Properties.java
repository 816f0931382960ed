package dev.flusso.schema.mapping;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flusso.schema.Field;
import dev.flusso.schema.LeafType;
import dev.flusso.schema.Literal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The {@code properties} of a mapping, and what they bring to the rest of the body. */
final class Properties {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int IGNORE_ABOVE = 256;

    private final boolean autoSubfields;
    private final ArrayNode templates = NODES.arrayNode();
    private final Map<String, List<String>> orders = new LinkedHashMap<>();
    private boolean dynamic;

    Properties(boolean autoSubfields) {
        this.autoSubfields = autoSubfields;
    }

    /** How the values of maps are mapped, which no property can say. */
    ArrayNode templates() {
        return templates;
    }

    /** The variants of each ordered enum, by its path. */
    Map<String, List<String>> orders() {
        return orders;
    }

    /** Whether documents may bring fields of their own. */
    boolean isDynamic() {
        return dynamic;
    }

    /** @param above the path of the level above with a dot behind it; empty for the root */
    ObjectNode of(List<Field> fields, String above) {
        var properties = NODES.objectNode();
        for (var field : fields) {
            properties.set(field.name(), property(field, above + field.name()));
        }
        return properties;
    }

    private ObjectNode property(Field field, String path) {
        return switch (field.kind()) {
            case LEAF -> {
                var leaf = (Field.Leaf) field;
                yield leaf(leaf.type(), leaf.options(), path, leaf.variants());
            }
            case CUSTOM -> {
                var custom = (Field.Custom) field;
                yield with(typed(custom.opensearch()), custom.options());
            }
            case GEO -> with(typed("geo_point"), ((Field.Geo) field).options());
            case OBJECT -> {
                var group = (Field.Group) field;
                yield parent("object", group.options(), group.fields(), path);
            }
            case MAP -> map((Field.MapOf) field, path);
            case JOIN -> {
                var join = (Field.Join) field;
                yield parent(join.verb().isToMany() ? "nested" : "object", join.options(), join.fields(), path);
            }
            case AGGREGATE -> {
                var aggregate = (Field.Aggregate) field;
                yield leaf(aggregate.valueType(), aggregate.options(), path, List.of());
            }
            case IDS -> leaf(((Field.Ids) field).elementType(), Literal.Entries.EMPTY, path, List.of());
            case CONSTANT -> constant(((Field.Constant) field).value(), path);
        };
    }

    private ObjectNode parent(String type, Literal.Entries options, List<Field> fields, String path) {
        var property = with(typed(type), options);
        property.set("properties", of(fields, path + "."));
        return property;
    }

    private ObjectNode leaf(LeafType type, Literal.Entries options, String path, List<String> variants) {
        var ownType = options.values().get("type");
        var property = typed(openSearchType(type));
        if (ownType != null && !ownType.equals(new Literal.Text(openSearchType(type)))) {
            return with(property, options);
        }
        switch (openSearchType(type)) {
            case "text" -> {
                if (autoSubfields || type == LeafType.IDENTIFIER) {
                    property.put("analyzer", type == LeafType.IDENTIFIER ? Analysis.CODE : Analysis.TEXT);
                }
                if (autoSubfields) {
                    var fields = property.putObject("fields");
                    fields.putObject("keyword").put("type", "keyword").put("ignore_above", IGNORE_ABOVE);
                    keyword(fields.putObject("keyword_lowercase"), Analysis.LOWERCASE);
                }
            }
            case "keyword" -> {
                if (autoSubfields) {
                    var fields = property.putObject("fields");
                    fields.putObject("text").put("type", "text").put("analyzer", Analysis.CODE);
                    keyword(fields.putObject("keyword_lowercase"), Analysis.LOWERCASE);
                }
                if (!variants.isEmpty() && !options.values().containsKey("fields")) {
                    orders.put(path, variants);
                    keyword(property.withObject("/fields").putObject("sort"), Analysis.normalizer(path));
                }
            }
            case "object" -> {
                property.put("dynamic", true);
                dynamic = true;
                numbers(path);
            }
            default -> {
                // the type says all
            }
        }
        return with(property, options);
    }

    private static void keyword(ObjectNode subfield, String normalizer) {
        subfield.put("type", "keyword").put("normalizer", normalizer).put("ignore_above", IGNORE_ABOVE);
    }

    /**
     * Left to itself OpenSearch would guess a type from the first value of each key. By kind of value, because a template for any kind would
     * also be that of the object in the middle of a key with a dot.
     */
    private ObjectNode map(Field.MapOf map, String path) {
        dynamic = true;
        var mapping = leaf(map.values(), Literal.Entries.EMPTY, path, List.of());
        for (var kind : List.of("string", "long", "double", "boolean")) {
            templates
                    .addObject()
                    .putObject(path + " " + kind)
                    .put("path_match", path + ".*")
                    .put("match_mapping_type", kind)
                    .set("mapping", mapping.deepCopy());
        }
        return with(typed("object").put("dynamic", true), map.options());
    }

    /**
     * The numbers of a json field. Left to itself OpenSearch would cut a fraction off where it saw a whole number first, and keep 24 bits of
     * any other.
     */
    private void numbers(String path) {
        templates
                .addObject()
                .putObject(path + " whole")
                .put("path_match", path + ".*")
                .put("match_mapping_type", "long")
                .putObject("mapping")
                .put("type", "long")
                .put("coerce", false);
        templates
                .addObject()
                .putObject(path + " fraction")
                .put("path_match", path + ".*")
                .put("match_mapping_type", "double")
                .putObject("mapping")
                .put("type", "double");
    }

    private ObjectNode constant(Literal value, String path) {
        if (value instanceof Literal.Bool) {
            return typed("boolean");
        }
        if (value instanceof Literal.Whole whole) {
            return typed(whole.value().bitLength() < Long.SIZE ? "long" : "double");
        }
        if (value instanceof Literal.Fraction) {
            return typed("double");
        }
        if (value instanceof Literal.Items items) {
            return items(items, path);
        }
        if (value instanceof Literal.Entries entries) {
            var property = typed("object");
            var properties = property.putObject("properties");
            entries.values().forEach((key, part) -> properties.set(key, constant(part, path + "." + key)));
            return property;
        }
        return leaf(LeafType.KEYWORD, Literal.Entries.EMPTY, path, List.of());
    }

    /** The narrowest type that holds every item; what has no common type is kept but not searchable. */
    private ObjectNode items(Literal.Items items, String path) {
        var parts = items.values().stream()
                .filter(item -> !(item instanceof Literal.Null))
                .map(item -> constant(item, path))
                .toList();
        var types = parts.stream()
                .map(part -> part.path("type").asText())
                .distinct()
                .toList();
        boolean known = parts.stream().allMatch(part -> part.has("properties"));
        if (types.equals(List.of("object")) && known) {
            var all = typed("object");
            var properties = all.putObject("properties");
            parts.forEach(part -> properties.setAll((ObjectNode) part.path("properties")));
            return all;
        }
        if (types.contains("object")) {
            return typed("object").put("enabled", false);
        }
        if (types.size() == 1) {
            return parts.get(0);
        }
        return !types.isEmpty() && List.of("long", "double").containsAll(types)
                ? typed("double")
                : leaf(LeafType.KEYWORD, Literal.Entries.EMPTY, path, List.of());
    }

    private static ObjectNode typed(String type) {
        return NODES.objectNode().put("type", type);
    }

    /** The user's own parameters win, key by key. */
    private static ObjectNode with(ObjectNode property, Literal.Entries options) {
        options.values().forEach((key, value) -> property.set(key, value.node()));
        return property;
    }

    private static String openSearchType(LeafType type) {
        return switch (type) {
            case TEXT, IDENTIFIER -> "text";
            case KEYWORD, UUID, ENUM -> "keyword";
            case DECIMAL -> "double";
            case TIMESTAMP -> "date";
            case JSON -> "object";
            case BOOLEAN, SHORT, INTEGER, LONG, FLOAT, DOUBLE, DATE, BINARY -> type.key();
        };
    }
}
