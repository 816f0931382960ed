package dev.flusso.cli.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.dev.servers.Eventually;
import dev.flusso.dev.servers.FreePorts;
import dev.flusso.dev.servers.ProcessControl;
import dev.flusso.dev.servers.SharedServers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to a deployment in its life, black-box. */
final class ScenarioIT {

    private static final Duration SOON = Duration.ofSeconds(60);

    private static final String WITH_CITY = """
            SELECT id::text, json_build_object('id', id, 'email', lower(btrim(email)), 'name', name,
              'orders', coalesce((SELECT json_agg(json_build_object('status', o.status, 'total', o.total))
                 FROM (SELECT status, total FROM orders WHERE user_id = users.id ORDER BY placed_at DESC, id LIMIT 5) o),
                 '[]'),
              'orderCount', (SELECT count(*) FROM orders WHERE user_id = users.id),
              'addresses', coalesce((SELECT json_agg(json_build_object('city', city) ORDER BY id) FROM addresses
                 WHERE user_id = users.id), '[]'))
            FROM users WHERE deleted_at IS NULL""";

    @TempDir
    Path folder;

    private FirstDay day(String database) throws Exception {
        var day = new FirstDay(
                SharedServers.postgres(), database, SharedServers.search().url(), folder);
        day.sql(
                "INSERT INTO users (email, name) SELECT i || '@x.org', 'Name ' || i FROM generate_series(1, 400) i",
                "INSERT INTO orders (user_id, status, total) SELECT 1 + i % 400, 's', i FROM generate_series(1, 1000) i");
        return day;
    }

    private static void stop(ProcessControl process) {
        process.terminate();
        assertThat(process.waitForExit(Duration.ofSeconds(20)))
                .as(process.lastLines(30))
                .isZero();
    }

    @Test
    @DisplayName(
            "P2 P8 C18 C20 a join table added under load: the alias serves full, current data until the next is ready")
    void aTableIsAddedUnderLoad() throws Exception {
        try (var day = day("scenario_add")) {
            day.sql("CREATE TABLE addresses (id bigint PRIMARY KEY, user_id bigint, city text)");
            var capture = day.start("capture");
            var work = day.start("work");
            day.awaitTrue(SOON);
            stop(work);
            day.schema(day.schema() + """
                      - has_many: addresses
                        table: addresses
                        primary_key: id
                        foreign_key: user_id
                        fields:
                          - keyword: city
                    """);
            var thinnest = new AtomicReference<@Nullable String>();
            try (var open = SharedServers.postgres().connect("scenario_add");
                    var writer = new Writer(day, new SplittableRandom(7));
                    var looking = new Looking(() -> look(day, thinnest))) {
                open.setAutoCommit(false);
                FirstDay.sql(open, "INSERT INTO addresses VALUES (-1, 1, 'begun before the table was published')");
                writer.start();
                looking.start();
                day.start("work");
                writer.awaitMore(50);
                open.commit();
                day.sql("INSERT INTO addresses SELECT i, 1 + i % 300, 'city ' || i FROM generate_series(1, 500) i");
                writer.awaitMore(50);
                writer.stop();
                day.truth(WITH_CITY);
                day.awaitTrue(SOON);
            }
            day.sql("DELETE FROM addresses WHERE id % 2 = 0", "UPDATE addresses SET user_id = 5 WHERE id = 7");
            day.awaitTrue(SOON);
            assertThat(thinnest.get())
                    .as("a look through the alias that saw too little")
                    .isNull();
            assertThat(capture.isAlive()).isTrue();
        }
    }

    /** Looks through the alias: there must be hundreds of documents at any moment, whatever is being built. */
    private static void look(FirstDay day, AtomicReference<@Nullable String> thinnest) throws Exception {
        var found = day.get("GET", "/scenario_add_users/_search?size=0&track_total_hits=true");
        var total = found.path("hits").path("total").path("value").asInt();
        if (total < 200) {
            thinnest.compareAndSet(null, found.toString());
        }
    }

