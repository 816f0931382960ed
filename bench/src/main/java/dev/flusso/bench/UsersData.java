package dev.flusso.bench;

import dev.flusso.dev.servers.PostgresServer;
import dev.flusso.schema.DocumentSchema;
import dev.flusso.schema.parse.ConfigFiles;
import java.nio.file.Path;
import java.sql.SQLException;

/** The tables most contests use: users, five orders of two items each, four tags each; documents of about 2 kB. */
public final class UsersData {

    /** Five orders each, of which all are in the document. */
    public static final int ORDERS_PER_USER = 5;

    private UsersData() {}

    /** The server all contests use: what a database of its own is given, and commits that reach the disk. */
    public static PostgresServer server() {
        return PostgresServer.builder()
                .fsync(true)
                .setting("shared_buffers", "512MB")
                .setting("max_wal_size", "8GB")
                .setting("checkpoint_timeout", "1h")
                .start();
    }

    /** Where the schema lies. */
    public static Path schemaFile(Settings settings) {
        return settings.root().resolve("bench/data/users.schema.yml");
    }

    public static DocumentSchema schema(Settings settings) {
        return ConfigFiles.loadSchema(schemaFile(settings));
    }

    /** Makes database, tables and rows; an earlier database of that name is dropped. */
    public static void fill(PostgresServer server, String database, int users) throws SQLException {
        server.freshDatabase(database);
        try (var connection = server.connect(database);
                var statement = connection.createStatement()) {
            for (var sql : statements(users)) {
                statement.execute(sql);
            }
        }
    }

    private static String[] statements(int users) {
        var orders = (long) users * ORDERS_PER_USER;
        return """
                CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL, email text NOT NULL, score numeric(10,2),
                  active boolean NOT NULL, created_at timestamptz NOT NULL, bio text);
                CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint NOT NULL, status text NOT NULL,
                  total numeric(12,2) NOT NULL, placed_at timestamptz NOT NULL, note text);
                CREATE TABLE order_items (id bigint PRIMARY KEY, order_id bigint NOT NULL, product_id bigint NOT NULL,
                  qty int NOT NULL, price numeric(10,2) NOT NULL, sku text NOT NULL);
                CREATE TABLE tags (id bigint PRIMARY KEY, name text NOT NULL);
                CREATE TABLE user_tags (user_id bigint, tag_id bigint, PRIMARY KEY (user_id, tag_id));
                INSERT INTO users SELECT i, 'User ' || i, 'user' || i || '@example.com', (i %% 10000) / 100.0, i %% 3 > 0,
                  '2020-01-01Z'::timestamptz + i * interval '1 minute', repeat('Lorem ipsum dolor sit amet. ', 8)
                  FROM generate_series(1, %1$d) i;
                INSERT INTO orders SELECT i, (i - 1) / 5 + 1, (ARRAY['new','paid','sent'])[i %% 3 + 1], (i %% 100000) / 100.0,
                  '2024-01-01Z'::timestamptz + i * interval '7 seconds', CASE WHEN i %% 2 = 0 THEN 'ring twice, please' END
                  FROM generate_series(1, %2$d) i;
                INSERT INTO order_items SELECT i, (i - 1) / 2 + 1, i %% 5000, i %% 9 + 1, (i %% 5000) / 100.0, 'SKU-' || i %% 5000
                  FROM generate_series(1, %3$d) i;
                INSERT INTO tags SELECT i, 'tag ' || i FROM generate_series(1, 1000) i;
                INSERT INTO user_tags SELECT u, (u * 7 + t * 131) %% 500 + 1 FROM generate_series(1, %1$d) u, generate_series(1, 3) t;
                INSERT INTO user_tags SELECT u, 501 + u %% 500 FROM generate_series(1, %1$d) u;
                CREATE INDEX ON orders (user_id, placed_at DESC, id DESC);
                CREATE INDEX ON order_items (order_id);
                CREATE INDEX ON user_tags (tag_id);
                VACUUM ANALYZE;
                CHECKPOINT""".formatted(users, orders, orders * 2).split(";\\s*\\n");
    }
}
