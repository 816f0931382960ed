package dev.flusso.postgres.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flusso.dev.servers.PostgresServer;
import dev.flusso.dev.servers.SharedServers;
import dev.flusso.postgres.PostgresAddress;
import dev.flusso.postgres.inspect.DatabaseFinding.Severity;
import dev.flusso.schema.Config;
import dev.flusso.schema.IndexConfig;
import dev.flusso.schema.connection.DatabaseUrl;
import dev.flusso.schema.parse.ConfigFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A table of databases that are not as they should be, and what is said of each. */
final class DatabaseInspectionIT {

    private static final String TABLES = """
            CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, name text, deleted_at timestamptz);
            CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint NOT NULL, total numeric(12,2), placed_at timestamptz);
            CREATE TABLE tags (id bigint PRIMARY KEY, name text NOT NULL);
            CREATE TABLE user_tags (user_id bigint, tag_id bigint, PRIMARY KEY (user_id, tag_id));
            CREATE INDEX ON orders (user_id);
            CREATE INDEX ON user_tags (tag_id);
            ALTER TABLE orders REPLICA IDENTITY FULL;
            CREATE PUBLICATION flusso FOR TABLE ONLY users, ONLY orders, ONLY tags, ONLY user_tags;
            INSERT INTO users SELECT i, 'u' || i, 'n', NULL FROM generate_series(1, 30) i;
            """;

    private static final String SCHEMA = """
            table: users
            primary_key: id
            soft_delete:
              column: deleted_at
            fields:
              - long: id
              - keyword: email
                required: true
              - text: name
              - has_many: orders
                table: orders
                primary_key: id
                foreign_key: user_id
                order_by:
                  - {column: placed_at, direction: desc}
                fields:
                  - decimal: total
              - many_to_many: tags
                table: tags
                primary_key: id
                through: {table: user_tags, left_key: user_id, right_key: tag_id}
                fields:
                  - keyword: name
            """;

    @TempDir
    Path folder;

    static List<Arguments> cases() {
        return Stream.concat(tables(), schemas()).toList();
    }

    private static Arguments sql(String sql, Severity severity, int line, String message, String fix) {
        return Arguments.of(sql, "", "", severity, line, message, fix);
    }

    private static Arguments yaml(String from, String to, Severity severity, int line, String message, String fix) {
        return Arguments.of("", from, to, severity, line, message, fix);
    }

    private static Arguments both(
            String sql, String from, String to, Severity severity, int line, String message, String fix) {
        return Arguments.of(sql, from, to, severity, line, message, fix);
    }

