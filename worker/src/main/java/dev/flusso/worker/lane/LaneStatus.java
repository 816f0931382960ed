package dev.flusso.worker.lane;

import dev.flusso.journal.LaneName;
import dev.flusso.journal.Position;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a lane is, at one moment.
 *
 * @param lane which lane
 * @param state in one word
 * @param reason why it is not simply well; empty when it is. What to do is part of it
 * @param target the generation that is being kept current or built, as the sink names it; empty before there is one
 * @param served the generation the aliases point to; empty when none of ours
 * @param position everything up to it is settled
 * @param lagBytes about how many bytes of journal stand after it
 * @param heartbeats how far heartbeats have come, of the generation that is served, or of the first one that is built
 * @param everSeeded whether some generation of the lane has been seeded and is served: what follows is not a first seeding
 * @param healing whether what is served may be wrong until the generation being built takes its place
 * @param frozen since when and why what is served is not kept current; empty when it is
 * @param seeding progress of the seeding under way; null when there is none
 * @param deadLetters how many documents are put away
 * @param changesUnderWay changes read that concern it and are not settled yet
 * @param waitingDocuments documents built and not yet settled
 * @param built documents built since the start
 * @param lastError the newest error in words; empty when there was none
 */
public record LaneStatus(
        LaneName lane,
        State state,
        String reason,
        String target,
        String served,
        Position position,
        long lagBytes,
        Heartbeats heartbeats,
        boolean everSeeded,
        boolean healing,
        String frozen,
        @Nullable SeedingProgress seeding,
        long deadLetters,
        int changesUnderWay,
        int waitingDocuments,
        long built,
        String lastError) {

    /** When the newest heartbeat that came all the way through was emitted; null before any did. */
    public @Nullable Instant heartbeatAt() {
        return heartbeats.through();
    }

    /** The states, as {@link Lane} moves through them. */
    public enum State {
        /** Waits for the journal or the stream to carry what it needs. */
        WAITING,
        /** The source or its stream cannot serve it as things are: someone must act. */
        BLOCKED,
        /** Reads the tables. */
        SEEDING,
        /** Seeded; works off what happened meanwhile. */
        CATCHING_UP,
        /** Follows the journal. */
        LIVE,
        /** A document is rejected; nothing else of this lane goes on. */
        STOPPED,
        /** The sink cannot be written to. */
        SINK_AWAY,
        /** The database cannot be read. */
        SOURCE_AWAY,
        /** Its pipe is closed: it is done. */
        CLOSED
    }

    /**
     * A seeding under way.
     *
     * @param reason why it is done: first, schema changed, reindex, gap, …
     * @param documents written so far
     * @param estimate how many there will be, roughly; 0 when unknown
     * @param documentsPerSecond over the last seconds
     */
    public record SeedingProgress(String reason, long documents, long estimate, double documentsPerSecond) {

        /** How long it will take, if it goes on like this; empty while that cannot be told. */
        public Optional<Duration> remaining() {
            return estimate == 0 || documentsPerSecond <= 0
                    ? Optional.empty()
                    : Optional.of(
                            Duration.ofMillis((long) (Math.max(0, estimate - documents) * 1000 / documentsPerSecond)));
        }
    }

    /** Whether all is well, or on its first way there, or on its way to another generation while a right one is served. */
    public boolean isReady() {
        return switch (state) {
            case LIVE -> true;
            case WAITING, SEEDING, CATCHING_UP -> !healing;
            case BLOCKED, STOPPED, SINK_AWAY, SOURCE_AWAY, CLOSED -> false;
        };
    }
}
