package dev.flusso.capture;

import dev.flusso.journal.TableName;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The needed tables and the publication, at one moment.
 *
 * @param publication how it publishes
 * @param tables those of the needed tables that exist
 */
public record Catalog(Publication publication, SortedMap<TableName, SourceTable> tables) {

    public Catalog {
        tables = Collections.unmodifiableSortedMap(new TreeMap<>(tables));
    }

    /**
     * The publication.
     *
     * @param oid 0 when there is no publication of that name
     * @param everything whether it is FOR ALL TABLES
     * @param complete whether it publishes INSERT, UPDATE, DELETE and TRUNCATE
     * @param viaRoot whether partitions are published under their root's name
     * @param generated whether it sends stored generated columns, which it can since Postgres 18
     * @param ours whether the session's role owns it and may alter it
     */
    public record Publication(
            long oid, boolean everything, boolean complete, boolean viaRoot, boolean generated, boolean ours) {

        /** There is none. */
        public static final Publication NONE = new Publication(0, false, false, false, false, false);

        public boolean exists() {
            return oid != 0;
        }
    }
}
