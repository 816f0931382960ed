package dev.flusso.postgres.provision;

import dev.flusso.capture.Source;
import dev.flusso.capture.SourceContract;
import dev.flusso.dev.servers.Eventually;
import dev.flusso.dev.servers.SharedServers;
import dev.flusso.postgres.PostgresAddress;
import dev.flusso.schema.SourceConfig;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Postgres keeps what capture's tests take for granted. */
class PostgresSourceIT extends SourceContract {

    private static final String NAME = "source_contract";

    private Connection sql;
    private Source source;

    @BeforeEach
    void open() {
        var server = SharedServers.postgres();
        server.freshDatabase(NAME);
        sql = server.connect(NAME);
        run("create table things(id text primary key, r int not null default 7);"
                + " create unique index on things(id, r); create table elsewhere(id int)");
        source = new PostgresSource(
                new PostgresAddress(
                        server.host(), server.port(), server.user(), server.password(), NAME, new Properties()),
                new ProvisionPolicy(
                        NAME, "flusso", true, SourceConfig.ReplicaIdentity.MANAGE, SourceConfig.Publish.ROWS),
                Thread::new,
                task -> new Thread(task).start(),
                System::nanoTime);
    }

    @AfterEach
    void close() throws SQLException {
        source.close();
        sql.close();
    }

    private void run(String statements) {
        try (var statement = sql.createStatement()) {
            statement.execute(statements);
        } catch (SQLException e) {
            throw new AssertionError(statements, e);
        }
    }

    @Override
    protected Source source() {
        return source;
    }

    @Override
    protected void insert(String... ids) {
        run("insert into things(id) values ('" + String.join("'), ('", ids) + "')");
    }

    @Override
    protected void insertElsewhere() {
        run("insert into elsewhere select generate_series(1, 1000)");
    }

    @Override
    protected Running begin() {
        var other = SharedServers.postgres().connect(NAME);
        try (var statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("insert into elsewhere values (1)");
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        return () -> {
            try {
                if (!other.isClosed()) {
                    other.commit();
                    other.close();
                }
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
        };
    }

    @Override
    protected void cut() {
        run("select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + NAME
                + "' and pid <> pg_backend_pid()");
        Eventually.within(Duration.ofSeconds(20)).until("the sessions to be gone", () -> {
            try (var statement = sql.createStatement();
                    var rows = statement.executeQuery("select count(*) from pg_stat_activity where datname = '" + NAME
                            + "' and pid <> pg_backend_pid() and backend_type = 'walsender'")) {
                return rows.next() && rows.getInt(1) == 0;
            }
        });
    }
}
