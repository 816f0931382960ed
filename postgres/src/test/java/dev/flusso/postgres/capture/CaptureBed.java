package dev.flusso.postgres.capture;

import dev.flusso.capture.Capture;
import dev.flusso.capture.CaptureMonitor;
import dev.flusso.capture.CaptureOptions;
import dev.flusso.capture.CapturePhase;
import dev.flusso.capture.CatalogMemory;
import dev.flusso.dev.servers.Eventually;
import dev.flusso.dev.servers.PostgresServer;
import dev.flusso.journal.Entry;
import dev.flusso.journal.Gap;
import dev.flusso.journal.InMemoryJournal;
import dev.flusso.journal.Journal;
import dev.flusso.journal.Needs;
import dev.flusso.journal.Recorded;
import dev.flusso.journal.TableName;
import dev.flusso.journal.TableNeed;
import dev.flusso.postgres.PostgresAddress;
import dev.flusso.postgres.provision.PostgresSource;
import dev.flusso.postgres.provision.ProvisionPolicy;
import dev.flusso.schema.SourceConfig;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A database of its own, a journal in memory, and capture between them, stepped by the test's thread. */
final class CaptureBed implements AutoCloseable {

    static final Duration BEAT = Duration.ofMillis(200);
    static final Duration PATIENCE = Duration.ofSeconds(30);

    PostgresServer server;
    final String database;
    Connection sql;
    Journal journal = InMemoryJournal.create();
    CaptureOptions options = new CaptureOptions(true, BEAT, Duration.ofMillis(500), Duration.ofMillis(300));
    ProvisionPolicy policy;
    String user;
    String password;
    Needs needs = Needs.NONE;
    final CatalogMemory memory = new RememberedText();
    Capture capture;

    CaptureBed(PostgresServer server, String database) {
        this.server = server;
        this.database = database;
        server.freshDatabase(database);
        this.sql = server.connect(database);
        this.user = server.user();
        this.password = server.password();
        this.policy = new ProvisionPolicy(
                database, "flusso", true, SourceConfig.ReplicaIdentity.MANAGE, SourceConfig.Publish.ROWS);
        this.capture = make();
    }

    /** {@code users: id; orders: id, user_id}: as a document of users with its orders needs them. */
    CaptureBed withShop() {
        run("create table users(id bigint primary key, name text)");
        run("create table orders(id bigint primary key, user_id bigint, note text)");
        needs = need("users", "id").plus(need("orders", "id", "user_id"));
        return this;
    }

    static Needs need(String table, String... columns) {
        return need(TableName.of("public", table), columns);
    }

    static Needs need(TableName table, String... columns) {
        var tables = new TreeMap<TableName, TableNeed>();
        tables.put(table, TableNeed.of(List.of(columns), List.of()));
        return new Needs(tables);
    }

    Capture make() {
        return new Capture(
                source(address(), policy),
                journal,
                memory,
                options,
                () -> needs,
                InstantSource.system(),
                System::nanoTime,
                new Random(1),
                CaptureMonitor.NONE);
    }

    static PostgresSource source(PostgresAddress address, ProvisionPolicy policy) {
        return new PostgresSource(address, policy, Thread::new, task -> new Thread(task).start(), System::nanoTime);
    }

    PostgresAddress address() {
        return new PostgresAddress(server.host(), server.port(), user, password, database, new Properties());
    }

    /** Ends capture and returns when the server has noticed. */
    void stop() {
        capture.close();
        Eventually.within(PATIENCE)
                .until(
                        "the slot to be free",
                        () -> one("select count(*) from pg_replication_slots where active and slot_name = '"
                                        + policy.slot() + "'")
                                .equals("0"));
    }

    /** As {@link #restart}, but over another server, where the address now leads. */
    void moveTo(PostgresServer other) throws SQLException {
        capture.close();
        sql.close();
        server = other;
        sql = other.connect(database);
        capture = make();
    }

    /** A new capture over the same journal and slot, as after a restart. */
    void restart() {
        stop();
        capture = make();
    }

    List<Gap> gaps() {
        return entries(Entry.Kind.GAP).stream()
                .map(entry -> ((Entry.Missing) entry).gap())
                .toList();
    }

    void run(String statements) {
        try (var statement = sql.createStatement()) {
            statement.execute(statements);
        } catch (SQLException e) {
            throw new AssertionError(statements, e);
        }
    }

    String one(String query) {
        try (var statement = sql.createStatement();
                var rows = statement.executeQuery(query)) {
            return rows.next() ? String.valueOf(rows.getString(1)) : "";
        } catch (SQLException e) {
            throw new AssertionError(query, e);
        }
    }

    /** Steps until something is so. */
    void until(String what, BooleanSupplier condition) {
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("waited in vain for " + what + "; " + capture.status() + "; " + entries());
            }
            if (capture.step() == 0) {
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    /** Steps until changes flow and what is needed is covered. */
    CaptureBed live() {
        until("coverage", this::isCovered);
        return this;
    }

    boolean isCovered() {
        var coverage = journal.appender().coverage();
        return capture.status().phase() == CapturePhase.STREAMING
                && coverage.isPresent()
                && coverage.get().holds(needs);
    }

    /** Steps until everything written so far stands in the journal, and returns all changes and truncates. */
    List<Entry> changes() {
        var marker = "done " + System.nanoTime();
        run("select pg_logical_emit_message(true, 'marker', '" + marker + "')");
        var end = dev.flusso.journal.Lsn.parse(one("select pg_current_wal_insert_lsn()"));
        until("the stream to reach " + end, () -> capture.status().received().compareTo(end) >= 0);
        return entries().stream()
                .map(Recorded::entry)
                .filter(entry -> entry instanceof Entry.Change || entry instanceof Entry.Truncate)
                .toList();
    }

    List<Recorded> entries() {
        var all = new ArrayList<Recorded>();
        try (var reader = journal.reader()) {
            for (var next = reader.next(); next != null; next = reader.next()) {
                all.add(next);
            }
        }
        return all;
    }

    List<Entry> entries(Entry.Kind kind) {
        return entries().stream()
                .map(Recorded::entry)
                .filter(entry -> entry.kind() == kind)
                .toList();
    }

    /** What a file would keep. */
    private static final class RememberedText implements CatalogMemory {

        private Optional<String> kept = Optional.empty();

        @Override
        public Optional<String> load() {
            return kept;
        }

        @Override
        public void save(String text) {
            kept = Optional.of(text);
        }
    }

    @Override
    public void close() throws SQLException {
        capture.close();
        sql.close();
    }
}