    private static Stream<Arguments> tables() {
        return Stream.of(
                sql("DROP TABLE orders", Severity.ERROR, 10, "there is no table public.orders", "create it"),
                sql(
                        "DROP TABLE orders; CREATE SCHEMA s; CREATE TABLE s.\"Orders\" (id int)",
                        Severity.ERROR,
                        10,
                        "there is \"s\".\"Orders\"",
                        ""),
                sql(
                        "ALTER TABLE users RENAME email TO \"Email\"",
                        Severity.ERROR,
                        7,
                        "public.users has no column 'email'; there is 'Email'",
                        ""),
                sql(
                        "ALTER TABLE orders DROP placed_at",
                        Severity.ERROR,
                        15,
                        "public.orders has no column 'placed_at', only id",
                        "ADD COLUMN \"placed_at\""),
                sql(
                        "ALTER TABLE users DROP deleted_at",
                        Severity.ERROR,
                        4,
                        "public.users has no column 'deleted_at'",
                        ""),
                sql(
                        "ALTER TABLE orders DROP user_id; ALTER TABLE orders ADD user_id text NOT NULL DEFAULT ''",
                        Severity.ERROR,
                        10,
                        "public.orders.user_id is text and public.users.id is bigint, which Postgres does not compare",
                        ""),
                sql(
                        "ALTER TABLE orders ALTER user_id TYPE numeric",
                        Severity.WARNING,
                        10,
                        "an index on one does not find the other",
                        ""),
                sql(
                        "DROP INDEX orders_user_id_idx; INSERT INTO orders SELECT i, 1, 1, NULL FROM generate_series(1, 6000) i;"
                                + " ANALYZE orders",
                        Severity.WARNING,
                        10,
                        "public.orders (about 6000 rows) has no index that begins with user_id",
                        "CREATE INDEX CONCURRENTLY ON \"public\".\"orders\" (\"user_id\");"),
                sql(
                        "DROP INDEX user_tags_tag_id_idx",
                        Severity.NOTE,
                        18,
                        "public.user_tags has no index that begins with tag_id: for 'tags' each rebuilding reads the whole table,"
                                + " which is small now",
                        "(\"tag_id\");"),
                sql(
                        "ALTER TABLE users ALTER email DROP NOT NULL",
                        Severity.WARNING,
                        7,
                        "'email' is required, and column 'email' of public.users may be null",
                        "ALTER COLUMN \"email\" SET NOT NULL;"),
                sql(
                        "ALTER TABLE users ALTER deleted_at SET DEFAULT now();"
                                + " UPDATE users SET deleted_at = now(); ALTER TABLE users ALTER deleted_at SET NOT NULL",
                        Severity.ERROR,
                        4,
                        "every row would count as deleted",
                        ""),
                sql(
                        "ALTER TABLE users DROP CONSTRAINT users_pkey",
                        Severity.ERROR,
                        1,
                        "primary_key id is not unique in public.users",
                        "CREATE UNIQUE INDEX CONCURRENTLY ON \"public\".\"users\" (\"id\");"),
                sql(
                        "ALTER TABLE tags DROP CONSTRAINT tags_pkey",
                        Severity.WARNING,
                        18,
                        "public.tags has no primary key",
                        "ADD PRIMARY KEY"),
                sql(
                        "ALTER PUBLICATION flusso DROP TABLE orders; DROP TABLE orders; CREATE VIEW orders AS SELECT id,"
                                + " id AS user_id, 1.0 AS total, deleted_at AS placed_at FROM users",
                        Severity.ERROR,
                        10,
                        "public.orders is a view",
                        ""),
                sql(
                        "ALTER PUBLICATION flusso DROP TABLE tags; ALTER TABLE tags SET UNLOGGED",
                        Severity.ERROR,
                        18,
                        "public.tags is unlogged",
                        "SET LOGGED"),
                sql(
                        "CREATE TABLE more () INHERITS (tags)",
                        Severity.ERROR,
                        18,
                        "1 tables inherit from public.tags",
                        "NO INHERIT \"public\".\"tags\""),
                sql(
                        "ALTER PUBLICATION flusso DROP TABLE orders; DROP TABLE orders; CREATE TABLE orders (id bigint,"
                                + " user_id bigint, total numeric, placed_at timestamptz) PARTITION BY LIST (user_id);"
                                + " CREATE TABLE orders_rest PARTITION OF orders DEFAULT",
                        Severity.ERROR,
                        10,
                        "public.orders: it is partitioned and has no primary key that is checked at once",
                        ""),
                sql(
                        "ALTER PUBLICATION flusso DROP TABLE tags",
                        Severity.NOTE,
                        18,
                        "public.tags: it is not in publication 'flusso'; flusso sees to it",
                        "ALTER PUBLICATION \"flusso\" ADD TABLE ONLY \"public\".\"tags\";"),
                sql(
                        "ALTER PUBLICATION flusso SET (publish = 'insert')",
                        Severity.NOTE,
                        -1,
                        "it does not publish all of insert, update, delete and truncate",
                        "ALTER PUBLICATION \"flusso\" SET"),
                sql(
                        "DROP PUBLICATION flusso",
                        Severity.NOTE,
                        -1,
                        "there is no publication 'flusso'",
                        "CREATE PUBLICATION \"flusso\" FOR TABLE ONLY \"public\".\"orders\""),
                sql(
                        "ALTER TABLE orders REPLICA IDENTITY DEFAULT",
                        Severity.NOTE,
                        10,
                        "without it these would go stale: users.orders; flusso sets it",
                        "ALTER TABLE \"public\".\"orders\" REPLICA IDENTITY FULL;"),
                sql(
                        "ALTER PUBLICATION flusso DROP TABLE orders; DROP TABLE orders; CREATE TABLE orders (id bigint,"
                                + " user_id bigint, total numeric, placed_at timestamptz) PARTITION BY LIST (user_id);"
                                + " CREATE TABLE orders_rest PARTITION OF orders DEFAULT",
                        Severity.NOTE,
                        10,
                        "public.orders is partitioned (1 partitions with rows)",
                        ""),
                sql(
                        "ALTER PUBLICATION flusso DROP TABLE orders; DROP TABLE orders; CREATE TABLE orders (id bigint,"
                                + " user_id bigint, total numeric, placed_at timestamptz) PARTITION BY LIST (user_id);"
                                + " CREATE UNLOGGED TABLE orders_rest PARTITION OF orders DEFAULT",
                        Severity.ERROR,
                        10,
                        "partition public.orders_rest of public.orders is unlogged",
                        "ALTER TABLE \"public\".\"orders_rest\" SET LOGGED;"),
                sql(
                        "ALTER PUBLICATION flusso DROP TABLE orders; DROP TABLE orders; CREATE TABLE orders (id bigint,"
                                + " user_id bigint, total numeric, placed_at timestamptz) PARTITION BY LIST (user_id);"
                                + " CREATE FOREIGN DATA WRAPPER none; CREATE SERVER nowhere FOREIGN DATA WRAPPER none;"
                                + " CREATE FOREIGN TABLE orders_away PARTITION OF orders DEFAULT SERVER nowhere",
                        Severity.ERROR,
                        10,
                        "partition public.orders_away of public.orders is a foreign table",
                        "DETACH PARTITION \"public\".\"orders_away\""),
                sql(
                        "SELECT 1",
                        Severity.NOTE,
                        1,
                        "of 30 documents built to measure them (the largest rows, some by chance), the largest",
                        ""),
                sql(
                        "SELECT 1",
                        Severity.NOTE,
                        1,
                        "public.users: 30 rows; the largest has 14 B on disk (all were looked at)",
                        ""),
                sql(
                        "UPDATE users SET name = (SELECT string_agg(md5(i::text), '') FROM generate_series(1, 20000) i) WHERE id = 17",
                        Severity.NOTE,
                        1,
                        "the largest has 625.1 KiB (id 17)",
                        ""),
                sql(
                        "INSERT INTO users SELECT i, 'u' || i, repeat('n', 50), NULL FROM generate_series(31, 3000) i;"
                                + " INSERT INTO orders SELECT i, 2999, 1.5, NULL FROM generate_series(1, 400) i; ANALYZE",
                        Severity.NOTE,
                        1,
                        "(the largest rows, those with the most in public.orders, some by chance), the largest has 6.0 KiB (id 2999)",
                        ""),
                sql(
                        "INSERT INTO tags SELECT i, 'tag' || i FROM generate_series(1, 300) i;"
                                + " INSERT INTO users SELECT i, 'u' || i, repeat('n', 50), NULL FROM generate_series(31, 3000) i;"
                                + " INSERT INTO user_tags SELECT 2998, i FROM generate_series(1, 300) i; ANALYZE",
                        Severity.NOTE,
                        1,
                        "(id 2998)",
                        ""),
                sql(
                        "UPDATE users SET email = repeat('x', 40000) WHERE id = 3",
                        Severity.WARNING,
                        7,
                        "column 'email' of public.users holds a value of 40000 bytes, and a keyword field takes 32766 at most",
                        "ignore_above: 8191"),
                sql("TRUNCATE users", Severity.NOTE, 1, "public.users has no rows to measure", ""));
    }

