package dev.flusso.capture;

import dev.flusso.journal.Cell;
import dev.flusso.journal.Entry;
import dev.flusso.journal.Image;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.TableName;
import dev.flusso.journal.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes journal entries of the stream's events: which table, which columns, which transaction. One thread. */
final class Translator {

    /** The prefix of our own messages. */
    static final String PREFIX = "flusso";

    /** What a relation's rows look like, and the tables they are rows of; of a foreign relation there are none. */
    private record Shape(StreamEvent.Relation relation, List<Kept> tables) {}

    /** The columns that are kept of a table's rows, by their number in the relation. */
    @SuppressWarnings("ArrayRecordComponent") // stays in this class, is never compared
    private record Kept(TableName table, int[] columns) {}

    /** What the translator asks and tells. */
    interface Surroundings {
        /** A relation came that is not known to be needed or part of what is: the plan with a catalog read now. */
        CoveragePlan lookUp(StreamEvent.Relation relation);

        /** A needed table was described, perhaps anew. */
        void described(TableName table);

        /** Our heartbeat came back. */
        void heartbeat(Lsn lsn, Instant emittedAt);
    }

    private final String slot;
    private final Surroundings surroundings;
    private final Consumer<Entry> journal;
    private final Map<Integer, Shape> shapes = new HashMap<>();

    /** Tables by the oid they were last known by: one that has lost its name for a while is still the same. */
    private final Map<Integer, TableName> lastKnown = new HashMap<>();

    private Timelines timelines;
    private Snapshot snapshot;
    private CoveragePlan plan;
    private @Nullable Transaction open;
    private @Nullable Instant heartbeat;
    private long changes;
    private Lsn received = Lsn.ZERO;

    /**
     * @param slot marks our messages
     * @param snapshot taken in this session: transaction ids are extended by it
     * @param journal takes the entries in their order
     */
    Translator(
            String slot,
            Timelines timelines,
            Snapshot snapshot,
            CoveragePlan plan,
            Surroundings surroundings,
            Consumer<Entry> journal) {
        this.slot = slot;
        this.timelines = timelines;
        this.snapshot = snapshot;
        this.plan = plan;
        this.surroundings = surroundings;
        this.journal = journal;
        know(plan);
    }

    /** A newer snapshot. */
    void moment(Snapshot newest) {
        snapshot = newest;
    }

    /** Other columns are to be kept from now on. */
    void plan(CoveragePlan newest) {
        plan = newest;
        know(newest);
        shapes.replaceAll((oid, shape) -> shape(shape.relation()));
    }

    private void know(CoveragePlan newest) {
        newest.members().forEach((oid, tables) -> {
            lastKnown.values().removeAll(tables);
            tables.stream()
                    .filter(table -> !newest.leaves().containsKey(table))
                    .forEach(table -> lastKnown.put(oid, table));
        });
    }

    /** Whether a transaction has begun that is not complete. */
    boolean isOpen() {
        return open != null;
    }

    /** The end of the last commit. */
    Lsn received() {
        return received;
    }

    void on(StreamEvent event) {
        if (event instanceof StreamEvent.Row row) {
            row(row);
        } else if (event instanceof StreamEvent.Begin begin) {
            open = new Transaction(
                    timelines.at(begin.commitLsn()),
                    snapshot.extend(begin.xid()),
                    begin.commitLsn(),
                    begin.commitMicros());
            changes = 0;
        } else if (event instanceof StreamEvent.Commit commit) {
            commit(commit);
        } else if (event instanceof StreamEvent.Relation relation) {
            relation(relation);
        } else if (event instanceof StreamEvent.Truncate truncate) {
            truncate(truncate);
        } else if (event instanceof StreamEvent.Message message) {
            message(message);
        }
    }

    private Transaction transaction() {
        var now = open;
        if (now == null) {
            throw new IllegalStateException("the stream sent a change outside of a transaction");
        }
        return now;
    }

    private void commit(StreamEvent.Commit commit) {
        if (changes > 0) {
            journal.accept(new Entry.Commit(transaction(), commit.endLsn(), changes));
        }
        open = null;
        received = commit.endLsn();
        var emittedAt = heartbeat;
        heartbeat = null;
        if (emittedAt != null) {
            surroundings.heartbeat(commit.endLsn(), emittedAt);
        }
    }

    private void message(StreamEvent.Message message) {
        var content = message.content();
        if (!message.prefix().equals(PREFIX) || !content.startsWith(slot + " ")) {
            return;
        }
        Instant emittedAt;
        try {
            emittedAt = Instant.ofEpochMilli(Long.parseLong(content.substring(slot.length() + 1)));
        } catch (NumberFormatException e) {
            return; // somebody else's, under our prefix
        }
        if (isOpen()) {
            heartbeat = emittedAt;
        } else {
            surroundings.heartbeat(message.lsn(), emittedAt);
        }
    }

