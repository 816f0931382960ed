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
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One generation after the other, while somebody searches and somebody writes. */
final class SwapIT {

    private static final Duration SOON = Duration.ofSeconds(90);

    private static final String WITHOUT_NAME = """
            SELECT id::text, json_build_object('id', id, 'email', lower(btrim(email)),
              'orders', coalesce((SELECT json_agg(json_build_object('status', o.status, 'total', o.total))
                 FROM (SELECT status, total FROM orders WHERE user_id = users.id ORDER BY placed_at DESC, id LIMIT 5) o),
                 '[]'),
              'orderCount', (SELECT count(*) FROM orders WHERE user_id = users.id))
            FROM users WHERE deleted_at IS NULL""";

    @TempDir
    Path folder;

    /** Rows 1 to 320 are the writer's; those from 1001 on are never touched. */
    private FirstDay day(String database, FaultProxy proxy) throws Exception {
        var day = new FirstDay(SharedServers.postgres(), database, proxy.url(), folder);
        day.sql(
                "INSERT INTO users (id, email, name) SELECT i, i || '@x.org', 'n' FROM generate_series(1, 320) i",
                "INSERT INTO users (id, email, name) SELECT i, 'still', 'n' FROM generate_series(1001, 1200) i",
                "ALTER TABLE users ALTER id RESTART 2000");
        return day;
    }

    /** Searches through the alias again and again; what is never touched must always be found, and nothing may fail. */
    private static final class Searching implements AutoCloseable {

        private final AtomicReference<@Nullable String> wrong = new AtomicReference<>();
        private final Thread thread;
        private volatile boolean stopping;
        private int searches;

        Searching(FirstDay day, String alias) {
            thread = new Thread(() -> search(day, alias), "searching");
        }

        void start() {
            thread.start();
        }

        private void search(FirstDay day, String alias) {
            while (!stopping) {
                try {
                    var found = day.get(
                            "GET", "/" + alias + "/_search?size=0&track_total_hits=true&q=id:%5B1001%20TO%201200%5D");
                    var total = found.path("hits").path("total").path("value").asInt();
                    if (total != 200 || found.path("_shards").path("failed").asInt() > 0) {
                        wrong.compareAndSet(null, found.toString());
                    }
                    searches++;
                } catch (Exception e) {
                    wrong.compareAndSet(null, e.toString());
                }
            }
        }

        @Override
        public void close() {
            stopping = true;
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            assertThat(wrong.get())
                    .as("a search that failed or missed a document")
                    .isNull();
            assertThat(searches).isPositive();
        }
    }

    private static void reindex(FirstDay day) {
        try (var asked = day.look("reindex", "users", "--server", "http://127.0.0.1:" + day.privatePort)) {
            assertThat(asked.waitForExit(SOON)).as(asked.lastLines(10)).isZero();
        }
    }

    private static void stop(ProcessControl process) {
        process.terminate();
        assertThat(process.waitForExit(Duration.ofSeconds(20)))
                .as(process.lastLines(30))
                .isZero();
    }

    /** Waits until one generation is left, of at least that number. */
    private static void awaitGeneration(FirstDay day, String alias, int number) {
        Eventually.within(SOON)
                .value(
                        "generation " + number + " alone\n" + day.logs(),
                        () -> names(day, alias),
                        names -> names.size() == 1 && numberOf(names.get(0)) >= number);
    }

    private static List<String> names(FirstDay day, String alias) throws Exception {
        var names = new ArrayList<String>();
        day.get("GET", "/" + alias + "_*?expand_wildcards=all").fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static int numberOf(String index) {
        return Integer.parseInt(index.substring(index.lastIndexOf('_') + 1));
    }

    @Test
    @DisplayName(
            "P8 C18 C19 no search fails or misses a document: reindexed, another schema, a column dropped from under the old one")
    void noSearchFailsOrMisses() throws Exception {
        try (var proxy = FaultProxy.before(SharedServers.search());
                var day = day("swap", proxy)) {
            day.start("capture");
            var work = day.start("work");
            day.awaitTrue(SOON);
            try (var writer = new Writer(day, new SplittableRandom(3));
                    var searching = new Searching(day, "swap_users")) {
                writer.start();
                searching.start();
                reindex(day);
                awaitGeneration(day, "swap_users", 2);

                day.schema(day.schema().replace("  - text: name\n", ""));
                stop(work);
                work = day.start("work");
                awaitGeneration(day, "swap_users", 3);
                writer.stop();
                day.truth(WITHOUT_NAME);
                day.awaitTrue(SOON);

                frozen(day, proxy, work);
            }
        }
    }

    /** The generation that is served needs a column that is gone: it is served as it is, and says since when. */
    private static void frozen(FirstDay day, FaultProxy proxy, ProcessControl work) throws Exception {
        stop(work);
        day.sql("ALTER TABLE users ADD COLUMN mail text", "UPDATE users SET mail = email");
        day.schema(
                day.schema().replace("  - keyword: email\n    transforms: [lowercase, trim]\n", "  - keyword: mail\n"));
        day.sql("ALTER TABLE users DROP COLUMN email");
        var slow = proxy.http().always().bulks().delay(Duration.ofMillis(500));
        day.start("work");
        Eventually.within(SOON)
                .value(
                        "the old generation to be served frozen\n" + day.logs(),
                        () -> FirstDay.http(day.publicPort, "/status"),
                        status -> status.contains("\"served_frozen_since\":\"20"));
        slow.cancel();
        day.truth(WITHOUT_NAME.replace("'email', lower(btrim(email))", "'mail', mail"));
        awaitGeneration(day, "swap_users", 4);
        day.awaitTrue(SOON);
    }

    @Test
    @DisplayName(
            "P8 killed at any moment of a reindex and started again, it ends with one generation, whole, and no orphan")
    void killedWhileRebuilding() throws Exception {
        var seed = Long.getLong("flusso.seed", System.nanoTime());
        var random = new SplittableRandom(seed);
        try (var proxy = FaultProxy.before(SharedServers.search());
                var day = day("swap_kill", proxy)) {
            day.start("capture");
            var work = day.start("work");
            day.awaitTrue(SOON);
            try (var searching = new Searching(day, "swap_kill_users")) {
                searching.start();
                for (var i = 0; i < Integer.getInteger("flusso.swap.kills", 2); i++) {
                    new LaneLook(day, "primary/users").await("tailing", "");
                    reindex(day);
                    var requests = proxy.http().requests() + random.nextInt(40);
                    Eventually.within(SOON)
                            .until("some more requests", () -> proxy.http().requests() >= requests);
                    work.killHard();
                    day.sql(
                            "UPDATE users SET name = 'k" + i + "' WHERE id % 3 = 0",
                            "DELETE FROM users WHERE id = " + (i + 1));
                    work = day.start("work");
                }
                day.awaitTrue(SOON);
            }
            awaitGeneration(day, "swap_kill_users", 2);
            day.awaitTrue(SOON);
        } catch (AssertionError e) {
            throw new AssertionError("seed " + seed + " (-Dflusso.seed=" + seed + "): " + e.getMessage(), e);
        }
    }
}
