package dev.flusso.postgres.provision;

import dev.flusso.capture.Blocker;
import dev.flusso.capture.Catalog;
import dev.flusso.journal.Needs;
import dev.flusso.journal.TableName;
import dev.flusso.postgres.catalog.CatalogReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What provisioning would do, without doing it.
 *
 * @param publicationExists whether there is one of the name
 * @param publicationOurs whether our role may alter it
 * @param identities statements that give tables the replica identity they need, in the order in which to run them
 * @param publication statements that make or extend the publication, to be run after those
 * @param obstacles what keeps tables out of it that provisioning never mends
 */
public record ProvisionAdvice(
        boolean publicationExists,
        boolean publicationOurs,
        List<Step> identities,
        List<Step> publication,
        List<Step> obstacles) {

    public ProvisionAdvice {
        identities = List.copyOf(identities);
        publication = List.copyOf(publication);
        obstacles = List.copyOf(obstacles);
    }

    /**
     * One statement that is due.
     *
     * @param table a leaf's own name for a leaf; null when it is about the publication as such
     * @param problem why it is due, one line without the table
     * @param sql ready to paste; empty when none is sure to help
     * @param required whether the table cannot serve without
     */
    public record Step(@Nullable TableName table, String problem, String sql, boolean required) {}

    /**
     * Reads the catalog and changes nothing.
     *
     * @param connection in a read-only transaction of one snapshot
     * @param serverVersion {@code server_version_num}
     */
    public static ProvisionAdvice of(Connection connection, int serverVersion, ProvisionPolicy policy, Needs needs)
            throws SQLException {
        var reading = new CatalogReader(connection, serverVersion, policy.publication())
                .read(needs.tables().keySet());
        var catalog = reading.catalog();
        var identities = new ArrayList<Step>();
        for (var change : Identities.due(needs, reading)) {
            identities.add(new Step(change.table(), change.problem(), ended(change.sql()), change.required()));
        }
        // never allowed to: it only says what it would do
        var unmanaged = new ProvisionPolicy(
                policy.slot(), policy.publication(), false, policy.replicaIdentity(), policy.publish());
        var publications = new Publications(unmanaged, serverVersion, sql -> "nothing is run");
        var steps = new ArrayList<Step>();
        if (!catalog.publication().exists()) {
            steps.add(new Step(
                    null,
                    "there is no publication '" + policy.publication() + "'",
                    publications.creation(needs, catalog, true) + ";",
                    true));
        } else {
            var lists = ColumnLists.read(connection, serverVersion, policy.publication());
            publications.ensure(needs, catalog, lists, List.of()).blockers().stream()
                    .filter(blocker -> !blocker.remedy().isEmpty() && !isObstacle(catalog, blocker))
                    .forEach(blocker -> steps.add(new Step(
                            named(needs, blocker.subject()), blocker.problem(), blocker.remedy() + ";", true)));
            for (var table : catalog.tables().values()) {
                if (!table.isPublishable()
                        && table.obstacle().isEmpty()
                        && !table.membership().published()) {
                    steps.add(new Step(
                            table.name(),
                            "it is not in publication '" + policy.publication() + "'",
                            publications.addition(table, needs, catalog) + ";",
                            true));
                }
            }
        }
        return new ProvisionAdvice(
                catalog.publication().exists(), catalog.publication().ours(), identities, steps, obstacles(catalog));
    }

    private static String ended(String sql) {
        return sql.isEmpty() ? "" : sql + ";";
    }

    private static boolean isObstacle(Catalog catalog, Blocker blocker) {
        return catalog.tables().values().stream()
                .anyMatch(table -> table.obstacle().problem().equals(blocker.problem()));
    }

    private static List<Step> obstacles(Catalog catalog) {
        return catalog.tables().values().stream()
                .filter(table ->
                        !table.obstacle().isEmpty() && !table.membership().published())
                .map(table -> new Step(
                        table.name(),
                        table.obstacle().problem(),
                        ended(table.obstacle().remedy()),
                        true))
                .toList();
    }

    private static @Nullable TableName named(Needs needs, String subject) {
        return needs.tables().keySet().stream()
                .filter(name -> name.toString().equals(subject))
                .findFirst()
                .orElse(null);
    }

    /** The tables that stand below a needed one, by their own name. */
    public static Map<TableName, TableName> roots(Connection connection, int serverVersion, Needs needs)
            throws SQLException {
        var roots = new TreeMap<TableName, TableName>();
        new CatalogReader(connection, serverVersion, "")
                .read(needs.tables().keySet())
                .catalog()
                .tables()
                .forEach((name, table) -> {
                    roots.put(name, name);
                    table.leaves().forEach(leaf -> roots.put(leaf.name(), name));
                });
        return roots;
    }
}
