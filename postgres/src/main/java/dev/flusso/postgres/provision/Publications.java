package dev.flusso.postgres.provision;

import dev.flusso.capture.Blocker;
import dev.flusso.capture.Catalog;
import dev.flusso.capture.SourceNotUsableException;
import dev.flusso.capture.SourceTable;
import dev.flusso.journal.Needs;
import dev.flusso.journal.TableName;
import dev.flusso.schema.SourceConfig;
import dev.flusso.schema.TableRef;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The publication: made and extended where that is allowed. Of a partitioned table the root is added, so that leaves to come are
 * included; a table whose identity is unusable is never added.
 */
final class Publications {

    private static final int COLUMN_LISTS_SINCE = 150_000;
    private static final int GENERATED_SENT_SINCE = 180_000;
    private static final String GENERATED = "publish_generated_columns = stored";

    private final ProvisionPolicy policy;
    private final int serverVersion;
    private final Function<String, @Nullable String> run;

    /** @param run runs statements with a lock timeout, in one transaction; what went wrong, or null */
    Publications(ProvisionPolicy policy, int serverVersion, Function<String, @Nullable String> run) {
        this.policy = policy;
        this.serverVersion = serverVersion;
        this.run = run;
    }

    /**
     * @param blockers what could not be done
     * @param republished tables taken out and added again in one transaction: no change of them was lost
     */
    record Outcome(List<Blocker> blockers, SortedSet<TableName> republished) {}

    /**
     * @param lists the column list of each table that has one
     * @param identityStatements what is due before the publication can serve: for the message when there is none
     * @throws SourceNotUsableException when there is no publication and it cannot be made
     */
    Outcome ensure(
            Needs needs, Catalog catalog, Map<TableName, SortedSet<String>> lists, List<String> identityStatements) {
        if (!catalog.publication().exists()) {
            create(needs, catalog, identityStatements);
            return new Outcome(absent(needs, catalog), new TreeSet<>());
        }
        var blockers = new ArrayList<>(absent(needs, catalog));
        options(needs, catalog, blockers);
        var republished = tables(needs, catalog, lists, blockers);
        return new Outcome(blockers, republished);
    }

    private void create(Needs needs, Catalog catalog, List<String> identityStatements) {
        var sql = creation(needs, catalog, false);
        var complete = creation(needs, catalog, !identityStatements.isEmpty());
        var advice = identityStatements.stream().map(s -> s + "; ").collect(Collectors.joining()) + complete + ";";
        if (!policy.managePublication()) {
            throw new SourceNotUsableException("publication '" + policy.publication()
                    + "' does not exist and 'source.manage_publication' is false; run: " + advice);
        }
        var failure = run.apply(sql);
        if (failure != null) {
            throw new SourceNotUsableException("publication '" + policy.publication()
                    + "' does not exist and cannot be created: " + failure + "; run as its owner-to-be: " + advice);
        }
    }

    private String publishing() {
        return "(publish = 'insert, update, delete, truncate', publish_via_partition_root = false"
                + (serverVersion >= GENERATED_SENT_SINCE ? ", " + GENERATED : "") + ")";
    }

    /**
     * Since Postgres 18 an identity must not hold columns that are not sent, so the generated ones come first: whether that was put
     * right now.
     */
    boolean sendGenerated(Catalog catalog) {
        var publication = catalog.publication();
        var some = catalog.tables().values().stream()
                .flatMap(table -> table.columns().stream())
                .anyMatch(column -> !column.sent());
        return serverVersion >= GENERATED_SENT_SINCE
                && some
                && publication.exists()
                && !publication.generated()
                && policy.managePublication()
                && run.apply("ALTER PUBLICATION " + TableRef.quoted(policy.publication()) + " SET (" + GENERATED + ")")
                        == null;
    }

    /** @param all also those tables whose identity is unusable now */
    String creation(Needs needs, Catalog catalog, boolean all) {
        return "CREATE PUBLICATION " + TableRef.quoted(policy.publication()) + tableList(needs, catalog, all) + " WITH "
                + publishing();
    }

    /** What puts a table in, once its identity is usable. */
    String addition(SourceTable table, Needs needs, Catalog catalog) {
        return add(table, columnList(table, needs, catalog));
    }

    private String tableList(Needs needs, Catalog catalog, boolean all) {
        var parts = new ArrayList<String>();
        needs.tables().forEach((name, need) -> {
            var table = catalog.tables().get(name);
            if (table != null && table.obstacle().isEmpty() && (all || table.isPublishable())) {
                parts.add(member(table, columnList(table, needs, catalog)));
            }
        });
        return parts.isEmpty() ? "" : " FOR TABLE " + String.join(", ", parts);
    }

    private List<Blocker> absent(Needs needs, Catalog catalog) {
        var blockers = new ArrayList<Blocker>();
        needs.tables().forEach((name, need) -> {
            var table = catalog.tables().get(name);
            if (table == null) {
                blockers.add(new Blocker(name.toString(), "there is no such table (views cannot be captured)", ""));
                return;
            }
            var columns = need.columns();
            columns.removeAll(table.columnNames());
            if (!columns.isEmpty()) {
                blockers.add(new Blocker(name.toString(), "it has no column " + String.join(", ", columns), ""));
            }
            var unsent = need.columns();
            unsent.retainAll(table.columnNames());
            unsent.removeAll(table.sentColumns());
            if (!unsent.isEmpty()) {
                blockers.add(unsent(table, String.join(", ", unsent)));
            }
            if (!table.obstacle().isEmpty() && !table.membership().published()) {
                var obstacle = table.obstacle();
                blockers.add(new Blocker(name.toString(), obstacle.problem(), obstacle.remedy()));
            }
        });
        return blockers;
    }

