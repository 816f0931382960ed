package dev.flusso.dev.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PostgresServerIT {

    private static PostgresServer server;

    @BeforeAll
    static void start() {
        server = PostgresServer.builder().start();
    }

    @AfterAll
    static void close() {
        server.close();
    }

    @Test
    void isReadyForLogicalReplication() throws SQLException {
        var url = server.freshDatabase("ready");
        assertThat(one(url, "show wal_level")).isEqualTo("logical");
        assertThat(one(url, "show max_replication_slots")).isEqualTo("20");
        assertThat(one(url, "select slot_name from pg_create_logical_replication_slot('s', 'pgoutput')"))
                .isEqualTo("s");
        assertThat(one(url, "show server_version")).startsWith(System.getProperty("flusso.postgres", "16") + ".");
    }

    @Test
    void makesADatabaseFreshThoughItHasASlotAndSessions() throws SQLException {
        var url = server.freshDatabase("odd \"name\"");
        one(url, "select pg_create_logical_replication_slot('s2', 'pgoutput')");
        try (var session = DriverManager.getConnection(url)) {
            session.createStatement().execute("create table t()");
            assertThat(server.freshDatabase("odd \"name\"")).isEqualTo(url);
        }
        assertThat(one(url, "select count(*) from pg_class where relname = 't'"))
                .isEqualTo("0");
    }

    @Test
    void keepsDataAndSlotThroughAKillAndAStop() throws SQLException {
        var url = server.freshDatabase("kill");
        one(url, "create table t as select 1 as id; select 1");
        one(url, "select slot_name from pg_create_logical_replication_slot('k', 'pgoutput')");
        var port = server.port();
        for (var round = 0; round < 3; round++) {
            server.killHard();
            assertThat(server.isRunning()).isFalse();
            server.start();
            assertThat(server.port()).isEqualTo(port);
            one(url, "insert into t select max(id) + 1 from t returning id");
        }
        server.restart();
        assertThat(one(url, "select count(*) from t")).isEqualTo("4");
        assertThat(one(url, "select count(*) from pg_replication_slots where slot_name = 'k'"))
                .isEqualTo("1");
    }

    @Test
    void leavesNoBackendAfterAKillWhileQueriesRun() throws SQLException {
        try (var busy = server.connect("postgres")) {
            var backend = Long.parseLong(one(busy, "select pg_backend_pid()"));
            assertThat(ProcessTree.isGone(backend)).isFalse();
            server.killHard();
            assertThat(ProcessTree.isGone(backend)).isTrue();
            assertThatThrownBy(() -> one(busy, "select 1")).isInstanceOf(SQLException.class);
        }
        server.start();
    }

    @Test
    void freezesOpenSessionsAndNewOnesAlike() throws SQLException {
        try (var open = DriverManager.getConnection(server.jdbcUrl("postgres") + "&socketTimeout=1")) {
            server.freeze();
            assertThat(server.isRunning()).isTrue();
            assertThatThrownBy(() -> one(open, "select 1")).hasStackTraceContaining("timed out");
            assertThatThrownBy(() -> DriverManager.getConnection(server.jdbcUrl("postgres") + "&loginTimeout=1"))
                    .isInstanceOf(SQLException.class);
            server.thaw();
        }
        assertThat(one(server.jdbcUrl("postgres"), "select 1")).isEqualTo("1");
    }

    @Test
    void stopsThoughFrozen() throws SQLException {
        server.freeze();
        server.stop();
        assertThat(server.isRunning()).isFalse();
        server.start();
        assertThat(one(server.jdbcUrl("postgres"), "select 1")).isEqualTo("1");
    }

    @Test
    void takesAChangedSettingAtTheNextStartAndNamesABadOne() throws SQLException {
        server.set("wal_level", "nonsense");
        server.stop();
        assertThatThrownBy(server::start)
                .isInstanceOf(ServerException.class)
                .hasMessageContaining("ended at its start")
                .hasMessageContaining("wal_level");
        server.set("wal_level", "logical");
        server.set("work_mem", "7MB");
        server.start();
        assertThat(one(server.jdbcUrl("postgres"), "show work_mem")).isEqualTo("7MB");
    }

    @Test
    void offersTlsAndAsksForPasswords() throws SQLException {
        try (var secured =
                PostgresServer.builder().tlsOnly().password("p%w d&=").start()) {
            var url = secured.jdbcUrl("postgres");
            assertThat(one(url, "select version from pg_stat_ssl where pid = pg_backend_pid()"))
                    .startsWith("TLSv1.");
            assertThat(one(url, "select rolpassword from pg_authid where rolname = 'postgres'"))
                    .startsWith("SCRAM-SHA-256");
            assertThatThrownBy(() -> DriverManager.getConnection(url.replace("p%25w", "wrong")))
                    .hasMessageContaining("password authentication failed");
            assertThatThrownBy(() -> DriverManager.getConnection(url.replace("verify-full", "disable")))
                    .hasMessageContaining("pg_hba.conf");
            assertThat(secured.certificate()).isPresent();
        }
    }

    @Test
    void copiesAStoppedServerAndFollowsItAsAStandby() throws SQLException {
        try (var primary = PostgresServer.builder().start();
                var standby = PostgresServer.builder().standbyOf(primary).build()) {
            one(primary.jdbcUrl("postgres"), "create table t as select 7 as id; select 1");
            assertThatThrownBy(standby::start).hasMessageContaining("only be copied while it is stopped");
            primary.stop();
            standby.start();
            primary.start();
            one(primary.jdbcUrl("postgres"), "insert into t values (8) returning id");
            Eventually.within(Duration.ofSeconds(30))
                    .value(
                            "row 8 on the standby",
                            () -> one(standby.jdbcUrl("postgres"), "select max(id) from t"),
                            "8"::equals);
            primary.killHard();
            standby.promote();
            one(standby.jdbcUrl("postgres"), "insert into t values (9) returning id");
            assertThat(one(
                            standby.jdbcUrl("postgres"),
                            "select substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8)"))
                    .isEqualTo("00000002");
        }
    }

    @Test
    void runsAsNobodyWhereUserNamespacesAreForbidden() throws SQLException, IOException {
        Assumptions.assumeTrue(
                Integer.valueOf(0).equals(Files.getAttribute(Files.createTempFile("whoami", ""), "unix:uid")),
                "not root");
        try (var nobody =
                PostgresServer.builder().privileges(Privileges.NOBODY).tls().start()) {
            nobody.killHard();
            nobody.start();
            assertThat(one(nobody.jdbcUrl("postgres"), "select 1")).isEqualTo("1");
        }
    }

    @Test
    void leavesNoFilesAfterClose() throws SQLException {
        Path folder;
        try (var other = PostgresServer.builder().start()) {
            folder = Path.of(one(other.jdbcUrl("postgres"), "show data_directory"));
            assertThat(folder).exists();
        }
        assertThat(folder).doesNotExist();
        assertThat(folder.resolveSibling("")).doesNotExist();
    }

    private static String one(String url, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(url)) {
            return one(connection, sql);
        }
    }

    /** The first column of the first row of the last statement in {@code sql}. */
    private static String one(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            var isRows = statement.execute(sql);
            while (!isRows) {
                isRows = statement.getMoreResults();
            }
            try (var rows = statement.getResultSet()) {
                rows.next();
                return String.valueOf(rows.getString(1));
            }
        }
    }
}