    private static Stream<Arguments> schemas() {
        return Stream.of(
                yaml(
                        "keyword: email",
                        "long: email",
                        Severity.ERROR,
                        7,
                        "column 'email' is of type text, and a long field takes numbers only",
                        "write its type key as keyword or text"),
                yaml("long: id", "integer: id", Severity.WARNING, 6, "an integer field is narrower", "as long"),
                yaml(
                        "decimal: total",
                        "long: total",
                        Severity.WARNING,
                        17,
                        "what stands behind the point would be cut off",
                        "decimal"),
                both(
                        "ALTER TABLE orders ALTER total TYPE numeric(12,0)",
                        "decimal: total",
                        "integer: total",
                        Severity.WARNING,
                        17,
                        "an integer field is narrower: larger numbers are rejected, so use decimal",
                        ""),
                yaml(
                        "long: id",
                        "decimal: id",
                        Severity.NOTE,
                        6,
                        "tells numbers beyond 2^53 apart in the document only",
                        ""),
                both(
                        "ALTER TABLE users ALTER name TYPE json USING NULL",
                        "text: name",
                        "json: name",
                        Severity.WARNING,
                        9,
                        "a json field rejects a document in which a key is given twice",
                        "TYPE jsonb;"),
                both(
                        "CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');"
                                + " ALTER TABLE users ALTER name TYPE mood USING NULL",
                        "text: name",
                        "enum: name\n    variants: [ok, happy, great]",
                        Severity.WARNING,
                        9,
                        "type public.mood also has sad, which 'variants' leaves out",
                        "add them to variants"),
                both(
                        "CREATE TYPE mood AS ENUM ('sad', 'ok');"
                                + " ALTER TABLE users ALTER name TYPE mood USING NULL",
                        "text: name",
                        "enum: name\n    variants: [sad, ok, great]",
                        Severity.NOTE,
                        9,
                        "type public.mood has no great",
                        ""),
                yaml(
                        "text: name",
                        "custom: name\n    postgres: [numeric]\n    opensearch: scaled_float",
                        Severity.ERROR,
                        9,
                        "numeric",
                        ""),
                yaml(
                        "- text: name",
                        "- sum: ids\n    table: orders\n    foreign_key: user_id\n    column: id\n    value_type: integer",
                        Severity.WARNING,
                        9,
                        "an integer field rejects a sum that has grown beyond it",
                        "value_type as long"),
                both(
                        "INSERT INTO orders VALUES (1, 7, 3, NULL), (2, 7, 1.5, NULL), (3, 9, 4, NULL)",
                        "decimal: total",
                        "integer: total",
                        Severity.WARNING,
                        1,
                        "index 'users': 1 of 30 documents built to measure them would be rejected, such as that of id 7:"
                                + " 'total' is 1.50, expected a whole number for a field of type integer, at"
                                + " users.schema.yml:17:",
                        "mend the row, or give the field a type that holds such a value"),
                yaml("decimal: total", "date: total", Severity.ERROR, 17, "whole milliseconds since 1970", ""),
                yaml("text: name", "timestamp: name", Severity.WARNING, 9, "only ISO 8601", ""),
                yaml("text: name", "boolean: name", Severity.WARNING, 9, "'true' and 'false'", ""),
                yaml("text: name", "json: name", Severity.ERROR, 9, "takes objects only", ""),
                yaml("text: name", "binary: name", Severity.WARNING, 9, "only what is base64", ""),
                yaml(
                        "- text: name",
                        "- geo: name\n    lat: name\n    lon: id",
                        Severity.ERROR,
                        9,
                        "takes numbers as coordinates",
                        ""),
                yaml(
                        "- text: name",
                        "- map: name\n    values: keyword",
                        Severity.ERROR,
                        9,
                        "a map field takes objects only",
                        ""),
                yaml(
                        "- text: name",
                        "- sum: spent\n    table: orders\n    foreign_key: user_id\n    column: placed_at\n    value_type: decimal",
                        Severity.ERROR,
                        9,
                        "of which there is no sum",
                        ""),
                yaml(
                        "- text: name",
                        "- ids: orderIds\n    table: orders\n    foreign_key: user_id\n    element_type: short",
                        Severity.WARNING,
                        9,
                        "a short field is narrower",
                        ""),
                yaml(
                        "fields:\n  - long",
                        "filters:\n  - raw: emial IS NOT NULL\nfields:\n  - long",
                        Severity.ERROR,
                        6,
                        "column \"emial\" does not exist",
                        ""),
                yaml(
                        "fields:\n  - long",
                        "filters:\n  - {column: id, op: eq, value: seven}\nfields:\n  - long",
                        Severity.ERROR,
                        6,
                        "invalid input syntax for type bigint",
                        ""));
    }

