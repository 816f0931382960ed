package dev.flusso.capture;

import dev.flusso.journal.Lsn;
import java.util.List;

/**
 * The server's timeline and those it descends from.
 *
 * @param current the timeline it writes now, 1 or more
 * @param ends where the earlier ones were left, oldest first
 */
public record Timelines(int current, List<End> ends) {

    /**
     * Where a timeline was left.
     *
     * @param timeline an earlier timeline
     * @param lsn where the next one begins: everything before it is shared history
     */
    public record End(int timeline, Lsn lsn) {}

    public Timelines {
        ends = List.copyOf(ends);
        if (current < 1) {
            throw new IllegalArgumentException("no such timeline: " + current);
        }
    }

    /** The timeline on which something was written at this place. */
    public int at(Lsn lsn) {
        for (var end : ends) {
            if (lsn.compareTo(end.lsn()) < 0) {
                return end.timeline();
            }
        }
        return current;
    }

    /** Whether all that was written on {@code timeline} before {@code lsn} belongs to this server's history. */
    public boolean contain(int timeline, Lsn lsn) {
        if (timeline == current) {
            return true;
        }
        for (var end : ends) {
            if (end.timeline() == timeline) {
                return !lsn.isAfter(end.lsn());
            }
        }
        return false;
    }
}