    @Test
    @DisplayName("P12 C23 a poison document stops its lane, which goes on when the row is mended; skip keeps a letter")
    void poisonIsIsolated() throws Exception {
        try (var day = day("scenario_poison")) {
            day.start("capture");
            var work = day.start("work");
            day.awaitTrue(SOON);
            day.sql(
                    "UPDATE users SET email = repeat('x', 40000) WHERE id = 3",
                    "UPDATE users SET name = 'after' WHERE id = 4");
            Eventually.within(SOON).until("readiness to name the document\n" + day.logs(), () -> {
                var ready = FirstDay.http(day.publicPort, "/readyz");
                return ready.startsWith("503 ") && ready.contains("primary/users") && ready.contains("document 3");
            });
            day.sql("UPDATE users SET email = 'mended@x.org' WHERE id = 3");
            day.awaitTrue(SOON);
            stop(work);

            day.config("prefix =", "on_error = \"skip\"\nprefix =");
            day.sql(
                    "UPDATE users SET email = repeat('y', 40000) WHERE id = 3",
                    "UPDATE users SET name = 'after 2' WHERE id = 4");
            day.start("work");
            Eventually.within(SOON)
                    .until(
                            "the other document to arrive\n" + day.logs(),
                            () -> day.indexed().getOrDefault("4", "").contains("after 2"));
            Eventually.within(SOON)
                    .until(
                            "one letter",
                            () -> FirstDay.http(day.publicPort, "/status").contains("\"dead_letters\":1"));
            day.sql("UPDATE users SET email = 'mended@x.org' WHERE id = 3");
            day.awaitTrue(SOON);
            Eventually.within(SOON)
                    .until(
                            "no letter",
                            () -> !FirstDay.http(day.publicPort, "/status").contains("\"dead_letters\":1"));
        }
    }

    @Test
    @DisplayName("C25 a dead sink beside a healthy one is not noticed by it; restarts reseed nothing")
    void aDeadSinkIsItsOwnTrouble() throws Exception {
        try (var day = day("scenario_dead")) {
            day.config("[sinks.audit]", """
                    [sinks.dead]
                    type = "opensearch"
                    url = "http://127.0.0.1:%d"

                    [sinks.audit]""".formatted(FreePorts.next()));
            var capture = day.start("capture");
            var work = day.start("work");
            day.awaitTrue(SOON);
            stop(work);
            stop(capture);
            day.sql("UPDATE users SET name = 'while away' WHERE id % 5 = 0", "DELETE FROM users WHERE id = 6");
            day.start("capture");
            var again = day.start("work");
            day.awaitTrue(SOON);
            assertThat(again.lines()).noneMatch(line -> line.text().contains("seeded lane=primary"));
            assertThat(FirstDay.http(day.publicPort, "/readyz")).contains("503", "dead/users");
        }
    }

    @Test
    @DisplayName(
            "C24 a used column dropped while running blocks with its place in the schema, and resumes once it is back")
    void aDroppedColumnBlocksAndResumes() throws Exception {
        try (var day = day("scenario_alter")) {
            day.start("run");
            day.awaitTrue(SOON);
            day.sql("ALTER TABLE users ADD COLUMN unused text", "UPDATE users SET unused = 'x' WHERE id < 10");
            day.awaitTrue(SOON);
            day.sql("ALTER TABLE users DROP COLUMN name", "UPDATE users SET email = 'dropped@x.org' WHERE id = 9");
            Eventually.within(SOON).until("readiness to name the place\n" + day.logs(), () -> {
                var ready = FirstDay.http(day.publicPort, "/readyz");
                return ready.startsWith("503 ") && ready.contains("users.schema.yml:");
            });
            day.sql("ALTER TABLE users ADD COLUMN name text DEFAULT 'back'");
            day.awaitTrue(SOON);
        }
    }

    @Test
    @DisplayName("P8 C19 reindex under load: nothing is lost, the alias always answers")
    void reindexUnderLoad() throws Exception {
        try (var day = day("scenario_reindex")) {
            day.start("run");
            day.awaitTrue(SOON);
            try (var writer = new Writer(day, new SplittableRandom(11))) {
                writer.start();
                writer.awaitMore(20);
                var asked = ProcessControl.command(
                                System.getProperty("flusso.home") + "/bin/flusso",
                                "reindex",
                                "users",
                                "--server",
                                "http://127.0.0.1:" + day.privatePort)
                        .start();
                try (asked) {
                    assertThat(asked.waitForExit(Duration.ofSeconds(20)))
                            .as(asked.lastLines(10))
                            .isZero();
                }
                writer.awaitMore(100);
            }
            day.awaitTrue(SOON);
            Eventually.within(SOON).until("one generation, the second\n" + day.logs(), () -> {
                var names = day.get("GET", "/scenario_reindex_users").fieldNames();
                return names.next().endsWith("_2") && !names.hasNext();
            });
            day.awaitTrue(SOON);
        }
    }

    /** Looks again and again on a thread of its own, until closed. */
    private static final class Looking implements AutoCloseable {

        /** One look. */
        interface Look {
            void look() throws Exception;
        }

        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        private final Thread thread;
        private volatile boolean stopping;

        Looking(Look look) {
            thread = new Thread(() -> run(look), "looking");
        }

        void start() {
            thread.start();
        }

        private void run(Look look) {
            try {
                while (!stopping) {
                    look.look();
                }
            } catch (Exception e) {
                failure.set(e);
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
            assertThat(failure.get()).as("a look through the alias that failed").isNull();
        }
    }
}
