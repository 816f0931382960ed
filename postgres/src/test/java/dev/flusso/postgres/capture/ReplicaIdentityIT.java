package dev.flusso.postgres.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.flusso.dev.servers.SharedServers;
import dev.flusso.journal.Cell;
import dev.flusso.journal.Entry;
import dev.flusso.journal.Image;
import dev.flusso.postgres.provision.ProvisionPolicy;
import dev.flusso.schema.SourceConfig;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Operations by identities: what of a row before and after a change stands in the journal. */
class ReplicaIdentityIT {

    private CaptureBed bed;

    @BeforeEach
    void open() {
        bed = new CaptureBed(SharedServers.postgres(), "identity");
    }

    @AfterEach
    void close() throws SQLException {
        bed.close();
    }

    private void policy(SourceConfig.ReplicaIdentity identity, SourceConfig.Publish publish) {
        bed.policy = new ProvisionPolicy("identity", "flusso", true, identity, publish);
        bed.restart();
    }

    /** Each with the values of a and b before and after, - where the entry does not tell. */
    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource(delimiter = '|', textBlock = """
                    DEFAULT | update t set c = 'y'           | 1 | -  | 1 | 10
                    DEFAULT | update t set b = 20            | 1 | -  | 1 | 20
                    DEFAULT | update t set a = 2             | 1 | -  | 2 | 10
                    DEFAULT | delete from t                  | 1 | -  | - | -
                    INDEX   | update t set c = 'y'           | 1 | 10 | 1 | 10
                    INDEX   | update t set b = 20            | 1 | 10 | 1 | 20
                    INDEX   | update t set a = 2             | 1 | 10 | 2 | 10
                    INDEX   | delete from t                  | 1 | 10 | - | -
                    FULL    | update t set c = 'y'           | 1 | 10 | 1 | 10
                    FULL    | update t set b = 20            | 1 | 10 | 1 | 20
                    FULL    | update t set a = 2             | 1 | 10 | 2 | 10
                    FULL    | delete from t                  | 1 | 10 | - | -
                    """)
    void carriesWhatTheIdentityHolds(
            String identity, String statement, String aBefore, String bBefore, String aAfter, String bAfter) {
        bed.run("create table t(a int primary key, b int not null, c text);"
                + " create unique index t_ab on t(a, b); alter table t replica identity "
                + (identity.equals("INDEX") ? "using index t_ab" : identity)
                + "; insert into t values (1, 10, 'x')");
        policy(SourceConfig.ReplicaIdentity.REQUIRE, SourceConfig.Publish.ROWS);
        bed.needs = CaptureBed.need("t", "a", "b");
        bed.until("streaming", () -> bed.journal.appender().coverage().isPresent());
        bed.run(statement);

        var change = (Entry.Change) bed.changes().get(0);

        assertThat(value(change, "a", true)).isEqualTo(aBefore);
        assertThat(value(change, "b", true)).isEqualTo(bBefore);
        assertThat(value(change, "a", false)).isEqualTo(aAfter);
        assertThat(value(change, "b", false)).isEqualTo(bAfter);
        assertThat(bed.isCovered()).isEqualTo(!identity.equals("DEFAULT"));
    }

    private static String value(Entry.Change change, String column, boolean before) {
        var value = before ? change.valueBefore(column) : change.valueAfter(column);
        return value.map(v -> ((Cell.Value.Text) v).text()).orElse("-");
    }

    @Test
    void tellsNullAbsentAndUnchangedApart() {
        bed.run("create table t(a int primary key, b text, c text); alter table t alter c set storage external;"
                + " insert into t values (1, null, repeat('x', 5000))");
        bed.needs = CaptureBed.need("t", "a", "b", "c");
        bed.live();
        bed.run("update t set b = 'y'");

        var change = (Entry.Change) bed.changes().get(0);

        assertThat(change.valueBefore("b")).contains(Cell.NULL);
        assertThat(change.valueAfter("b")).contains(new Cell.Value.Text("y"));
        assertThat(change.valueAfter("c")).contains(Cell.UNCHANGED);
        assertThat(change.valueBefore("c").orElseThrow()).isInstanceOf(Cell.Value.Text.class);
        assertThat(change.valueAfter("d")).isEmpty();
    }

    @Test
    void choosesThePrimaryKeyThenAnIndexThenFull() {
        bed.run("create table by_key(a int primary key, b int); alter table by_key replica identity nothing");
        bed.run("create table by_index(a int primary key, b int not null); create unique index fit on by_index(b, a);"
                + " create unique index partial on by_index(a, b) where a > 0");
        bed.run("create table by_all(a int primary key, b int); create unique index nullable on by_all(a, b)");
        bed.run("create table keyless(a int, b int)");
        bed.needs = CaptureBed.need("by_key", "a")
                .plus(CaptureBed.need("by_index", "a", "b"))
                .plus(CaptureBed.need("by_all", "a", "b"))
                .plus(CaptureBed.need("keyless", "a"));
        bed.live();

        assertThat(identity("by_key")).isEqualTo("d");
        assertThat(identity("by_index")).isEqualTo("i");
        assertThat(bed.one("select indexrelid::regclass from pg_index where indisreplident"))
                .isEqualTo("fit");
        assertThat(identity("by_all")).isEqualTo("f");
        assertThat(identity("keyless")).isEqualTo("f");
        bed.run("insert into keyless values (1, 1); update keyless set b = 2; delete from keyless");
        assertThat(bed.changes()).hasSize(3);
    }

