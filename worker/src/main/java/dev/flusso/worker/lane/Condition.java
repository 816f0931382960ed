package dev.flusso.worker.lane;

import dev.flusso.journal.Position;
import dev.flusso.worker.DriftException;
import dev.flusso.worker.lane.LaneStatus.State;
import org.jspecify.annotations.Nullable;

/**
 * How a generation is.
 *
 * @param reason why it is not simply well; empty when it is
 */
record Condition(State state, String reason) {

    /** Whether it does not go on, or what it has cannot be trusted. */
    boolean isTrouble() {
        return switch (state) {
            case BLOCKED, STOPPED, SINK_AWAY, SOURCE_AWAY, CLOSED -> true;
            case WAITING, SEEDING, CATCHING_UP, LIVE -> false;
        };
    }

    /** A commit that was decoded, and that no snapshot shows. */
    static final String INVISIBLE =
            "waits for a committed transaction to become visible (a synchronous standby is away?)";

    /** What is wrong around it; null when nothing is. */
    static @Nullable Condition ofTrouble(
            @Nullable RuntimeException source,
            Outbox outbox,
            SinkPulse pulse,
            String target,
            Position position,
            String whyNotPutAway) {
        if (source != null) {
            return new Condition(
                    source instanceof DriftException ? State.BLOCKED : State.SOURCE_AWAY,
                    String.valueOf(source.getMessage()));
        }
        if (!outbox.stopped().isEmpty()) {
            var first = outbox.stopped().entrySet().iterator().next();
            var reason = "document " + first.getKey().id() + " of " + target + " was rejected after " + position + ": "
                    + first.getValue().type() + ": " + first.getValue().reason()
                    + (whyNotPutAway.isEmpty() ? "" : "; it is not put away: " + whyNotPutAway);
            return new Condition(State.STOPPED, reason);
        }
        var sink = outbox.trouble();
        return sink == null ? pulse.condition() : new Condition(State.SINK_AWAY, String.valueOf(sink.getMessage()));
    }
}
