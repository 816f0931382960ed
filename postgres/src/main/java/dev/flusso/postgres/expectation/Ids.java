package dev.flusso.postgres.expectation;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What a row is called in the index. */
final class Ids {

    private Ids() {}

    static String of(Assembly.Row row, List<String> key, Map<String, ValueType> types) {
        var parts = key.stream()
                .map(column -> part(String.valueOf(row.text(column)), types.get(column)))
                .toList();
        var id = parts.size() == 1
                ? parts.get(0)
                : parts.stream()
                        .map(part -> part.replace("%", "%25").replace(":", "%3A"))
                        .collect(Collectors.joining(":"));
        var bytes = id.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= 512) {
            return id;
        }
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    private static String part(String text, @org.jspecify.annotations.Nullable ValueType type) {
        var name = type == null ? "" : type.base().name();
        return switch (name) {
            case "bool" -> text.equals("t") ? "true" : "false";
            case "bpchar" -> Values.unpadded(text);
            default -> text;
        };
    }
}
