package dev.flusso.postgres.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.capture.Blocker;
import dev.flusso.capture.CapturePhase;
import dev.flusso.dev.servers.SharedServers;
import dev.flusso.journal.Needs;
import dev.flusso.journal.TableName;
import dev.flusso.postgres.provision.ProvisionPolicy;
import dev.flusso.schema.SourceConfig.Publish;
import dev.flusso.schema.SourceConfig.ReplicaIdentity;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Nothing we do makes a statement of the application fail, whatever its tables are like. Which of them end up covered is told too, so
 * that nobody passes by publishing nothing.
 */
class OddTablesIT {

    /** How an odd table fares when identities are managed. */
    private enum Fate {
        COVERED,
        BLOCKED
    }

    /**
     * A table of the application's.
     *
     * @param since the first version of Postgres that knows such a thing
     * @param create its definition, {@code %s} being its name
     * @param needs columns a document needs of it
     * @param work statements the application runs once we are there
     */
    private record Odd(String name, int since, String create, List<String> needs, Fate managed, List<String> work) {}

    private static final List<String> USUAL = List.of(
            "insert into %s(id, b) values (1, 1), (2, 2), (3, 3)",
            "update %s set b = 5 where id = 1",
            "update %s set id = 7 where id = 2",
            "delete from %s where id = 7",
            "truncate %s",
            "insert into %s(id, b) values (1, 1)",
            "delete from %s");

    private static final String UPSERT =
            "insert into %s(id, b) values (1, 1) on conflict (id) do update set b = excluded.b + 1";

    private static final String PARTITIONS = "; create table %1$s_1 partition of %1$s for values from (0) to (100);"
            + " create table %1$s_2 partition of %1$s for values from (100) to (200)";

    /** A partition that nobody has looked at yet, and a row that moves into it. */
    private static final List<String> NEW_PARTITION = List.of(
            "create table %1$s_3 partition of %1$s for values from (200) to (300)",
            "insert into %s(id, b) values (5, 1), (105, 1), (205, 1)",
            "update %s set b = b + 1",
            "update %s set id = id + 1",
            "update %s set id = 209 where id = 6",
            "delete from %s");

    private static Odd odd(String name, String create, Fate managed, String... more) {
        return odd(name, 0, create, managed, more);
    }

    private static Odd odd(String name, int since, String create, Fate managed, String... more) {
        var work = new ArrayList<>(USUAL);
        work.addAll(List.of(more));
        return new Odd(name, since, create, List.of("id", "b"), managed, work);
    }

    private static final List<Odd> ODD = List.of(
            odd("plain", "create table %s(id int primary key, b int)", Fate.COVERED, UPSERT, UPSERT),
            odd("keyless", "create table %s(id int, b int)", Fate.COVERED),
            odd(
                    "nothing",
                    "create table %1$s(id int primary key, b int); alter table %1$s replica identity nothing",
                    Fate.COVERED,
                    UPSERT,
                    UPSERT),
            odd("postponed", "create table %s(id int primary key deferrable, b int)", Fate.COVERED),
            odd("late", "create table %s(id int unique deferrable initially deferred, b int not null)", Fate.COVERED),
            odd(
                    "partial",
                    "create table %1$s(id int not null, b int); create unique index on %1$s(id) where b > 1",
                    Fate.COVERED),
            odd(
                    "expression",
                    "create table %1$s(id int not null, b int); create unique index on %1$s((id + 0))",
                    Fate.COVERED),
            odd("nullable", "create table %s(id int unique, b int)", Fate.COVERED, UPSERT, UPSERT),
            odd(
                    "by_index",
                    "create table %1$s(id int not null, b int not null); create unique index %1$s_i on %1$s(id, b);"
                            + " alter table %1$s replica identity using index %1$s_i",
                    Fate.COVERED),
            odd(
                    "bereft",
                    "create table %1$s(id int not null, b int not null); create unique index %1$s_i on %1$s(id, b);"
                            + " alter table %1$s replica identity using index %1$s_i; drop index %1$s_i",
                    Fate.COVERED),
            odd("incomparable", "create table %s(id int, b int, j json, p point, x xml)", Fate.COVERED),
            odd("unlogged", "create unlogged table %s(id int primary key, b int)", Fate.BLOCKED),
            odd(
                    "stored",
                    "create table %s(id int primary key, b int, g int generated always as (b + 1) stored)",
                    Fate.COVERED),
            odd(
                    "stored_key",
                    "create table %s(id int, b int, g int generated always as (id + 1) stored primary key)",
                    Fate.COVERED),
            odd(
                    "virtual",
                    180_000,
                    "create table %s(id int primary key, b int, g int generated always as (b + 1))",
                    Fate.BLOCKED),
            odd(
                    "virtual_fit",
                    180_000,
                    "create table %1$s(id int primary key, b int not null, g int generated always as (b + 1));"
                            + " create unique index on %1$s(id, b)",
                    Fate.COVERED),
            odd(
                    "parted",
                    "create table %s(id int primary key, b int) partition by range (id)" + PARTITIONS,
                    Fate.COVERED,
                    NEW_PARTITION.toArray(String[]::new)),
            odd(
                    "parted_keyless",
                    "create table %s(id int, b int) partition by range (id)" + PARTITIONS,
                    Fate.BLOCKED,
                    NEW_PARTITION.toArray(String[]::new)),
            odd(
                    "parted_late",
                    "create table %s(id int primary key deferrable, b int) partition by range (id)" + PARTITIONS,
                    Fate.BLOCKED,
                    NEW_PARTITION.toArray(String[]::new)),
            odd(
                    "parted_nothing",
                    "create table %1$s(id int primary key, b int) partition by range (id)" + PARTITIONS
                            + "; alter table %1$s_2 replica identity nothing",
                    Fate.COVERED,
                    NEW_PARTITION.toArray(String[]::new)),
            odd(
                    "parted_unlogged",
                    "create table %1$s(id int primary key, b int) partition by range (id)" + PARTITIONS
                            + "; alter table %1$s_1 set unlogged",
                    Fate.BLOCKED,
                    NEW_PARTITION.toArray(String[]::new)),
            odd(
                    "heir",
                    "create table %1$s(id int primary key, b int); create table %1$s_child() inherits (%1$s)",
                    Fate.BLOCKED,
                    "insert into %s_child values (1, 1)",
                    "update %s set b = 7",
                    "delete from %s"));

