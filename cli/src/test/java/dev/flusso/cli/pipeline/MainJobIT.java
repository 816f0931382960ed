package dev.flusso.cli.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.dev.servers.Eventually;
import dev.flusso.dev.servers.FaultProxy;
import dev.flusso.dev.servers.ProcessControl;
import dev.flusso.dev.servers.SharedServers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The main job, from rows to documents, by the distribution's own command on real servers. */
final class MainJobIT {

    private static final Duration SOON = Duration.ofSeconds(60);

    /** The two ways to run it. */
    enum Mode {
        RUN,
        TWO_PROCESSES;

        List<String> commands() {
            return this == RUN ? List.of("run") : List.of("capture", "work");
        }

        List<ProcessControl> start(FirstDay day) {
            var started = new ArrayList<ProcessControl>();
            commands().forEach(command -> started.add(day.start(command)));
            return started;
        }
    }

    @TempDir
    Path folder;

    private FirstDay day(String database) throws Exception {
        return new FirstDay(
                SharedServers.postgres(), database, SharedServers.search().url(), folder);
    }

    private static void seedRows(FirstDay day) throws Exception {
        day.sql(
                "INSERT INTO users (email, name) SELECT ' User' || i || '@Example.COM ', 'Name ' || i FROM generate_series(1, 300) i",
                "INSERT INTO orders (user_id, status, total, placed_at) SELECT 1 + i % 250, 's' || i % 3, i * 1.10,"
                        + " timestamptz '2026-01-01' + i * interval '1 minute' FROM generate_series(1, 2000) i");
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    @DisplayName("P2 P3 every kind of change on root and child arrives")
    void everyKindOfChangeArrives(Mode mode) throws Exception {
        try (var day = day("main_" + mode.name().toLowerCase(Locale.ROOT))) {
            seedRows(day);
            mode.start(day);
            day.awaitTrue(SOON);
            assertThat(day.indexed()).hasSize(300);

            day.sql("INSERT INTO users (email) VALUES ('new@x.org')");
            day.awaitTrue(SOON);
            day.sql("UPDATE users SET name = 'changed' WHERE id = 7");
            day.awaitTrue(SOON);
            day.sql("DELETE FROM users WHERE id = 8");
            day.awaitTrue(SOON);
            day.sql("UPDATE users SET deleted_at = now() WHERE id = 9");
            day.awaitTrue(SOON);
            day.sql("UPDATE users SET deleted_at = NULL WHERE id = 9");
            day.awaitTrue(SOON);
            day.sql("INSERT INTO orders (user_id, status, total) VALUES (300, 'first', 1.00)");
            day.awaitTrue(SOON);
            day.sql("UPDATE orders SET total = 99.90 WHERE user_id = 10");
            day.awaitTrue(SOON);
            day.sql("DELETE FROM orders WHERE user_id = 11");
            day.awaitTrue(SOON);
            day.sql("UPDATE orders SET user_id = 299 WHERE user_id = 12");
            day.awaitTrue(SOON);
            day.sql("UPDATE users SET id = 10013 WHERE id = 290");
            day.awaitTrue(SOON);
            day.sql("TRUNCATE orders");
            day.awaitTrue(SOON);
        }
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    @DisplayName("P1 P6 kill -9 at any moment under writes loses nothing")
    void killedAtAnyMomentLosesNothing(Mode mode) throws Exception {
        var seed = Long.getLong("flusso.seed", System.nanoTime());
        var random = new SplittableRandom(seed);
        try (var day = day("kill_" + mode.name().toLowerCase(Locale.ROOT))) {
            seedRows(day);
            var writer = new Writer(day, random.split());
            try (writer) {
                writer.start();
                var processes = mode.start(day);
                for (var kill = 0; kill < 4; kill++) {
                    var victim = random.nextInt(processes.size());
                    writer.awaitMore(20 + random.nextInt(60));
                    processes.get(victim).killHard();
                    writer.awaitMore(random.nextInt(20));
                    processes.set(victim, day.start(mode.commands().get(victim)));
                }
            }
            writer.rethrow();
            day.awaitTrue(SOON);
        } catch (AssertionError e) {
            throw new AssertionError("seed " + seed + " (-Dflusso.seed=" + seed + "): " + e.getMessage(), e);
        }
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    @DisplayName("P1 P10 OpenSearch away under writes: the slot goes on being acknowledged, the index catches up")
    void searchAwayForAWhile(Mode mode) throws Exception {
        try (var proxy = FaultProxy.before(SharedServers.search());
                var day = new FirstDay(
                        SharedServers.postgres(),
                        "away_" + mode.name().toLowerCase(Locale.ROOT),
                        proxy.url(),
                        folder)) {
            seedRows(day);
            mode.start(day);
            day.awaitTrue(SOON);
            proxy.refuse();
            for (var i = 0; i < 20; i++) {
                day.sql("UPDATE users SET name = name || '+' WHERE id % 20 = " + i);
            }
            var here = day.value("SELECT pg_current_wal_lsn()");
            Eventually.within(Duration.ofSeconds(30))
                    .until(
                            "the slot to pass " + here + "\n" + day.logs(),
                            () -> day.value("SELECT confirmed_flush_lsn >= '" + here
                                            + "' FROM pg_replication_slots WHERE slot_name = '" + day.slot() + "'")
                                    .equals("t"));
            proxy.pass();
            day.awaitTrue(SOON);
        }
    }

    @Test
    @DisplayName("SIGTERM ends either process with 0, and the next start reads nothing twice from the tables")
    void stopsCleanlyAndGoesOn() throws Exception {
        try (var day = day("main_stop")) {
            seedRows(day);
            var processes = Mode.TWO_PROCESSES.start(day);
            day.awaitTrue(SOON);
            for (var process : processes) {
                process.terminate();
                assertThat(process.waitForExit(Duration.ofSeconds(15))).isZero();
            }
            day.sql("DELETE FROM users WHERE id = 3", "UPDATE users SET name = 'while away' WHERE id = 4");
            var again = Mode.TWO_PROCESSES.start(day);
            day.awaitTrue(SOON);
            assertThat(again.get(1).lines()).noneMatch(line -> line.text().contains("seeded lane"));
        }
    }
}
