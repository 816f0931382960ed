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
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes journal entries of the stream's events: which table, which columns, which transaction. One thread. */
final class Translator {

    /** The prefix of our own messages. */
    static final String PREFIX = "flusso";

    /** What a table's rows look like, and what is kept of them; foreign tables keep nothing. */
    @SuppressWarnings("ArrayRecordComponent") // stays in this class, is never compared
    private record Shape(
            StreamEvent.Relation relation, @Nullable TableName table, int[] kept) {}

    /** What the translator asks and tells. */
    interface Surroundings {
        /** A table came that is neither needed nor a known partition: the plan with a catalog read now. */
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
    }

    /** A newer snapshot. */
    void moment(Snapshot newest) {
        snapshot = newest;
    }

    /** Other columns are to be kept from now on. */
    void plan(CoveragePlan newest) {
        plan = newest;
        shapes.replaceAll((oid, shape) -> shape(shape.relation()));
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
        if (!plan.roots().containsKey(relation.oid()) && !plan.kept().containsKey(relation.table())) {
            plan(surroundings.lookUp(relation));
        }
        var shape = shape(relation);
        shapes.put(relation.oid(), shape);
        if (shape.table() != null) {
            surroundings.described(shape.table());
        }
    }

    private Shape shape(StreamEvent.Relation relation) {
        var root = plan.roots().get(relation.oid());
        var table = root != null ? root : relation.table();
        var wanted = plan.kept().get(table);
        return wanted == null
                ? new Shape(relation, null, new int[0])
                : new Shape(relation, table, kept(relation, wanted));
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
        var table = shape.table();
        if (table == null || shape.kept().length == 0) {
            return;
        }
        var before = row.before() == null ? Image.NONE : image(shape, row.before(), row.beforeIsKey());
        var after = row.after() == null ? Image.NONE : image(shape, row.after(), false);
        journal.accept(new Entry.Change(transaction(), row.lsn(), row.operation(), table, before, after));
        changes++;
    }

    private static Image image(Shape shape, Tuple tuple, boolean keyOnly) {
        var cells = new ArrayList<Cell>(shape.kept().length);
        var columns = shape.relation().columns();
        for (var number : shape.kept()) {
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
            if (shape != null && shape.table() != null) {
                (plan.roots().containsKey(oid) ? roots : tables).add(shape.table());
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
}
