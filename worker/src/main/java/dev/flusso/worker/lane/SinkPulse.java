package dev.flusso.worker.lane;

import dev.flusso.worker.SinkException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether checkpoints get through and the sink answers at all: an idle lane writes no documents, and only its checkpoints ask the sink
 * something. The lane's thread.
 */
final class SinkPulse {

    private final Clock clock;
    private @Nullable Instant answeredAt;
    private @Nullable RuntimeException trouble;

    SinkPulse(Clock clock) {
        this.clock = clock;
    }

    /** The sink answered a request. */
    void answered() {
        answeredAt = clock.now();
    }

    /** A checkpoint was written. */
    void remembered() {
        answered();
        trouble = null;
    }

    /** A checkpoint could not be written. */
    void failed(RuntimeException why) {
        trouble = why;
    }

    /** When the sink answered last; null before it did. */
    @Nullable
    Instant answeredAt() {
        return answeredAt;
    }

    /** Why the last checkpoint was not written; null when it was. */
    @Nullable
    Condition condition() {
        var why = trouble;
        if (why == null) {
            return null;
        }
        var message = String.valueOf(why.getMessage());
        return why instanceof SinkException
                ? new Condition(LaneStatus.State.SINK_AWAY, message)
                : new Condition(LaneStatus.State.BLOCKED, message);
    }
}
