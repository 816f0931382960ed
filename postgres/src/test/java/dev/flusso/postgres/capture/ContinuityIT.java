package dev.flusso.postgres.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.flusso.capture.CaptureOptions;
import dev.flusso.capture.GapForbiddenException;
import dev.flusso.dev.servers.SharedServers;
import dev.flusso.journal.Gap;
import dev.flusso.journal.InMemoryJournal;
import dev.flusso.journal.Lsn;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("P9: a gap is noticed")
class ContinuityIT {

    private CaptureBed bed;

    @BeforeEach
    void open() {
        bed = new CaptureBed(SharedServers.postgres(), "continuity").withShop().live();
        bed.run("insert into users values (1, 'a')");
        bed.changes();
        bed.stop();
    }

    @AfterEach
    void close() throws SQLException {
        bed.close();
    }

    private void goesOnAfter(Gap.Reason reason) {
        bed.live();
        bed.run("insert into users values (99, 'z')");
        assertThat(bed.changes()).isNotEmpty();
        assertThat(bed.gaps()).extracting(Gap::reason).containsExactly(reason);
        assertThat(bed.gaps().get(0).tables()).isEmpty();
    }

    @Test
    void whenTheSlotIsGone() {
        bed.run("select pg_drop_replication_slot('continuity')");
        bed.capture = bed.make();
        goesOnAfter(Gap.Reason.SLOT_LOST);
    }

    @Test
    void whenTheSlotIsDroppedUnderTheStream() {
        bed.capture = bed.make();
        bed.live();
        bed.run("select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name = 'continuity'");
        bed.run("do $$ begin for i in 1..500 loop begin perform pg_drop_replication_slot('continuity'); exit;"
                + " exception when object_in_use then perform pg_sleep(0.01); end; end loop; end $$");
        bed.until("trouble", () -> bed.capture.status().errors() > 0);
        goesOnAfter(Gap.Reason.SLOT_LOST);
    }

    @Test
    void whenTheJournalIsGone() {
        bed.journal = InMemoryJournal.create();
        bed.capture = bed.make();
        goesOnAfter(Gap.Reason.JOURNAL_ROLLED_BACK);
    }

    @Test
    void whenTheSlotWasAcknowledgedPastTheJournal() {
        bed.run("insert into users values (2, 'b')");
        bed.run("select pg_replication_slot_advance('continuity', pg_current_wal_lsn())");
        bed.capture = bed.make();
        goesOnAfter(Gap.Reason.JOURNAL_ROLLED_BACK);
    }

    @Test
    void whenThePublicationWasDropped() {
        bed.run("drop publication flusso");
        bed.run("insert into users values (2, 'b')");
        bed.capture = bed.make();
        goesOnAfter(Gap.Reason.SLOT_INVALIDATED);
    }

    @Test
    void whenThePublicationWasDroppedAndMadeAgain() {
        bed.run("drop publication flusso");
        bed.run("insert into users values (2, 'b')");
        bed.run("create publication flusso for table users, orders");
        bed.capture = bed.make();
        bed.until("the gap", () -> bed.gaps().stream().anyMatch(gap -> gap.reason() == Gap.Reason.SLOT_INVALIDATED));
        bed.live();
        bed.run("insert into users values (99, 'z')");
        assertThat(bed.changes()).isNotEmpty();
    }

    @Test
    void whenAnotherDatabaseIsThere() throws SQLException {
        var journal = bed.journal;
        try (var other = new CaptureBed(SharedServers.postgres(), "continuity2").withShop()) {
            other.journal = journal;
            other.capture = other.make();
            other.live();
            assertThat(bed.gaps()).extracting(Gap::reason).containsExactly(Gap.Reason.SOURCE_REPLACED);
        }
    }

    @Test
    void endsWithSixWhenItMayNotBeHealedAndWritesNothing() {
        bed.run("select pg_drop_replication_slot('continuity')");
        bed.options = new CaptureOptions(false, Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofSeconds(1));
        bed.capture = bed.make();
        var newest = bed.journal.appender().newest();

        for (var attempt = 0; attempt < 2; attempt++) {
            var forbidden = catchThrowableOfType(GapForbiddenException.class, () -> bed.until("it", () -> false));

            assertThat(forbidden.exitCode()).isEqualTo(6);
            assertThat(forbidden)
                    .hasMessageContaining("slot 'continuity' is gone")
                    .hasMessageContaining("heal");
            assertThat(bed.journal.appender().newest()).isEqualTo(newest);
            bed.capture = bed.make();
        }
        assertThat(bed.one("select count(*) from pg_replication_slots where slot_name = 'continuity'"))
                .isEqualTo("0");
    }

    @Test
    void butAnAbandonedFirstStartIsNone() {
        bed.run("select pg_drop_replication_slot('continuity')");
        var journal = InMemoryJournal.create();
        try {
            journal.appender()
                    .claim(new dev.flusso.journal.SourceIdentity(
                            bed.one("select system_identifier from pg_control_system()"),
                            "continuity",
                            "continuity",
                            1));
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
        bed.run("select pg_create_logical_replication_slot('continuity', 'pgoutput')");
        bed.journal = journal;
        bed.options = new CaptureOptions(false, CaptureBed.BEAT, Duration.ofSeconds(1), Duration.ofSeconds(1));
        bed.capture = bed.make();

        bed.live();

        assertThat(bed.gaps()).isEmpty();
        assertThat(Lsn.parse(
                        bed.one("select confirmed_flush_lsn from pg_replication_slots where slot_name = 'continuity'")))
                .isGreaterThan(Lsn.ZERO);
    }
}
