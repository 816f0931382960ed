package dev.flusso.worker.lane;

import dev.flusso.worker.Answer;
import dev.flusso.worker.Built;
import dev.flusso.worker.Key;
import dev.flusso.worker.lane.Item.State;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Builds writes anew that are too old to be sent, or that the sink rejected: by their keys, from current rows, some at a time. The old
 * write stays in the outbox until its successor is there, so nothing counts as settled in between. The lane's thread.
 */
final class Renewal {

    private final LaneContext context;
    private final Source source;
    private final Outbox outbox;
    private final Tail.Events events;
    private final DocumentRoom.Share room;
    private final Chunks chunks;
    private final ArrayDeque<Item> due = new ArrayDeque<>();
    private boolean asking;

    Renewal(LaneContext context, Source source, Outbox outbox, DocumentRoom.Share room, Tail.Events events) {
        this.context = context;
        this.source = source;
        this.outbox = outbox;
        this.room = room;
        this.events = events;
        this.chunks = new Chunks(context.options().batchSize());
    }

    /** Takes writes to be built anew; those taken already are passed over. */
    void add(Collection<Item> items) {
        for (var item : items) {
            if (!item.renewing) {
                item.renewing = true;
                due.add(item);
            }
        }
    }

    int step() {
        if (asking || due.isEmpty() || !source.isOpen()) {
            return 0;
        }
        var reserved = room.reserve(LaneOptions.CHUNK_BYTES);
        if (reserved == 0) {
            return 0;
        }
        var most = chunks.size(reserved);
        var items = new LinkedHashMap<Key, List<Item>>();
        while (!due.isEmpty() && items.size() < most) {
            var item = due.remove();
            if (isOpen(item)) {
                items.computeIfAbsent(item.key, k -> new ArrayList<>(1)).add(item);
            }
        }
        if (items.isEmpty()) {
            room.give(reserved);
        } else {
            ask(items, reserved);
        }
        return 1;
    }

    private static boolean isOpen(Item item) {
        return item.state == State.STALE || item.state == State.STOPPED;
    }

    private void ask(Map<Key, List<Item>> items, long reserved) {
        var keys = List.copyOf(items.keySet());
        var started = context.clock().nanoTime();
        var version = events.highestVersion();
        asking = true;
        source.ask(
                rows -> rows.documents(keys, reserved),
                built -> {
                    asking = false;
                    room.give(reserved);
                    events.stamped(built.stamp(), version);
                    chunks.learn(built.answers());
                    answered(items, built, started);
                },
                () -> {
                    asking = false;
                    room.give(reserved);
                    items.values().forEach(due::addAll);
                });
    }

    private void answered(Map<Key, List<Item>> items, Built built, long started) {
        if (!items.isEmpty() && built.answers().isEmpty()) {
            throw new IllegalStateException("none of " + items.size() + " keys was answered, expected one at least");
        }
        for (var answer : built.answers()) {
            var old = items.remove(answer.asked());
            if (old != null) {
                replace(old, answer, built, started);
            }
        }
        items.values().forEach(due::addAll);
    }

    private void replace(List<Item> old, Answer answer, Built built, long started) {
        var owners = new ArrayList<Item.Owner>();
        for (var item : old) {
            item.renewing = false;
            owners.addAll(outbox.withdraw(item));
        }
        if (owners.isEmpty()) {
            return; // later writes of their ids have come
        }
        for (var item :
                Chunks.items(answer, built.stamp(), started, context.sink().maxDocumentBytes(), owners)) {
            owners.forEach(Item.Owner::awaits);
            outbox.offer(item);
        }
        owners.forEach(Item.Owner::settled);
    }
}
