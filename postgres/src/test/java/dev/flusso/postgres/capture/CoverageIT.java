package dev.flusso.postgres.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.capture.CapturePhase;
import dev.flusso.dev.servers.SharedServers;
import dev.flusso.journal.Entry;
import dev.flusso.journal.Gap;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.TableName;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CoverageIT {

    private static final TableName ORDERS = TableName.of("public", "orders");

    private CaptureBed bed;

    @BeforeEach
    void open() {
        bed = new CaptureBed(SharedServers.postgres(), "coverage").withShop();
    }

    @AfterEach
    void close() throws SQLException {
        bed.close();
    }

    @Test
    @DisplayName("P2: the slot waits for writers under way, and says for whom")
    void namesWhoKeepsTheSlotWaiting() throws SQLException {
        try (var writer = bed.server.connect("coverage")) {
            writer.setAutoCommit(false);
            writer.createStatement().execute("insert into users values (1, 'a')");
            bed.until(
                    "blockers",
                    () -> bed.capture.status().phase() == CapturePhase.CREATING_SLOT
                            && !bed.capture.status().blockers().isEmpty());
            assertThat(bed.capture.status().blockers().get(0).problem())
                    .contains("process")
                    .contains("idle in transaction");
            assertThat(bed.capture.status().blockers().get(0).remedy()).contains("pg_terminate_backend(");
            assertThat(bed.capture.status().detail()).contains("is being made");
            writer.commit();
        }
        bed.live();
    }

    @Test
    void leavesNoSlotWhenItIsGivenUpInTheMaking() throws SQLException {
        try (var writer = bed.server.connect("coverage")) {
            writer.setAutoCommit(false);
            writer.createStatement().execute("insert into users values (1, 'a')");
            bed.until("the slot in the making", () -> bed.capture.status().phase() == CapturePhase.CREATING_SLOT);
            bed.capture.close();
            dev.flusso.dev.servers.Eventually.within(CaptureBed.PATIENCE)
                    .until(
                            "no slot",
                            () -> bed.one("select count(*) from pg_replication_slots where slot_name = 'coverage'")
                                    .equals("0"));
        }
        bed.capture = bed.make();
        bed.live();
        assertThat(bed.gaps()).isEmpty();
    }

    @Test
    @DisplayName("P2: a table added later is covered only when no transaction can hide a row of it")
    void waitsAtTheBarrier() throws SQLException {
        bed.live();
        bed.run("create table notes(id int primary key)");
        try (var writer = bed.server.connect("coverage")) {
            writer.setAutoCommit(false);
            writer.createStatement().execute("insert into notes values (1)");
            bed.needs = bed.needs.plus(CaptureBed.need("notes", "id"));
            bed.until(
                    "the barrier's blocker",
                    () -> bed.capture.status().blockers().stream()
                            .anyMatch(blocker -> blocker.subject().startsWith("transaction ")));
            assertThat(bed.isCovered()).isFalse();
            assertThat(bed.capture.status().detail()).contains("coverage waits for transactions");
            bed.run("insert into users values (1, 'a')");
            assertThat(bed.changes()).isNotEmpty();
            assertThat(bed.isCovered()).isFalse();
            writer.commit();
        }
        bed.live();
        bed.run("insert into notes values (2)");

        var seen = bed.changes().stream()
                .map(entry -> (Entry.Change) entry)
                .filter(change -> change.table().name().equals("notes"))
                .map(change -> change.valueAfter("id").orElseThrow())
                .toList();
        assertThat(seen)
                .as("row 1 was inserted before the publication had the table")
                .hasSize(1);
        assertThat(bed.capture.status().blockers()).isEmpty();
    }

    @Test
    void isNotHeldUpByReadersOrLaterWriters() throws SQLException {
        bed.live();
        bed.run("create table notes(id int primary key)");
        try (var reader = bed.server.connect("coverage");
                var writer = bed.server.connect("coverage")) {
            reader.setTransactionIsolation(java.sql.Connection.TRANSACTION_REPEATABLE_READ);
            reader.setAutoCommit(false);
            reader.createStatement().execute("select * from users");
            bed.needs = bed.needs.plus(CaptureBed.need("notes", "id"));
            bed.live();
            writer.setAutoCommit(false);
            writer.createStatement().execute("insert into users values (5, 'e')");
            bed.run("insert into notes values (1)");
            assertThat(bed.changes()).hasSize(1);
        }
    }

    @Test
    void losesWhatLeavesThePublicationAtOnceAndMakesAGapOfItsReturn() {
        bed.live();
        bed.run("alter publication flusso drop table orders");
        bed.until("its return by provisioning, and the gap", () -> !bed.gaps().isEmpty());
        bed.live();

        assertThat(bed.gaps().get(0).reason()).isEqualTo(Gap.Reason.TABLE_CHANGED);
        assertThat(bed.gaps().get(0).tables()).containsExactly(TableName.of("public", "orders"));
        assertThat(bed.gaps().get(0).detail()).contains("out of the publication");
    }

    @Test
    void makesAGapOfARetypedColumnAndOfASwappedTable() {
        bed.live();
        bed.run("alter table orders alter note type varchar(2) using left(note, 2)");
        bed.until("the gap", () -> bed.gaps().size() == 1);
        assertThat(bed.gaps().get(0).detail()).contains("column 'note' was text, is character varying(2)");

        bed.run("begin; alter table orders rename to orders_old; create table orders(id bigint primary key,"
                + " user_id bigint, note text); insert into orders values (1, 1, 'x'); commit");
        bed.until("the gap", () -> bed.gaps().size() == 2);
        assertThat(bed.gaps().get(1).detail()).contains("another table has taken its name");
        bed.live();
        bed.run("insert into orders values (2, 2, 'y')");
        assertThat(bed.changes()).hasSize(1);
    }

    @Test
    @DisplayName("P9 a column may keep its type and get other values; VACUUM FULL and NOT NULL are no gap")
    void makesAGapOfAColumnWhoseValuesWereRewritten() {
        bed.live();
        bed.run("alter table users alter name set default 'x'");
        bed.changes();
        bed.run("alter table orders alter note type text using upper(note)");
        bed.until("the gap", () -> bed.gaps().size() == 1);
        assertThat(bed.gaps().get(0).detail()).contains("orders: column 'note' was defined anew");
        bed.run("vacuum full users, orders");
        bed.run("alter table orders alter note type text using lower(note)");
        bed.until("the next gap, and none between", () -> bed.gaps().size() == 2);
        assertThat(bed.gaps().get(1).tables()).containsExactly(TableName.of("public", "orders"));
    }

    @Test
    @DisplayName("P3 what changes while a table has another name is told under its own")
    void followsATableThatIsRenamedForAWhile() {
        bed.live();
        bed.run("insert into orders values (1, 7, 'a')");
        bed.run(
                "begin; alter table orders rename to away; update away set user_id = 8; alter table away rename to orders;"
                        + " commit");
        bed.run("create schema elsewhere; begin; alter table orders set schema elsewhere; delete from elsewhere.orders;"
                + " alter table elsewhere.orders set schema public; commit");

        assertThat(bed.changes())
                .extracting(entry -> ((Entry.Change) entry).table())
                .containsExactly(ORDERS, ORDERS, ORDERS);
        assertThat(bed.gaps()).isEmpty();
    }

    @Test
    @DisplayName("P3 C12 a table and a partition of it may both be needed")
    void tellsBothOfATableAndAPartitionOfIt() {
        bed.run("create table parted(id int, user_id int, note text, primary key (id)) partition by range (id);"
                + " create table parted_1 partition of parted for values from (0) to (10)");
        bed.needs = CaptureBed.need("parted", "id", "user_id").plus(CaptureBed.need("parted_1", "id", "note"));
        bed.live();
        bed.run("insert into parted values (1, 7, 'a'); update parted_1 set user_id = 8; delete from parted");
        bed.run("truncate parted_1");

        var parted = TableName.of("public", "parted");
        var one = TableName.of("public", "parted_1");
        var entries = bed.changes();
        assertThat(entries.subList(0, 6))
                .extracting(entry -> ((Entry.Change) entry).table())
                .containsExactly(parted, one, parted, one, parted, one);
        assertThat(((Entry.Change) entries.get(4)).valueBefore("user_id")).isPresent();
        assertThat(((Entry.Change) entries.get(5)).valueBefore("note")).isPresent();
        assertThat(((Entry.Truncate) entries.get(6)).tables()).contains(one);
        assertThat(bed.gaps()).isEmpty();
    }

    @Test
    void journalsHarmlessDdlAsAChangeOfTheCatalog() {
        bed.live();
        bed.run("alter table users add column age int; alter table users enable row level security");
        bed.until("the entry", () -> !bed.entries(Entry.Kind.CATALOG_CHANGE).isEmpty());

        var change =
                (Entry.CatalogChange) bed.entries(Entry.Kind.CATALOG_CHANGE).get(0);
        assertThat(change.detail()).contains("[age]").contains("row-level security is enabled");
        assertThat(bed.gaps()).isEmpty();
    }

    @Test
    void isAppendedAgainAtEachStart() {
        bed.live();
        var before = bed.entries(Entry.Kind.COVERAGE).size();
        bed.restart();
        bed.until("coverage", () -> bed.entries(Entry.Kind.COVERAGE).size() > before);
        var last = (Entry.Coverage) bed.entries(Entry.Kind.COVERAGE).get(before);
        assertThat(last.holds(bed.needs)).isTrue();
        assertThat(last.lsn()).isGreaterThan(Lsn.ZERO);
    }
}