    @ParameterizedTest(name = "{0}{2}: {5}")
    @MethodSource("cases")
    void saysWhatIsWrongAndHowToMendIt(
            String sql, String from, String to, Severity severity, int line, String message, String fix)
            throws Exception {
        assertThat(SCHEMA).contains(from);
        fresh("inspect_case", sql);
        var found = inspect("inspect_case", SCHEMA.replaceFirst("\\Q" + from + "\\E", to), "");
        assertThat(found).as("findings").anySatisfy(finding -> {
            assertThat(finding.message()).contains(message);
            assertThat(finding.severity()).isEqualTo(severity);
            assertThat(finding.fix()).contains(fix);
            if (line > 0) {
                assertThat(finding.place().toString()).startsWith("users.schema.yml:" + line + ":");
            }
        });
        assertThat(found).allSatisfy(finding -> assertThat(finding.message()).doesNotContain("\n"));
    }

    @Test
    void saysNothingBadOfAGoodDatabase() throws Exception {
        fresh("inspect_good", "");
        assertThat(inspect("inspect_good", SCHEMA, ""))
                .allSatisfy(finding -> assertThat(finding.severity()).isEqualTo(Severity.NOTE));
    }

    @Test
    @DisplayName("where every document would be rejected, none is the largest")
    void measuresNothingThatWouldBeRejected() throws Exception {
        fresh("inspect_refused", "INSERT INTO orders SELECT i, i, 1.5, NULL FROM generate_series(1, 30) i");
        assertThat(inspect("inspect_refused", SCHEMA.replace("decimal: total", "integer: total"), ""))
                .extracting(DatabaseFinding::message)
                .anySatisfy(message -> assertThat(message).startsWith("index 'users': 30 of 30 documents built"))
                .noneMatch(message -> message.contains("the largest has 0"));
    }

