package dev.flusso.capture;

import dev.flusso.journal.TableName;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A table as the catalog has it now.
 *
 * @param oid by which the stream names it
 * @param file where its rows lie: another one after all of them were written anew
 * @param columns in the catalog's order, dropped ones left out
 * @param primaryKey its columns in order; empty when it has none
 * @param identity what the stream carries of a row before a change
 * @param membership how it is published
 * @param partitioned whether its rows lie in {@code leaves}
 * @param leaves the partitions that hold its rows, at any depth; empty for an ordinary table
 * @param policies whether row-level security is enabled
 * @param obstacle what forbids to publish it, whatever its replica identity is
 */
public record SourceTable(
        TableName name,
        int oid,
        long file,
        List<Column> columns,
        List<String> primaryKey,
        Identity identity,
        Membership membership,
        boolean partitioned,
        List<Leaf> leaves,
        boolean policies,
        Obstacle obstacle) {

    public SourceTable {
        columns = List.copyOf(columns);
        primaryKey = List.copyOf(primaryKey);
        leaves = List.copyOf(leaves);
    }

    /**
     * A column.
     *
     * @param number its number in the table; a column dropped and added again has another
     * @param type as {@code format_type} prints it, with length and scale
     * @param sent whether the stream can carry it: generated columns it carries only since Postgres 18, and the virtual ones never
     * @param defined tells one definition of it from another, also when type and number are the same
     */
    public record Column(String name, int number, String type, boolean notNull, boolean sent, long defined) {}

    /**
     * Why a table must not be published, or would be in vain.
     *
     * @param problem one line; empty when there is none
     * @param remedy SQL that mends it; empty when there is none that is sure to
     */
    public record Obstacle(String problem, String remedy) {

        /** None. */
        public static final Obstacle NONE = new Obstacle("", "");

        public boolean isEmpty() {
            return problem.isEmpty();
        }
    }

    /** A replica identity. */
    public enum IdentityKind {
        DEFAULT('d'),
        NOTHING('n'),
        FULL('f'),
        INDEX('i');

        private final char code;

        IdentityKind(char code) {
            this.code = code;
        }

        /** Reads {@code pg_class.relreplident}. */
        public static IdentityKind parse(String text) {
            for (var kind : values()) {
                if (text.length() == 1 && text.charAt(0) == kind.code) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("'" + text + "' is no replica identity, expected d, n, f or i");
        }
    }

    /**
     * What is sent of a row before a change.
     *
     * @param columns the columns an old image carries: all that are sent with FULL; empty when an UPDATE or DELETE of a published
     *     table would fail
     */
    public record Identity(IdentityKind kind, SortedSet<String> columns) {

        public Identity {
            columns = Collections.unmodifiableSortedSet(new TreeSet<>(columns));
        }

        /** Whether the table can be published without making the application's statements fail. */
        public boolean isUsable() {
            return !columns.isEmpty();
        }
    }

    /**
     * How a table is published.
     *
     * @param published whether changes of the table (of a partitioned one: of all its leaves, and of leaves to come) are sent
     * @param oid the catalog row that says so; another one after the table was taken out and added again; 0 when not published
     * @param columns those that are sent; all of the table unless there is a column list
     * @param filtered whether a row filter holds back rows
     */
    public record Membership(boolean published, long oid, SortedSet<String> columns, boolean filtered) {

        /** Not published. */
        public static final Membership NONE = new Membership(false, 0, new TreeSet<>(), false);

        public Membership {
            columns = Collections.unmodifiableSortedSet(new TreeSet<>(columns));
        }
    }

    /**
     * A partition that holds rows.
     *
     * @param bornAttached whether it was created as a partition of a table that was one already, so that each of its rows has come
     *     through the stream
     * @param attachment tells one attachment to the table from another, of itself or of what stands between the two
     * @param file where its rows lie
     */
    public record Leaf(int oid, TableName name, Identity identity, boolean bornAttached, long attachment, long file) {}

    /** The columns an old image surely carries, of whichever leaf the row is. */
    public SortedSet<String> columnsBefore() {
        if (!partitioned) {
            return identity.columns();
        }
        var common = new TreeSet<String>();
        columns.forEach(column -> common.add(column.name()));
        leaves.forEach(leaf -> common.retainAll(leaf.identity().columns()));
        return common;
    }

    /** Whether publishing it makes none of the application's statements fail. */
    public boolean isPublishable() {
        if (!obstacle.isEmpty()) {
            return false;
        }
        return partitioned ? leaves.stream().allMatch(leaf -> leaf.identity().isUsable()) : identity.isUsable();
    }

    /** Those the stream can carry. */
    public SortedSet<String> sentColumns() {
        var names = new TreeSet<String>();
        columns.stream().filter(Column::sent).forEach(column -> names.add(column.name()));
        return names;
    }

    public SortedSet<String> columnNames() {
        var names = new TreeSet<String>();
        columns.forEach(column -> names.add(column.name()));
        return names;
    }
}
