package dev.flusso.cli.inspect;

import dev.flusso.worker.Key;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** From an {@code _id} back to the key it was made of. */
final class DocumentId {

    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    private DocumentId() {}

    /** The key; empty when an id of that many columns does not look like this. */
    static Optional<Key> key(String id, int columns) {
        if (columns == 1) {
            return Optional.of(Key.of(id));
        }
        var parts = id.split(":", -1);
        if (parts.length != columns) {
            return Optional.empty();
        }
        return Optional.of(new Key(Arrays.stream(parts)
                .map(part -> part.replace("%3A", ":").replace("%25", "%"))
                .toList()));
    }

    /** Whether it may be the digest of a key too long for an id, which leads nowhere. */
    static boolean isDigest(String id) {
        return DIGEST.matcher(id).matches();
    }
}
