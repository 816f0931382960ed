package dev.flusso.worker.lane;

import dev.flusso.worker.Outcome;
import dev.flusso.worker.Sink;
import dev.flusso.worker.SinkException;
import dev.flusso.worker.SinkIndex;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * What is to be written to one generation, and is being written: at most one unsettled write for each id, several requests under way,
 * each repeated until the sink has answered for every document. The lane's thread; answers come in through the mailbox.
 *
 * <pre>
 *   offer ──▶ ready ──▶ under way ──▶ settled ──▶ the owners are told
 *     │         ▲           │ busy, away: back to ready, after a pause
 *     │         └───────────┤ rejected: the policy decides
 *     └▶ waiting (same id is ready or under way already)
 * </pre>
 */
final class Outbox {

    /** What the outbox cannot decide by itself. */
    interface Policy {

        /** A document was rejected. Returns whether it is put away, and so settled; else it is handed out by {@link #stopped}. */
        boolean putAway(Item item, Outcome.Rejected rejected);

        /** A document was settled by the sink. */
        void written(Item item);

        /** The generation is not in the sink any more. */
        void missing(String message);

        /** Nobody takes documents any more. */
        void closed(String message);

        /** A request was answered. */
        void flushed(int documents, Duration took);

        /** A request failed as a whole. */
        void failed(SinkException e);
    }

    private final SinkIndex index;
    private final String generation;
    private final Sink sink;
    private final Mailbox mailbox;
    private final Clock clock;
    private final Policy policy;
    private final Backoff backoff;

    private final ArrayDeque<Item> ready = new ArrayDeque<>();
    /** The one item of each id that is ready or under way. */
    private final Map<String, Item> current = new HashMap<>();
    /** The next item of an id whose current one is under way. */
    private final Map<String, Item> waiting = new HashMap<>();

    private final Set<Item> underWay = new HashSet<>();
    private final List<Item> stale = new ArrayList<>();
    private final Map<Item, Outcome.Rejected> stopped = new HashMap<>();
    private int requests;
    private long bytes;
    private long notBeforeNanos;
    private @Nullable SinkException trouble;
    private long writesSinceRefresh;

    Outbox(
            SinkIndex index,
            String generation,
            Sink sink,
            Mailbox mailbox,
            Clock clock,
            Policy policy,
            Backoff backoff) {
        this.index = index;
        this.generation = generation;
        this.sink = sink;
        this.mailbox = mailbox;
        this.clock = clock;
        this.policy = policy;
        this.backoff = backoff;
        this.notBeforeNanos = clock.nanoTime();
    }

    /** Takes a write; its owner must already await it. */
    void offer(Item item) {
        bytes += item.write.bytes();
        var now = current.get(item.id());
        if (now == null) {
            current.put(item.id(), item);
            ready.add(item);
        } else if (!underWay.contains(now) && !stopped.containsKey(now)) {
            replace(now, item);
        } else {
            var next = waiting.get(item.id());
            waiting.put(item.id(), next == null ? item : newer(next, item));
        }
    }

    /** Two writes of one id of which neither is under way become one; the one that lost is passed over when its turn comes. */
    private void replace(Item older, Item item) {
        if (newer(older, item) == item) {
            ready.add(item);
            current.put(item.id(), item);
        }
    }

    private Item newer(Item one, Item other) {
        var kept = other.write.version() >= one.write.version() ? other : one;
        var dropped = kept == other ? one : other;
        kept.supersede(dropped);
        bytes -= dropped.write.bytes();
        return kept;
    }

    /** Sends what may be sent; returns how many requests that were. */
    int send() {
        var sent = 0;
        while (requests < sink.inFlight() && !ready.isEmpty() && clock.nanoTime() - notBeforeNanos >= 0) {
            var items = pack();
            if (items.isEmpty()) {
                break;
            }
            send(items);
            sent++;
        }
        return sent;
    }

    private List<Item> pack() {
        var items = new ArrayList<Item>();
        var size = 0L;
        var now = clock.nanoTime();
        while (!ready.isEmpty() && items.size() < sink.batchSize()) {
            var item = ready.element();
            if (current.get(item.id()) != item) {
                ready.remove();
                continue;
            }
            if (!items.isEmpty() && size + item.write.bytes() > sink.maxBytes()) {
                break;
            }
            ready.remove();
            if (!item.refusal.isEmpty()) {
                reject(item, new Outcome.Rejected("document_too_large", item.refusal));
            } else if (now - item.builtAtNanos > LaneOptions.STALE.toNanos()) {
                stale.add(item);
            } else {
                items.add(item);
                size += item.write.bytes();
            }
        }
        return items;
    }

    private void send(List<Item> items) {
        requests++;
        underWay.addAll(items);
        var writes = items.stream().map(item -> item.write).toList();
        var started = clock.nanoTime();
        // It completes when the mailbox has the answer.
        var unused = index.write(generation, writes).handle((outcomes, failure) -> {
            mailbox.post(() -> answered(items, outcomes, failure, started));
            return failure == null;
        });
    }

