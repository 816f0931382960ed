package dev.flusso.journal;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which columns of one table a lane must see in each change, before and after it, in order to find the documents it touches.
 *
 * @param keyColumns columns by which other rows refer to a row of this table, or by which a document is named
 * @param referenceColumns columns by which a row of this table refers to others
 */
public record TableNeed(SortedSet<String> keyColumns, SortedSet<String> referenceColumns) {

    public TableNeed {
        keyColumns = Collections.unmodifiableSortedSet(new TreeSet<>(keyColumns));
        referenceColumns = Collections.unmodifiableSortedSet(new TreeSet<>(referenceColumns));
    }

    public static TableNeed of(Collection<String> keyColumns, Collection<String> referenceColumns) {
        return new TableNeed(new TreeSet<>(keyColumns), new TreeSet<>(referenceColumns));
    }

    /** All of them. */
    public SortedSet<String> columns() {
        var all = new TreeSet<>(keyColumns);
        all.addAll(referenceColumns);
        return all;
    }

    /** What serves both. */
    public TableNeed plus(TableNeed other) {
        var keys = new TreeSet<>(keyColumns);
        keys.addAll(other.keyColumns);
        var references = new TreeSet<>(referenceColumns);
        references.addAll(other.referenceColumns);
        return new TableNeed(keys, references);
    }
}
