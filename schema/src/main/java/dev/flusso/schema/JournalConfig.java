package dev.flusso.schema;

import java.time.Duration;

/**
 * {@code [journal]}. Sizes in bytes.
 *
 * @param path as written; relative to the config or lock file
 */
public record JournalConfig(
        String path, Duration retention, long maxBytes, long minFreeBytes, long segmentBytes, Duration syncInterval) {

    public JournalConfig {
        if (path.isBlank()) {
            throw new IllegalArgumentException("a journal needs a path");
        }
        if (retention.isNegative() || syncInterval.isNegative() || minFreeBytes < 0) {
            throw new IllegalArgumentException("journal with negative retention " + retention + ", sync interval "
                    + syncInterval + " or free bytes " + minFreeBytes);
        }
        if (segmentBytes < 1 || maxBytes / 2 < segmentBytes) {
            throw new IllegalArgumentException(
                    "journal of " + maxBytes + " bytes, expected room for two segments of " + segmentBytes);
        }
    }
}
