package dev.flusso.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/** Literals as JSON. */
final class LiteralJson {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private LiteralJson() {}

    static String text(Literal literal) {
        try {
            return JSON.writeValueAsString(node(literal));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a literal could not be written as JSON: " + literal, e);
        }
    }

    static JsonNode node(Literal literal) {
        if (literal instanceof Literal.Bool bool) {
            return NODES.booleanNode(bool.value());
        }
        if (literal instanceof Literal.Whole whole) {
            return NODES.numberNode(whole.value());
        }
        if (literal instanceof Literal.Fraction fraction) {
            return DecimalNode.valueOf(fraction.value());
        }
        if (literal instanceof Literal.Text text) {
            return NODES.textNode(text.value());
        }
        if (literal instanceof Literal.Items items) {
            var array = NODES.arrayNode();
            items.values().forEach(item -> array.add(node(item)));
            return array;
        }
        if (literal instanceof Literal.Entries entries) {
            var object = NODES.objectNode();
            entries.values().forEach((key, value) -> object.set(key, node(value)));
            return object;
        }
        return NODES.nullNode();
    }
}
