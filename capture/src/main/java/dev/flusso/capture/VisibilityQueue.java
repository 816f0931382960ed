package dev.flusso.capture;

import dev.flusso.journal.Position;
import java.util.ArrayDeque;

/**
 * The place in the journal before which every transaction is visible to any new snapshot. A commit can be decoded before it is
 * visible (a synchronous standby is waited for), so commits queue here until a snapshot sees them. One thread.
 */
final class VisibilityQueue {

    /** @param andBefore whether every transaction up to this one is meant */
    private record Awaited(long xid, boolean andBefore, Position position) {

        boolean isSeenBy(Snapshot snapshot) {
            return andBefore ? snapshot.xmin() > xid : snapshot.sees(xid);
        }
    }

    private final ArrayDeque<Awaited> awaited = new ArrayDeque<>();
    private Position through = Position.BEGINNING;

    /** A commit was appended. */
    void committed(long xid, Position position) {
        awaited.addLast(new Awaited(xid, false, position));
    }

    /** Nothing is known of the transactions up to {@code position}, except that their ids are at most {@code xid}. */
    void unknown(long xid, Position position) {
        awaited.clear();
        through = Position.BEGINNING;
        awaited.addLast(new Awaited(xid, true, position));
    }

    /** Everything up to and including {@code position} is known to be visible; what was awaited is forgotten. */
    void startAt(Position position) {
        awaited.clear();
        through = position;
    }

    /** A snapshot was taken after all that was queued had been appended. */
    void seen(Snapshot snapshot) {
        for (var head = awaited.peekFirst(); head != null && head.isSeenBy(snapshot); head = awaited.peekFirst()) {
            through = head.position();
            awaited.removeFirst();
        }
    }

    /**
     * Every transaction whose commit stands at or before it is visible. Remembered, so that what is not visible next does not send
     * anybody back to where one was awaited last.
     *
     * @param boundary of the newest entry that is not in the midst of a transaction
     */
    Position through(Position boundary) {
        if (awaited.isEmpty() && boundary.isAfter(through)) {
            through = boundary;
        }
        return through;
    }

    int size() {
        return awaited.size();
    }
}
