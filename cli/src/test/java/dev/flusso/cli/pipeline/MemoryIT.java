package dev.flusso.cli.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.dev.servers.Eventually;
import dev.flusso.dev.servers.FaultProxy;
import dev.flusso.dev.servers.FreePorts;
import dev.flusso.dev.servers.ProcessControl;
import dev.flusso.dev.servers.SharedServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The worker in the 256 MiB of heap that its launcher gives it. */
final class MemoryIT {

    private static final Duration SOON = Duration.ofMinutes(2);

    private static final String UNLIMITED = """
            SELECT id::text, json_build_object('id', id, 'email', lower(btrim(email)), 'name', name,
              'orders', coalesce((SELECT json_agg(json_build_object('status', o.status, 'total', o.total)
                 ORDER BY placed_at DESC, id) FROM orders o WHERE user_id = users.id), '[]'),
              'orderCount', (SELECT count(*) FROM orders WHERE user_id = users.id))
            FROM users WHERE deleted_at IS NULL""";

    @TempDir
    Path folder;

    private static void assertLived(ProcessControl work) throws IOException {
        assertThat(work.isAlive()).as(work.lastLines(40)).isTrue();
        assertThat(Files.readString(Path.of("/proc/" + work.pid() + "/cmdline")))
                .contains("-Xmx256m");
        assertThat(LaneLook.logged(work, "lane starts again")).isZero();
        assertThat(LaneLook.logged(work, "OutOfMemory")).isZero();
    }

    @Test
    @DisplayName("P11 a parent with 50,000 children, seeded, changed, and thinned out in one transaction")
    void aParentWithManyChildren() throws Exception {
        try (var day = new FirstDay(
                SharedServers.postgres(),
                "memory_parent",
                SharedServers.search().url(),
                folder)) {
            day.sql(
                    "INSERT INTO users (email, name) SELECT i || '@x.org', 'n' FROM generate_series(1, 20) i",
                    "INSERT INTO orders (user_id, status, total) SELECT 7, 's' || i, i FROM generate_series(1, 50000) i",
                    "ANALYZE");
            day.config("timeout_secs = 5", "timeout_secs = 60");
            day.schema(day.schema().replace("    limit: 5\n", ""));
            day.truth(UNLIMITED);
            day.start("capture");
            var work = day.start("work");
            day.awaitTrue(SOON);
            day.sql("UPDATE users SET name = 'parent' WHERE id = 7", "UPDATE orders SET status = 'x' WHERE id <= 2000");
            day.awaitTrue(SOON);
            day.sql("DELETE FROM orders WHERE id % 100 > 0");
            day.awaitTrue(SOON);
            assertLived(work);
        }
    }

    @Test
    @DisplayName(
            "P11 C25 a backlog of a hundred documents of a mebibyte, for ten indexes in two sinks, one of which is dead")
    void aBacklogOfLargeDocuments() throws Exception {
        try (var proxy = FaultProxy.before(SharedServers.search());
                var day = new FirstDay(SharedServers.postgres(), "memory_large", proxy.url(), folder)) {
            day.sql("INSERT INTO users (email, name) SELECT 'r0', repeat('lorem ipsum ', 85000)"
                    + " FROM generate_series(1, 100)");
            day.config("timeout_secs = 5", "timeout_secs = 60");
            tenIndexesTwoSinks(day);
            day.start("capture");
            var work = day.start("work");
            awaitRevision(day, "r0");
            proxy.refuse();
            day.sql("UPDATE users SET email = 'r1'", "UPDATE users SET email = 'r2', name = name || 'x'");
            var lane = new LaneLook(day, "primary/users");
            lane.await("sink_wait", "");
            day.sql("UPDATE users SET email = 'r3'");
            proxy.pass();
            awaitRevision(day, "r3");
            lane.awaitUnready("dead/users");
            assertLived(work);
        }
    }

    @Test
    @DisplayName(
            "P11 sixty documents of 4 to 7 MiB stand where small ones stood, by one transaction, then in a seeding")
    void giantsAllAtOnce() throws Exception {
        try (var day = new FirstDay(
                SharedServers.postgres(),
                "memory_giants",
                SharedServers.search().url(),
                folder)) {
            day.sql("INSERT INTO users (email, name) SELECT 'r0', 'small' FROM generate_series(1, 300)");
            day.config("[sinks.audit]\ntype = \"stdout\"\npretty = true\n", "");
            day.config("timeout_secs = 5", "timeout_secs = 60");
            day.schema(day.schema().replace("- text: name\n", """
                    - text: name
                        options: {index: false, fields: {}}
                    """));
            day.start("capture");
            var work = day.start("work");
            awaitAll(day, "r0", 1);
            day.sql("UPDATE users SET email = 'r1', name = CASE WHEN id > 240"
                    + " THEN repeat('lorem ipsum ', 350000 + (id % 3)::int * 120000) ELSE name END");
            awaitAll(day, "r1", 1);
            var reindex = day.look("reindex", "users", "--server", "http://127.0.0.1:" + day.privatePort);
            assertThat(reindex.waitForExit(SOON)).as(reindex.lastLines(10)).isZero();
            awaitAll(day, "r1", 2);
            var giant = day.get("GET", "/memory_giants_users/_source/300")
                    .path("name")
                    .asText();
            assertThat(giant).hasSize(350_000 * 12);
            assertLived(work);
        }
    }

    private static void awaitAll(FirstDay day, String revision, int generation) {
        try {
            Eventually.within(SOON)
                    .passes("all documents in revision " + revision + ", generation " + generation, () -> {
                        assertThat(day.generation("users")).isEqualTo(generation);
                        day.get("POST", "/memory_giants_users/_refresh");
                        var counted = day.get("GET", "/memory_giants_users/_count?q=email:" + revision);
                        assertThat(counted.path("count").asInt()).isEqualTo(300);
                    });
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\n" + day.logs(), e);
        }
    }

    private static void tenIndexesTwoSinks(FirstDay day) throws IOException {
        day.config("[sinks.audit]\ntype = \"stdout\"\npretty = true\n", """
                [sinks.dead]
                type = "opensearch"
                url = "http://127.0.0.1:%d"
                """.formatted(FreePorts.next()));
        var few = day.schema().replace("primary_key: id\nsoft", """
                primary_key: id
                filters:
                  - column: id
                    op: lte
                    value: 5
                soft""");
        Files.writeString(day.folder().resolve("few.schema.yml"), few);
        var more = new StringBuilder();
        for (var i = 1; i < 10; i++) {
            more.append("[[index]]\nname = \"few").append(i).append("\"\nschema = \"few.schema.yml\"\n\n");
        }
        day.config("[server]", more + "[server]");
    }

    private static void awaitRevision(FirstDay day, String revision) {
        try {
            Eventually.within(SOON).passes("revision " + revision + " of every document", () -> {
                assertThat(revisions(day, "users")).hasSize(100);
                assertThat(revisions(day, "users").values()).containsOnly(revision);
                assertThat(revisions(day, "few9")).hasSize(5);
                assertThat(revisions(day, "few9").values()).containsOnly(revision);
            });
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\n" + day.logs(), e);
        }
    }

    private static Map<String, String> revisions(FirstDay day, String index) throws Exception {
        day.get("POST", "/memory_large_" + index + "/_refresh");
        var found = day.get("GET", "/memory_large_" + index + "/_search?size=1000&_source_includes=email");
        var revisions = new TreeMap<String, String>();
        for (var hit : found.path("hits").path("hits")) {
            revisions.put(
                    hit.path("_id").asText(), hit.path("_source").path("email").asText());
        }
        return revisions;
    }
}