    private void answered(
            List<Item> items, @Nullable List<Outcome> outcomes, @Nullable Throwable failure, long startedNanos) {
        requests--;
        items.forEach(underWay::remove);
        if (outcomes == null || outcomes.size() != items.size()) {
            failed(items, failure);
            return;
        }
        policy.flushed(items.size(), Duration.ofNanos(clock.nanoTime() - startedNanos));
        var busy = "";
        for (var i = items.size() - 1; i >= 0; i--) {
            var outcome = outcomes.get(i);
            if (outcome.settled()) {
                policy.written(items.get(i));
                settle(items.get(i));
            } else if (outcome instanceof Outcome.Rejected rejected) {
                reject(items.get(i), rejected);
            } else if (outcome instanceof Outcome.Busy later) {
                busy = later.reason();
                again(items.get(i));
            }
        }
        if (busy.isEmpty()) {
            backoff.reset();
            trouble = null;
        } else {
            pause(new SinkException(SinkException.Kind.UNAVAILABLE, busy));
        }
    }

    private void failed(List<Item> items, @Nullable Throwable failure) {
        for (var i = items.size() - 1; i >= 0; i--) {
            again(items.get(i));
        }
        var cause = failure instanceof CompletionException ? failure.getCause() : failure;
        var known = cause instanceof SinkException e
                ? e
                : new SinkException(
                        SinkException.Kind.UNAVAILABLE,
                        cause == null ? "an answer for each document was expected" : "the request failed: " + cause);
        policy.failed(known);
        pause(known);
        if (known.kind() == SinkException.Kind.INDEX_MISSING) {
            policy.missing(String.valueOf(known.getMessage()));
        } else if (known.kind() == SinkException.Kind.CLOSED) {
            policy.closed(String.valueOf(known.getMessage()));
        }
    }

    private void pause(SinkException why) {
        trouble = why;
        notBeforeNanos = clock.nanoTime() + backoff.next().toNanos();
    }

    /** Back to the front of what is ready; a newer write that waited takes its place. */
    private void again(Item item) {
        var next = waiting.remove(item.id());
        var kept = next == null ? item : newer(item, next);
        current.put(item.id(), kept);
        ready.addFirst(kept);
    }

    private void reject(Item item, Outcome.Rejected rejected) {
        if (policy.putAway(item, rejected)) {
            settle(item);
        } else {
            stopped.put(item, rejected);
        }
    }

    private void settle(Item item) {
        bytes -= item.write.bytes();
        writesSinceRefresh++;
        current.remove(item.id());
        advance(item.id());
        item.owners.forEach(Item.Owner::settled);
    }

    /** The write that waited for the id, if any, is next. */
    private void advance(String id) {
        var next = waiting.remove(id);
        if (next != null) {
            current.put(id, next);
            ready.add(next);
        }
    }

    /** Writes too old to be sent: the caller builds their keys anew, and {@linkplain #withdraw withdraws} them when it has. */
    List<Item> takeStale() {
        if (stale.isEmpty()) {
            return List.of();
        }
        var taken =
                stale.stream().filter(item -> current.get(item.id()) == item).toList();
        stale.clear();
        return taken;
    }

    /** Building a stale write's key anew failed: it is handed out again later. */
    void staleAgain(Item item) {
        if (current.get(item.id()) == item && !stopped.containsKey(item)) {
            stale.add(item);
        }
    }

    /**
     * Takes back a write that is neither ready nor under way, because its key was built anew.
     *
     * @return its owners, who still await it; none when a newer write of its id has taken its place meanwhile
     */
    List<Item.Owner> withdraw(Item item) {
        stopped.remove(item);
        if (current.get(item.id()) != item) {
            return List.of();
        }
        bytes -= item.write.bytes();
        current.remove(item.id());
        advance(item.id());
        return List.copyOf(item.owners);
    }

    /** Rejected documents that hold up the lane, with the sink's answer. */
    Map<Item, Outcome.Rejected> stopped() {
        return stopped;
    }

    /** Whether nothing is ready, under way, waiting or stopped. */
    boolean isEmpty() {
        return current.isEmpty() && requests == 0;
    }

    int size() {
        return current.size() + waiting.size();
    }

    /** Bytes of documents held. */
    long bytes() {
        return bytes;
    }

    /** Whether there is room for another chunk of documents. */
    boolean hasRoom() {
        return bytes < LaneOptions.WAITING_BYTES;
    }

    /** What keeps the sink from taking documents; null when nothing does, or not for long yet. */
    @Nullable
    SinkException trouble() {
        return trouble != null && backoff.failures() > sink.maxRetries() ? trouble : null;
    }

    /** Whether something was written since the last call. */
    boolean takeUnrefreshed() {
        var any = writesSinceRefresh > 0;
        writesSinceRefresh = 0;
        return any;
    }

    boolean hasUnrefreshed() {
        return writesSinceRefresh > 0;
    }
}
