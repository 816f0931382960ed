package dev.flusso.journal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One entry of the journal: what may have changed. Each is complete in itself, so that reading can begin at any of them. Reading one
 * twice, late, or before it was synced does no harm: documents are always rebuilt from current rows.
 */
public sealed interface Entry {

    /** The place in the source's log this entry speaks of. */
    Lsn lsn();

    /** Which alternative this is, for a switch the compiler checks. */
    Kind kind();

    /** The alternatives. */
    enum Kind {
        CHANGE,
        TRUNCATE,
        COMMIT,
        PROGRESS,
        HEARTBEAT,
        COVERAGE,
        CATALOG_CHANGE,
        GAP
    }

    /** What was done to a row. */
    enum Operation {
        INSERT,
        UPDATE,
        DELETE
    }

    /**
     * One row was inserted, updated or deleted.
     *
     * @param table the table; of a partitioned table the root, never the leaf
     * @param before the row before the change, as far as the stream carried it; {@link Image#NONE} when it did not
     * @param after the row after the change; {@link Image#NONE} for a DELETE
     */
    record Change(Transaction transaction, Lsn lsn, Operation operation, TableName table, Image before, Image after)
            implements Entry {

        public Change {
            if (operation == Operation.DELETE ? !after.isEmpty() : after.isEmpty()) {
                throw new IllegalArgumentException(operation + " of " + table + " with the wrong image after it");
            }
            if (operation == Operation.DELETE && before.isEmpty()) {
                throw new IllegalArgumentException("DELETE of " + table + " without an image before it");
            }
        }

        @Override
        public Kind kind() {
            return Kind.CHANGE;
        }

        /**
         * The value a column had before the change; empty when the entry does not tell (the identity of that time did not hold
         * the column), and for an INSERT.
         */
        public Optional<Cell.Value> valueBefore(String column) {
            var old = before.cell(column);
            if (old.isPresent()) {
                return old.map(Cell::value);
            }
            if (operation == Operation.UPDATE && before.isEmpty()) {
                return after.cell(column).filter(Cell::identity).map(Cell::value);
            }
            return Optional.empty();
        }

        /** The value a column has after the change; empty when the entry does not tell, and for a DELETE. */
        public Optional<Cell.Value> valueAfter(String column) {
            return after.cell(column).map(Cell::value);
        }
    }

    /**
     * Tables were emptied.
     *
     * @param tables the tables; of partitioned tables the roots when every leaf was named, else listed in {@code leavesOf}
     * @param leavesOf roots of which some, not all, leaves were emptied
     */
    record Truncate(Transaction transaction, Lsn lsn, SortedSet<TableName> tables, SortedSet<TableName> leavesOf)
            implements Entry {

        public Truncate {
            tables = Collections.unmodifiableSortedSet(new TreeSet<>(tables));
            leavesOf = Collections.unmodifiableSortedSet(new TreeSet<>(leavesOf));
        }

        @Override
        public Kind kind() {
            return Kind.TRUNCATE;
        }
    }

    /**
     * A transaction is complete: every change of it, and of all before it, stands before this entry.
     *
     * @param lsn just past its commit record: the place the slot may be moved to once this entry is durable
     * @param changes how many entries it brought
     */
    record Commit(Transaction transaction, Lsn lsn, long changes) implements Entry {

        @Override
        public Kind kind() {
            return Kind.COMMIT;
        }
    }

    /**
     * Nothing up to here concerned us.
     *
     * @param lsn the place the slot may be moved to once this entry is durable
     * @param visibleThrough as of {@link Heartbeat}
     */
    record Progress(Lsn lsn, Position visibleThrough) implements Entry {

        @Override
        public Kind kind() {
            return Kind.PROGRESS;
        }
    }

    /**
     * A sign of life that went through the source's log.
     *
     * @param emittedAt when it was emitted, by capture's clock
     * @param visibleThrough every transaction whose {@link Commit} stands at or before this position was visible to any snapshot
     *     taken after this entry was appended: where a lane that begins to seed now may later begin to tail
     */
    record Heartbeat(Lsn lsn, Instant emittedAt, Position visibleThrough) implements Entry {

        @Override
        public Kind kind() {
            return Kind.HEARTBEAT;
        }
    }

    /**
     * From here on the stream carries these tables and columns; no transaction is under way any more that could commit rows
     * unseen. What is in force is also noted at each segment's start, which readers do not see: {@link Reader#coverageAt} finds it.
     *
     * @param visibleThrough as of {@link Heartbeat}
     * @param tables what is carried
     */
    record Coverage(Lsn lsn, Position visibleThrough, SortedMap<TableName, TableCoverage> tables) implements Entry {

        public Coverage {
            tables = Collections.unmodifiableSortedMap(new TreeMap<>(tables));
        }

        @Override
        public Kind kind() {
            return Kind.COVERAGE;
        }

        public boolean holds(Needs needs) {
            return missing(needs).isEmpty();
        }

        /** What is needed and not carried, a line each: {@code public.orders: user_id before a change}. */
        public List<String> missing(Needs needs) {
            var missing = new ArrayList<String>();
            needs.tables().forEach((table, need) -> {
                var carried = tables.get(table);
                if (carried == null) {
                    missing.add(table + ": not in the stream");
                    return;
                }
                for (var column : need.columns()) {
                    if (!carried.after().contains(column)) {
                        missing.add(table + ": " + column);
                    } else if (!carried.before().contains(column)) {
                        missing.add(table + ": " + column + " before a change");
                    }
                }
            });
            return List.copyOf(missing);
        }
    }

    /**
     * The definition of a table changed.
     *
     * @param detail one line for people
     */
    record CatalogChange(Lsn lsn, TableName table, String detail) implements Entry {

        @Override
        public Kind kind() {
            return Kind.CATALOG_CHANGE;
        }
    }

    /** Changes may be missing between the entry before this one and the one after it. */
    record Missing(Lsn lsn, Gap gap) implements Entry {

        @Override
        public Kind kind() {
            return Kind.GAP;
        }
    }
}
