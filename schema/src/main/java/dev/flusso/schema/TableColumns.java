package dev.flusso.schema;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which columns of one table a change must carry, before and after it, so that the documents it touches can be found.
 *
 * @param key columns by which other rows refer to a row of this table, or by which a document is named
 * @param references columns by which a row of this table refers to others; both empty means the primary key as the catalog knows it
 */
public record TableColumns(SortedSet<String> key, SortedSet<String> references) {

    public static final TableColumns NONE = new TableColumns(new TreeSet<>(), new TreeSet<>());

    public TableColumns {
        key = Collections.unmodifiableSortedSet(new TreeSet<>(key));
        references = Collections.unmodifiableSortedSet(new TreeSet<>(references));
    }

    public static TableColumns ofKey(Collection<String> columns) {
        return new TableColumns(new TreeSet<>(columns), new TreeSet<>());
    }

    public static TableColumns ofReferences(Collection<String> columns) {
        return new TableColumns(new TreeSet<>(), new TreeSet<>(columns));
    }

    /** What serves both. */
    public TableColumns plus(TableColumns other) {
        var keys = new TreeSet<>(key);
        keys.addAll(other.key);
        var all = new TreeSet<>(references);
        all.addAll(other.references);
        return new TableColumns(keys, all);
    }
}
