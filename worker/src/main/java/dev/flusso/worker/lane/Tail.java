package dev.flusso.worker.lane;

import dev.flusso.journal.Entry;
import dev.flusso.journal.LaneFile;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.Position;
import dev.flusso.journal.PositionGoneException;
import dev.flusso.journal.Reader;
import dev.flusso.journal.Transaction;
import dev.flusso.worker.Stamp;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the journal for one generation: gathers changes into batches, asks the database what they touched, and hands the documents to
 * the outbox. Reading, resolving, building and writing of successive batches overlap; {@link #position} follows the oldest unfinished
 * batch. The lane's thread.
 */
final class Tail {

    private static final Logger LOG = LoggerFactory.getLogger(Tail.class);

    /** Batches under way at once. */
    private static final int OPEN = 6;

    /** Batches at once, those included that only wait: to be seen, or for a batch before them. */
    private static final int MOST_OPEN = 10_000;

    /** Changes kept at once for what waits to be seen, in batches. */
    private static final int HELD_BATCHES = 2 * OPEN;

    /** What "not long" is for {@link #isCaughtUp}. */
    private static final long NEAR_NANOS = 1_000_000_000L;

    /** What the tail cannot decide by itself. */
    interface Events {

        /** Something happened that this generation cannot follow; it must be built anew from current rows. */
        void mustRebuild(Rebuild why);

        /**
         * Rows this generation's documents are made of are gone, and nobody can tell whose they were: all are to be built anew in
         * place, each from a snapshot that shows it.
         */
        void mustSweep(Position at, Transaction truncatedBy, String reason);

        /** The stream covers something else from here on. */
        void coverage(Position position, Entry.Coverage coverage);

        /** A query answered with this stamp. */
        void stamped(Stamp stamp, long versionBefore);

        /** The highest version handed to the outbox so far. */
        long highestVersion();
    }

    private final LaneContext context;
    private final Reader reader;
    private final Source source;
    private final Questions questions;
    private final Planner planner;
    private final Events events;

    /** What an entry up to here says of gaps, of the stream, or leaves unsaid is in the rows this generation has read. */
    private final Position covered;

    private final ArrayDeque<Batch> open = new ArrayDeque<>();
    private @Nullable Batch gathering;
    private long gatheringSinceNanos;
    private Position position;
    private Lsn lsn;
    private @Nullable Instant heartbeat;
    private boolean atEnd;

    /** The journal's end at some time, until everything before it is settled. */
    private @Nullable Position end;

    private long endSinceNanos;
    private boolean reachedEnd;
    private long reachedEndNanos;
    private final List<Batch> settled = new ArrayList<>();

    private Tail(
            LaneContext context,
            Reader reader,
            LaneFile from,
            Source source,
            Questions questions,
            Planner planner,
            Events events) {
        this.context = context;
        this.reader = reader;
        this.position = from.position();
        this.lsn = from.lsn();
        this.covered = Notes.position(from, Notes.COVERED);
        this.source = source;
        this.questions = questions;
        this.planner = planner;
        this.events = events;
    }

    /**
     * Begins to follow the journal after the file's position.
     *
     * @throws PositionGoneException when what stands there is not kept
     */
    static Tail open(
            LaneContext context, LaneFile from, Source source, Questions questions, Planner planner, Events events) {
        var reader = context.journal().reader();
        try {
            var oldest = reader.oldest();
            if (from.position().isBefore(oldest)) {
                throw new PositionGoneException(from.position(), oldest, "it is not kept any more");
            }
            reader.seekAfter(from.position());
            return new Tail(context, reader, from, source, questions, planner, events);
        } catch (RuntimeException e) {
            reader.close();
            throw e;
        }
    }

    /** Does what can be done now; returns how much that was. */
    int step(boolean mayRead) {
        var done = finish();
        if (mayRead) {
            done += gather();
        }
        return done + questions.ask(open);
    }

    /** Everything up to and including this is settled. */
    Position position() {
        return position;
    }

    Lsn lsn() {
        return lsn;
    }

    /** The entry read last. */
    Position readTo() {
        return reader.position();
    }

    /** How far heartbeats have come, the sink having answered at that time; null before it did. */
    Heartbeats heartbeats(@Nullable Instant answered) {
        return Heartbeats.of(heartbeat, answered, open, gathering);
    }

    /** Whether the journal held nothing more at the last look, and nothing is under way. */
    boolean isIdle() {
        return atEnd && open.isEmpty() && gathering == null;
    }

    /** Whether the journal held nothing more at the last look. */
    boolean isNearEnd() {
        return atEnd;
    }

    /** Whether not long ago everything was settled that had stood in the journal not long before. */
    boolean isCaughtUp() {
        var now = context.clock().nanoTime();
        return isIdle() || (reachedEnd && now - reachedEndNanos <= NEAR_NANOS);
    }

    /** Changes read that concern this generation and are not settled yet. */
    int changesUnderWay() {
        var changes = gathering == null ? 0 : gathering.size();
        for (var batch : open) {
            changes += batch.size();
        }
        return changes;
    }

    /** What became settled since the last call. */
    List<Batch> takeSettled() {
        if (settled.isEmpty()) {
            return List.of();
        }
        var taken = List.copyOf(settled);
        settled.clear();
        return taken;
    }

    /** How often the oldest batch had to be asked again because what it did is not visible yet. */
    int invisibleRetries() {
        var oldest = open.peek();
        return oldest == null ? 0 : oldest.retries();
    }

    void close() {
        reader.close();
    }

    private int finish() {
        var done = 0;
        for (var batch = open.peek(); batch != null && batch.isDone(); batch = open.peek()) {
            open.remove();
            position = batch.last();
            lsn = lsn.max(batch.lsn());
            var beat = batch.heartbeat();
            if (beat != null) {
                heartbeat = beat;
            }
            settled.add(batch);
            done++;
        }
        for (var batch : open) {
            if (batch.isResting()) {
                batch.forgetSeen();
            }
            if (batch.mustAskAgain() && source.isOpen()) {
                var again = batch.takeUnseen(context.clock().nanoTime());
                if (!again.isEmpty()) {
                    plan(batch, again);
                    done++;
                }
            }
        }
        noteEnd();
        return done;
    }

    private void noteEnd() {
        var mark = end;
        if (mark != null && !position.isBefore(mark)) {
            var now = context.clock().nanoTime();
            reachedEnd = now - endSinceNanos <= NEAR_NANOS;
            reachedEndNanos = now;
            end = null;
        }
    }

    /** A commit that is decoded and not visible can stay so for hours: it holds up the checkpoint, and nothing else. */
    private boolean hasRoom() {
        var working = 0;
        var held = 0;
        for (var batch : open) {
            working += batch.isResting() ? 0 : 1;
            held += batch.held();
        }
        return working < OPEN && held < HELD_BATCHES * context.options().batchSize() && open.size() < MOST_OPEN;
    }

    private int gather() {
        if (!source.isOpen() || !hasRoom()) {
            return 0;
        }
        var batch = gathering;
        var read = 0;
        var changes = 0;
        atEnd = false;
        while ((batch == null || batch.size() < context.options().batchSize()) && read < 100_000) {
            if (!reader.advance()) {
                atEnd = true;
                markEnd();
                break;
            }
            if (batch == null) {
                batch = new Batch(position);
                gathering = batch;
                gatheringSinceNanos = context.clock().nanoTime();
            }
            take(batch);
            read++;
            changes += reader.kind() == Entry.Kind.CHANGE ? 1 : 0;
        }
        if (batch != null && isFull(batch)) {
            gathering = null;
            plan(batch, batch.brought());
            open.add(batch);
        }
        if (changes > 0) {
            context.monitor().read(context.name(), changes);
        }
        return read;
    }

    private void markEnd() {
        if (end == null) {
            end = reader.position();
            endSinceNanos = context.clock().nanoTime();
        }
    }

    /** A lone change on an idle system goes at once; while others are under way, more are gathered for a while. */
    private boolean isFull(Batch batch) {
        return open.isEmpty()
                || batch.size() >= context.options().batchSize()
                || context.clock().nanoTime() - gatheringSinceNanos
                        >= context.options().batchDelay().toNanos();
    }

    /** Takes the entry the reader has stepped to; changes of foreign tables, which may be most of all, are not even decoded. */
    private void take(Batch batch) {
        var at = reader.position();
        switch (reader.kind()) {
            case CHANGE -> {
                if (planner.concerns(reader.table())) {
                    batch.add((Entry.Change) reader.entry(), !at.isAfter(covered));
                }
            }
            case TRUNCATE -> truncated(at, (Entry.Truncate) reader.entry());
            case HEARTBEAT -> batch.heartbeat(((Entry.Heartbeat) reader.entry()).emittedAt());
            case COVERAGE -> {
                if (at.isAfter(covered)) {
                    events.coverage(at, (Entry.Coverage) reader.entry());
                }
            }
            case CATALOG_CHANGE -> {
                var change = (Entry.CatalogChange) reader.entry();
                if (planner.concerns(change.table())) {
                    source.refresh();
                    LOG.info(
                            "table changed lane={} table={} detail={}",
                            context.name(),
                            change.table(),
                            change.detail());
                }
            }
            case GAP -> {
                var gap = ((Entry.Missing) reader.entry()).gap();
                if (at.isAfter(covered) && planner.tables().stream().anyMatch(gap::concerns)) {
                    var reason = gap.reason() + " at " + at + ": " + gap.detail();
                    events.mustRebuild(Rebuild.seen(Rebuild.Cause.GAP, reason, at));
                }
            }
            case COMMIT, PROGRESS -> {
                // only their place matters
            }
        }
        batch.passed(at, reader.lsn());
    }

    /** Documents of a truncated root are known to nobody; of any other table they are those of the root's rows. */
    private void truncated(Position at, Entry.Truncate truncate) {
        var reasons = new ArrayList<String>();
        truncate.tables().stream().filter(planner::concerns).forEach(table -> reasons.add("TRUNCATE of " + table));
        truncate.leavesOf().stream()
                .filter(planner::concerns)
                .forEach(table -> reasons.add("TRUNCATE of a partition of " + table));
        if (reasons.isEmpty()) {
            return;
        }
        if (truncate.tables().contains(planner.root()) || truncate.leavesOf().contains(planner.root())) {
            events.mustRebuild(Rebuild.past(Rebuild.Cause.TRUNCATE, String.join(", ", reasons), at));
        } else {
            events.mustSweep(at, truncate.transaction(), String.join(", ", reasons));
        }
    }

    /** Plans what is to be asked for these transactions of a batch. Needs the source to be open. */
    private void plan(Batch batch, Set<Transaction> transactions) {
        var complete = planner.plan(batch.complete(transactions));
        if (!complete.unknown().isEmpty() && !context.options().tolerateMissing()) {
            var reason = "the stream did not carry " + String.join(", ", complete.unknown());
            events.mustRebuild(Rebuild.seen(Rebuild.Cause.STREAM, reason, batch.last()));
        }
        batch.plan(List.of(planner.plan(batch.early(transactions)), complete), transactions);
    }
}
