package dev.flusso.journal;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Changes may be missing here: whoever reads past this must build anew what it concerns.
 *
 * @param reason what happened
 * @param tables the tables concerned; empty means every table
 * @param detail one line for people: the values that disagree and what was expected
 */
public record Gap(Reason reason, SortedSet<TableName> tables, String detail) {

    /** Why continuation could not be proven. */
    public enum Reason {
        /** The replication slot is gone and was made again. */
        SLOT_LOST,
        /** The replication slot was invalidated by the server and was made again. */
        SLOT_INVALIDATED,
        /** Another database, by system identifier or name. */
        SOURCE_REPLACED,
        /** The same database on a timeline that left ours before our last change, or with less history than we have seen. */
        SOURCE_ROLLED_BACK,
        /** This journal ends before what the slot has been told is safe. */
        JOURNAL_ROLLED_BACK,
        /** A stretch of this journal can no longer be read. */
        JOURNAL_DAMAGED,
        /** A partition was attached, detached or dropped: rows came or went without an event. */
        PARTITION_CHANGED,
        /** A used column was retyped or a table swapped under its name: values changed without an event. */
        TABLE_CHANGED
    }

    public Gap {
        tables = Collections.unmodifiableSortedSet(new TreeSet<>(tables));
    }

    /** A gap that concerns every table. */
    public static Gap everywhere(Reason reason, String detail) {
        return new Gap(reason, new TreeSet<>(), detail);
    }

    public boolean concerns(TableName table) {
        return tables.isEmpty() || tables.contains(table);
    }
}
