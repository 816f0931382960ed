package dev.flusso.capture;

import dev.flusso.journal.Appender;
import dev.flusso.journal.Entry;
import dev.flusso.journal.JournalFullException;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.Position;
import dev.flusso.journal.TableCoverage;
import dev.flusso.journal.TableName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * What is on its way into the journal. Entries are appended at once; when the journal is full they wait here in their order, and
 * whoever feeds this stops until {@link #flush} has found room. Keeps the books of what follows from an entry once it is
 * appended: acknowledgement, visibility, coverage, counts. One thread.
 */
final class Outbox {

    /** Heartbeats that wait for the disk, at most; when it is that far behind, later ones are not looked for. */
    private static final int MOST_BEATS = 1024;

    private final Appender appender;
    private final ArrayDeque<Entry> waiting = new ArrayDeque<>();
    private final Acknowledgements acknowledgements = new Acknowledgements();
    private final VisibilityQueue visibility = new VisibilityQueue();
    private SortedMap<TableName, TableCoverage> coverage = new TreeMap<>();
    private String fullBecause = "";
    private final LongSupplier nanos;
    private final CaptureMonitor monitor;

    /** Appended, and not yet seen on disk. */
    private final ArrayDeque<Beat> beats = new ArrayDeque<>();

    private Instant heartbeatAppendedAt = Instant.EPOCH;
    private Instant heartbeatDurableAt = Instant.EPOCH;
    private long changes;

    /** The newest entry that is not in the midst of a transaction: who begins to read behind it misses no part of one. */
    private Position boundary = Position.BEGINNING;

    private boolean inTransaction;
    private long commits;

    private record Beat(Position position, Instant emittedAt) {}

    Outbox(Appender appender, LongSupplier nanos, CaptureMonitor monitor) {
        this.appender = appender;
        this.nanos = nanos;
        this.monitor = monitor;
    }

    /** Begins a session where the journal ends: what waited is forgotten, the source sends it again. */
    void startAt(Lsn complete) {
        waiting.clear();
        beats.clear();
        fullBecause = "";
        inTransaction = false;
        boundary = appender.newest();
        acknowledgements.startAt(appender.newest(), complete, nanos.getAsLong());
        coverage = appender.coverage()
                .<SortedMap<TableName, TableCoverage>>map(Entry.Coverage::tables)
                .orElseGet(TreeMap::new);
    }

    /** Appends, or keeps it until there is room. */
    void append(Entry entry) {
        if (!waiting.isEmpty() || !appended(entry)) {
            waiting.addLast(entry);
        }
    }

    /** Tries again; whether nothing waits any more. */
    boolean flush() {
        while (!waiting.isEmpty()) {
            if (!appended(waiting.getFirst())) {
                return false;
            }
            waiting.removeFirst();
        }
        fullBecause = "";
        return true;
    }

    boolean isWaiting() {
        return !waiting.isEmpty();
    }

    /** The journal's own words; empty while it has room. */
    String fullBecause() {
        return fullBecause;
    }

    private boolean appended(Entry entry) {
        try {
            appender.append(entry);
        } catch (JournalFullException e) {
            fullBecause = String.valueOf(e.getMessage());
            return false;
        }
        follow(entry);
        return true;
    }

    private void follow(Entry entry) {
        inTransaction = entry instanceof Entry.Change
                || entry instanceof Entry.Truncate
                || (inTransaction && !(entry instanceof Entry.Commit));
        if (!inTransaction) {
            boundary = appender.newest();
        }
        if (entry instanceof Entry.Change || entry instanceof Entry.Truncate) {
            changes++;
        } else if (entry instanceof Entry.Commit commit) {
            commits++;
            var position = appender.newest();
            acknowledgements.appended(position, commit.lsn(), nanos.getAsLong());
            visibility.committed(commit.transaction().xid(), position);
        } else if (entry instanceof Entry.Progress progress) {
            acknowledgements.appended(appender.newest(), progress.lsn(), nanos.getAsLong());
        } else if (entry instanceof Entry.Coverage newest) {
            coverage = newest.tables();
        } else if (entry instanceof Entry.Heartbeat heartbeat) {
            heartbeatAppendedAt = heartbeat.emittedAt();
            if (beats.size() < MOST_BEATS) {
                beats.addLast(new Beat(appender.newest(), heartbeatAppendedAt));
            }
        }
    }

    Position visibleThrough() {
        return visibility.through(boundary);
    }

    VisibilityQueue visibility() {
        return visibility;
    }

    /** The coverage in force. */
    SortedMap<TableName, TableCoverage> coverage() {
        return coverage;
    }

    /** Everything of the source before it was appended. */
    Lsn complete() {
        return acknowledgements.complete();
    }

    /** Looks how far the disk has come; what may be acknowledged now. */
    Lsn durableNow() {
        var onDisk = appender.durable();
        for (var head = beats.peekFirst(); head != null && !head.position().isAfter(onDisk); head = beats.peekFirst()) {
            heartbeatDurableAt = head.emittedAt();
            beats.removeFirst();
        }
        var before = acknowledgements.durable();
        var now = acknowledgements.durable(onDisk);
        if (!now.equals(before)) {
            monitor.durable(Duration.ofNanos(nanos.getAsLong() - acknowledgements.oldestAppendedNanos()));
        }
        return now;
    }

    CaptureMonitor monitor() {
        return monitor;
    }

    /** What might be acknowledged when it was last looked. */
    Lsn durable() {
        return acknowledgements.durable();
    }

    /** When the newest heartbeat that was appended had been emitted. */
    Instant heartbeatAppendedAt() {
        return heartbeatAppendedAt;
    }

    /** As {@link #heartbeatAppendedAt}, of those that {@link #durableNow} has seen on disk. */
    Instant heartbeatDurableAt() {
        return heartbeatDurableAt;
    }

    long changes() {
        return changes;
    }

    long commits() {
        return commits;
    }
}
