package dev.flusso.cli.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.dev.servers.Backend;
import dev.flusso.dev.servers.Eventually;
import dev.flusso.dev.servers.OutputLine;
import dev.flusso.dev.servers.PostgresServer;
import dev.flusso.dev.servers.ProcessControl;
import dev.flusso.dev.servers.SharedServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Slot, journal, lane files and database no longer fit together: it is proven that nothing is missing, or the lanes are built anew. */
@DisplayName("P9 C16")
final class GapIT {

    private static final Duration SOON = Duration.ofSeconds(90);
    private static final Duration END = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private FirstDay day(PostgresServer postgres, String database) throws Exception {
        var day = new FirstDay(postgres, database, SharedServers.search().url(), folder);
        rows(day);
        return day;
    }

    private static void rows(FirstDay day) throws Exception {
        day.sql(
                "INSERT INTO users (email, name) SELECT i || '@x.org', 'Name ' || i FROM generate_series(1, 40) i",
                "INSERT INTO orders (user_id, status, total) SELECT 1 + i % 40, 's', i FROM generate_series(1, 100) i");
    }

    /** Seeded, seen to follow, and stopped. */
    private static void lived(FirstDay day) throws Exception {
        var run = day.start("run");
        day.awaitTrue(SOON);
        day.sql("UPDATE users SET name = 'lived' WHERE id < 10");
        day.awaitTrue(SOON);
        assertThat(day.generation("users")).isEqualTo(1);
        stop(run);
    }

    private static void stop(ProcessControl process) {
        process.terminate();
        assertThat(process.waitForExit(END)).as(process.lastLines(30)).isZero();
    }

    /** What happens while nobody looks: a change of each kind. */
    private static void missed(FirstDay day) throws Exception {
        day.sql(
                "UPDATE users SET name = 'missed' WHERE id = 11",
                "DELETE FROM users WHERE id = 12",
                "INSERT INTO users (email) VALUES ('missed@x.org')",
                "DELETE FROM orders WHERE user_id = 13");
    }

    /** The gap is healed by one new generation, and the pipeline is alive afterwards. */
    private static void heals(FirstDay day, String reason) throws Exception {
        var run = day.start("run");
        run.awaitLine("gap reason=" + reason, SOON);
        day.awaitTrue(SOON);
        day.sql("UPDATE users SET name = 'healed' WHERE id = 14");
        day.awaitTrue(SOON);
        Eventually.within(SOON).until("the second generation\n" + day.logs(), () -> day.generation("users") == 2);
        day.awaitTrue(SOON);
        ready(day);
        stop(run);
    }

    private static void ready(FirstDay day) {
        Eventually.within(SOON)
                .until(
                        "readiness\n" + day.logs(),
                        () -> FirstDay.http(day.publicPort, "/readyz").startsWith("200 "));
    }

    @Test
    @DisplayName("the slot was dropped: with on_gap = stop capture ends with 6 and appends nothing, heal goes on")
    void theSlotWasDropped() throws Exception {
        try (var day = day(SharedServers.postgres(), "gap_dropped")) {
            lived(day);
            day.sql("SELECT pg_drop_replication_slot('" + day.slot() + "')");
            missed(day);
            day.config("[source]\n", "[source]\non_gap = \"stop\"\n");
            for (var attempt = 0; attempt < 2; attempt++) {
                var refused = day.start("capture");
                assertThat(refused.waitForExit(SOON)).isEqualTo(6);
                assertThat(refused.output(OutputLine.Channel.ERR))
                        .contains("SLOT_LOST", "slot '" + day.slot() + "' is gone", "on_gap = \"heal\"");
            }
            assertThat(day.value("SELECT count(*) FROM pg_replication_slots WHERE slot_name = '" + day.slot() + "'"))
                    .isEqualTo("0");

            // capture is allowed to heal, the worker is not yet: it meets the gap, and ends too
            day.config("on_gap = \"stop\"", "on_gap = \"heal\"");
            day.start("capture").awaitLine("streaming slot", SOON);
            day.config("on_gap = \"heal\"", "on_gap = \"stop\"");
            var work = day.start("work");
            assertThat(work.waitForExit(SOON)).isEqualTo(6);
            assertThat(work.output(OutputLine.Channel.ERR)).contains("SLOT_LOST");
            assertThat(day.generation("users")).isEqualTo(1);
            day.config("on_gap = \"stop\"", "on_gap = \"heal\"");
            var healing = day.start("work");
            Eventually.within(SOON).until("the second generation\n" + day.logs(), () -> day.generation("users") == 2);
            day.awaitTrue(SOON);
            stop(healing);
            // once: now it may run under stop again
            day.config("on_gap = \"heal\"", "on_gap = \"stop\"");
            day.start("work");
            day.sql("UPDATE users SET name = 'healed' WHERE id = 14");
            day.awaitTrue(SOON);
            assertThat(day.generation("users")).isEqualTo(2);
        }
    }

