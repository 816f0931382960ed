package dev.flusso.worker.lane;

import dev.flusso.journal.JournalException;
import dev.flusso.journal.LanePhase;
import dev.flusso.journal.Position;
import dev.flusso.journal.Reader;
import dev.flusso.worker.SinkException;
import dev.flusso.worker.lane.LaneStatus.SeedingProgress;
import dev.flusso.worker.lane.LaneStatus.State;
import org.jspecify.annotations.Nullable;

/** How a lane looks from outside, now and then. The lane's thread. */
final class LaneView implements AutoCloseable {

    /** How often the status is made anew at most while the lane moves, and while it does not. */
    private static final long MOVING_NANOS = 20_000_000L;

    private static final long RESTING_NANOS = 100_000_000L;

    /** How often the journal is asked how much stands behind the lane. */
    private static final long LAG_NANOS = 1_000_000_000L;

    private final LaneContext context;
    private @Nullable Reader reader;
    private long lookedAtNanos;
    private long lagAtNanos;
    private long lagBytes;
    private String lastError = "";

    LaneView(LaneContext context) {
        this.context = context;
        this.lookedAtNanos = context.clock().nanoTime() - RESTING_NANOS;
        this.lagAtNanos = context.clock().nanoTime() - LAG_NANOS;
    }

    boolean isDue(boolean moved) {
        var age = context.clock().nanoTime() - lookedAtNanos;
        return age >= (moved ? MOVING_NANOS : RESTING_NANOS);
    }

    LaneStatus starting(int deadLetters) {
        return new LaneStatus(
                context.name(),
                State.WAITING,
                "starting",
                "",
                "",
                Position.BEGINNING,
                0,
                Heartbeats.NONE,
                false,
                false,
                "",
                null,
                deadLetters,
                0,
                0,
                0,
                "");
    }

    LaneStatus look(
            @Nullable GenerationRun serving,
            @Nullable GenerationRun building,
            @Nullable RuntimeException trouble,
            @Nullable SinkException unseen,
            boolean everServed,
            int deadLetters) {
        lookedAtNanos = context.clock().nanoTime();
        var run = building != null ? building : serving;
        var live = serving != null && serving.file().phase().holdsHistory() ? serving : run;
        measure(live, building);
        var known = condition(serving, run, trouble);
        var condition = known.isTrouble() || unseen == null
                ? known
                : new Condition(State.SINK_AWAY, String.valueOf(unseen.getMessage()));
        var reason = condition.reason();
        if (!reason.isEmpty() && condition.state() != State.WAITING) {
            lastError = reason;
        }
        return new LaneStatus(
                context.name(),
                condition.state(),
                told(told(healing(building), reason), sweeping(serving)),
                run == null ? "" : run.target(),
                serving == null ? "" : serving.target(),
                live == null ? Position.BEGINNING : live.position(),
                lagBytes,
                live == null ? Heartbeats.NONE : live.heartbeats(),
                everServed,
                !healing(building).isEmpty(),
                serving == null ? "" : serving.frozen(),
                progress(serving, building),
                deadLetters,
                live == null ? 0 : live.changesUnderWay(),
                run == null ? 0 : run.waitingDocuments(),
                run == null ? 0 : run.documentsBuilt(),
                lastError);
    }

    /** What makes what is served doubtful until the next generation takes its place; empty when nothing does. */
    private static String healing(@Nullable GenerationRun building) {
        return building != null && building.wanted().cause().heals()
                ? building.wanted().reason()
                : "";
    }

    /** What of the served generation is being built anew in place. */
    private static String sweeping(@Nullable GenerationRun serving) {
        var swept = serving == null ? "" : serving.sweeping();
        return swept.isEmpty() ? "" : "all documents are built anew in place: " + swept;
    }

    private static String told(String one, String other) {
        return one.isEmpty() || other.isEmpty() ? one + other : one + "; " + other;
    }

    private static Condition condition(
            @Nullable GenerationRun serving, @Nullable GenerationRun run, @Nullable RuntimeException trouble) {
        if (trouble instanceof SinkException e) {
            return new Condition(
                    e.kind() == SinkException.Kind.CLOSED ? State.CLOSED : State.SINK_AWAY,
                    String.valueOf(e.getMessage()));
        }
        if (trouble != null) {
            return new Condition(State.BLOCKED, "starts again after a fault: " + trouble);
        }
        if (run == null) {
            return new Condition(State.WAITING, "starting");
        }
        var condition = run.condition();
        if (serving == null
                || serving == run
                || condition.isTrouble()
                || !serving.frozen().isEmpty()) {
            return condition;
        }
        // readers see the one that is served: what keeps that from being current comes first
        var served = serving.condition();
        return served.isTrouble() && serving.rebuild() == null ? served : condition;
    }

    private static @Nullable SeedingProgress progress(
            @Nullable GenerationRun serving, @Nullable GenerationRun building) {
        var next = building == null ? null : building.seedingProgress();
        return next != null || serving == null ? next : serving.seedingProgress();
    }

    private void measure(@Nullable GenerationRun live, @Nullable GenerationRun building) {
        var now = context.clock().nanoTime();
        if (live == null || now - lagAtNanos < LAG_NANOS) {
            return;
        }
        lagAtNanos = now;
        try {
            var open = reader;
            if (open == null) {
                open = context.journal().reader();
                reader = open;
            }
            lagBytes = live.file().phase() == LanePhase.WAITING ? 0 : open.bytesAfter(live.position());
            if (building != null) {
                building.checkKept(open.oldest());
            }
        } catch (JournalException e) {
            lagBytes = 0; // whoever reads there meets it too, and says so
        }
    }

    @Override
    public void close() {
        var open = reader;
        reader = null;
        if (open != null) {
            open.close();
        }
    }
}
