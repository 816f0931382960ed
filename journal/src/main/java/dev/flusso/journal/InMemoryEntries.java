package dev.flusso.journal;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What an {@link InMemoryJournal} and its readers share; each method is one atomic step. */
final class InMemoryEntries {

    final InMemoryLanes lanes;

    private final int segmentEntries;
    private final int maxSegments;
    private final Duration retention;
    private final InstantSource clock;

    private final TreeMap<Position, Entry> entries = new TreeMap<>();

    /** The coverage in force from a position on; never forgotten. */
    private final TreeMap<Position, Optional<Entry.Coverage>> coverages = new TreeMap<>();

    /** The last entry of each finished epoch: positions behind it were lost in a crash. */
    private final Map<Integer, Position> ends = new HashMap<>();

    private int epoch = 1;
    private int segment;
    private int inSegment;
    private Position oldest = Position.BEGINNING;
    private Position newest = Position.BEGINNING;
    private Position durable = Position.BEGINNING;
    private Lsn complete = Lsn.ZERO;
    private @Nullable SourceIdentity identity;
    private boolean byHand;
    private boolean failing;
    private boolean diskFull;

    InMemoryEntries(int segmentEntries, int maxSegments, Duration retention, InstantSource clock) {
        this(segmentEntries, maxSegments, retention, clock, new InMemoryLanes());
    }

    private InMemoryEntries(
            int segmentEntries, int maxSegments, Duration retention, InstantSource clock, InMemoryLanes lanes) {
        this.segmentEntries = segmentEntries;
        this.maxSegments = maxSegments;
        this.retention = retention;
        this.clock = clock;
        this.lanes = lanes;
    }

    synchronized void forceByHand() {
        byHand = true;
    }

    synchronized void failForce() {
        failing = true;
    }

    synchronized InMemoryEntries afterKill() {
        var next = copy();
        next.durable = newest;
        next.beginSegment();
        return next;
    }

    synchronized InMemoryEntries afterCrash() {
        var next = copy();
        next.entries.tailMap(durable, false).clear();
        next.coverages.tailMap(durable, false).clear();
        next.newest = durable;
        next.complete = Lsn.ZERO;
        next.entries.forEach((position, entry) -> {
            if (position.epoch() == epoch) {
                next.completed(entry);
            }
        });
        next.ends.put(epoch, durable);
        next.epoch = epoch + 1;
        next.segment = 0;
        next.inSegment = 0;
        return next;
    }

    private InMemoryEntries copy() {
        var next = new InMemoryEntries(segmentEntries, maxSegments, retention, clock, lanes);
        next.entries.putAll(entries);
        next.coverages.putAll(coverages);
        next.ends.putAll(ends);
        next.epoch = epoch;
        next.segment = segment;
        next.inSegment = inSegment;
        next.oldest = oldest;
        next.newest = newest;
        next.durable = durable;
        next.complete = complete;
        next.identity = identity;
        next.byHand = byHand;
        return next;
    }

    private void checkDisk() {
        if (diskFull) {
            throw new JournalFullException("the disk is full: so the test wills");
        }
    }

    synchronized void fillDisk(boolean full) {
        diskFull = full;
    }

    synchronized void append(Entry entry) {
        checkForce();
        checkDisk();
        if (inSegment == segmentEntries) {
            beginSegment();
        }
        if (inSegment == 0 && segments().size() >= maxSegments) {
            throw new JournalFullException(
                    "the journal has its " + maxSegments + " segments of " + segmentEntries + " entries");
        }
        inSegment++;
        newest = new Position(epoch, ((long) segment << 32) | inSegment);
        entries.put(newest, entry);
        completed(entry);
        if (entry instanceof Entry.Coverage coverage) {
            coverages.put(newest, Optional.of(coverage));
        }
        if (!byHand) {
            durable = newest;
        }
    }

    private void completed(Entry entry) {
        if (entry.kind() == Entry.Kind.COMMIT || entry.kind() == Entry.Kind.PROGRESS) {
            complete = entry.lsn();
        }
    }

    private void beginSegment() {
        if (inSegment > 0) {
            segment++;
            inSegment = 0;
        }
    }

    synchronized void force() {
        checkForce();
        durable = newest;
    }

    private void checkForce() {
        if (failing) {
            throw new JournalDamagedException("the journal could not be forced to disk: so the test wills");
        }
    }

    synchronized Position beginEpoch(SourceIdentity newIdentity, Entry.Missing gap) {
        checkForce();
        checkDisk();
        ends.put(epoch, newest);
        epoch++;
        segment = 0;
        inSegment = 0;
        complete = Lsn.ZERO;
        identity = newIdentity;
        coverages.put(new Position(epoch, 0), Optional.empty());
        var position = new Position(epoch, ++inSegment);
        entries.put(position, gap);
        newest = position;
        durable = position;
        return position;
    }

    synchronized Position durable() {
        checkForce();
        return durable;
    }