    @Test
    void saysNothingBadOfColumnsThatFit() throws Exception {
        var pairs = List.of(
                "numeric(9) integer",
                "numeric(4) short",
                "numeric(18) long",
                "int2 integer",
                "int4 long",
                "int2 float",
                "float8 double",
                "numeric(15) decimal",
                "numeric decimal",
                "varchar keyword",
                "uuid uuid",
                "jsonb json",
                "text[] keyword",
                "timestamptz timestamp",
                "date date",
                "money decimal",
                "bytea binary",
                "int8 long");
        var columns = new StringBuilder("id bigint PRIMARY KEY");
        var fields = new StringBuilder("table: fits\nprimary_key: id\nfields:\n");
        for (int i = 0; i < pairs.size(); i++) {
            var pair = pairs.get(i).split(" ", -1);
            columns.append(", c").append(i).append(' ').append(pair[0]);
            fields.append("  - ").append(pair[1]).append(": c").append(i).append('\n');
        }
        fresh("inspect_fit", "CREATE TABLE fits (" + columns + "); INSERT INTO fits VALUES (1)");
        assertThat(inspect("inspect_fit", fields.toString(), ""))
                .allSatisfy(finding -> assertThat(finding.message()).doesNotContain("is of type"));
    }

    @Test
    @DisplayName("a large table is looked at in part, also one with partitions, and says so")
    void looksAtAPartOfALargeTable() throws Exception {
        fresh("inspect_large", """
                ALTER PUBLICATION flusso DROP TABLE orders; DROP TABLE orders;
                CREATE TABLE orders (id bigint, user_id bigint, total numeric, placed_at timestamptz) PARTITION BY HASH (user_id);
                CREATE TABLE orders_0 PARTITION OF orders FOR VALUES WITH (MODULUS 2, REMAINDER 0);
                CREATE TABLE orders_1 PARTITION OF orders FOR VALUES WITH (MODULUS 2, REMAINDER 1);
                ALTER TABLE orders_1 ENABLE ROW LEVEL SECURITY;
                INSERT INTO orders SELECT i, i % 30, 1.5, now() FROM generate_series(1, 30000) i; ANALYZE""");
        var indexes = config(SCHEMA, "").indexes();
        var found = DatabaseInspection.of(
                settings("inspect_large"),
                new InspectionRequest(config(SCHEMA, "").source(), indexes, "flusso", "flusso", true, 32L << 20),
                new Scan(512 << 10));
        assertThat(found)
                .extracting(DatabaseFinding::message)
                .anySatisfy(message -> assertThat(message)
                        .startsWith("public.orders: about 30000 rows; the largest has ")
                        .endsWith("of its pages were looked at, taken by chance)"));
        assertThat(found)
                .extracting(DatabaseFinding::message)
                .anySatisfy(message -> assertThat(message).contains("those with the most in public.orders"));
        assertThat(found).noneSatisfy(finding -> assertThat(finding.message()).contains("row-level security"));
    }

