package dev.flusso.worker.lane;

import dev.flusso.journal.Transaction;
import dev.flusso.worker.Built;
import dev.flusso.worker.Key;
import dev.flusso.worker.Stamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Asks the database what batches touch: first along their paths for keys, then for the documents of those keys, which go to the outbox.
 * What an answer does not show yet the batch asks again. The lane's thread.
 */
final class Questions {

    /** Questions to the database under way at once. */
    private static final int ASKING = 2;

    /** Keys found by one page of a path: each page follows the whole path anew. */
    private static final int PAGE = 20_000;

    /** Keys of a batch at which their documents come before further pages. */
    private static final int ENOUGH_KEYS = 5_000;

    private final LaneContext context;
    private final Source source;
    private final Outbox outbox;
    private final DocumentRoom.Share room;
    private final Tail.Events events;
    private final Chunks chunks;
    private int asking;

    Questions(LaneContext context, Source source, Outbox outbox, DocumentRoom.Share room, Tail.Events events) {
        this.context = context;
        this.source = source;
        this.outbox = outbox;
        this.room = room;
        this.events = events;
        this.chunks = new Chunks(context.options().batchSize());
    }

    /** Asks what open batches, oldest first, still have to ask; returns how many questions that were. */
    int ask(Deque<Batch> open) {
        var asked = 0;
        for (var batch : open) {
            while (asking < ASKING && source.isOpen() && askFor(batch, open)) {
                asked++;
            }
        }
        return asked;
    }

    /** Asks one thing for a batch; false when there is nothing to ask for it now. */
    private boolean askFor(Batch batch, Deque<Batch> open) {
        var step = batch.nextStep(isCrowded(batch, open) ? 0 : ENOUGH_KEYS);
        if (step != null) {
            resolve(batch, step);
            return true;
        }
        var reserved = batch.hasKeys(ENOUGH_KEYS) ? room.reserve(LaneOptions.CHUNK_BYTES) : 0;
        if (reserved == 0) {
            return false;
        }
        build(batch, batch.nextKeys(chunks.size(reserved)), reserved);
        return true;
    }

    /** Whether so many keys are known that only the oldest batch may look for more. */
    private static boolean isCrowded(Batch batch, Deque<Batch> open) {
        return batch != open.peek() && open.stream().mapToInt(Batch::knownKeys).sum() >= PAGE;
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

    private void build(Batch batch, List<Key> keys, long reserved) {
        var version = events.highestVersion();
        var transactions = batch.transactions();
        var started = context.clock().nanoTime();
        asking++;
        source.ask(
                rows -> rows.documents(keys, reserved),
                built -> {
                    asking--;
                    room.give(reserved);
                    stamped(batch, built.stamp(), version, transactions);
                    offer(batch, built, started);
                    batch.built(unanswered(keys, built));
                },
                () -> {
                    asking--;
                    room.give(reserved);
                    batch.built(keys);
                });
    }

    /** Keys whose documents did not fit are asked for again; a key nobody asked for, or no answer at all, is a fault. */
    private static List<Key> unanswered(List<Key> keys, Built built) {
        var open = new LinkedHashSet<>(keys);
        for (var answer : built.answers()) {
            if (!open.remove(answer.asked())) {
                throw new IllegalStateException("key '" + answer.asked() + "' was answered and not asked for");
            }
        }
        if (open.size() == keys.size()) {
            throw new IllegalStateException("none of " + keys.size() + " keys was answered, expected one at least");
        }
        return List.copyOf(open);
    }

    private void offer(Batch batch, Built built, long startedNanos) {
        chunks.learn(built.answers());
        context.monitor().built(context.name(), built.answers().size(), since(startedNanos));
        for (var answer : built.answers()) {
            for (var item : Chunks.items(
                    answer, built.stamp(), startedNanos, context.sink().maxDocumentBytes(), List.of(batch))) {
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
    static boolean isUnseen(Transaction transaction, Stamp stamp) {
        return transaction.timeline() > stamp.timeline()
                || (transaction.timeline() == stamp.timeline() && !stamp.sees(transaction.xid()));
    }
}
