package dev.flusso.journal;

import java.time.Duration;

/**
 * How a journal is kept. Sizes are in bytes.
 *
 * @param retention how long consumed history is kept for replay, as far as the next two allow; 0 or more
 * @param maxBytes how much the journal may take on disk in all
 * @param minFreeBytes how much it leaves free on its file system
 * @param segmentBytes the size at which a new segment is begun
 * @param syncInterval how often appended entries are forced to disk
 */
public record JournalOptions(
        Duration retention, long maxBytes, long minFreeBytes, long segmentBytes, Duration syncInterval) {

    /** As REFERENCE has them. */
    public static final JournalOptions DEFAULT =
            new JournalOptions(Duration.ofHours(24), 20L << 30, 512L << 20, 128L << 20, Duration.ofMillis(10));

    public JournalOptions {
        if (retention.isNegative() || syncInterval.isNegative()) {
            throw new IllegalArgumentException("journal.retention and journal.sync_interval cannot be negative");
        }
        if (segmentBytes < 1 << 20) {
            throw new IllegalArgumentException(
                    "'journal.segment_bytes' is " + segmentBytes + ", expected at least 1 MiB");
        }
        if (maxBytes < 2 * segmentBytes) {
            throw new IllegalArgumentException("'journal.max_bytes' is " + maxBytes
                    + ", expected at least two segments of " + segmentBytes + " bytes");
        }
        if (minFreeBytes < 0) {
            throw new IllegalArgumentException("'journal.min_free_bytes' is " + minFreeBytes + ", expected 0 or more");
        }
    }
}
