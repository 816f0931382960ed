package dev.flusso.worker;

import dev.flusso.journal.Cell;
import dev.flusso.journal.Entry;
import dev.flusso.journal.Image;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.TableName;
import dev.flusso.journal.Transaction;
import dev.flusso.schema.DocumentSchema;
import dev.flusso.schema.Place;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Postgres as far as lanes know it: tables, transactions with ids, snapshots. A transaction that committed is in the log at once
 * and can be decoded; it may be visible to snapshots only later ({@link Committed#show}). Rows are never overwritten, so a snapshot is true
 * to its moment. Any thread.
 */
public final class InMemoryRows implements RowReader {

    /** One state of a row. */
    static final class Version {
        final SortedMap<String, String> cells;
        final long creator;
        long deleter;

        Version(SortedMap<String, String> cells, long creator) {
            this.cells = cells;
            this.creator = creator;
        }
    }

    private Predicate<DocumentSchema> broken = schema -> false;
    private Predicate<String> failing = json -> false;
    private final Map<TableName, List<Version>> tables = new TreeMap<>();
    private final Map<TableName, List<String>> primaryKeys = new HashMap<>();
    private final Set<Long> committed = new TreeSet<>();
    /** Transactions no snapshot shows: under way, or committed and hidden. */
    private final Set<Long> running = new TreeSet<>();

    private int timeline = 1;
    private String definition = "as first defined";
    private long nextXid = 100;
    private long lsn = 1_000;
    private @Nullable RuntimeException trouble;
    private boolean nextScanFails;
    private long questions;
    private boolean estimates = true;

    /** Makes a table. */
    public synchronized InMemoryRows table(TableName table, String... primaryKey) {
        tables.put(table, new ArrayList<>());
        primaryKeys.put(table, List.of(primaryKey));
        return this;
    }

    public synchronized Writing begin() {
        running.add(nextXid);
        return new Writing(nextXid++);
    }

    /** From now on each question fails: the database cannot be asked. */
    public synchronized void away() {
        trouble = new SourceUnavailableException(
                "the database is away, as the test wants it", new IllegalStateException());
    }

    /** From now on each question fails: a column is gone. */
    public synchronized void drift(String message) {
        trouble = new DriftException(Place.in("test.schema.yml"), message);
    }

    /** From now on documents of schemas like that cannot be asked for: a column they need is gone. */
    public synchronized void dropColumnOf(Predicate<DocumentSchema> schemas) {
        broken = schemas;
    }

    /** From now on a row makes the statement fail whose document would be like that: a division by zero in a filter. */
    public synchronized void failRows(Predicate<String> documents) {
        failing = documents;
    }

    synchronized boolean isFailing(String json) {
        return failing.test(json);
    }

    /** From now on each question fails with this. */
    public synchronized void fail(RuntimeException failure) {
        trouble = failure;
    }

    /** Ends {@link #away}, {@link #drift} and {@link #fail}. */
    public synchronized void heal() {
        trouble = null;
    }

    /** Tables or columns are others now, and their values may be. */
    public synchronized void redefine(String now) {
        definition = now;
    }

    synchronized String definition() {
        return definition;
    }

    /** The same rows on another timeline, as after a promotion. */
    public synchronized void timeline(int next) {
        timeline = next;
    }

    /** An older copy of the database: all that committed after this many transactions never happened. */
    public synchronized void rollBack(long toXid) {
        tables.values().forEach(rows -> {
            rows.removeIf(row -> row.creator >= toXid);
            rows.forEach(row -> row.deleter = row.deleter >= toXid ? 0 : row.deleter);
        });
        committed.removeIf(xid -> xid >= toXid);
        running.removeIf(xid -> xid >= toXid);
        nextXid = toXid;
    }

    public synchronized long nextXid() {
        return nextXid;
    }

    /** From now on nobody knows how many rows there are, as before the first ANALYZE. */
    public synchronized void forgetEstimates() {
        estimates = false;
    }

    synchronized boolean estimates() {
        return estimates;
    }

    /** How many statements were asked. */
    public synchronized long questions() {
        return questions;
    }

    /** What the documents of a schema should be now, by id: everything committed is visible here. */
    public synchronized SortedMap<String, String> documents(DocumentSchema schema) {
        var found = new TreeMap<String, String>();
        var reader = new RowDocuments(schema, table -> current(table, 0), primaryKeys);
        reader.keys().forEach(key -> {
            var json = reader.json(key);
            if (json != null) {
                found.put(key.toString(), json);
            }
        });
        return found;
    }

    @Override
    public synchronized Stamp stamp() {
        ask();
        return snapshot();
    }

    @Override
    public synchronized IndexReader open(String index, DocumentSchema schema, long maxDocumentBytes) {
        ask();
        if (broken.test(schema)) {
            throw new DriftException(Place.in("test.schema.yml"), "a column is gone, as the test wants it");
        }
        return new InMemoryIndexReader(this, schema, maxDocumentBytes);
    }

    synchronized Stamp snapshot() {
        var xmin = running.stream().mapToLong(x -> x).min().orElse(nextXid);
        return new Stamp(
                timeline,
                xmin,
                nextXid,
                running.stream().mapToLong(x -> x).sorted().toArray());
    }

    /** What a snapshot shows. */
    synchronized RowDocuments seenBy(Stamp stamp, DocumentSchema schema) {
        return new RowDocuments(
                schema,
                table -> rows(table).stream()
                        .filter(row -> sees(stamp, row.creator) && !(row.deleter != 0 && sees(stamp, row.deleter)))
                        .map(row -> row.cells)
                        .toList(),
                primaryKeys);
    }

    private boolean sees(Stamp stamp, long xid) {
        return stamp.sees(xid) && committed.contains(xid);
    }

    List<String> primaryKey(TableName table) {
        return primaryKeys.getOrDefault(table, List.of());
    }

    /** The next scan fails once: the database cannot be asked at that moment. */
    public synchronized void failNextScan() {
        nextScanFails = true;
    }

    synchronized void scan() {
        ask();
        if (nextScanFails) {
            nextScanFails = false;
            throw new SourceUnavailableException("the scan fails, as the test wants it", new IllegalStateException());
        }
    }

    synchronized void ask() {
        questions++;
        if (trouble != null) {
            throw trouble;
        }
    }

    private List<Version> rows(TableName table) {
        var rows = tables.get(table);
        if (rows == null) {
            throw new IllegalArgumentException("there is no table " + table);
        }
        return rows;
    }

    private List<SortedMap<String, String>> current(TableName table, long writer) {
        return versions(table, writer).stream().map(row -> row.cells).toList();
    }

    private List<Version> versions(TableName table, long writer) {
        return rows(table).stream()
                .filter(row -> isDone(row.creator, writer) && !(row.deleter != 0 && isDone(row.deleter, writer)))
                .toList();
    }

    private boolean isDone(long xid, long writer) {
        return xid == writer || committed.contains(xid);
    }

    /** A transaction under way. */
    public final class Writing {
        private final long xid;
        private final List<Draft> drafts = new ArrayList<>();

        private Writing(long xid) {
            this.xid = xid;
        }

        /** Adds a row: names and values by turns. */
        public Writing insert(TableName table, String... cells) {
            synchronized (InMemoryRows.this) {
                var row = row(cells);
                rows(table).add(new Version(row, xid));
                drafts.add(new Draft(Entry.Operation.INSERT, table, null, row));
                return this;
            }
        }

        /** Changes cells of the row with this key; nothing happens when there is none. */
        public Writing update(TableName table, Key key, String... cells) {
            synchronized (InMemoryRows.this) {
                for (var old : find(table, key)) {
                    var row = new TreeMap<>(old.cells);
                    row.putAll(row(cells));
                    old.deleter = xid;
                    rows(table).add(new Version(row, xid));
                    drafts.add(new Draft(Entry.Operation.UPDATE, table, old.cells, row));
                }
                return this;
            }
        }

        public Writing delete(TableName table, Key key) {
            synchronized (InMemoryRows.this) {
                for (var old : find(table, key)) {
                    old.deleter = xid;
                    drafts.add(new Draft(Entry.Operation.DELETE, table, old.cells, null));
                }
                return this;
            }
        }

        public Writing truncate(TableName table) {
            synchronized (InMemoryRows.this) {
                versions(table, xid).forEach(row -> row.deleter = xid);
                drafts.add(new Draft(null, table, null, null));
                return this;
            }
        }

        private List<Version> find(TableName table, Key key) {
            return versions(table, xid).stream()
                    .filter(row ->
                            RowDocuments.values(row.cells, primaryKey(table)).equals(key.parts()))
                    .toList();
        }

        /** Commits; the log has it, snapshots not yet. */
        public Committed commit(Instant at) {
            synchronized (InMemoryRows.this) {
                committed.add(xid);
                var transaction = new Transaction(timeline, xid, Lsn.of(++lsn), at.toEpochMilli() * 1_000);
                var entries = new ArrayList<Entry>();
                drafts.forEach(draft -> entries.add(draft.entry(transaction)));
                entries.add(new Entry.Commit(transaction, Lsn.of(++lsn), entries.size()));
                return new Committed(xid, List.copyOf(entries));
            }
        }
    }

    /** A committed transaction. */
    public final class Committed {
        private final long xid;
        private final List<Entry> entries;

        private Committed(long xid, List<Entry> entries) {
            this.xid = xid;
            this.entries = entries;
        }

        /** What is decoded of it: its changes and its end. */
        public List<Entry> entries() {
            return entries;
        }

        /** From now on snapshots show it. */
        public Committed show() {
            synchronized (InMemoryRows.this) {
                running.remove(xid);
                return this;
            }
        }

        public boolean isVisible() {
            synchronized (InMemoryRows.this) {
                return !running.contains(xid);
            }
        }
    }

    /** A change before its transaction has a place in the log. */
    private record Draft(
            Entry.@Nullable Operation operation,
            TableName table,
            @Nullable SortedMap<String, String> before,
            @Nullable SortedMap<String, String> after) {

        Entry entry(Transaction transaction) {
            return operation == null
                    ? new Entry.Truncate(
                            transaction, transaction.commitLsn(), new TreeSet<>(Set.of(table)), new TreeSet<>())
                    : new Entry.Change(
                            transaction, transaction.commitLsn(), operation, table, image(before), image(after));
        }

        private static Image image(@Nullable SortedMap<String, String> row) {
            if (row == null) {
                return Image.NONE;
            }
            var cells = new ArrayList<Cell>();
            row.forEach((column, value) -> cells.add(
                    value.equals(RowDocuments.NULL) ? Cell.ofNull(column, true) : Cell.text(column, value, true)));
            return new Image(cells);
        }
    }

    private static SortedMap<String, String> row(String... cells) {
        var row = new TreeMap<String, String>();
        for (var i = 0; i < cells.length; i += 2) {
            row.put(cells[i], cells[i + 1]);
        }
        return row;
    }
}
