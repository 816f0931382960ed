package dev.flusso.cli.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.dev.servers.Eventually;
import dev.flusso.dev.servers.FaultProxy;
import dev.flusso.dev.servers.SharedServers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests that arrive long after they were sent, and workers that wake up long after they fell asleep. */
final class LateWritesIT {

    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private FirstDay day(String database, FaultProxy proxy) throws Exception {
        var day = new FirstDay(SharedServers.postgres(), database, proxy.url(), folder);
        day.config("timeout_secs = 5", "timeout_secs = 2");
        day.sql(
                "INSERT INTO users (email, name) SELECT i || '@x.org', 'n' FROM generate_series(1, 320) i",
                "INSERT INTO orders (user_id, status, total) SELECT 1 + i % 320, 's', i FROM generate_series(1, 600) i");
        return day;
    }

    @Test
    @DisplayName(
            "P4 a bulk held back by the network and delivered after a restarted worker's newer writes and deletes does no harm")
    void aHeldBulkDoesNoHarm() throws Exception {
        try (var proxy = FaultProxy.before(SharedServers.search());
                var day = day("late_bulk", proxy)) {
            day.start("capture");
            var work = day.start("work");
            day.awaitTrue(SOON);
            var held = proxy.http().next(1).bulks().hold();
            day.sql("UPDATE users SET name = 'old news'");
            held.await(1, SOON);
            work.killHard();
            day.sql("UPDATE users SET name = 'new' WHERE id <= 100", "DELETE FROM users WHERE id > 100 AND id <= 200");
            day.start("work");
            day.awaitTrue(SOON);
            assertThat(held.deliver(SOON)).containsOnly(200);
            day.awaitTrue(SOON);
            assertThat(day.indexed()).doesNotContainKey("150");
            assertThat(day.indexed().get("50")).contains("\"new\"");
        }
    }

    @Test
    @DisplayName(
            "P4 deletes forgotten at once by the cluster (gc_deletes 1 s): what the worker itself sends again or builds anew does no harm")
    void whatIsSentAgainDoesNoHarmWithoutTombstones() throws Exception {
        var seed = Long.getLong("flusso.seed", System.nanoTime());
        var random = new SplittableRandom(seed);
        try (var proxy = FaultProxy.before(SharedServers.search());
                var day = day("late_gc", proxy)) {
            day.start("capture");
            var work = day.start("work");
            day.awaitTrue(SOON);
            day.ask("PUT", "/late_gc_users/_settings", "{\"index.gc_deletes\": \"1s\"}");
            try (var writer = new Writer(day, random.split())) {
                writer.start();
                for (var i = 0; i < 12; i++) {
                    var rule = switch (random.nextInt(5)) {
                        case 0 -> proxy.http().next(3).bulks().dropResponse();
                        case 1 -> proxy.http().next(3).bulks().answer(429);
                        case 2 -> proxy.http().next(4).rejectItems(429, item -> item.number() % 2 == 0);
                        case 3 -> proxy.http().next(2).bulks().delay(Duration.ofMillis(1_500));
                        default -> proxy.http().next(3).bulks().reset();
                    };
                    writer.awaitMore(20);
                    if (i % 4 == 3) {
                        work.freeze();
                        writer.awaitMore(30);
                        work.thaw();
                    }
                    rule.cancel();
                }
                writer.stop();
                writer.rethrow();
            }
            day.awaitTrue(SOON);
            assertThat(work.isAlive()).isTrue();
        } catch (AssertionError e) {
            throw new AssertionError("seed " + seed + " (-Dflusso.seed=" + seed + "): " + e.getMessage(), e);
        }
    }

    @Test
    @DisplayName("P4 a worker frozen with a bulk on its way, and thawed after another has written more, does no harm")
    void aThawedWorkerDoesNoHarm() throws Exception {
        try (var proxy = FaultProxy.before(SharedServers.search());
                var day = day("late_thaw", proxy)) {
            day.start("capture");
            var work = day.start("work");
            day.awaitTrue(SOON);
            var held = proxy.http().next(2).bulks().hold();
            day.sql("UPDATE users SET name = 'old news'");
            held.await(1, SOON);
            work.freeze();
            day.sql(
                    "UPDATE users SET name = 'newer' WHERE id <= 100",
                    "DELETE FROM users WHERE id BETWEEN 101 AND 200");
            held.deliver(SOON);
            work.thaw();
            day.awaitTrue(SOON);
        }
    }

    @Test
    @DisplayName("P4 many writers, requests that fail, are lost and are repeated: no old document survives anywhere")
    void noOldDocumentSurvives() throws Exception {
        try (var proxy = FaultProxy.before(SharedServers.search());
                var day = day("late_race", proxy)) {
            day.start("capture");
            var work = day.start("work");
            day.awaitTrue(SOON);
            var rules = java.util.List.of(
                    proxy.http()
                            .always()
                            .bulks()
                            .matching(request -> request.bodyBytes() % 5 == 0)
                            .dropResponse(),
                    proxy.http()
                            .always()
                            .rejectItems(
                                    429,
                                    item -> item.number() % 7 == 3
                                            && item.source().length() % 3 == 0));
            var writers = new ArrayList<Writer>();
            for (var i = 0; i < 6; i++) {
                writers.add(new Writer(day, new SplittableRandom(i)));
            }
            writers.forEach(Writer::start);
            writers.forEach(writer -> writer.awaitMore(60));
            work.killHard();
            day.start("work");
            writers.forEach(writer -> writer.awaitMore(60));
            writers.forEach(Writer::stop);
            writers.forEach(Writer::rethrow);
            rules.forEach(rule -> rule.cancel());
            day.awaitTrue(SOON);
            var here = day.indexed();
            Eventually.within(SOON)
                    .until(
                            "nothing more under way",
                            () -> new LaneLook(day, "primary/users")
                                            .status()
                                            .path("lag_bytes")
                                            .asLong(1)
                                    < 2_000);
            assertThat(day.indexed()).isEqualTo(here);
        }
    }
}
