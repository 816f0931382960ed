package dev.flusso.worker;

import java.util.List;

/**
 * Root keys found by following a path.
 *
 * @param stamp the query's own snapshot
 * @param keys in the order of the root's primary key
 * @param more whether there are further keys after the last of these
 */
public record Resolved(Stamp stamp, List<Key> keys, boolean more) {
    public Resolved {
        keys = List.copyOf(keys);
    }
}
