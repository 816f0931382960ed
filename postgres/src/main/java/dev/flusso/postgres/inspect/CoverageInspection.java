package dev.flusso.postgres.inspect;

import dev.flusso.journal.Needs;
import dev.flusso.journal.TableName;
import dev.flusso.journal.TableNeed;
import dev.flusso.postgres.inspect.DatabaseFinding.Severity;
import dev.flusso.postgres.inspect.ServerInspection.Server;
import dev.flusso.postgres.provision.ProvisionAdvice;
import dev.flusso.postgres.provision.ProvisionPolicy;
import dev.flusso.schema.IndexConfig;
import dev.flusso.schema.Place;
import dev.flusso.schema.SourceConfig.Publish;
import dev.flusso.schema.SourceConfig.ReplicaIdentity;
import dev.flusso.schema.TableRef;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Whether every change that matters is published, and says of a row before it what is needed. One thread. */
final class CoverageInspection {

    private static final int COLUMN_LISTS_SINCE = 150_000;

    private final Connection connection;
    private final InspectionRequest request;
    private final Map<TableRef, TableFacts> facts;
    private final Server server;
    private final Findings findings;

    CoverageInspection(
            Connection connection,
            InspectionRequest request,
            Map<TableRef, TableFacts> facts,
            Server server,
            Findings findings) {
        this.connection = connection;
        this.request = request;
        this.facts = facts;
        this.server = server;
        this.findings = findings;
    }

    void inspect() throws SQLException {
        var needs = needs();
        var source = request.source();
        var policy = new ProvisionPolicy(
                request.slot(),
                request.publication(),
                request.managePublication(),
                source.replicaIdentity(),
                source.publish());
        var advice = ProvisionAdvice.of(connection, server.version(), policy, needs);
        var roots = ProvisionAdvice.roots(connection, server.version(), needs);
        for (var step : advice.identities()) {
            var leaf = step.table();
            if (leaf != null) {
                identity(step, roots.getOrDefault(leaf, leaf));
            }
        }
        publication(advice);
        obstacles(advice);
        if (source.publish() == Publish.KEYS && server.version() < COLUMN_LISTS_SINCE) {
            add(
                    Severity.ERROR,
                    source.place(),
                    "'source.publish' is 'keys', which needs Postgres 15 or newer; this server is version "
                            + server.version() / 10_000,
                    "");
        }
    }

    /** What flusso never mends; of a table that is unlogged, or has heirs, its own inspection speaks. */
    private void obstacles(ProvisionAdvice advice) {
        for (var step : advice.obstacles()) {
            var table = step.table();
            var found = table == null ? null : facts.get(new TableRef(table.schema(), table.name()));
            if (table != null && (found == null || (!found.unlogged() && found.heirs() == 0))) {
                add(Severity.ERROR, place(table), table + ": " + step.problem(), step.sql());
            }
        }
    }

    private Needs needs() {
        var all = new TreeMap<TableName, TableNeed>();
        for (var index : request.indexes()) {
            index.schema()
                    .needs()
                    .forEach((table, columns) -> all.merge(
                            TableName.of(table.schema(), table.name()),
                            new TableNeed(columns.key(), columns.references()),
                            TableNeed::plus));
        }
        return new Needs(all);
    }

    private void identity(ProvisionAdvice.Step step, TableName root) {
        boolean owned = server.superuser() || (isOwned(root) && leavesOwned(root));
        boolean managed = request.source().replicaIdentity() == ReplicaIdentity.MANAGE
                && owned
                && !step.sql().isEmpty();
        var message = step.table() + ": " + step.problem()
                + (step.required() ? "; without it these would go stale: " + relations(root) : "");
        var place = place(root);
        if (managed || !step.required()) {
            add(Severity.NOTE, place, message + "; flusso sets it at its start", step.sql());
        } else if (request.source().replicaIdentity() == ReplicaIdentity.WARN) {
            add(Severity.WARNING, place, message, step.sql());
        } else {
            var why = step.sql().isEmpty()
                    ? "flusso cannot mend that"
                    : owned
                            ? "source.replica_identity forbids flusso to set it"
                            : "role " + server.role() + " does not own it, so run this as its owner";
            add(Severity.ERROR, place, message + "; " + why, step.sql());
        }
    }

    private void publication(ProvisionAdvice advice) {
        boolean allowed = request.managePublication()
                && (server.superuser() || (advice.publicationExists() ? advice.publicationOurs() : server.mayCreate()));
        for (var step : advice.publication()) {
            var table = step.table();
            var tables = table == null ? needs().tables().keySet() : List.of(table);
            boolean managed = allowed && (server.superuser() || tables.stream().allMatch(this::isOwned));
            var subject = table == null ? "" : table + ": ";
            var place = table == null ? request.source().place() : place(table);
            if (managed) {
                add(Severity.NOTE, place, subject + step.problem() + "; flusso sees to it at its start", step.sql());
            } else {
                add(Severity.ERROR, place, subject + step.problem() + "; " + forbidden(advice), step.sql());
            }
        }
    }

    private String forbidden(ProvisionAdvice advice) {
        if (!request.managePublication()) {
            return "flusso is not to manage the publication, so run this as its owner";
        }
        if (advice.publicationExists() && !advice.publicationOurs()) {
            return "role " + server.role() + " does not own the publication, so run this as its owner";
        }
        return !advice.publicationExists() && !server.mayCreate()
                ? "role " + server.role() + " lacks the right CREATE on the database, so run this as another"
                : "role " + server.role() + " does not own every table of it, so run this as their owner";
    }

    private boolean isOwned(TableName table) {
        var found = facts.get(new TableRef(table.schema(), table.name()));
        return found != null && found.rights().owned();
    }

    private boolean leavesOwned(TableName table) {
        var found = facts.get(new TableRef(table.schema(), table.name()));
        return found != null && found.rights().leavesOwned();
    }

    /** What of the documents hangs on the table: index and document key. */
    private String relations(TableName table) {
        var names = new TreeSet<String>();
        for (var index : request.indexes()) {
            for (var path : index.schema().paths()) {
                if (is(path.table(), table)) {
                    names.add(path.field().isEmpty() ? index.name() : index.name() + "." + path.field());
                }
            }
        }
        return String.join(", ", new ArrayList<>(names));
    }

    private static boolean is(TableRef one, TableName other) {
        return one.schema().equals(other.schema()) && one.name().equals(other.name());
    }

    /** Where the first index that uses the table names it. */
    private Place place(TableName table) {
        for (var index : request.indexes()) {
            for (var mention : Mentions.of(index.schema())) {
                if (is(mention.table(), table)) {
                    return mention.place();
                }
            }
        }
        return request.indexes().stream()
                .findFirst()
                .map(IndexConfig::place)
                .orElse(request.source().place());
    }

    private void add(Severity severity, Place place, String message, String fix) {
        findings.once(new DatabaseFinding(severity, place, message, fix));
    }
}
