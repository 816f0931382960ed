package dev.flusso.cli.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.dev.servers.Eventually;
import dev.flusso.dev.servers.PostgresServer;
import dev.flusso.dev.servers.SharedServers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commits that can be decoded and are not visible: the server waits for a synchronous standby that is away. Whoever builds a document at
 * once builds the old one, and never looks again.
 */
final class VisibilityIT {

    private static final Duration SOON = Duration.ofSeconds(90);

    private static final String AGAIN = """
            SELECT id::text, json_build_object('id', id, 'email', lower(btrim(email)), 'name', name,
              'orders', coalesce((SELECT json_agg(json_build_object('status', o.status, 'total', o.total))
                 FROM (SELECT status, total FROM orders WHERE user_id = users.id ORDER BY placed_at DESC, id LIMIT 5) o),
                 '[]'),
              'orderCount', (SELECT count(*) FROM orders WHERE user_id = users.id), 'again', name)
            FROM users WHERE deleted_at IS NULL""";

    @TempDir
    Path folder;

    private final List<Waiting> waiting = new ArrayList<>();
    private PostgresServer postgres;
    private FirstDay day;

    @BeforeEach
    void open() throws Exception {
        postgres = PostgresServer.builder().start();
        day = new FirstDay(postgres, "visible", SharedServers.search().url(), folder);
        day.sql(
                "INSERT INTO users (email, name) SELECT i || '@x.org', 'Name ' || i FROM generate_series(1, 200) i",
                "INSERT INTO orders (user_id, status, total) SELECT 1 + i % 200, 's', i FROM generate_series(1, 400) i",
                "CREATE TABLE unrelated (id int)");
    }

    @AfterEach
    void close() throws Exception {
        if (postgres.isRunning()) {
            release();
        }
        day.close();
        waiting.forEach(Waiting::join);
        postgres.close();
    }

    private void hold() throws SQLException {
        standbys("nobody");
    }

    private void release() throws SQLException {
        standbys("");
    }

    private void standbys(String names) throws SQLException {
        day.sql("ALTER SYSTEM SET synchronous_standby_names = '" + names + "'", "SELECT pg_reload_conf()");
        Eventually.within(SOON)
                .until(
                        "the setting to be in force",
                        () -> day.value("SHOW synchronous_standby_names").equals(names));
    }

    /** Commits in a session of its own, which returns only once the standby is not waited for any more. */
    private void invisible(String sql) throws SQLException {
        var count = sleepers();
        var begun = new Waiting(sql);
        waiting.add(begun);
        begun.start();
        Eventually.within(SOON).until("the commit to wait for its standby: " + sql, () -> sleepers() == count + 1);
    }

    private int sleepers() throws SQLException {
        return Integer.parseInt(day.value("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"));
    }

    /** Commits at once, visible to all. */
    private void visible(String... sql) throws SQLException {
        try (var connection = day.connect()) {
            FirstDay.sql(connection, "SET synchronous_commit = local");
            FirstDay.sql(connection, sql);
        }
    }

    private void awaitCaptured(int changes) {
        Eventually.within(SOON).until(changes + " changes to be captured\n" + day.logs(), () -> captured() >= changes);
    }

    private int captured() throws Exception {
        var answer = FirstDay.http(day.capturePort, "/status").replaceFirst("^\\d+ ", "");
        return FirstDay.JSON.readTree(answer).path("changes_captured").asInt();
    }

    @Test
    @DisplayName(
            "P4 C22 what is decoded and not visible holds up only itself, survives a kill, and is right once it is seen")
    void nothingIsWrittenBeforeItIsSeen() throws Exception {
        day.start("capture");
        var work = day.start("work");
        day.awaitTrue(SOON);
        hold();
        var before = captured();
        invisible("UPDATE users SET name = 'unseen' WHERE id = 1");
        invisible("DELETE FROM users WHERE id = 2");
        invisible("UPDATE orders SET user_id = 4 WHERE user_id = 3");
        invisible("INSERT INTO users (id, email) VALUES (1000, 'unseen@x.org')");
        awaitCaptured(before + 1 + 3 + 2 + 1);
        assertThat(day.value("SELECT name FROM users WHERE id = 1")).isEqualTo("Name 1");

        for (var i = 0; i < 12; i++) {
            visible("UPDATE users SET name = 'seen " + i + "' WHERE id = " + (10 + i));
            day.awaitTrue(SOON);
        }
        assertThat(day.indexed().get("1")).contains("Name 1");
        work.killHard();
        visible("UPDATE orders SET status = 'seen' WHERE user_id = 5");
        day.start("work");
        day.awaitTrue(SOON);
        assertThat(sleepers()).isEqualTo(4);

        release();
        waiting.forEach(Waiting::join);
        day.awaitTrue(SOON);
        assertThat(day.indexed().get("1")).contains("unseen");
        assertThat(day.indexed()).containsKey("1000").doesNotContainKey("2");
    }

    @Test
    @DisplayName("P4 P7 C22 a seeding begun in that moment misses nothing, and waits for no unrelated transaction")
    void aSeedingBegunMeanwhileMissesNothing() throws Exception {
        var capture = day.start("capture");
        var work = day.start("work");
        day.awaitTrue(SOON);
        work.terminate();
        assertThat(work.waitForExit(SOON)).isZero();
        day.schema(day.schema() + "  - keyword: again\n    column: name\n");
        try (var unrelated = day.connect()) {
            begin(unrelated);
            hold();
            var before = captured();
            invisible("UPDATE users SET name = 'unseen' WHERE id = 1");
            invisible("UPDATE orders SET user_id = 4 WHERE user_id = 3");
            awaitCaptured(before + 3);
            day.start("work").awaitLine(".*seeded lane=primary/users.*", SOON);
            day.awaitTrue(SOON);
            assertThat(day.indexed().get("1")).contains("Name 1");

            capture.killHard();
            day.start("capture");
            visible("UPDATE users SET name = 'seen' WHERE id = 7");
            day.awaitTrue(SOON);
            assertThat(sleepers()).isEqualTo(2);

            release();
            waiting.forEach(Waiting::join);
            day.truth(AGAIN);
            day.awaitTrue(SOON);
            assertThat(day.indexed().get("1")).contains("unseen");
            unrelated.rollback();
        }
    }

    @Test
    @DisplayName("P2 C22 a first start waits for commits that nobody sees yet, names them, and then has them")
    void aFirstStartNamesWhatItWaitsFor() throws Exception {
        hold();
        invisible("UPDATE users SET name = 'unseen' WHERE id = 1");
        day.start("capture");
        day.start("work");
        Eventually.within(SOON)
                .passes(
                        "the status to name the one who waits\n" + day.logs(),
                        () -> assertThat(FirstDay.http(day.capturePort, "/status"))
                                .contains("is being made", "waits for a synchronous standby", "pg_terminate_backend("));
        release();
        waiting.forEach(Waiting::join);
        day.awaitTrue(SOON);
        assertThat(day.indexed().get("1")).contains("unseen");
    }

    private static void begin(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        FirstDay.sql(connection, "INSERT INTO unrelated VALUES (1)");
    }

    /** A session that waits for a standby. */
    private final class Waiting {

        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        private final Thread thread;

        Waiting(String sql) {
            thread = new Thread(() -> run(sql), "waiting");
        }

        void start() {
            thread.start();
        }

        private void run(String sql) {
            try {
                day.sql(sql);
            } catch (SQLException e) {
                failure.set(e);
            }
        }

        void join() {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            assertThat(failure.get()).isNull();
        }
    }
}
