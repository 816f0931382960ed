package dev.flusso.capture;

import dev.flusso.journal.Appender;
import dev.flusso.journal.Entry;
import dev.flusso.journal.JournalFullException;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.Position;
import dev.flusso.journal.TableCoverage;
import dev.flusso.journal.TableName;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is on its way into the journal. Entries are appended at once; when the journal is full they wait here in their order, and
 * whoever feeds this stops until {@link #flush} has found room. Keeps the books of what follows from an entry once it is
 * appended: acknowledgement, visibility, coverage, counts. One thread.
 */
final class Outbox {

    private final Appender appender;
    private final ArrayDeque<Entry> waiting = new ArrayDeque<>();
    private final Acknowledgements acknowledgements = new Acknowledgements();
    private final VisibilityQueue visibility = new VisibilityQueue();
    private SortedMap<TableName, TableCoverage> coverage = new TreeMap<>();
    private String fullBecause = "";
    private Instant heartbeatAppendedAt = Instant.EPOCH;
    private long changes;
    private long commits;

    Outbox(Appender appender) {
        this.appender = appender;
    }

    /** Begins a session where the journal ends: what waited is forgotten, the source sends it again. */
    void startAt(Lsn complete) {
        waiting.clear();
        fullBecause = "";
        acknowledgements.startAt(appender.newest(), complete);
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
        Position position;
        try {
            position = appender.append(entry);
        } catch (JournalFullException e) {
            fullBecause = String.valueOf(e.getMessage());
            return false;
        }
        follow(entry, position);
        return true;
    }

    private void follow(Entry entry, Position position) {
        if (entry instanceof Entry.Change || entry instanceof Entry.Truncate) {
            changes++;
        } else if (entry instanceof Entry.Commit commit) {
            commits++;
            acknowledgements.appended(position, commit.lsn());
            visibility.committed(commit.transaction().xid(), position);
        } else if (entry instanceof Entry.Progress progress) {
            acknowledgements.appended(position, progress.lsn());
        } else if (entry instanceof Entry.Coverage newest) {
            coverage = newest.tables();
        } else if (entry instanceof Entry.Heartbeat heartbeat) {
            heartbeatAppendedAt = heartbeat.emittedAt();
        }
    }

    Position visibleThrough() {
        return visibility.through(appender.newest());
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
        return acknowledgements.durable(appender.durable());
    }

    /** What might be acknowledged when it was last looked. */
    Lsn durable() {
        return acknowledgements.durable();
    }

    /** When the newest heartbeat that was appended had been emitted. */
    Instant heartbeatAppendedAt() {
        return heartbeatAppendedAt;
    }

    long changes() {
        return changes;
    }

    long commits() {
        return commits;
    }
}
