package dev.flusso.worker.lane;

import dev.flusso.journal.Entry;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.Position;
import dev.flusso.journal.Reader;
import dev.flusso.journal.Recorded;
import dev.flusso.journal.Transaction;
import dev.flusso.worker.Built;
import dev.flusso.worker.Key;
import dev.flusso.worker.Stamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Follows the journal for one generation: gathers changes into batches, asks the database what they touched, and hands the documents to
 * the outbox. Reading, resolving, building and writing of successive batches overlap; {@link #position} follows the oldest unfinished
 * batch. The lane's thread.
 */
final class Tail {

    /** Batches under way at once. */
    private static final int OPEN = 6;

    /** Questions to the database under way at once. */
    private static final int ASKING = 2;

    /** Keys found by one page of a path. */
    private static final int PAGE = 5_000;

    /** What the tail cannot decide by itself. */
    interface Events {

        /** Something happened that this generation cannot follow; it must be built anew from current rows. */
        void mustRebuild(String reason);

        /** As {@link #mustRebuild}, for a gap of source or journal. */
        void gap(String reason);

        /** The definition of a table changed. */
        void catalogChanged(Entry.CatalogChange change);

        /** The stream covers something else from here on. */
        void coverage(Entry.Coverage coverage);

        /** A query answered with this stamp. */
        void stamped(Stamp stamp, long versionBefore);

        /** The highest version handed to the outbox so far. */
        long highestVersion();
    }

    private final LaneContext context;
    private final Reader reader;
    private final Source source;
    private final Outbox outbox;
    private final Planner planner;
    private final Events events;
    private final Chunks chunks;

    private final ArrayDeque<Batch> open = new ArrayDeque<>();
    private @Nullable Batch gathering;
    private long gatheringSinceNanos;
    private int asking;
    private long asked;
    private Position position;
    private Lsn lsn;
    private @Nullable Instant heartbeat;
    private boolean atEnd;
    private final List<Batch> settled = new ArrayList<>();

    Tail(
            LaneContext context,
            Reader reader,
            Position from,
            Lsn lsn,
            Source source,
            Outbox outbox,
            Planner planner,
            Events events) {
        this.context = context;
        this.reader = reader;
        this.position = from;
        this.lsn = lsn;
        this.source = source;
        this.outbox = outbox;
        this.planner = planner;
        this.events = events;
        this.chunks = new Chunks(context.options().batchSize());
        reader.seekAfter(from);
    }

    /** Does what can be done now; returns how much that was. */
    int step(boolean mayRead) {
        var done = finish();
        if (mayRead) {
            done += gather();
        }
        return done + ask();
    }

    /** Everything up to and including this is settled. */
    Position position() {
        return position;
    }

    Lsn lsn() {
        return lsn;
    }

    /** When the newest settled heartbeat was emitted; null before one was. */
    @Nullable
    Instant heartbeat() {
        return heartbeat;
    }

    /** Whether the journal held nothing more at the last look, and nothing is under way. */
    boolean isCaughtUp() {
        return atEnd && open.isEmpty() && gathering == null;
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
            if (batch.mustAskAgain()) {
                var again = batch.takeUnseen(context.clock().nanoTime());
                if (!again.isEmpty()) {
                    plan(batch, again);
                    done++;
                }
            }
        }
        return done;
    }

    private int gather() {
        if (open.size() >= OPEN || !source.isOpen()) {
            return 0;
        }
        var batch = gathering;
        var before = batch == null ? 0 : batch.changes().size();
        var read = 0;
        atEnd = false;
        while ((batch == null || batch.changes().size() < context.options().batchSize()) && read < 100_000) {
            var next = reader.next();
            if (next == null) {
                atEnd = true;
                break;
            }
            if (batch == null) {
                batch = new Batch(position);
                gathering = batch;
                gatheringSinceNanos = context.clock().nanoTime();
            }
            take(batch, next);
            read++;
        }
        if (batch != null && isFull(batch)) {
            gathering = null;
            plan(batch, batch.changes());
            open.add(batch);
        }
        if (read > 0 && batch != null) {
            context.monitor().read(context.name(), batch.changes().size() - before);
        }
        return read;
    }

    /** A lone change on an idle system goes at once; while others are under way, more are gathered for a while. */
    private boolean isFull(Batch batch) {
        return open.isEmpty()
                || batch.changes().size() >= context.options().batchSize()
                || context.clock().nanoTime() - gatheringSinceNanos
                        >= context.options().batchDelay().toNanos();
    }

    private void take(Batch batch, Recorded recorded) {
        var entry = recorded.entry();
        switch (entry.kind()) {
            case CHANGE -> {
                var change = (Entry.Change) entry;
                if (planner.concerns(change.table())) {
                    batch.add(change);
                }
            }
            case TRUNCATE -> truncated((Entry.Truncate) entry);
            case HEARTBEAT -> batch.heartbeat(((Entry.Heartbeat) entry).emittedAt());
            case COVERAGE -> events.coverage((Entry.Coverage) entry);
            case CATALOG_CHANGE -> {
                var change = (Entry.CatalogChange) entry;
                if (planner.concerns(change.table())) {
                    source.refresh();
                    events.catalogChanged(change);
                }
            }
            case GAP -> {
                var gap = ((Entry.Missing) entry).gap();
                if (planner.tables().stream().anyMatch(gap::concerns)) {
                    events.gap(gap.reason() + " at " + recorded.position() + ": " + gap.detail());
                }
            }
            case COMMIT, PROGRESS -> {
                // only their place matters
            }
        }
        batch.passed(recorded.position(), entry.lsn());
    }

    private void truncated(Entry.Truncate truncate) {
        for (var table : truncate.tables()) {
            if (planner.concerns(table)) {
                events.mustRebuild("TRUNCATE of " + table);
                return;
            }
        }
        for (var table : truncate.leavesOf()) {
            if (planner.concerns(table)) {
                events.mustRebuild("TRUNCATE of a partition of " + table);
                return;
            }
        }
    }

    private void plan(Batch batch, Collection<Entry.Change> changes) {
        var plan = planner.plan(changes);
        if (!plan.unknown().isEmpty() && !context.options().tolerateMissing()) {
            events.mustRebuild("the stream did not carry " + String.join(", ", plan.unknown()));
        }
        batch.plan(plan);
    }

    /** Asks what the open batches still have to ask, oldest first. */
    private int ask() {
        var before = asked;
        for (var batch : open) {
            while (asking < ASKING && outbox.hasRoom() && source.isOpen() && askFor(batch)) {
                asked++;
            }
        }
        return (int) (asked - before);
    }

    /** Asks one thing for a batch; false when there is nothing to ask for it now. */
    private boolean askFor(Batch batch) {
        var step = batch.nextStep(PAGE);
        if (step != null) {
            resolve(batch, step);
            return true;
        }
        var keys = batch.nextKeys(chunks.size(), PAGE);
        if (!keys.isEmpty()) {
            build(batch, keys);
            return true;
        }
        return false;
    }

    private void resolve(Batch batch, Planner.Step step) {
        var version = events.highestVersion();
        var transactions = batch.transactions();
        var started = context.clock().nanoTime();
        asking++;
        source.ask(
                rows -> rows.resolve(step.path(), step.starts(), step.after(), PAGE),
                found -> {
                    asking--;
                    var keys = found.keys();
                    context.monitor().resolved(context.name(), keys.size(), since(started));
                    stamped(batch, found.stamp(), version, transactions);
                    batch.followed(keys, found.more() ? step.following(keys.get(keys.size() - 1)) : null);
                },
                () -> {
                    asking--;
                    batch.followed(List.of(), step);
                });
    }

    private void build(Batch batch, List<Key> keys) {
        var version = events.highestVersion();
        var transactions = batch.transactions();
        var started = context.clock().nanoTime();
        asking++;
        source.ask(
                rows -> rows.documents(keys),
                built -> {
                    asking--;
                    stamped(batch, built.stamp(), version, transactions);
                    offer(batch, built, started);
                    batch.built(List.of());
                },
                () -> {
                    asking--;
                    batch.built(keys);
                });
    }

    private void offer(Batch batch, Built built, long startedNanos) {
        chunks.learn(built.answers());
        context.monitor().built(context.name(), built.answers().size(), since(startedNanos));
        for (var answer : built.answers()) {
            for (var item : Chunks.items(
                    answer, built.stamp(), startedNanos, context.sink().maxDocumentBytes(), batch)) {
                batch.awaits();
                outbox.offer(item);
            }
        }
    }

    private Duration since(long startedNanos) {
        return Duration.ofNanos(context.clock().nanoTime() - startedNanos);
    }

    private void stamped(Batch batch, Stamp stamp, long versionBefore, Collection<Transaction> transactions) {
        events.stamped(stamp, versionBefore);
        var unseen = new ArrayList<Transaction>(0);
        for (var transaction : transactions) {
            if (isUnseen(transaction, stamp)) {
                unseen.add(transaction);
            }
        }
        batch.unseen(unseen);
    }

    /** Ids of an older timeline may have been given out anew; whatever survived of it was visible before the new one began. */
    private static boolean isUnseen(Transaction transaction, Stamp stamp) {
        return transaction.timeline() > stamp.timeline()
                || (transaction.timeline() == stamp.timeline() && !stamp.sees(transaction.xid()));
    }
}
