package dev.flusso.journal;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What the stream carries of one table.
 *
 * @param after columns carried in the image after a change
 * @param before columns whose value before an UPDATE or DELETE is carried, or known to be what it was: the replica identity
 */
public record TableCoverage(SortedSet<String> after, SortedSet<String> before) {

    public TableCoverage {
        after = Collections.unmodifiableSortedSet(new TreeSet<>(after));
        before = Collections.unmodifiableSortedSet(new TreeSet<>(before));
    }

    public static TableCoverage of(Collection<String> after, Collection<String> before) {
        return new TableCoverage(new TreeSet<>(after), new TreeSet<>(before));
    }
}
