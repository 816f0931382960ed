package dev.flusso.capture;

import dev.flusso.journal.TableName;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What provisioning came to.
 *
 * @param catalog the tables and the publication as they are afterwards
 * @param blockers what could not be done, or may not be
 * @param republished tables that were taken out of the publication and added again in one transaction: no change was lost by that
 */
public record Provisioned(Catalog catalog, List<Blocker> blockers, SortedSet<TableName> republished) {

    public Provisioned {
        blockers = List.copyOf(blockers);
        republished = Collections.unmodifiableSortedSet(new TreeSet<>(republished));
    }
}
