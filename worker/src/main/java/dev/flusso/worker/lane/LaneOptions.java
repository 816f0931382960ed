package dev.flusso.worker.lane;

import dev.flusso.schema.SourceConfig.OnGap;
import java.time.Duration;

/**
 * How a lane behaves.
 *
 * @param batchSize changes gathered for one build at most
 * @param batchDelay how long a batch may be gathered while another is under way
 * @param seedRanges how many ranges of the root table may be read at once
 * @param skipBackfill nothing is read for seeding
 * @param onGap whether a gap is healed by seeding anew or ends the process
 * @param tolerateMissing the lane runs although the stream lacks columns it needs ({@code replica_identity = "warn"})
 */
public record LaneOptions(
        int batchSize,
        Duration batchDelay,
        int seedRanges,
        boolean skipBackfill,
        OnGap onGap,
        boolean tolerateMissing) {

    /** Bytes of documents asked for by one question to the database. */
    static final int CHUNK_BYTES = 4 << 20;

    /** A document built longer ago is built anew instead of being sent again. */
    static final Duration STALE = Duration.ofSeconds(30);

    /** How often a lane file is written at most, while the lane moves. */
    static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(1);

    /** How often what was written is made searchable at most. */
    static final Duration REFRESH_INTERVAL = Duration.ofMillis(200);

    public LaneOptions {
        if (batchSize < 1) {
            throw new IllegalArgumentException("'worker.batch_size' is " + batchSize + ", expected 1 or more");
        }
    }
}
