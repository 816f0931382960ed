package dev.flusso.cli.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.dev.servers.Eventually;
import dev.flusso.dev.servers.SharedServers;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Partitioned tables at the root and below it, whose partitions come, go and are emptied while we run. */
final class PartitionedIT {

    private static final Duration SOON = Duration.ofSeconds(60);

    private static final String TABLES = """
            DROP TABLE orders, users;
            CREATE TABLE users (id bigint, email text NOT NULL, name text, deleted_at timestamptz, PRIMARY KEY (id))
              PARTITION BY RANGE (id);
            CREATE TABLE users_1 PARTITION OF users FOR VALUES FROM (0) TO (100);
            CREATE TABLE users_2 PARTITION OF users FOR VALUES FROM (100) TO (200);
            CREATE TABLE orders (id bigint, user_id bigint, status text NOT NULL, total numeric(12,2) NOT NULL,
              placed_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (id, status)) PARTITION BY LIST (status);
            CREATE TABLE orders_open PARTITION OF orders FOR VALUES IN ('open') PARTITION BY HASH (id);
            CREATE TABLE orders_open_0 PARTITION OF orders_open FOR VALUES WITH (MODULUS 2, REMAINDER 0);
            CREATE TABLE orders_open_1 PARTITION OF orders_open FOR VALUES WITH (MODULUS 2, REMAINDER 1);
            CREATE TABLE orders_done PARTITION OF orders FOR VALUES IN ('done');
            INSERT INTO users SELECT i, i || '@x.org', 'Name ' || i FROM generate_series(1, 150) i;
            INSERT INTO orders SELECT i, 1 + i % 150, CASE WHEN i % 3 = 0 THEN 'done' ELSE 'open' END, i, timestamptz '2026-01-01'
              + i * interval '1 minute' FROM generate_series(1, 450) i""";

    @TempDir
    Path folder;

    @Test
    @DisplayName(
            "P3 P9 C12 partitions of root and child: rows that move, attach, detach, drop, TRUNCATE of one, new ones")
    void partitionsComeAndGo() throws Exception {
        try (var day = new FirstDay(
                SharedServers.postgres(), "partitioned", SharedServers.search().url(), folder)) {
            day.sql(TABLES);
            day.schema(day.schema()
                    .replace("    primary_key: id\n    foreign_key", "    primary_key: [id, status]\n    foreign_key"));
            var capture = day.start("capture");
            day.start("work");
            day.awaitTrue(SOON);

            day.sql(
                    "UPDATE orders SET status = 'done' WHERE user_id = 5",
                    "UPDATE orders SET user_id = 7 WHERE user_id = 6",
                    "DELETE FROM orders WHERE user_id = 8",
                    "UPDATE users SET id = 190 WHERE id = 9",
                    "DELETE FROM users WHERE id = 10");
            day.awaitTrue(SOON);

            // a partition made while running; its rows change before anybody has looked at it
            day.sql(
                    "CREATE TABLE users_3 PARTITION OF users FOR VALUES FROM (200) TO (300)",
                    "CREATE TABLE orders_lost PARTITION OF orders FOR VALUES IN ('lost')",
                    "INSERT INTO users VALUES (201, 'n@x.org', 'new'), (202, 'o@x.org', 'new')",
                    "INSERT INTO orders SELECT 1000 + i, 201, 'lost', i FROM generate_series(1, 4) i",
                    "UPDATE orders SET user_id = 202 WHERE id = 1001",
                    "DELETE FROM orders WHERE id = 1002",
                    "UPDATE users SET name = 'newer' WHERE id = 201");
            day.awaitTrue(SOON);

            day.sql("TRUNCATE orders_done");
            day.awaitTrue(SOON);
            day.sql("TRUNCATE orders_open");
            day.awaitTrue(SOON);
            day.sql(
                    "INSERT INTO orders SELECT 2000 + i, i, 'open', i FROM generate_series(1, 100) i",
                    "TRUNCATE users_2");
            day.awaitTrue(SOON);

            day.sql(
                    "CREATE TABLE orders_back (LIKE orders INCLUDING ALL)",
                    "INSERT INTO orders_back SELECT 3000 + i, i, 'back', i FROM generate_series(1, 50) i",
                    "ALTER TABLE orders ATTACH PARTITION orders_back FOR VALUES IN ('back')",
                    "CREATE TABLE users_4 (LIKE users INCLUDING ALL)",
                    "INSERT INTO users_4 SELECT i, i || '@y.org', 'attached' FROM generate_series(300, 320) i",
                    "ALTER TABLE users ATTACH PARTITION users_4 FOR VALUES FROM (300) TO (400)");
            day.awaitTrue(SOON);

            day.sql("ALTER TABLE orders DETACH PARTITION orders_back", "ALTER TABLE users DETACH PARTITION users_1");
            day.awaitTrue(SOON);
            day.sql(
                    "INSERT INTO users_1 (id, email) VALUES (0, 'nobody sees it')",
                    "UPDATE users_1 SET name = 'while away'");
            day.sql("ALTER TABLE users ATTACH PARTITION users_1 FOR VALUES FROM (0) TO (100)");
            day.awaitTrue(SOON);
            assertThat(day.indexed().get("1")).contains("while away");

            day.sql("DROP TABLE orders_open", "DROP TABLE users_4");
            day.awaitTrue(SOON);

            // away and back between two looks
            day.sql("BEGIN; ALTER TABLE users DETACH PARTITION users_3; UPDATE users_3 SET name = 'unseen';"
                    + " ALTER TABLE users ATTACH PARTITION users_3 FOR VALUES FROM (200) TO (300); COMMIT");
            day.awaitTrue(SOON);
            assertThat(day.indexed().get("201")).contains("unseen");

            // and once more while nobody is there to see it
            capture.terminate();
            assertThat(capture.waitForExit(SOON)).isZero();
            day.sql(
                    "CREATE TABLE users_5 (LIKE users INCLUDING ALL)",
                    "INSERT INTO users_5 VALUES (500, 'down@x.org', 'attached while capture was down')",
                    "ALTER TABLE users ATTACH PARTITION users_5 FOR VALUES FROM (500) TO (600)");
            day.start("capture");
            day.awaitTrue(SOON);
            day.sql("TRUNCATE users");
            Eventually.within(SOON)
                    .until("an empty index\n" + day.logs(), () -> day.indexed().isEmpty());
        }
    }
}