    @Test
    @DisplayName("the slot was invalidated by max_slot_wal_keep_size")
    void theSlotWasInvalidated() throws Exception {
        try (var postgres = PostgresServer.builder()
                        .setting("max_slot_wal_keep_size", "1MB")
                        .setting("min_wal_size", "32MB")
                        .setting("max_wal_size", "32MB")
                        .start();
                var day = day(postgres, "gap_invalid")) {
            lived(day);
            missed(day);
            Eventually.within(SOON).until("the slot to be lost", () -> {
                day.sql(
                        "SELECT pg_logical_emit_message(false, 'x', repeat('x', 1000000)), pg_switch_wal()",
                        "CHECKPOINT");
                return day.value("SELECT wal_status FROM pg_replication_slots WHERE slot_name = '" + day.slot() + "'")
                        .equals("lost");
            });
            heals(day, "SLOT_INVALIDATED");
        }
    }

    @Test
    @DisplayName("the journal was deleted, with its lane files and without them")
    void theJournalWasDeleted() throws Exception {
        try (var day = day(SharedServers.postgres(), "gap_deleted")) {
            lived(day);
            var lanes = day.journal().resolve("lanes");
            var kept = Files.move(lanes, folder.resolve("kept-lanes"));
            delete(day.journal());
            Files.createDirectory(day.journal());
            Files.move(kept, lanes);
            missed(day);
            heals(day, "JOURNAL_ROLLED_BACK");

            delete(day.journal());
            day.sql("UPDATE users SET name = 'missed too' WHERE id = 15", "DELETE FROM users WHERE id = 16");
            var run = day.start("run");
            day.awaitTrue(SOON);
            day.sql("UPDATE users SET name = 'healed again' WHERE id = 17", "DELETE FROM users WHERE id = 18");
            day.awaitTrue(SOON);
            ready(day);
            stop(run);
        }
    }

    @Test
    @DisplayName("the journal was restored from an older copy")
    void theJournalWasRestored() throws Exception {
        try (var day = day(SharedServers.postgres(), "gap_restored")) {
            lived(day);
            var copy = folder.resolve("copy");
            copy(day.journal(), copy);
            var run = day.start("run");
            missed(day);
            day.awaitTrue(SOON);
            stop(run);
            delete(day.journal());
            Files.move(copy, day.journal());
            day.sql("UPDATE users SET name = 'behind the copy' WHERE id = 15");
            heals(day, "JOURNAL_ROLLED_BACK");
        }
    }

    /** Lets the one take a copy of the other's files. */
    private static void backUp(PostgresServer postgres, PostgresServer backup) {
        postgres.stop();
        backup.start();
        backup.stop();
        postgres.start();
    }

