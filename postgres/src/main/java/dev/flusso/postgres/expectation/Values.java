package dev.flusso.postgres.expectation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.flusso.schema.Transform;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A value's JSON, from the text Postgres shows of it in a session of {@link ExpectedDocuments}. */
final class Values {

    /** Numbers keep their digits; nothing is too long. */
    static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNumberLength(Integer.MAX_VALUE)
                            .maxStringLength(Integer.MAX_VALUE)
                            .maxNestingDepth(100_000)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    static final JsonNodeFactory NODES = JSON.getNodeFactory();

    /** What is not ASCII only the database can make lower case, by its own rules. */
    interface LowerCase {
        String of(String text);
    }

    private final LowerCase lowerCase;

    Values(LowerCase lowerCase) {
        this.lowerCase = lowerCase;
    }

    static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("no JSON: " + e.getOriginalMessage(), e);
        }
    }

    JsonNode of(@Nullable String text, ValueType type, List<Transform> transforms) {
        if (text == null) {
            return NODES.nullNode();
        }
        var base = type.base();
        var inner = base.inner();
        if (inner != null) {
            return array(Literals.array(text), inner, transforms);
        }
        if (base.kind() == 'c') {
            return composite(text, base, transforms);
        }
        if (base.name().equals("hstore") && !base.builtin()) {
            var object = NODES.objectNode();
            Literals.hstore(text).forEach(object::put);
            return object;
        }
        return base.builtin() ? builtin(text, base.name(), transforms) : string(text, transforms);
    }

    private JsonNode builtin(String text, String type, List<Transform> transforms) {
        return switch (type) {
            case "int2", "int4", "int8" -> parse(text);
            case "float4", "float8", "numeric" ->
                text.equals("NaN") || text.endsWith("Infinity") ? NODES.nullNode() : parse(text);
            case "money" -> parse(text.replace("$", "").replace(",", ""));
            case "bool" -> NODES.booleanNode(text.equals("t"));
            case "bpchar" -> string(unpadded(text), transforms);
            case "date", "timestamp", "timestamptz" -> moment(text);
            case "bytea" ->
                NODES.textNode(Base64.getEncoder().encodeToString(HexFormat.of().parseHex(text.substring(2))));
            case "json", "jsonb" -> parse(text);
            default -> string(text, transforms);
        };
    }

    static String unpadded(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == ' ') {
            end--;
        }
        return text.substring(0, end);
    }

    private JsonNode string(String text, List<Transform> transforms) {
        var value = text;
        for (var transform : transforms) {
            value = transform == Transform.TRIM ? trimmed(value) : lowerCase.of(value);
        }
        return NODES.textNode(value);
    }

    private static String trimmed(String text) {
        int from = 0;
        int end = text.length();
        while (from < end && isSpace(text.charAt(from))) {
            from++;
        }
        while (end > from && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(from, end);
    }

    /** Unicode's White_Space. */
    private static boolean isSpace(char c) {
        return (c >= '\t' && c <= '\r') || c == 0x85 || Character.isSpaceChar(c);
    }

    /** {@code 2026-11-20 10:20:30.5+00 BC} becomes {@code -2025-11-20T10:20:30.5Z}. */
    private static JsonNode moment(String text) {
        if (text.endsWith("infinity")) {
            return NODES.nullNode();
        }
        boolean beforeChrist = text.endsWith(" BC");
        var shown = beforeChrist ? text.substring(0, text.length() - 3) : text;
        int dash = shown.indexOf('-');
        long year = Long.parseLong(shown.substring(0, dash));
        year = beforeChrist ? 1 - year : year;
        var sign = year < 0 ? "-" : year > 9999 ? "+" : "";
        var rest = shown.substring(dash).replace(' ', 'T').replace("+00", "Z");
        return NODES.textNode(sign + String.format("%04d", Math.abs(year)) + rest);
    }

    @SuppressWarnings("unchecked")
    private JsonNode array(List<@Nullable Object> elements, ValueType type, List<Transform> transforms) {
        var array = NODES.arrayNode();
        for (var element : elements) {
            array.add(
                    element instanceof List<?> list
                            ? array((List<@Nullable Object>) list, type, transforms)
                            : of((String) element, type, transforms));
        }
        return array;
    }

    private JsonNode composite(String text, ValueType type, List<Transform> transforms) {
        var object = NODES.objectNode();
        var parts = Literals.row(text);
        for (int i = 0; i < type.members().size(); i++) {
            var member = type.members().get(i);
            object.set(member.name(), of(parts.get(i), member.type(), transforms));
        }
        return object;
    }
}
