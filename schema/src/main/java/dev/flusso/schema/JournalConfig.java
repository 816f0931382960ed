package dev.flusso.schema;

import java.time.Duration;

/**
 * {@code [journal]}. Sizes in bytes.
 *
 * @param path as written; relative to the config or lock file
 */
public record JournalConfig(
        String path, Duration retention, long maxBytes, long minFreeBytes, long segmentBytes, Duration syncInterval) {}