    @Test
    @DisplayName("the database was restored in place from a copy of its files, and is written again")
    void theDatabaseWasRestored() throws Exception {
        try (var postgres = PostgresServer.builder().backend(Backend.EMBEDDED).start();
                var backup = PostgresServer.builder()
                        .backend(Backend.EMBEDDED)
                        .copyOf(postgres)
                        .build();
                var day = day(postgres, "gap_rolled_back")) {
            lived(day);
            backUp(postgres, backup);
            var run = day.start("run");
            missed(day);
            day.sql("INSERT INTO users (id, email) SELECT i, 'lost' FROM generate_series(1000, 1200) i");
            day.awaitTrue(SOON);
            stop(run);
            postgres.stop();

            backup.start();
            day.moveTo(backup);
            day.sql("UPDATE users SET name = 'another history' WHERE id = 15");
            heals(day, "SOURCE_ROLLED_BACK");
        }
    }

    @Test
    @DisplayName("the database was restored in place and has been written far past the place where it had been")
    void theDatabaseWasRestoredAndWentOn() throws Exception {
        try (var postgres = PostgresServer.builder().backend(Backend.EMBEDDED).start();
                var backup = PostgresServer.builder()
                        .backend(Backend.EMBEDDED)
                        .copyOf(postgres)
                        .build();
                var day = day(postgres, "gap_other_history")) {
            lived(day);
            backUp(postgres, backup);
            var run = day.start("run");
            missed(day);
            day.awaitTrue(SOON);
            stop(run);
            var end = day.value("SELECT pg_current_wal_lsn()");
            postgres.stop();

            backup.start();
            day.moveTo(backup);
            day.sql("UPDATE users SET name = 'another history' WHERE id = 15");
            day.sql("CREATE TABLE ballast AS SELECT i, repeat('x', 900) AS t FROM generate_series(1, 3000) i");
            assertThat(day.value("SELECT pg_current_wal_lsn() > '" + end + "'")).isEqualTo("t");
            heals(day, "SOURCE_ROLLED_BACK");
        }
    }

    @Test
    @DisplayName("another database stands at the address")
    void theDatabaseWasReplaced() throws Exception {
        try (var other = PostgresServer.builder().start();
                var day = day(SharedServers.postgres(), "gap_replaced")) {
            lived(day);
            other.freshDatabase("gap_replaced");
            day.sql("SELECT pg_drop_replication_slot('" + day.slot() + "')");
            day.moveTo(other);
            day.tables();
            rows(day);
            day.sql("DELETE FROM users WHERE id % 3 = 0", "UPDATE users SET name = 'of the other' WHERE id % 3 = 1");
            heals(day, "SOURCE_REPLACED");
        }
    }

    @Test
    @DisplayName("a promoted standby that has all we saw is a continuation; the primary it left behind is not")
    void theStandbyWasPromoted() throws Exception {
        try (var primary = PostgresServer.builder().backend(Backend.EMBEDDED).start();
                var standby = PostgresServer.builder()
                        .backend(Backend.EMBEDDED)
                        .standbyOf(primary)
                        .build();
                var day = day(primary, "gap_promoted")) {
            lived(day);
            primary.stop();
            standby.start();
            standby.promote();
            day.moveTo(standby);
            missed(day);
            var run = day.start("run");
            day.awaitTrue(SOON);
            day.sql("UPDATE users SET name = 'on the second timeline' WHERE id = 14");
            day.awaitTrue(SOON);
            ready(day);
            assertThat(day.generation("users")).as("nothing was built anew").isEqualTo(1);
            assertThat(run.lines()).noneMatch(line -> line.text().contains("gap reason="));
            stop(run);

            standby.stop();
            primary.start();
            day.moveTo(primary);
            day.sql("UPDATE users SET name = 'back on the first' WHERE id = 15");
            heals(day, "SOURCE_ROLLED_BACK");
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var paths = Files.walk(from)) {
            for (var path : (Iterable<Path>) paths::iterator) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        try (var paths = Files.walk(directory)) {
            for (var path : (Iterable<Path>) paths.sorted(Comparator.reverseOrder())::iterator) {
                Files.delete(path);
            }
        }
    }
}