    private Blocker unsent(SourceTable table, String columns) {
        return serverVersion >= GENERATED_SENT_SINCE
                ? new Blocker(
                        table.name().toString(),
                        "the stream does not carry the generated " + columns + " (virtual ones it never does)",
                        "ALTER PUBLICATION " + TableRef.quoted(policy.publication()) + " SET (" + GENERATED + ")")
                : new Blocker(
                        table.name().toString(),
                        "the stream does not carry the generated " + columns + " (Postgres 18 can send stored ones)",
                        "");
    }

    private void options(Needs needs, Catalog catalog, List<Blocker> blockers) {
        var partitioned = catalog.tables().values().stream()
                .filter(table -> needs.tables().containsKey(table.name()))
                .anyMatch(SourceTable::partitioned);
        var publication = catalog.publication();
        if (publication.complete() && !(publication.viaRoot() && partitioned)) {
            return;
        }
        var sql = "ALTER PUBLICATION " + TableRef.quoted(policy.publication()) + " SET " + publishing();
        var problem = publication.complete()
                ? "it publishes partitions under their root's name, which hides their TRUNCATE and old rows"
                : "it does not publish all of insert, update, delete and truncate";
        attempt("publication " + policy.publication(), problem, sql, blockers);
    }

    private SortedSet<TableName> tables(
            Needs needs, Catalog catalog, Map<TableName, SortedSet<String>> lists, List<Blocker> blockers) {
        var republished = new TreeSet<TableName>();
        for (var name : needs.tables().keySet()) {
            var table = catalog.tables().get(name);
            if (table == null || !table.isPublishable()) {
                continue;
            }
            var membership = table.membership();
            var list = columnList(table, needs, catalog);
            if (!membership.published()) {
                attempt(
                        name.toString(),
                        "it is not in publication '" + policy.publication() + "'",
                        add(table, list),
                        blockers);
            } else if (membership.filtered()) {
                blockers.add(new Blocker(
                        name.toString(),
                        "publication '" + policy.publication() + "' sends only some of its rows",
                        drop(table) + "; " + add(table, list)));
            } else if (!isListed(lists.get(name), list)) {
                var problem = "publication '" + policy.publication() + "' sends the columns " + lists.get(name)
                        + (list == null ? ", needed is the whole row" : ", needed are " + list);
                if (attempt(name.toString(), problem, drop(table) + "; " + add(table, list), blockers)) {
                    republished.add(name);
                }
            }
        }
        return republished;
    }

    /** Whether the publication sends of the table what it should: whole rows serve everybody. */
    private static boolean isListed(@Nullable SortedSet<String> has, @Nullable SortedSet<String> should) {
        return has == null || (should != null && has.containsAll(should));
    }

    private boolean attempt(String subject, String problem, String sql, List<Blocker> blockers) {
        if (!policy.managePublication()) {
            blockers.add(new Blocker(subject, problem, sql));
            return false;
        }
        var failure = run.apply(sql);
        if (failure != null) {
            blockers.add(new Blocker(subject, problem + "; " + failure, sql));
        }
        return failure == null;
    }

    /** The columns to publish; null for the whole row. */
    private @Nullable SortedSet<String> columnList(SourceTable table, Needs needs, Catalog catalog) {
        if (policy.publish() != SourceConfig.Publish.KEYS
                || serverVersion < COLUMN_LISTS_SINCE
                || table.partitioned()
                || isPartition(table, catalog)
                || table.identity().kind() == SourceTable.IdentityKind.FULL) {
            return null;
        }
        if (serverVersion < GENERATED_SENT_SINCE && !table.sentColumns().containsAll(table.columnNames())) {
            return null; // a list must hold the whole identity, and cannot hold generated columns
        }
        var list = new TreeSet<>(table.identity().columns());
        list.addAll(table.primaryKey());
        var need = needs.tables().get(table.name());
        if (need != null) {
            list.addAll(need.columns());
        }
        list.retainAll(table.sentColumns());
        return list.isEmpty() ? null : list;
    }

    /** Whether a table above it is needed too, which is published whole. */
    private static boolean isPartition(SourceTable table, Catalog catalog) {
        return catalog.tables().values().stream()
                .flatMap(other -> other.leaves().stream())
                .anyMatch(leaf -> leaf.oid() == table.oid());
    }

    private String add(SourceTable table, @Nullable SortedSet<String> list) {
        return "ALTER PUBLICATION " + TableRef.quoted(policy.publication()) + " ADD TABLE " + member(table, list);
    }

    private String drop(SourceTable table) {
        return "ALTER PUBLICATION " + TableRef.quoted(policy.publication()) + " DROP TABLE " + member(table, null);
    }

    private static String member(SourceTable table, @Nullable SortedSet<String> list) {
        var columns =
                list == null ? "" : list.stream().map(TableRef::quoted).collect(Collectors.joining(", ", " (", ")"));
        return (table.partitioned() ? "" : "ONLY ") + table.name().sql() + columns;
    }

    /**
     * Before the identity of tables changes: a column list that does not cover the new one would make the application's statements
     * fail. Returns those published whole now.
     */
    SortedSet<TableName> unlist(Collection<TableName> listed, Catalog catalog) {
        var republished = new TreeSet<TableName>();
        for (var name : listed) {
            var table = catalog.tables().get(name);
            if (table != null
                    && policy.managePublication()
                    && run.apply(drop(table) + "; " + add(table, null)) == null) {
                republished.add(name);
            }
        }
        return republished;
    }
}
