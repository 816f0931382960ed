package dev.flusso.capture;

import dev.flusso.journal.Lsn;
import dev.flusso.journal.Position;
import java.util.ArrayDeque;

/**
 * The acknowledgement rule: the slot moves to a commit's end only when the journal has that commit's entry on disk. One thread.
 *
 * <p>At most {@value #MOST} places are remembered; when the disk is that far behind, neighbours are acknowledged together.
 */
final class Acknowledgements {

    static final int MOST = 8192;

    private record Pending(Position position, Lsn lsn, long appendedNanos) {}

    private final ArrayDeque<Pending> pending = new ArrayDeque<>();
    private Lsn complete = Lsn.ZERO;
    private Lsn durable = Lsn.ZERO;
    private long oldestAppendedNanos;

    /** Everything of the source before {@code lsn} stands in the journal at or before {@code newest}, on disk or not. */
    void startAt(Position newest, Lsn lsn, long nowNanos) {
        pending.clear();
        complete = lsn;
        durable = Lsn.ZERO;
        if (!lsn.equals(Lsn.ZERO)) {
            pending.addLast(new Pending(newest, lsn, nowNanos));
        }
    }

    /** The entry at {@code position} says that everything before {@code lsn} stands in the journal. */
    void appended(Position position, Lsn lsn, long nowNanos) {
        complete = complete.max(lsn);
        if (pending.size() >= MOST) {
            pending.removeLast();
        }
        pending.addLast(new Pending(position, complete, nowNanos));
    }

    /** The journal is on disk up to and including {@code position}; returns what may be acknowledged. */
    Lsn durable(Position position) {
        var oldest = pending.peekFirst();
        if (oldest != null) {
            oldestAppendedNanos = oldest.appendedNanos();
        }
        for (var head = pending.peekFirst();
                head != null && !head.position().isAfter(position);
                head = pending.peekFirst()) {
            durable = head.lsn();
            pending.removeFirst();
        }
        return durable;
    }

    /** When the oldest entry was appended that the last call of {@link #durable(Position)} found on disk, if it found any. */
    long oldestAppendedNanos() {
        return oldestAppendedNanos;
    }

    /** Everything of the source before it was appended. */
    Lsn complete() {
        return complete;
    }

    /** Everything of the source before it is on disk. */
    Lsn durable() {
        return durable;
    }
}
