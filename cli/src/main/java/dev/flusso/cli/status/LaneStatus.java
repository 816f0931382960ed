package dev.flusso.cli.status;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One index in one sink.
 *
 * @param index its name in the config
 * @param sink its name in the config
 * @param state what it does
 * @param since when it came into this state
 * @param generation the one that is served, 0 for none yet
 * @param position up to where every document is settled
 * @param lagBytes about how much of the journal stands after it
 * @param lagSeconds age of the newest change it has settled, less the interval heartbeats come in; 0 when current
 * @param heartbeatAgeSeconds age of the newest heartbeat that came through
 * @param drainSeconds when it will be current at its present pace
 * @param seeding of the generation being seeded
 * @param deadLetters documents put away and not mended since
 * @param servedFrozenSince when the served generation stopped being kept current, because its statement can no longer run
 * @param reason why it is not simply well; null when it is
 * @param lastError the newest, without secrets; it may be over
 * @param advice what to do about the state; null when nothing is to be done
 */
public record LaneStatus(
        String index,
        String sink,
        State state,
        Instant since,
        int generation,
        @Nullable String position,
        @Nullable Long lagBytes,
        @Nullable Double lagSeconds,
        @Nullable Double heartbeatAgeSeconds,
        @Nullable Double drainSeconds,
        @Nullable SeedingStatus seeding,
        long deadLetters,
        @Nullable Instant servedFrozenSince,
        @Nullable String reason,
        @Nullable String lastError,
        @Nullable String advice) {

    /** What a lane does. */
    public enum State {
        STARTING,
        /** Waits until the stream covers what it needs. */
        WAITING,
        /** A table cannot send what it needs; the advice is the SQL. */
        BLOCKED,
        /** Seeded for the first time. */
        SEEDING,
        /** Seeded anew after a gap or a loss. */
        RESEEDING,
        /** A new generation is built while the old one is served. */
        REINDEXING,
        /** Follows the journal. */
        TAILING,
        /** The sink is away, refuses or is busy; tried again with back-off. */
        SINK_WAIT,
        /** The database is away; tried again with back-off. */
        SOURCE_WAIT,
        /** A document was rejected; tried again with back-off. */
        STOPPED,
        /** Its pipe is closed: it has come to its end. */
        CLOSED,
        /** No config that runs names it. */
        ORPHANED;

        /** As in JSON. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * How far seeding is.
     *
     * @param documents written
     * @param estimatedDocuments in all, by the table's statistics
     * @param etaSeconds until it is done at its present pace
     */
    public record SeedingStatus(
            long documents,
            @Nullable Long estimatedDocuments,
            @Nullable Double etaSeconds) {}
}
