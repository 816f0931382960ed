package dev.flusso.postgres.provision;

import dev.flusso.capture.Blocker;
import dev.flusso.capture.Catalog;
import dev.flusso.capture.ChangeStream;
import dev.flusso.capture.Provisioned;
import dev.flusso.capture.ServerFacts;
import dev.flusso.capture.SlotCreation;
import dev.flusso.capture.SlotState;
import dev.flusso.capture.Snapshot;
import dev.flusso.capture.Source;
import dev.flusso.capture.SourceMoment;
import dev.flusso.capture.SourceNotUsableException;
import dev.flusso.capture.SourceUnavailableException;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.Needs;
import dev.flusso.journal.TableName;
import dev.flusso.postgres.PostgresAddress;
import dev.flusso.postgres.SqlFailure;
import dev.flusso.postgres.catalog.CatalogReader;
import dev.flusso.postgres.stream.ReplicationStream;
import dev.flusso.schema.SourceConfig;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Postgres as capture's source. */
public final class PostgresSource implements Source {

    private final PostgresAddress address;
    private final ProvisionPolicy policy;
    private final ThreadFactory threads;
    private final Executor waiting;
    private final LongSupplier nanos;
    private volatile @Nullable Session session;

    /**
     * Not connected yet.
     *
     * @param threads makes the thread that reports to the server
     * @param waiting runs the statement that makes a slot, which takes as long as the longest transaction under way
     * @param nanos {@code System::nanoTime}: how long ago the server heard from us is measured with it
     */
    public PostgresSource(
            PostgresAddress address,
            ProvisionPolicy policy,
            ThreadFactory threads,
            Executor waiting,
            LongSupplier nanos) {
        this.address = address;
        this.policy = policy;
        this.threads = threads;
        this.waiting = waiting;
        this.nanos = nanos;
    }

    @Override
    public String slotName() {
        return policy.slot();
    }

    @Override
    public ServerFacts connect() {
        close();
        var opened = Session.open(address);
        session = opened;
        return opened.facts();
    }

    @Override
    public Provisioned provision(Needs needs) {
        return ask("cannot provision", now -> {
            var script = new Script(now.connection());
            var publications = new Publications(policy, now.facts().version(), script::run);
            var identities = new Identities(policy.replicaIdentity(), script::run);
            refuseKeysBefore15(now.facts().version());
            var before = reading(now, needs);
            if (publications.sendGenerated(before.catalog())) {
                before = reading(now, needs);
            }
            var lists = lists(now);
            var due = Identities.due(needs, before);
            if (!before.catalog().publication().exists() && !policy.managePublication()) {
                // refuses before anything is changed
                publications.ensure(needs, before.catalog(), lists, statements(due));
            }
            var republished = new TreeSet<TableName>();
            var listed = new TreeSet<TableName>();
            due.stream()
                    .map(Identities.Change::table)
                    .filter(lists::containsKey)
                    .forEach(listed::add);
            if (policy.replicaIdentity() == SourceConfig.ReplicaIdentity.MANAGE) {
                republished.addAll(publications.unlist(listed, before.catalog()));
                listed.removeAll(republished);
            }
            var blockers = new ArrayList<>(identities.ensure(due, listed));
            var between = due.isEmpty() ? before : reading(now, needs);
            var outcome = publications.ensure(needs, between.catalog(), lists(now), statements(due));
            blockers.addAll(outcome.blockers());
            republished.addAll(outcome.republished());
            return new Provisioned(reading(now, needs).catalog(), blockers, republished);
        });
    }

    private void refuseKeysBefore15(int version) {
        if (policy.publish() == SourceConfig.Publish.KEYS && version < 150_000) {
            throw new SourceNotUsableException(
                    "'source.publish' is 'keys', which needs Postgres 15 or newer; the server at " + address
                            + " is version " + version / 10_000 + ": set it to 'rows'");
        }
    }

    private static List<String> statements(List<Identities.Change> due) {
        return due.stream().map(Identities.Change::sql).toList();
    }

    @Override
    public Catalog catalog(Needs needs) {
        return ask("cannot read the catalog", now -> reading(now, needs).catalog());
    }

    /** One snapshot for all statements: tables and publication must fit each other. */
    private CatalogReader.Reading reading(Session now, Needs needs) throws SQLException {
        var connection = now.connection();
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        connection.setAutoCommit(false);
        try {
            var reader = new CatalogReader(connection, now.facts().version(), policy.publication());
            return reader.read(needs.tables().keySet());
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        }
    }

    private Map<TableName, SortedSet<String>> lists(Session now) throws SQLException {
        return ColumnLists.read(now.connection(), now.facts().version(), policy.publication());
    }

    @Override
    public Optional<SlotState> slot() {
        return ask(
                "cannot look at slot '" + policy.slot() + "'", now -> slots(now).find());
    }

    @Override
    public void dropSlot() {
        ask("cannot drop slot '" + policy.slot() + "'", now -> {
            slots(now).drop();
            return true;
        });
    }

    private Slots slots(Session now) {
        return new Slots(address, now.connection(), now.facts().version(), policy.slot());
    }

    @Override
    public SlotCreation createSlot() {
        try {
            return SlotInTheMaking.begin(address, Session.connection(address, "0"), policy.slot(), waiting);
        } catch (SQLException e) {
            throw SqlFailure.of(e, "cannot connect to make slot '" + policy.slot() + "'", address);
        }
    }

    @Override
    public ChangeStream stream(Lsn from) {
        var now = session;
        if (now == null) {
            throw new SourceUnavailableException("there is no session at " + address);
        }
        return ReplicationStream.open(
                address, policy.slot(), policy.publication(), from, now.senderTimeout(), threads, nanos);
    }

    @Override
    public SourceMoment moment() {
        return ask("cannot take a snapshot", now -> {
            try (var statement = now.connection().createStatement();
                    var rows = statement.executeQuery(
                            "SELECT pg_current_snapshot()::text, pg_current_wal_insert_lsn()::text")) {
                rows.next();
                return new SourceMoment(Snapshot.parse(rows.getString(1)), Lsn.parse(rows.getString(2)));
            }
        });
    }

    @Override
    public long boundary() {
        return ask("cannot take a transaction id", now -> {
            try (var statement = now.connection().createStatement();
                    var rows = statement.executeQuery("SELECT pg_current_xact_id()::text::bigint")) {
                rows.next();
                return rows.getLong(1);
            }
        });
    }

    @Override
    public List<Blocker> transactionsBefore(long xid) {
        return ask("cannot look for transactions", now -> new Transactions(now.connection()).before(xid));
    }

    @Override
    public void emit(String prefix, String content) {
        ask("cannot emit a message", now -> {
            // transactional: its commit is flushed at once, a message outside of a transaction waits for the next flush
            try (var statement = now.connection().prepareStatement("SELECT pg_logical_emit_message(true, ?, ?)")) {
                statement.setString(1, prefix);
                statement.setString(2, content);
                return statement.execute();
            }
        });
    }

    /** Something asked of the session. */
    private interface Question<T> {
        T answer(Session now) throws SQLException;
    }

    private <T> T ask(String what, Question<T> question) {
        var now = session;
        if (now == null) {
            throw new SourceUnavailableException(what + ": there is no session at " + address);
        }
        try {
            return question.answer(now);
        } catch (SQLException e) {
            throw SqlFailure.of(e, what, address);
        }
    }

    @Override
    public void close() {
        var now = session;
        session = null;
        if (now != null) {
            Session.close(now.connection());
        }
    }
}
