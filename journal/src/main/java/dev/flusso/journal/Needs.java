package dev.flusso.journal;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a lane needs of the stream: its tables and, for each, the columns changes must carry.
 *
 * @param tables never empty of columns for a table it names, except for a table of which only TRUNCATE matters
 */
public record Needs(SortedMap<TableName, TableNeed> tables) {

    /** Nothing at all. */
    public static final Needs NONE = new Needs(new TreeMap<>());

    public Needs {
        tables = Collections.unmodifiableSortedMap(new TreeMap<>(tables));
    }

    /** What serves both. */
    public Needs plus(Needs other) {
        var union = new TreeMap<>(tables);
        other.tables.forEach((table, need) -> union.merge(table, need, TableNeed::plus));
        return new Needs(union);
    }
}
