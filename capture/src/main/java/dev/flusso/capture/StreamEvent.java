package dev.flusso.capture;

import dev.flusso.journal.Entry;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.TableName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One message of the stream. */
public sealed interface StreamEvent {

    /** Which alternative this is, for a switch the compiler checks. */
    Kind kind();

    /** The alternatives. */
    enum Kind {
        BEGIN,
        RELATION,
        ROW,
        TRUNCATE,
        MESSAGE,
        COMMIT,
        OTHER
    }

    /**
     * A committed transaction follows, whole.
     *
     * @param commitLsn where its commit record begins
     * @param commitMicros its commit time, microseconds since 1970
     * @param xid the lower 32 bits of its id
     */
    record Begin(Lsn commitLsn, long commitMicros, int xid) implements StreamEvent {
        @Override
        public Kind kind() {
            return Kind.BEGIN;
        }
    }

    /**
     * What a table looks like in the rows that follow; comes before its first row and after each change of its definition.
     *
     * @param oid by which rows name it
     * @param table its name at that time; a leaf partition's own
     * @param identity its replica identity: d, n, f or i
     */
    record Relation(int oid, TableName table, char identity, List<Column> columns) implements StreamEvent {

        public Relation {
            columns = List.copyOf(columns);
        }

        @Override
        public Kind kind() {
            return Kind.RELATION;
        }
    }

    /**
     * A column of a relation.
     *
     * @param identity whether it belongs to the replica identity
     * @param type its type's oid
     */
    record Column(String name, boolean identity, int type) {}

    /**
     * A row was changed.
     *
     * @param before the row before; null when it was not sent
     * @param beforeIsKey whether only identity columns of {@code before} mean anything (the others come as NULL)
     * @param after the row after; null for a DELETE
     */
    record Row(
            Lsn lsn,
            Entry.Operation operation,
            int oid,
            @Nullable Tuple before,
            boolean beforeIsKey,
            @Nullable Tuple after)
            implements StreamEvent {
        @Override
        public Kind kind() {
            return Kind.ROW;
        }
    }

    /** Tables were emptied; of partitioned ones each leaf is named. */
    record Truncate(Lsn lsn, List<Integer> oids) implements StreamEvent {

        public Truncate {
            oids = List.copyOf(oids);
        }

        @Override
        public Kind kind() {
            return Kind.TRUNCATE;
        }
    }

    /**
     * Somebody called {@code pg_logical_emit_message}.
     *
     * @param content as UTF-8
     */
    record Message(Lsn lsn, String prefix, String content) implements StreamEvent {
        @Override
        public Kind kind() {
            return Kind.MESSAGE;
        }
    }

    /**
     * The transaction is complete.
     *
     * @param commitLsn where its commit record begins
     * @param endLsn just past it: what may be acknowledged
     */
    record Commit(Lsn commitLsn, Lsn endLsn) implements StreamEvent {
        @Override
        public Kind kind() {
            return Kind.COMMIT;
        }
    }

    /** Something that does not concern us: a type, an origin. */
    record Other(char tag) implements StreamEvent {
        @Override
        public Kind kind() {
            return Kind.OTHER;
        }
    }
}