    private String identity(String table) {
        return bed.one("select relreplident from pg_class where relname = '" + table + "'");
    }

    @Test
    void neverPublishesWhatWouldFailTheApplication() {
        bed.run("create table keyless(a int, b int)");
        bed.needs = CaptureBed.need("keyless", "a");
        policy(SourceConfig.ReplicaIdentity.REQUIRE, SourceConfig.Publish.ROWS);
        bed.until("coverage", () -> bed.journal.appender().coverage().isPresent());

        assertThat(bed.isCovered()).isFalse();
        bed.run("insert into keyless values (1, 1); update keyless set b = 2");
        assertThat(bed.changes()).isEmpty();
        var blockers = bed.capture.status().blockers();
        assertThat(blockers).hasSize(1);
        assertThat(blockers.get(0).subject()).isEqualTo("public.keyless");
        assertThat(blockers.get(0).remedy()).isEqualTo("ALTER TABLE \"public\".\"keyless\" REPLICA IDENTITY FULL");

        bed.run(blockers.get(0).remedy());
        bed.live();
        bed.run("update keyless set b = 3");
        assertThat(bed.changes()).hasSize(1);
        bed.until("no blockers", () -> bed.capture.status().blockers().isEmpty());
    }

    @Test
    void doesNotQueueBehindAReaderButTriesAgain() throws SQLException {
        bed.run("create table t(a int primary key, b int)");
        bed.needs = CaptureBed.need("t", "a", "b");
        try (var reader = bed.server.connect("identity")) {
            reader.setAutoCommit(false);
            reader.createStatement().execute("select * from t");
            bed.until(
                    "a blocker",
                    () -> bed.capture.status().blockers().stream()
                            .anyMatch(blocker -> blocker.problem().contains("hold a lock")));
            bed.run("insert into t values (1, 1)");
            reader.rollback();
        }
        bed.live();
        assertThat(identity("t")).isEqualTo("f");
    }

    @Test
    void publishesOnlyKeysWhenAskedTo() {
        assumeTrue(Integer.parseInt(bed.one("show server_version_num")) >= 150_000, "refused before Postgres 15");
        bed.run(
                "create table t(a int primary key, b int not null, c text); create table wide(a int primary key, b int);"
                        + " create unique index t_ab on t(a, b)");
        bed.needs = CaptureBed.need("t", "a", "b").plus(CaptureBed.need("wide", "a", "b"));
        policy(SourceConfig.ReplicaIdentity.MANAGE, SourceConfig.Publish.KEYS);
        bed.live();

        assertThat(bed.one("select attnames from pg_publication_tables where tablename = 't'"))
                .isEqualTo("{a,b}");
        assertThat(bed.one("select prattrs is null from pg_publication_rel where prrelid = 'wide'::regclass"))
                .isEqualTo("t");
        bed.run("insert into t values (1, 10, 'c'); update t set c = 'd'; delete from t;"
                + " insert into wide values (1, 1); update wide set b = 2; delete from wide");
        assertThat(bed.changes()).hasSize(6);

        bed.needs = bed.needs.plus(CaptureBed.need("t", "c"));
        bed.live();
        bed.run("insert into t values (2, 20, 'x'); update t set c = 'y'");
        assertThat(bed.changes()).hasSize(8);
        assertThat(bed.gaps()).isEmpty();
    }

    @Test
    @DisplayName("quoted names, and the same name in two schemas")
    void keepsTablesApart() {
        bed.run(
                "create schema \"Odd \"\"one\"; create table \"Odd \"\"one\".\"T-1\"(\"Id é\" int primary key, \"select\" int);"
                        + " create table \"T-1\"(\"Id é\" int primary key)");
        var odd = dev.flusso.journal.TableName.of("Odd \"one", "T-1");
        bed.needs = CaptureBed.need(odd, "Id é", "select").plus(CaptureBed.need("T-1", "Id é"));
        bed.live();
        bed.run("insert into \"Odd \"\"one\".\"T-1\" values (1, 2); insert into \"T-1\" values (3)");

        var changes = bed.changes().stream().map(entry -> (Entry.Change) entry).toList();

        assertThat(changes)
                .extracting(Entry.Change::table)
                .containsExactly(odd, dev.flusso.journal.TableName.of("public", "T-1"));
        assertThat(changes.get(0).after())
                .isEqualTo(new Image(List.of(Cell.text("Id é", "1", true), Cell.text("select", "2", true))));
    }
}
