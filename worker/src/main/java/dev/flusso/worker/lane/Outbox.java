package dev.flusso.worker.lane;

import dev.flusso.worker.Outcome;
import dev.flusso.worker.Sink;
import dev.flusso.worker.SinkException;
import dev.flusso.worker.SinkIndex;
import dev.flusso.worker.lane.Item.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
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
 *   offer ──▶ READY ──▶ UNDER_WAY ──▶ settled: the owners are told
 *     │       ▲  │          │ busy, away: READY again, after a pause
 *     │       │  │ too old  │ rejected: the policy decides
 *     │       │  ▼          ▼
 *     │       │ STALE    STOPPED ──withdraw──▶ built anew and offered again
 *     ▼       │
 *   WAITING ──┘ (the id is under way already)
 * </pre>
 *
 * Of two writes of one id that are not under way only the one of the later snapshot is kept; it takes over the other's owners, so that
 * each owner is told exactly once for each write it awaits.
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

    /** How often it is looked for what is too old, while the sink takes nothing. */
    private static final long SWEEP_NANOS = 1_000_000_000L;

    /** With how many documents a sink is tried that takes nothing. */
    private static final int FEW = 16;

    private final SinkIndex index;
    private final String generation;
    private final Sink sink;
    private final Mailbox mailbox;
    private final Clock clock;
    private final Policy policy;
    private final Backoff backoff;
    private final DocumentRoom.Share room;

    /** The item of each id that is not WAITING. */
    private final Map<String, Item> current = new HashMap<>();

    /** Those READY, in two lines: what was sent already goes first. */
    private final LinkedHashMap<String, Item> again = new LinkedHashMap<>();

    private final LinkedHashMap<String, Item> ready = new LinkedHashMap<>();

    private final Map<String, Item> waiting = new HashMap<>();
    private final Set<Item> stale = new LinkedHashSet<>();

    /** STALE ones that were handed out. */
    private final Set<Item> renewing = new HashSet<>();

    private final Map<Item, Outcome.Rejected> stopped = new LinkedHashMap<>();
    private int requests;
    private boolean dropped;
    private long sweptAtNanos;
    private long notBeforeNanos;
    private @Nullable SinkException trouble;

    Outbox(
            SinkIndex index,
            String generation,
            Sink sink,
            Mailbox mailbox,
            Clock clock,
            Policy policy,
            Backoff backoff,
            DocumentRoom.Share room) {
        this.index = index;
        this.generation = generation;
        this.sink = sink;
        this.mailbox = mailbox;
        this.clock = clock;
        this.policy = policy;
        this.backoff = backoff;
        this.room = room;
        this.notBeforeNanos = clock.nanoTime();
        this.sweptAtNanos = notBeforeNanos;
    }

    /** Takes a write; its owners must already await it. */
    void offer(Item item) {
        room.take(item.bytes());
        var now = current.get(item.id());
        if (now == null) {
            enter(item);
        } else if (now.state == State.UNDER_WAY) {
            item.state = State.WAITING;
            var next = waiting.get(item.id());
            waiting.put(item.id(), next == null ? item : later(next, item));
        } else if (later(now, item) == item) {
            takePlace(now, item);
        }
    }

    private void enter(Item item) {
        item.state = State.READY;
        current.put(item.id(), item);
        ready.put(item.id(), item);
    }

    private void takePlace(Item older, Item item) {
        item.state = State.READY;
        current.put(item.id(), item);
        stale.remove(older);
        renewing.remove(older);
        stopped.remove(older);
        if (again.containsKey(item.id())) {
            again.put(item.id(), item);
        } else {
            ready.put(item.id(), item);
        }
    }

    /** Which of two writes of one id is kept; it takes over the other's owners. */
    private Item later(Item one, Item other) {
        var isOther = one.state == State.STOPPED ? other.version() > one.version() : other.version() >= one.version();
        var kept = isOther ? other : one;
        var dropped = isOther ? one : other;
        kept.owners.addAll(dropped.owners);
        room.give(dropped.bytes());
        dropped.state = State.GONE;
        return kept;
    }

    /** Sends what may be sent; returns how many requests that were. */
    int send() {
        sweep();
        var sent = 0;
        while (requests < sink.inFlight() && clock.nanoTime() - notBeforeNanos >= 0) {
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
        while (items.size() < sink.batchSize()) {
            var line = again.isEmpty() ? ready : again;
            if (line.isEmpty()) {
                break;
            }
            var item = line.values().iterator().next();
            if (!items.isEmpty() && size + item.bytes() > sink.maxBytes()) {
                break;
            }
            line.remove(item.id());
            var refusal = item.refusal;
            if (refusal != null) {
                reject(item, refusal);
            } else if (isOld(item, now)) {
                setAside(item);
            } else {
                items.add(item);
                size += item.bytes();
            }
        }
        return items;
    }

    private static boolean isOld(Item item, long now) {
        return now - item.builtAtNanos > LaneOptions.STALE.toNanos();
    }

    private void setAside(Item item) {
        item.state = State.STALE;
        room.give(item.shed());
        stale.add(item);
    }

    /** While the sink takes nothing, what grows too old in line is let go of: it would not be sent, and the room is others'. */
    private void sweep() {
        var now = clock.nanoTime();
        if (trouble == null || now - sweptAtNanos < SWEEP_NANOS) {
            return;
        }
        sweptAtNanos = now;
        for (var line : List.of(again, ready)) {
            var old = line.values().stream()
                    .filter(item -> item.refusal == null && isOld(item, now))
                    .toList();
            for (var item : old) {
                line.remove(item.id());
                setAside(item);
            }
        }
    }

    private void send(List<Item> items) {
        requests++;
        items.forEach(item -> item.state = State.UNDER_WAY);
        var writes = items.stream().map(Item::write).toList();
        var started = clock.nanoTime();
        try {
            // It completes when the mailbox has the answer.
            var unused = index.write(generation, writes).handle((outcomes, failure) -> {
                mailbox.post(() -> answered(items, outcomes, failure, started));
                return failure == null;
            });
        } catch (RuntimeException e) {
            mailbox.post(() -> answered(items, null, e, started));
        }
    }

    private void answered(
            List<Item> items, @Nullable List<Outcome> outcomes, @Nullable Throwable failure, long startedNanos) {
        requests--;
        if (dropped) {
            return;
        }
        if (outcomes == null || outcomes.size() != items.size()) {
            failed(items, failure);
            return;
        }
        policy.flushed(items.size(), Duration.ofNanos(clock.nanoTime() - startedNanos));
        var busy = "";
        var settled = 0;
        for (var i = 0; i < items.size(); i++) {
            var item = items.get(i);
            var outcome = outcomes.get(i);
            if (outcome.settled()) {
                policy.written(item);
                settle(item);
                settled++;
            } else if (outcome instanceof Outcome.Rejected rejected) {
                reject(item, rejected);
            } else if (outcome instanceof Outcome.Busy later) {
                busy = later.reason();
                again(item);
            }
        }
        if (busy.isEmpty() || settled > 0) {
            backoff.reset();
            trouble = null;
        }
        if (!busy.isEmpty()) {
            pause(new SinkException(SinkException.Kind.UNAVAILABLE, busy));
        }
    }

    private void failed(List<Item> items, @Nullable Throwable failure) {
        items.forEach(this::again);
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

    /** Back in line, before what was never sent; a later write that waited takes its place. */
    private void again(Item item) {
        var next = waiting.remove(item.id());
        var kept = next == null ? item : later(item, next);
        kept.state = State.READY;
        current.put(item.id(), kept);
        again.put(item.id(), kept);
    }

    private void reject(Item item, Outcome.Rejected rejected) {
        var next = waiting.get(item.id());
        if (next != null && next.version() > item.version()) {
            again(item);
        } else if (policy.putAway(item, rejected)) {
            settle(item);
        } else {
            if (next != null) {
                waiting.remove(item.id());
                room.give(next.bytes());
                item.owners.addAll(next.owners);
                next.state = State.GONE;
            }
            item.state = State.STOPPED;
            room.give(item.shed());
            stopped.put(item, rejected);
        }
    }

    private void settle(Item item) {
        leave(item);
        item.owners.forEach(Item.Owner::settled);
    }

    /** It is gone; the write that waited for its id, if any, is next. */
    private void leave(Item item) {
        item.state = State.GONE;
        room.give(item.bytes());
        current.remove(item.id());
        var next = waiting.remove(item.id());
        if (next != null) {
            enter(next);
        }
    }

    /**
     * Writes too old to be sent, each handed out once: the caller builds their keys anew, and {@linkplain #withdraw withdraws} them then.
     * While the sink takes nothing, only a few, to try it with, once there is nothing else to try it with.
     */
    List<Item> takeStale() {
        if (stale.isEmpty()) {
            return List.of();
        }
        var most = Integer.MAX_VALUE;
        if (trouble != null) {
            most = requests > 0 || !again.isEmpty() || !ready.isEmpty() || !renewing.isEmpty() ? 0 : FEW;
        }
        var taken = stale.stream().limit(most).toList();
        taken.forEach(stale::remove);
        renewing.addAll(taken);
        return taken;
    }

    /**
     * Takes back a write that is stale or stopped, because its key was built anew.
     *
     * @return its owners, who still await it; none when a later write of its id has taken its place meanwhile
     */
    List<Item.Owner> withdraw(Item item) {
        if (item.state != State.STALE && item.state != State.STOPPED) {
            return List.of();
        }
        stale.remove(item);
        renewing.remove(item);
        stopped.remove(item);
        leave(item);
        return List.copyOf(item.owners);
    }

    /** Lets go of everything: nothing is sent any more, and no answer matters. */
    void drop() {
        dropped = true;
        List.of(current, again, ready, waiting, stopped).forEach(Map::clear);
        stale.clear();
        renewing.clear();
    }

    /** Rejected documents that hold up the lane, with the sink's answer, oldest first. */
    Map<Item, Outcome.Rejected> stopped() {
        return stopped;
    }

    /** Whether nothing is ready, under way, waiting, stale or stopped. */
    boolean isEmpty() {
        return current.isEmpty() && requests == 0;
    }

    int size() {
        return current.size() + waiting.size();
    }

    /** What keeps the sink from taking documents; null when nothing does, or not for long yet, or there is nothing left to try it with. */
    @Nullable
    SinkException trouble() {
        var now = trouble;
        return now != null
                        && !isEmpty()
                        && (now.kind() != SinkException.Kind.UNAVAILABLE || backoff.failures() > sink.maxRetries())
                ? now
                : null;
    }
}