    synchronized Position newest() {
        return newest;
    }

    synchronized Position oldest() {
        return oldest;
    }

    synchronized Lsn complete() {
        return complete;
    }

    synchronized @Nullable SourceIdentity identity() {
        return identity;
    }

    synchronized void claim(SourceIdentity newIdentity) {
        identity = newIdentity;
    }

    synchronized int size() {
        return entries.size();
    }

    synchronized int countAfter(Position position) {
        return entries.tailMap(position, false).size();
    }

    /**
     * The first entry after a position.
     *
     * @param asked whether the position was read or sought, and not merely the beginning of what is kept
     */
    synchronized @Nullable Recorded after(Position position, boolean asked) {
        if (asked && position.isBefore(oldest)) {
            throw new PositionGoneException(position, oldest, "what follows it was deleted meanwhile");
        }
        var next = entries.higherEntry(position);
        return next == null ? null : new Recorded(next.getKey(), next.getValue());
    }

    /** Passes when reading can go on after a position. */
    synchronized void find(Position position) {
        if (position.equals(Position.BEGINNING) || position.equals(oldest) || entries.containsKey(position)) {
            return;
        }
        if (position.isBefore(oldest)) {
            throw new PositionGoneException(position, oldest, "entries behind it were deleted");
        }
        var end = ends.get(position.epoch());
        if (end == null || !position.isAfter(end)) {
            throw new PositionGoneException(
                    position, oldest, "the journal's newest entry is at " + newest + ", it has lost its end");
        }
    }

    synchronized Optional<Entry.Coverage> coverageAt(Position position) {
        var found = coverages.floorEntry(position);
        return found == null ? Optional.empty() : found.getValue();
    }

    synchronized Optional<Entry.Heartbeat> newestHeartbeat() {
        return entries.descendingMap().values().stream()
                .filter(Entry.Heartbeat.class::isInstance)
                .map(Entry.Heartbeat.class::cast)
                .findFirst();
    }

    synchronized Optional<Entry> witness() {
        return entries.descendingMap().entrySet().stream()
                .takeWhile(entry -> entry.getKey().epoch() == epoch)
                .map(Map.Entry::getValue)
                .filter(entry -> entry.kind() == Entry.Kind.COMMIT || entry.kind() == Entry.Kind.HEARTBEAT)
                .findFirst();
    }

    synchronized Optional<Recorded> newestVisibility() {
        for (var entry : entries.descendingMap().entrySet()) {
            if (entry.getKey().epoch() < epoch) {
                return Optional.empty();
            }
            switch (entry.getValue().kind()) {
                case PROGRESS, HEARTBEAT, COVERAGE -> {
                    return Optional.of(new Recorded(entry.getKey(), entry.getValue()));
                }
                case CHANGE, TRUNCATE, COMMIT, CATALOG_CHANGE, GAP -> {
                    // says nothing of visibility
                }
            }
        }
        return Optional.empty();
    }

    synchronized List<LaneName> prune(Collection<LaneFile> lanesNow) {
        var segments = segments();
        var plan = Retention.plan(
                List.copyOf(segments.values()),
                oldest,
                lanesNow,
                shortage(segments.size()),
                retention,
                clock.instant());
        for (var gone : List.copyOf(segments.values()).subList(0, plan.segments())) {
            entries.headMap(gone.last(), true).clear();
            oldest = gone.last();
        }
        return plan.cutLoose();
    }

    private Retention.Shortage shortage(int segments) {
        var segmentBytes = (long) segmentEntries * InMemoryJournal.ENTRY_BYTES;
        var missing = (segments + 1 - (long) maxSegments) * segmentBytes;
        var needed = inSegment == segmentEntries || inSegment == 0;
        return new Retention.Shortage(missing, needed ? missing : 0);
    }

    /** The segments that hold entries, by the position with which each begins. */
    private SortedMap<Position, Retention.Segment> segments() {
        var segments = new TreeMap<Position, Retention.Segment>();
        var newestAt = Instant.EPOCH;
        for (var entry : entries.entrySet()) {
            var time = InMemoryJournal.time(entry.getValue());
            newestAt = time == null || time.isBefore(newestAt) ? newestAt : time;
            var at = entry.getKey();
            var begin = new Position(at.epoch(), (at.index() >>> 32) << 32);
            var before = segments.get(begin);
            var bytes = (before == null ? 0 : before.bytes()) + InMemoryJournal.ENTRY_BYTES;
            segments.put(begin, new Retention.Segment(at, newestAt, bytes));
        }
        return segments;
    }

    /** The position before the first entry at or after a time; that of the newest entry if there is none. */
    synchronized Position before(Instant time) {
        var before = oldest;
        for (var entry : new ArrayList<>(entries.entrySet())) {
            var at = InMemoryJournal.time(entry.getValue());
            if (at != null && !at.isBefore(time)) {
                return before;
            }
            before = entry.getKey();
        }
        return newest;
    }
}
