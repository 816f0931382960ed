package dev.flusso.capture;

import dev.flusso.journal.Needs;
import dev.flusso.journal.TableCoverage;
import dev.flusso.journal.TableName;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the journal keeps of each table: what the lanes need, plus its primary key, as far as the publication sends it.
 *
 * @param coverage what is carried of each needed table that is published
 * @param kept the columns to keep of each needed table, published or not, there or not
 * @param members the needed tables whose rows a relation holds, by its oid: it may be needed itself, and be a partition of others that
 *     are. The stream's name for it can be another one: of a table that is renamed and gets its name back, changes come under the name
 *     it had in between
 * @param leaves the partitions of each partitioned table, by oid
 */
record CoveragePlan(
        SortedMap<TableName, TableCoverage> coverage,
        Map<TableName, SortedSet<String>> kept,
        Map<Integer, SortedSet<TableName>> members,
        Map<TableName, Set<Integer>> leaves) {

    static CoveragePlan of(Needs needs, Catalog catalog) {
        var coverage = new TreeMap<TableName, TableCoverage>();
        var kept = new HashMap<TableName, SortedSet<String>>();
        var members = new HashMap<Integer, SortedSet<TableName>>();
        var leaves = new HashMap<TableName, Set<Integer>>();
        needs.tables().forEach((name, need) -> {
            SortedSet<String> wanted = need.columns();
            var table = catalog.tables().get(name);
            if (table != null) {
                wanted.addAll(table.primaryKey());
                var carried = carried(table, catalog.publication(), wanted);
                if (carried != null) {
                    coverage.put(name, carried);
                }
                if (table.partitioned()) {
                    leaves.put(name, new TreeSet<>());
                } else {
                    members.computeIfAbsent(table.oid(), oid -> new TreeSet<>()).add(name);
                }
                for (var leaf : table.leaves()) {
                    members.computeIfAbsent(leaf.oid(), oid -> new TreeSet<>()).add(name);
                    leaves.computeIfAbsent(name, n -> new TreeSet<>()).add(leaf.oid());
                }
            }
            kept.put(name, wanted);
        });
        return new CoveragePlan(coverage, kept, members, leaves);
    }

    private static @Nullable TableCoverage carried(
            SourceTable table, Catalog.Publication publication, SortedSet<String> wanted) {
        var membership = table.membership();
        if (!publication.complete()
                || !membership.published()
                || membership.filtered()
                || (publication.viaRoot() && table.partitioned())) {
            return null;
        }
        var after = new TreeSet<>(wanted);
        after.retainAll(membership.columns());
        after.retainAll(table.sentColumns());
        var before = new TreeSet<>(after);
        before.retainAll(table.columnsBefore());
        return new TableCoverage(after, before);
    }

    /** What both carry: all that may be relied on while one is about to be replaced by the other. */
    static SortedMap<TableName, TableCoverage> common(
            SortedMap<TableName, TableCoverage> one, SortedMap<TableName, TableCoverage> other) {
        var common = new TreeMap<TableName, TableCoverage>();
        one.forEach((name, carried) -> {
            var also = other.get(name);
            if (also != null) {
                var after = new TreeSet<>(carried.after());
                after.retainAll(also.after());
                var before = new TreeSet<>(carried.before());
                before.retainAll(also.before());
                common.put(name, new TableCoverage(after, before));
            }
        });
        return common;
    }
}
