package dev.flusso.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/**
 * Which segments may go: the rules of the design's "Retention", apart from any disk. Any thread.
 *
 * <p>A segment is <em>consumed</em> when every lane that holds history has read past its last entry; with no such lane, all are. The
 * two newest segments are always kept. Of the others, oldest first:
 *
 * <ol>
 *   <li>consumed ones whose newest entry is older than the retention time go;
 *   <li>while there is no comfortable room (for a whole further segment), consumed ones go, whatever their age;
 *   <li>while there is no room at all for what comes next and some lane's backlog is under half of what is held, unconsumed ones go,
 *       and each lane that still needed them is cut loose.
 * </ol>
 *
 * Otherwise nothing goes: then the writer has to wait, and says so.
 */
public final class Retention {

    /** The newest segments, which are never deleted: one is written, readers may be on their way out of the other. */
    public static final int KEPT_SEGMENTS = 2;

    private Retention() {}

    /**
     * A segment, as far as it matters here.
     *
     * @param last the position of its last entry
     * @param newestAt the latest time any entry up to its end names
     * @param bytes what deleting it gives back
     */
    public record Segment(Position last, Instant newestAt, long bytes) {}

    /**
     * How much is missing.
     *
     * @param forComfort bytes to give back so that a further segment fits; 0 or less when it does
     * @param forNext bytes to give back so that the next entry fits; 0 or less when it does
     */
    public record Shortage(long forComfort, long forNext) {}

    /**
     * What to do.
     *
     * @param segments how many of the oldest segments to delete
     * @param cutLoose the lanes whose next entry is among them, each once, sorted
     */
    public record Plan(int segments, List<LaneName> cutLoose) {

        public Plan {
            cutLoose = List.copyOf(cutLoose);
        }
    }

    /**
     * Makes a plan.
     *
     * @param segments all of them, oldest first
     * @param oldest the position behind which the oldest segment begins; a lane that stands before it was cut loose already
     */
    public static Plan plan(
            List<Segment> segments,
            Position oldest,
            Collection<LaneFile> lanes,
            Shortage shortage,
            Duration retention,
            Instant now) {
        var holding = new ArrayList<LaneFile>();
        for (var lane : lanes) {
            if (lane.holdsHistory() && !lane.position().isBefore(oldest)) {
                holding.add(lane);
            }
        }
        var cut = new TreeSet<LaneName>();
        var total = segments.stream().mapToLong(Segment::bytes).sum();
        var given = 0L;
        var count = 0;
        for (var segment : segments.subList(0, Math.max(0, segments.size() - KEPT_SEGMENTS))) {
            var needing = holding.stream()
                    .filter(lane -> lane.position().isBefore(segment.last()))
                    .toList();
            if (needing.isEmpty()) {
                if (segment.newestAt().isAfter(now.minus(retention)) && given >= shortage.forComfort()) {
                    break;
                }
            } else {
                if (given >= shortage.forNext()
                        || !someLaneIsNear(segments.subList(count, segments.size()), holding, total)) {
                    break;
                }
                needing.forEach(lane -> cut.add(lane.lane()));
                holding.removeAll(needing);
            }
            given += segment.bytes();
            total -= segment.bytes();
            count++;
        }
        return new Plan(count, List.copyOf(cut));
    }

    /** Whether a lane has less than half of what is held still to read. */
    private static boolean someLaneIsNear(List<Segment> segments, List<LaneFile> holding, long total) {
        for (var lane : holding) {
            var backlog = 0L;
            for (var segment : segments) {
                if (lane.position().isBefore(segment.last())) {
                    backlog += segment.bytes();
                }
            }
            if (2 * backlog < total) {
                return true;
            }
        }
        return false;
    }
}
