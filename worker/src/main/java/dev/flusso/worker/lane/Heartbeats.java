package dev.flusso.worker.lane;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far heartbeats have come on their way through a lane: for each step, when the newest that passed it was emitted; null before any
 * did. A change committed before such a heartbeat has passed the step too.
 *
 * @param read out of the journal
 * @param resolved what changed before it is known by its documents' keys
 * @param built those documents' text has come
 * @param settled those documents are in the sink
 * @param through settled, and the sink has answered something since it was emitted: on an idle source nothing else tells whether it lives
 */
public record Heartbeats(
        @Nullable Instant read,
        @Nullable Instant resolved,
        @Nullable Instant built,
        @Nullable Instant settled,
        @Nullable Instant through) {

    /** Before any. */
    public static final Heartbeats NONE = new Heartbeats(null, null, null, null, null);

    /**
     * Of a lane that follows the journal.
     *
     * @param settled the newest one settled
     * @param answered when the sink answered last
     * @param open the batches under way, oldest first
     * @param gathering the batch not yet under way
     */
    static Heartbeats of(
            @Nullable Instant settled, @Nullable Instant answered, Iterable<Batch> open, @Nullable Batch gathering) {
        var read = settled;
        var resolved = settled;
        var built = settled;
        var areResolved = true;
        var areBuilt = true;
        for (var batch : open) {
            areResolved &= batch.isResolved();
            areBuilt &= batch.isBuilt();
            var beat = batch.heartbeat();
            if (beat != null) {
                read = beat;
                resolved = areResolved ? beat : resolved;
                built = areBuilt ? beat : built;
            }
        }
        var newest = gathering == null ? null : gathering.heartbeat();
        return new Heartbeats(newest == null ? read : newest, resolved, built, settled, earlier(settled, answered));
    }

    private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
        if (one == null || other == null) {
            return null;
        }
        return one.isBefore(other) ? one : other;
    }
}