    @Test
    @DisplayName("what flusso may not do itself is an error with the SQL for those who may")
    void saysWhatTheRoleLacks() throws Exception {
        fresh("inspect_role", """
                ALTER PUBLICATION flusso DROP TABLE tags;
                ALTER TABLE orders REPLICA IDENTITY DEFAULT;
                ALTER TABLE users ENABLE ROW LEVEL SECURITY;
                DO $$ BEGIN CREATE ROLE inspect_reader LOGIN PASSWORD 'secret';
                EXCEPTION WHEN duplicate_object THEN NULL; END $$;
                GRANT SELECT ON users, orders, tags TO inspect_reader""");
        var found = inspect(as("inspect_role", "inspect_reader"), config(SCHEMA, ""), true);
        assertError(found, "role inspect_reader may not replicate", "ALTER ROLE \"inspect_reader\" REPLICATION;");
        assertError(found, "public.users has row-level security", "BYPASSRLS");
        assertError(
                found,
                "may not read public.user_tags",
                "GRANT SELECT ON \"public\".\"user_tags\" TO \"inspect_reader\";");
        assertError(found, "does not own the publication", "ADD TABLE ONLY \"public\".\"tags\";");
        assertError(found, "would go stale: users.orders", "REPLICA IDENTITY FULL;");
    }

    @Test
    void policiesDecideHowBadItIs() throws Exception {
        fresh("inspect_policy", "DROP PUBLICATION flusso; ALTER TABLE orders REPLICA IDENTITY DEFAULT");
        var settings = settings("inspect_policy");
        assertError(inspect(settings, config(SCHEMA, ""), false), "there is no publication", "CREATE PUBLICATION");
        assertError(
                inspect(settings, config(SCHEMA, "replica_identity = \"require\""), true),
                "source.replica_identity forbids",
                "REPLICA IDENTITY FULL;");
        assertThat(inspect(settings, config(SCHEMA, "replica_identity = \"warn\""), true))
                .filteredOn(finding -> finding.message().contains("would go stale"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.severity()).isEqualTo(Severity.WARNING));
    }

