package dev.flusso.cli.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.flusso.dev.servers.Eventually;
import dev.flusso.dev.servers.FaultProxy;
import dev.flusso.dev.servers.PostgresServer;
import dev.flusso.dev.servers.SharedServers;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The slot and the publication, as a database's administrator sees them. */
final class SlotIT {

    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private FirstDay day(String database) throws Exception {
        var day = new FirstDay(
                SharedServers.postgres(), database, SharedServers.search().url(), folder);
        fill(day);
        return day;
    }

    private static void fill(FirstDay day) throws SQLException {
        day.sql(
                "INSERT INTO users (email, name) SELECT i || '@x.org', 'Name ' || i FROM generate_series(1, 100) i",
                "INSERT INTO orders (user_id, status, total) SELECT 1 + i % 100, 's', i FROM generate_series(1, 200) i",
                "CREATE TABLE noise (id bigint GENERATED ALWAYS AS IDENTITY, filling text)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1s", "0"})
    @DisplayName("P10 C15 published tables idle, others busy: the slot moves on, with heartbeats and without")
    void foreignTrafficPinsNothing(String heartbeat) throws Exception {
        try (var day = day("slot_idle")) {
            day.config("heartbeat_interval = \"1s\"", "heartbeat_interval = \"" + heartbeat + "\"");
            day.start("run");
            day.awaitTrue(SOON);
            for (var i = 0; i < 5; i++) {
                day.sql("INSERT INTO noise (filling) SELECT repeat(md5(i::text), 40) FROM generate_series(1, 4000) i");
            }
            var end = day.value("SELECT pg_current_wal_insert_lsn()");
            Eventually.within(SOON)
                    .until(
                            "the slot to pass the noise at " + end + "\n" + day.logs(),
                            () -> day.value("SELECT confirmed_flush_lsn >= '" + end
                                            + "' FROM pg_replication_slots WHERE slot_name = '" + day.slot() + "'")
                                    .equals("t"));
            // what is retained follows the running transactions a checkpoint notes
            Eventually.within(SOON).until("the log to be let go\n" + day.logs(), () -> {
                day.sql("CHECKPOINT", "INSERT INTO noise (filling) VALUES ('after')");
                return day.value("SELECT restart_lsn >= '" + end + "' FROM pg_replication_slots WHERE slot_name = '"
                                + day.slot() + "'")
                        .equals("t");
            });
            day.awaitTrue(SOON);
        }
    }

    @Test
    @DisplayName("P10 C14 a sink stalled for longer than twice wal_sender_timeout costs no connection")
    void aStalledSinkDoesNotCutTheStream() throws Exception {
        try (var postgres = PostgresServer.builder()
                        .setting("wal_sender_timeout", "1s")
                        .start();
                var proxy = FaultProxy.before(SharedServers.search());
                var day = new FirstDay(postgres, "slot_stalled", proxy.url(), folder)) {
            fill(day);
            day.start("run");
            day.awaitTrue(SOON);
            var sender = sender(day);
            proxy.stall();
            var end = System.nanoTime() + Duration.ofSeconds(4).toNanos();
            try (var writer = new Writer(day, new SplittableRandom(5))) {
                writer.start();
                while (System.nanoTime() < end) {
                    writer.awaitMore(10);
                }
            }
            assertThat(sender(day)).as("the sender's process\n%s", day.logs()).isEqualTo(sender);
            proxy.pass();
            day.awaitTrue(SOON);
            assertThat(sender(day)).isEqualTo(sender);
        }
    }

    private static String sender(FirstDay day) throws SQLException {
        return day.value("SELECT active_pid FROM pg_replication_slots WHERE slot_name = '" + day.slot() + "'");
    }

    @Test
    @DisplayName(
            "P2 C17 a first start under writes to other tables waits for the transaction that was there, names it, misses nothing")
    void aFirstStartUnderForeignWrites() throws Exception {
        try (var day = day("slot_first");
                var open = day.connect();
                var busy = new Busy(day)) {
            busy.start();
            open.setAutoCommit(false);
            FirstDay.sql(
                    open,
                    "INSERT INTO noise (filling) VALUES ('open')",
                    "UPDATE users SET name = 'written before the slot' WHERE id = 1");
            var pid = day.value(
                    "SELECT pid FROM pg_stat_activity WHERE state = 'idle in transaction' AND datname = 'slot_first'");
            day.start("run");
            Eventually.within(SOON)
                    .passes(
                            "the status to name the open transaction\n" + day.logs(),
                            () -> assertThat(FirstDay.http(day.publicPort, "/status"))
                                    .contains(
                                            "is being made",
                                            "in process " + pid + " (idle in transaction for ",
                                            "pg_terminate_backend(" + pid + ")"));
            open.commit();
            day.awaitTrue(SOON);
            assertThat(day.indexed().get("1")).contains("written before the slot");
            day.sql("UPDATE users SET name = 'after' WHERE id = 1");
            day.awaitTrue(SOON);
            busy.rethrow();
        }
    }