    /** The content of a heartbeat of ours. */
    static String heartbeatContent(String slot, Instant now) {
        return slot + " " + now.toEpochMilli();
    }

    private void relation(StreamEvent.Relation relation) {
        if (!plan.members().containsKey(relation.oid()) && !lastKnown.containsKey(relation.oid())) {
            plan(surroundings.lookUp(relation));
        }
        var shape = shape(relation);
        shapes.put(relation.oid(), shape);
        shape.tables().forEach(kept -> surroundings.described(kept.table()));
    }

    private Shape shape(StreamEvent.Relation relation) {
        var kept = new ArrayList<Kept>();
        for (var table : tables(relation)) {
            var wanted = plan.kept().get(table);
            if (wanted != null) {
                kept.add(new Kept(table, kept(relation, wanted)));
            }
        }
        return new Shape(relation, List.copyOf(kept));
    }

    /** The needed tables it holds rows of: by its oid, else by its name. */
    private Set<TableName> tables(StreamEvent.Relation relation) {
        var members = plan.members().get(relation.oid());
        if (members != null) {
            return members;
        }
        var known = lastKnown.get(relation.oid());
        if (known != null && plan.kept().containsKey(known)) {
            return Set.of(known);
        }
        return plan.kept().containsKey(relation.table()) ? Set.of(relation.table()) : Set.of();
    }

    /** The columns to keep by number; at least one, so that no change is ever left out for having none. */
    private static int[] kept(StreamEvent.Relation relation, SortedSet<String> wanted) {
        var numbers = new ArrayList<Integer>();
        var key = 0;
        for (var i = relation.columns().size() - 1; i >= 0; i--) {
            if (wanted.contains(relation.columns().get(i).name())) {
                numbers.add(i);
            }
            if (relation.columns().get(i).identity()) {
                key = i;
            }
        }
        if (numbers.isEmpty() && !relation.columns().isEmpty()) {
            numbers.add(key);
        }
        Collections.reverse(numbers);
        return numbers.stream().mapToInt(Integer::intValue).toArray();
    }

    private void row(StreamEvent.Row row) {
        var shape = shapes.get(row.oid());
        if (shape == null) {
            throw new IllegalStateException("the stream sent a row of table oid " + Integer.toUnsignedString(row.oid())
                    + " without having described it");
        }
        for (var kept : shape.tables()) {
            if (kept.columns().length > 0) {
                var before = row.before() == null ? Image.NONE : image(shape, kept, row.before(), row.beforeIsKey());
                var after = row.after() == null ? Image.NONE : image(shape, kept, row.after(), false);
                journal.accept(
                        new Entry.Change(transaction(), row.lsn(), row.operation(), kept.table(), before, after));
                changes++;
            }
        }
    }

    private static Image image(Shape shape, Kept kept, Tuple tuple, boolean keyOnly) {
        var cells = new ArrayList<Cell>(kept.columns().length);
        var columns = shape.relation().columns();
        for (var number : kept.columns()) {
            var column = columns.get(number);
            if (number < tuple.size() && (column.identity() || !keyOnly)) {
                cells.add(new Cell(column.name(), tuple.value(number), column.identity()));
            }
        }
        if (cells.isEmpty()) {
            addAnyKey(columns, tuple, cells);
        }
        return new Image(cells);
    }

    /** None of the kept columns was sent (a column was renamed, or the identity is an index without them): the key then. */
    private static void addAnyKey(List<StreamEvent.Column> columns, Tuple tuple, List<Cell> cells) {
        for (var number = 0; number < Math.min(columns.size(), tuple.size()); number++) {
            if (columns.get(number).identity()) {
                cells.add(new Cell(columns.get(number).name(), tuple.value(number), true));
            }
        }
    }

    private void truncate(StreamEvent.Truncate truncate) {
        var tables = new TreeSet<TableName>();
        var roots = new TreeSet<TableName>();
        for (var oid : truncate.oids()) {
            var shape = shapes.get(oid);
            if (shape != null) {
                shape.tables().forEach(kept -> (isRoot(kept.table()) ? roots : tables).add(kept.table()));
            }
        }
        var named = new HashSet<>(truncate.oids());
        var leavesOf = new TreeSet<TableName>();
        for (var root : roots) {
            var leaves = plan.leaves().getOrDefault(root, Collections.emptySet());
            (named.containsAll(leaves) ? tables : leavesOf).add(root);
        }
        if (!tables.isEmpty() || !leavesOf.isEmpty()) {
            journal.accept(new Entry.Truncate(transaction(), truncate.lsn(), tables, leavesOf));
            changes++;
        }
    }

    private boolean isRoot(TableName table) {
        return plan.leaves().containsKey(table);
    }
}