    @Test
    @DisplayName("publish = \"keys\" is an error before Postgres 15, and none since")
    void saysWhereKeysCannotBePublished() throws Exception {
        fresh("inspect_keys", "");
        var source = "publish = \"keys\"";
        var config = config(SCHEMA, source);
        var request = new InspectionRequest(config.source(), config.indexes(), "flusso", "flusso", true, 32L << 20);
        for (var version : new int[] {140_012, 150_000}) {
            var findings = new Findings();
            try (var connection = SharedServers.postgres().connect("inspect_keys")) {
                var server = new ServerInspection.Server(version, "postgres", true, true);
                new CoverageInspection(connection, request, Map.of(), server, findings).inspect();
            }
            if (version < 150_000) {
                assertError(findings.all(), "needs Postgres 15 or newer; this server is version 14", "");
            } else {
                assertThat(findings.all())
                        .noneMatch(finding -> finding.message().contains("needs Postgres 15"));
            }
        }
    }

    @Test
    @DisplayName("wal_level, full slots, a foreign slot, the version, and a server that is away")
    void saysWhatTheServerLacks() throws Exception {
        try (var server = PostgresServer.builder()
                .setting("wal_level", "replica")
                .setting("max_replication_slots", "1")
                .start()) {
            server.freshDatabase("inspect_server");
            try (var connection = server.connect("inspect_server");
                    var statement = connection.createStatement()) {
                statement.execute(TABLES);
                statement.execute("SELECT pg_create_physical_replication_slot('other')");
            }
            var settings = PostgresAddress.of(DatabaseUrl.parse(server.url("inspect_server")), "flusso check");
            var found = inspect(settings, config(SCHEMA, ""), true);
            assertError(found, "'wal_level' is 'replica'", "ALTER SYSTEM SET wal_level = logical;");
            assertError(found, "all 1 replication slots are taken", "max_replication_slots = 5");
            try (var connection = server.connect("inspect_server");
                    var statement = connection.createStatement()) {
                statement.execute("SELECT pg_drop_replication_slot('other')");
                statement.execute("SELECT pg_create_physical_replication_slot('flusso')");
            }
            assertError(
                    inspect(settings, config(SCHEMA, ""), true),
                    "slot 'flusso' is not ours to use: physical",
                    "pg_drop_replication_slot('flusso')");
            server.stop();
            assertThatThrownBy(() -> inspect(settings, config(SCHEMA, ""), true))
                    .isInstanceOf(DatabaseUnusableException.class)
                    .hasMessageContaining("cannot be asked")
                    .hasMessageContaining(settings.toString());
        }
    }

    private static void assertError(List<DatabaseFinding> found, String message, String fix) {
        assertThat(found).anySatisfy(finding -> {
            assertThat(finding.message()).contains(message);
            assertThat(finding.severity()).isEqualTo(Severity.ERROR);
            assertThat(finding.fix()).contains(fix);
        });
    }

    private static void fresh(String database, String sql) throws SQLException {
        var server = SharedServers.postgres();
        server.freshDatabase(database);
        try (var connection = server.connect(database);
                var statement = connection.createStatement()) {
            statement.execute(TABLES);
            if (!sql.isEmpty()) {
                statement.execute(sql);
            }
        }
    }

    private List<DatabaseFinding> inspect(String database, String schema, String source) throws Exception {
        return inspect(settings(database), config(schema, source), true);
    }

    private static List<DatabaseFinding> inspect(PostgresAddress settings, Config config, boolean manage) {
        var indexes = config.indexes().stream().filter(IndexConfig::enabled).toList();
        return DatabaseInspection.of(
                settings, new InspectionRequest(config.source(), indexes, "flusso", "flusso", manage, 32L << 20));
    }

    private Config config(String schema, String source) throws Exception {
        Files.writeString(folder.resolve("users.schema.yml"), schema);
        return ConfigFiles.load(Files.writeString(folder.resolve("flusso.toml"), """
                [source]
                type = "postgres"
                %s
                [[index]]
                name = "users"
                schema = "users.schema.yml"
                """.formatted(source)));
    }

    private static PostgresAddress settings(String database) {
        return PostgresAddress.of(DatabaseUrl.parse(SharedServers.postgres().url(database)), "flusso check");
    }

    private static PostgresAddress as(String database, String role) {
        var own = settings(database);
        return new PostgresAddress(own.host(), own.port(), role, "secret", own.database(), own.settings());
    }
}