    @Test
    @DisplayName("only keys and references are published when asked to, and every change still arrives")
    void keysAreEnough() throws Exception {
        try (var day = day("slot_keys")) {
            assumeTrue(Integer.parseInt(day.value("SHOW server_version_num")) >= 150_000, "refused before Postgres 15");
            day.config("heartbeat_interval", "publish = \"keys\"\nheartbeat_interval");
            day.sql(
                    "ALTER TABLE orders ALTER user_id SET NOT NULL",
                    "CREATE UNIQUE INDEX ON orders (id, user_id)",
                    "CREATE TABLE addresses (id bigint, user_id bigint, city text, PRIMARY KEY (id)) PARTITION BY RANGE (id)",
                    "CREATE TABLE addresses_1 PARTITION OF addresses FOR VALUES FROM (0) TO (100)");
            var capture = day.start("capture");
            var work = day.start("work");
            day.awaitTrue(SOON);
            assertThat(columns(day, "users")).isEqualTo("{id}");
            assertThat(columns(day, "orders")).isEqualTo("{id,user_id}");
            everyKindOfChange(day, "orders", "status");
            day.sql("UPDATE users SET id = 990, name = 'moved' WHERE id = 90");
            day.awaitTrue(SOON);

            // a partitioned root goes whole
            work.terminate();
            assertThat(work.waitForExit(SOON)).isZero();
            day.schema(day.schema() + """
                      - has_many: addresses
                        table: addresses
                        primary_key: id
                        foreign_key: user_id
                        fields:
                          - keyword: city
                    """);
            day.sql("INSERT INTO addresses SELECT i, 1 + i, 'city ' || i FROM generate_series(1, 50) i");
            day.truth("""
                    SELECT id::text, json_build_object('id', id, 'email', lower(btrim(email)), 'name', name,
                      'orders', coalesce((SELECT json_agg(json_build_object('status', o.status, 'total', o.total))
                         FROM (SELECT status, total FROM orders WHERE user_id = users.id ORDER BY placed_at DESC, id LIMIT 5) o),
                         '[]'),
                      'orderCount', (SELECT count(*) FROM orders WHERE user_id = users.id),
                      'addresses', coalesce((SELECT json_agg(json_build_object('city', city) ORDER BY id) FROM addresses
                         WHERE user_id = users.id), '[]'))
                    FROM users WHERE deleted_at IS NULL""");
            day.start("work");
            day.awaitTrue(SOON);
            everyKindOfChange(day, "addresses", "city");
            assertThat(columns(day, "addresses_1")).isEqualTo("{id,user_id,city}");
            assertThat(capture.isAlive()).isTrue();
        }
    }

    private static void everyKindOfChange(FirstDay day, String table, String column) throws SQLException {
        day.sql("UPDATE " + table + " SET " + column + " = 'other' WHERE user_id = 3");
        day.awaitTrue(SOON);
        day.sql("UPDATE " + table + " SET user_id = 4 WHERE user_id = 5");
        day.awaitTrue(SOON);
        day.sql("DELETE FROM " + table + " WHERE user_id = 6");
        day.awaitTrue(SOON);
        day.sql("TRUNCATE " + table);
        day.awaitTrue(SOON);
    }

    private static String columns(FirstDay day, String table) throws SQLException {
        return day.value("SELECT attnames FROM pg_publication_tables WHERE tablename = '" + table + "'");
    }

    /** Writes to a table nobody publishes, until it is closed. */
    private static final class Busy implements AutoCloseable {

        private final FirstDay day;
        private final AtomicBoolean stopping = new AtomicBoolean();
        private final AtomicBoolean failed = new AtomicBoolean();
        private final Thread thread = new Thread(this::write, "busy");

        Busy(FirstDay day) {
            this.day = day;
        }

        void start() {
            thread.start();
        }

        private void write() {
            try (var connection = day.connect()) {
                while (!stopping.get()) {
                    FirstDay.sql(
                            connection,
                            "INSERT INTO noise (filling) SELECT md5(i::text) FROM generate_series(1, 20) i");
                }
            } catch (SQLException e) {
                failed.set(true);
            }
        }

        void rethrow() {
            assertThat(failed).isFalse();
        }

        @Override
        public void close() {
            stopping.set(true);
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
