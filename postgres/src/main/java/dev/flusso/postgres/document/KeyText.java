package dev.flusso.postgres.document;

import dev.flusso.worker.Key;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Collectors;

/** The {@code _id} of a key the database cannot read, and so cannot render. */
final class KeyText {

    private static final int LONGEST_ID_BYTES = 512;

    private KeyText() {}

    static String id(Key key) {
        var parts = key.parts();
        var text = parts.size() == 1
                ? parts.get(0)
                : parts.stream()
                        .map(part -> part.replace("%", "%25").replace(":", "%3A"))
                        .collect(Collectors.joining(":"));
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        return bytes.length <= LONGEST_ID_BYTES ? text : sha256(bytes);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }
}