    private CaptureBed bed;
    private List<Odd> tables = List.of();

    @BeforeEach
    void open() {
        bed = new CaptureBed(SharedServers.postgres(), "odd");
        var version = Integer.parseInt(bed.one("show server_version_num"));
        tables = ODD.stream().filter(odd -> odd.since() <= version).toList();
        tables.forEach(odd -> bed.run(odd.create().formatted(odd.name())));
    }

    @AfterEach
    void close() throws SQLException {
        bed.close();
    }

    private static TableName name(Odd odd) {
        return TableName.of("public", odd.name());
    }

    private void begin(ReplicaIdentity identity, Publish publish) {
        bed.policy = new ProvisionPolicy("odd", "flusso", true, identity, publish);
        var needs = Needs.NONE;
        for (var odd : tables) {
            needs = needs.plus(CaptureBed.need(name(odd), odd.needs().toArray(String[]::new)));
        }
        bed.needs = needs;
        bed.restart();
        bed.until("coverage", () -> bed.journal.appender().coverage().isPresent());
        bed.until(
                "the gate to be open",
                () -> bed.capture.status().phase() == CapturePhase.STREAMING
                        && bed.capture.status().detail().isEmpty());
    }

    /** Runs what the application would, twice: before capture has looked again, and after. */
    private void work(SoftAssertions softly) {
        for (var odd : tables) {
            for (var statement : odd.work()) {
                softly.assertThatCode(() -> bed.run(statement.formatted(odd.name())))
                        .as(odd.name())
                        .doesNotThrowAnyException();
            }
        }
    }

    @ParameterizedTest
    @DisplayName("P3 C09 no statement of the application fails, whatever its table is like")
    @CsvSource({"MANAGE, ROWS", "MANAGE, KEYS", "REQUIRE, ROWS", "REQUIRE, KEYS", "WARN, ROWS"})
    void nothingOfTheApplicationFails(ReplicaIdentity identity, Publish publish) {
        if (publish == Publish.KEYS && Integer.parseInt(bed.one("show server_version_num")) < 150_000) {
            return; // refused, see RefusalIT
        }
        begin(identity, publish);
        var softly = new SoftAssertions();
        work(softly);
        softly.assertAll();

        var coverage = bed.journal.appender().coverage().orElseThrow();
        var missing = new TreeSet<String>();
        var expected = new TreeSet<String>();
        for (var odd : tables) {
            if (!coverage.holds(CaptureBed.need(name(odd), odd.needs().toArray(String[]::new)))) {
                missing.add(odd.name());
            }
            if (odd.managed() == Fate.BLOCKED) {
                expected.add(odd.name());
            }
        }
        if (identity == ReplicaIdentity.MANAGE) {
            assertThat(missing).isEqualTo(expected);
        } else {
            assertThat(missing).containsAll(expected);
        }
        var named = bed.capture.status().blockers();
        assertThat(missing)
                .as("tables that are not covered, none of them in silence: %s", named)
                .allMatch(name ->
                        named.stream().anyMatch(blocker -> blocker.subject().matches("public." + name + "(_\\d)?")));
    }

    @Test
    @DisplayName("what cannot be published says why, and how to mend it where that is sure")
    void saysWhy() {
        begin(ReplicaIdentity.MANAGE, Publish.ROWS);

        assertThat(blocker("public.unlogged")).satisfies(blocker -> {
            assertThat(blocker.problem()).contains("is unlogged");
            assertThat(blocker.remedy()).isEqualTo("ALTER TABLE \"public\".\"unlogged\" SET LOGGED");
        });
        assertThat(blocker("public.heir").problem()).contains("tables inherit from it", "not followed");
        assertThat(blocker("public.parted_keyless").problem())
                .contains("no primary key", "UPDATE and DELETE of it would fail");
        assertThat(blocker("public.parted_unlogged")).satisfies(blocker -> {
            assertThat(blocker.problem()).contains("public.parted_unlogged_1 is unlogged");
            assertThat(blocker.remedy()).isEqualTo("ALTER TABLE \"public\".\"parted_unlogged_1\" SET LOGGED");
        });

        bed.run(blocker("public.unlogged").remedy() + "; "
                + blocker("public.parted_unlogged").remedy());
        bed.needs = CaptureBed.need("unlogged", "id", "b").plus(CaptureBed.need("parted_unlogged", "id", "b"));
        bed.live();
    }

    private Blocker blocker(String subject) {
        return bed.capture.status().blockers().stream()
                .filter(blocker -> blocker.subject().equals(subject))
                .findFirst()
                .orElseThrow(() -> new AssertionError(
                        subject + " in " + bed.capture.status().blockers()));
    }
}
