package dev.flusso.postgres.provision;

import dev.flusso.capture.Blocker;
import dev.flusso.capture.SourceTable;
import dev.flusso.journal.Needs;
import dev.flusso.journal.TableName;
import dev.flusso.postgres.catalog.CatalogReader;
import dev.flusso.schema.SourceConfig;
import dev.flusso.schema.TableRef;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Replica identity: which tables do not send what is needed of a row before a change, and what would make them. Of what serves, the
 * cheapest for the application is chosen: the primary key, then a fitting unique index that is there anyway, then FULL.
 */
final class Identities {

    private static final String FULL = "FULL";

    private final SourceConfig.ReplicaIdentity policy;
    private final Function<String, @Nullable String> run;

    /** @param run runs a statement with a lock timeout; what went wrong, or null */
    Identities(SourceConfig.ReplicaIdentity policy, Function<String, @Nullable String> run) {
        this.policy = policy;
        this.run = run;
    }

    /**
     * A statement that is due, and why.
     *
     * @param sql empty when none helps
     */
    record Change(TableName table, String problem, String sql, boolean full, boolean usable, boolean required) {}

    /**
     * Makes the tables send what is needed, as far as that is allowed; what is left to be done by others.
     *
     * @param listed tables whose publication has a column list: with another identity their UPDATE and DELETE could fail
     */
    List<Blocker> ensure(List<Change> changes, Collection<TableName> listed) {
        var blockers = new ArrayList<Blocker>();
        for (var change : changes) {
            if (change.sql().isEmpty()) {
                blockers.add(new Blocker(change.table().toString(), change.problem(), ""));
                continue;
            }
            if (policy == SourceConfig.ReplicaIdentity.MANAGE && listed.contains(change.table())) {
                blockers.add(new Blocker(
                        change.table().toString(),
                        change.problem() + "; before that changes, it must be published without a column list",
                        change.sql()));
                continue;
            }
            if (policy != SourceConfig.ReplicaIdentity.MANAGE) {
                if (change.required()) {
                    blockers.add(new Blocker(change.table().toString(), problem(change), change.sql()));
                }
                continue;
            }
            var failure = run.apply(change.sql());
            if (failure != null && change.required()) {
                blockers.add(new Blocker(change.table().toString(), change.problem() + "; " + failure, change.sql()));
            }
        }
        return blockers;
    }

    private String problem(Change change) {
        return policy == SourceConfig.ReplicaIdentity.WARN && change.usable()
                ? change.problem() + ": documents can go stale"
                : change.problem();
    }

    /** What is due for all needed tables. */
    static List<Change> due(Needs needs, CatalogReader.Reading reading) {
        var wanted = wanted(needs, reading);
        var due = new LinkedHashSet<Change>();
        tables(needs, reading).forEach(table -> due.addAll(due(table, wanted, reading)));
        return List.copyOf(due);
    }

    private static List<SourceTable> tables(Needs needs, CatalogReader.Reading reading) {
        return needs.tables().keySet().stream()
                .flatMap(name -> Stream.ofNullable(reading.catalog().tables().get(name)))
                .filter(table ->
                        table.obstacle().isEmpty() || table.membership().published())
                .toList();
    }

    /** The columns each table or leaf must send, by oid: a leaf can be needed for its root and for itself. */
    private static Map<Integer, SortedSet<String>> wanted(Needs needs, CatalogReader.Reading reading) {
        var wanted = new HashMap<Integer, SortedSet<String>>();
        for (var table : tables(needs, reading)) {
            var need = needs.tables().get(table.name());
            if (need != null) {
                var columns = need.columns();
                columns.retainAll(table.sentColumns());
                var oids = table.partitioned()
                        ? table.leaves().stream().map(SourceTable.Leaf::oid).toList()
                        : List.of(table.oid());
                oids.forEach(oid ->
                        wanted.computeIfAbsent(oid, any -> new TreeSet<>()).addAll(columns));
            }
        }
        return wanted;
    }

    private static List<Change> due(
            SourceTable table, Map<Integer, SortedSet<String>> wanted, CatalogReader.Reading reading) {
        var due = new ArrayList<Change>();
        if (!table.partitioned()) {
            add(due, table.name(), table.oid(), table.identity(), wanted, reading);
            return due;
        }
        for (var leaf : table.leaves()) {
            add(due, leaf.name(), leaf.oid(), leaf.identity(), wanted, reading);
        }
        if (due.stream().anyMatch(Change::full)
                && !reading.neverFull().contains(table.oid())
                && table.identity().kind() != SourceTable.IdentityKind.FULL) {
            due.add(new Change(table.name(), "its partitions have FULL", sql(table.name(), FULL), true, true, false));
        }
        return due;
    }

    private static void add(
            List<Change> due,
            TableName name,
            int oid,
            SourceTable.Identity identity,
            Map<Integer, SortedSet<String>> wantedByOid,
            CatalogReader.Reading reading) {
        SortedSet<String> wanted = wantedByOid.getOrDefault(oid, Collections.emptySortedSet());
        if (identity.isUsable() && identity.columns().containsAll(wanted)) {
            return;
        }
        var problem = identity.isUsable()
                ? "its replica identity " + identity.kind() + " carries " + identity.columns()
                        + " of a row before a change, needed are " + wanted
                : "it has no usable replica identity (" + identity.kind()
                        + "): published like that, the application's UPDATE and DELETE would fail";
        var target = target(wanted, reading.indexes().getOrDefault(oid, List.of()));
        if (target.equals(FULL) && reading.neverFull().contains(oid)) {
            var why =
                    "; FULL does not go with its generated columns: what serves is a unique index of NOT NULL columns over "
                            + wanted;
            due.add(new Change(name, problem + why, "", false, identity.isUsable(), true));
            return;
        }
        due.add(new Change(name, problem, sql(name, target), target.equals(FULL), identity.isUsable(), true));
    }

    private static String target(SortedSet<String> wanted, List<CatalogReader.Index> indexes) {
        for (var index : indexes) {
            if (index.primary() && index.immediate() && index.columns().containsAll(wanted)) {
                return "DEFAULT";
            }
        }
        return indexes.stream()
                .filter(index -> index.fits() && index.columns().containsAll(wanted))
                .findFirst()
                .map(index -> "USING INDEX " + TableRef.quoted(index.name()))
                .orElse(FULL);
    }

    private static String sql(TableName table, String target) {
        return "ALTER TABLE " + table.sql() + " REPLICA IDENTITY " + target;
    }
}
