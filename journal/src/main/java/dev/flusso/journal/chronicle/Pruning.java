package dev.flusso.journal.chronicle;

import dev.flusso.journal.JournalOptions;
import dev.flusso.journal.LaneFile;
import dev.flusso.journal.LaneName;
import dev.flusso.journal.Position;
import dev.flusso.journal.Retention;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out what {@link Retention} plans. The writer's thread. */
final class Pruning {

    private static final Logger LOG = LoggerFactory.getLogger(Pruning.class);

    private final Layout layout;
    private final JournalOptions options;
    private final Room room;
    private final InstantSource clock;

    Pruning(Layout layout, JournalOptions options, Room room, InstantSource clock) {
        this.layout = layout;
        this.options = options;
        this.room = room;
        this.clock = clock;
    }

    /** What was found out about each segment; it does not change once the next one was begun. */
    private final Map<Layout.Segment, Retention.Segment> known = new HashMap<>();

    /** What was done: how many segments went, what they gave back, and which lanes needed them. */
    record Pruned(int segments, long bytes, List<LaneName> cutLoose) {}

    /**
     * Deletes what may go.
     *
     * @param throughEpoch the newest epoch
     * @param taken what the journal takes of the disk
     * @param next what the next append may need at most
     * @param segmentBytes what a whole further segment needs
     */
    Pruned prune(Collection<LaneFile> lanes, int throughEpoch, long taken, long next, long segmentBytes)
            throws IOException {
        var segments = layout.segmentsThrough(throughEpoch);
        var oldest = segments.isEmpty() ? Position.BEGINNING : oldest(segments.get(0));
        var shortage = new Retention.Shortage(room.excess(taken, segmentBytes), room.excess(taken, next));
        var plan = Retention.plan(describe(segments), oldest, lanes, shortage, options.retention(), clock.instant());
        var bytes = 0L;
        for (var segment : segments.subList(0, plan.segments())) {
            bytes += Survey.size(segment.path());
            Files.deleteIfExists(segment.path());
            known.remove(segment);
        }
        if (plan.segments() > 0) {
            for (var epoch : layout.epochs()) {
                if (epoch < throughEpoch && layout.segments(epoch).isEmpty()) {
                    Disk.deleteTree(layout.epoch(epoch));
                }
            }
            LOG.info("journal event=pruned segments={} bytes={}", plan.segments(), bytes);
        }
        for (var lane : plan.cutLoose()) {
            LOG.warn("journal event=cut_loose lane={} effect=\"it must be seeded anew\"", lane);
        }
        return new Pruned(plan.segments(), bytes, plan.cutLoose());
    }

    /** The newest entry before a segment; {@link Position#BEGINNING} when that is not known. */
    static Position oldest(Layout.Segment first) throws IOException {
        var opened = SegmentCursor.open(first);
        if (opened.isEmpty()) {
            return Position.BEGINNING;
        }
        try (var cursor = opened.get()) {
            return cursor.head().map(SegmentHead::previous).orElse(Position.BEGINNING);
        }
    }

    /** The segments as the rules see them. The newest ones are never deleted, so little is asked of them. */
    private List<Retention.Segment> describe(List<Layout.Segment> segments) throws IOException {
        var described = new ArrayList<Retention.Segment>();
        for (var i = 0; i < segments.size(); i++) {
            var segment = segments.get(i);
            var kept = i >= segments.size() - Retention.KEPT_SEGMENTS;
            var present = known.get(segment);
            if (present == null) {
                present = kept ? unknown(segment) : describe(segment, segments.get(i + 1));
                if (!kept) {
                    known.put(segment, present);
                }
            }
            described.add(present);
        }
        return described;
    }

    private static Retention.Segment describe(Layout.Segment segment, Layout.Segment next) throws IOException {
        var opened = SegmentCursor.open(next);
        if (opened.isEmpty()) {
            return unknown(segment);
        }
        try (var cursor = opened.get()) {
            var head = cursor.head();
            if (head.isEmpty()) {
                return unknown(segment);
            }
            var micros = head.get().newestMicros();
            var newestAt = micros == Times.NONE ? Instant.EPOCH : Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
            // what lies behind the next one's predecessor was torn by a crash, and nobody has to read it
            return new Retention.Segment(head.get().previous(), newestAt, Survey.size(segment.path()));
        }
    }

    /** One whose end is not known: it counts as being read by everybody who has not passed it. */
    private static Retention.Segment unknown(Layout.Segment segment) throws IOException {
        var end = new Position(segment.epoch(), ((long) segment.number() << 32) | 0xFFFF_FFFFL);
        return new Retention.Segment(end, Instant.EPOCH, Survey.size(segment.path()));
    }
}
