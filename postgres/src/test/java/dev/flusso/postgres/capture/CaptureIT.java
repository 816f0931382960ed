package dev.flusso.postgres.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.capture.CapturePhase;
import dev.flusso.dev.servers.SharedServers;
import dev.flusso.journal.Cell;
import dev.flusso.journal.Entry;
import dev.flusso.journal.InMemoryJournal;
import dev.flusso.journal.LaneFile;
import dev.flusso.journal.LaneName;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.Position;
import dev.flusso.journal.TableName;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CaptureIT {

    private static final TableName ORDERS = TableName.of("public", "orders");

    private CaptureBed bed;

    @BeforeEach
    void open() {
        bed = new CaptureBed(SharedServers.postgres(), "capture").withShop();
    }

    @AfterEach
    void close() throws SQLException {
        bed.close();
    }

    @Test
    @DisplayName("P2: publication, slot, journal, then coverage")
    void provisionsAFreshDatabase() {
        bed.live();

        assertThat(bed.one("select count(*) from pg_publication_tables where pubname = 'flusso'"))
                .isEqualTo("2");
        assertThat(bed.one("select plugin from pg_replication_slots where slot_name = 'capture'"))
                .isEqualTo("pgoutput");
        assertThat(bed.one("select relreplident from pg_class where relname = 'users'"))
                .isEqualTo("d");
        assertThat(bed.one("select relreplident from pg_class where relname = 'orders'"))
                .isEqualTo("f");
        var entries = bed.entries();
        assertThat(entries.get(0).entry()).isInstanceOf(Entry.Progress.class);
        assertThat(bed.journal.identity()).hasValueSatisfying(identity -> {
            assertThat(identity.database()).isEqualTo("capture");
            assertThat(identity.slot()).isEqualTo("capture");
            assertThat(identity.timeline()).isEqualTo(1);
        });
    }

    @Test
    void journalsInsertUpdateAndDeleteWithTheColumnsNeeded() {
        bed.live();
        bed.run("insert into orders values (1, 10, 'a secret')");
        bed.run("update orders set user_id = 20 where id = 1");
        bed.run("delete from orders where id = 1");

        var changes = bed.changes();

        assertThat(changes)
                .hasSize(3)
                .allSatisfy(entry -> assertThat(((Entry.Change) entry).table()).isEqualTo(ORDERS));
        var insert = (Entry.Change) changes.get(0);
        assertThat(insert.after().cells())
                .containsExactly(Cell.text("id", "1", true), Cell.text("user_id", "10", true));
        var update = (Entry.Change) changes.get(1);
        assertThat(update.valueBefore("user_id")).contains(new Cell.Value.Text("10"));
        assertThat(update.valueAfter("user_id")).contains(new Cell.Value.Text("20"));
        var delete = (Entry.Change) changes.get(2);
        assertThat(delete.valueBefore("user_id")).contains(new Cell.Value.Text("20"));
        assertThat(bed.entries().toString()).doesNotContain("secret");
        assertThat(bed.entries(Entry.Kind.COMMIT)).hasSize(3);
        assertThat(delete.transaction().timeline()).isEqualTo(1);
        assertThat(Duration.between(delete.transaction().committedAt(), Instant.now()))
                .isLessThan(Duration.ofMinutes(1))
                .isGreaterThan(Duration.ofMinutes(-1));
    }

    @Test
    void keepsATransactionTogetherAndDropsWhatWasRolledBack() {
        bed.live();
        bed.run("begin; insert into users values (1, 'a'); savepoint s; insert into users values (2, 'b');"
                + " rollback to s; insert into orders values (1, 1); commit;"
                + " begin; insert into users values (3, 'c'); rollback");

        assertThat(bed.changes()).hasSize(2);

        var commit = (Entry.Commit) bed.entries(Entry.Kind.COMMIT).get(0);
        assertThat(commit.changes()).isEqualTo(2);
        var xid = Long.parseLong(bed.one("select xmin::text::bigint from users"));
        assertThat((int) commit.transaction().xid()).isEqualTo((int) xid);
    }

    @Test
    @DisplayName("P1: the slot moves only when the journal is on disk")
    void acknowledgesWhatIsDurableAndNothingElse() throws IOException {
        var journal = InMemoryJournal.create();
        bed.journal = journal;
        bed.capture = bed.make();
        bed.live();
        bed.changes();
        journal.forceByHand();
        bed.run("insert into users values (1, 'a')");
        bed.changes();
        var commit = (Entry.Commit) bed.entries(Entry.Kind.COMMIT).get(0);
        var later = bed.entries(Entry.Kind.HEARTBEAT).size() + 5;
        bed.until(
                "a second of heartbeats",
                () -> bed.entries(Entry.Kind.HEARTBEAT).size() >= later);
        assertThat(confirmed()).isLessThan(commit.transaction().commitLsn());
        assertThat(bed.capture.status().durable()).isLessThan(commit.lsn());

        journal.appender().force();

        bed.until("the slot to move", () -> confirmed().compareTo(commit.lsn()) >= 0);
    }

    private Lsn confirmed() {
        return Lsn.parse(bed.one("select confirmed_flush_lsn from pg_replication_slots where slot_name = 'capture'"));
    }

    @Test
    @DisplayName("P1: after a restart nothing is missing and nothing comes twice")
    void continuesWhereTheJournalEnds() {
        bed.live();
        bed.run("insert into users values (1, 'a')");
        bed.changes();
        bed.stop();
        bed.run("insert into users values (2, 'b')");
        bed.capture = bed.make();
        bed.live();
        bed.run("insert into users values (3, 'c')");

        assertThat(ids(bed.changes())).containsExactly("1", "2", "3");
        assertThat(bed.entries(Entry.Kind.GAP)).isEmpty();
    }

    @Test
    @DisplayName("P10: a killed walsender is replaced")
    void reconnectsWhenItsBackendIsTerminated() {
        bed.live();
        bed.run("insert into users values (1, 'a')");
        bed.changes();
        bed.run("select pg_terminate_backend(pid) from pg_stat_activity where datname = 'capture'"
                + " and pid <> pg_backend_pid()");
        bed.run("insert into users values (2, 'b')");
        bed.until("trouble to be noticed", () -> bed.capture.status().errors() > 0);
        bed.live();

        assertThat(ids(bed.changes())).containsExactly("1", "2");
        assertThat(bed.entries(Entry.Kind.GAP)).isEmpty();
    }

    @Test
    @DisplayName("P1: a full journal is waited for, unacknowledged, and loses nothing")
    void goesOnWhenTheJournalHasRoomAgain() throws Exception {
        bed.journal = InMemoryJournal.create(16, 8);
        bed.restart();
        bed.live();
        var lane = new LaneName("primary", "users");
        bed.journal
                .lanes()
                .save(Lanes.tailing(lane, bed.needs, bed.journal.appender().newest()));
        bed.run("insert into users select g, 'x' from generate_series(1, 300) g");
        bed.until("the journal to be full", () -> bed.capture.status().phase() == CapturePhase.FULL);
        var acknowledged = confirmed();
        assertThat(bed.capture.status().detail()).contains("the journal is full");

        var seen = new ArrayList<String>();
        try (var reader = bed.journal.reader()) {
            bed.until("all rows", () -> {
                for (var next = reader.next(); next != null; next = reader.next()) {
                    if (next.entry() instanceof Entry.Change change) {
                        seen.add(change.valueAfter("id").toString());
                    }
                    save(Lanes.tailing(lane, bed.needs, next.position()));
                }
                return seen.size() >= 300;
            });
        }

        assertThat(seen).hasSize(300).doesNotHaveDuplicates();
        bed.until("room", () -> bed.capture.status().phase() == CapturePhase.STREAMING);
        bed.until("an acknowledgement", () -> confirmed().isAfter(acknowledged));
    }

    private void save(LaneFile file) {
        try {
            bed.journal.lanes().save(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @DisplayName("P10: traffic on foreign tables does not pin WAL")
    void movesTheSlotWhenNothingConcernsUs() {
        bed.live();
        bed.run("create table foreign_things(id int)");
        bed.run("insert into foreign_things select generate_series(1, 10000)");
        var end = Lsn.parse(bed.one("select pg_current_wal_insert_lsn()"));

        bed.until("the slot to pass the foreign traffic", () -> confirmed().compareTo(end) >= 0);

        assertThat(bed.entries(Entry.Kind.CHANGE)).isEmpty();
        assertThat(bed.entries(Entry.Kind.COMMIT)).isEmpty();
    }

    @Test
    @DisplayName("P10: feedback goes on while the reader is stalled for three times wal_sender_timeout")
    void isNotDisconnectedWhileItIsStalled() {
        bed.run("alter database capture set wal_sender_timeout = '1200ms'");
        bed.restart();
        bed.live();
        bed.run("insert into users select g, repeat('x', 100) from generate_series(1, 20000) g");
        bed.capture.step();
        bed.run("select pg_sleep(4)");

        bed.until("all rows", () -> bed.capture.status().commits() == 1);
        assertThat(bed.capture.status().changes()).isEqualTo(20000);
        assertThat(bed.capture.status().errors()).isZero();
    }

    @Test
    void heartbeatsComeBackThroughTheLog() {
        bed.live();
        bed.until("two heartbeats", () -> bed.entries(Entry.Kind.HEARTBEAT).size() >= 2);

        var beats = bed.entries(Entry.Kind.HEARTBEAT);
        var last = (Entry.Heartbeat) beats.get(beats.size() - 1);
        assertThat(last.visibleThrough()).isGreaterThan(Position.BEGINNING);
        assertThat(bed.capture.status().heartbeatAppendedAt()).isEqualTo(last.emittedAt());
    }

    private static List<String> ids(List<Entry> changes) {
        return changes.stream()
                .map(entry -> ((Entry.Change) entry).valueAfter("id").orElseThrow())
                .map(value -> ((Cell.Value.Text) value).text())
                .toList();
    }
}
