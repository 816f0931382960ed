package dev.flusso.postgres.document;

import static dev.flusso.postgres.document.Schemas.aggregate;
import static dev.flusso.postgres.document.Schemas.count;
import static dev.flusso.postgres.document.Schemas.foreignKey;
import static dev.flusso.postgres.document.Schemas.hasMany;
import static dev.flusso.postgres.document.Schemas.leaf;
import static dev.flusso.postgres.document.Schemas.manyToMany;
import static dev.flusso.postgres.document.Schemas.raw;
import static dev.flusso.postgres.document.Schemas.schema;
import static dev.flusso.postgres.document.Schemas.table;
import static dev.flusso.postgres.document.Schemas.through;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flusso.dev.servers.SharedServers;
import dev.flusso.postgres.connect.ReadPool;
import dev.flusso.schema.DocumentSchema;
import dev.flusso.schema.Field;
import dev.flusso.schema.ResolutionPath;
import dev.flusso.worker.Key;
import dev.flusso.worker.KeyRange;
import dev.flusso.worker.SourceUnavailableException;
import dev.flusso.worker.Stamp;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How it reads: by which plans, in how many statements, in what memory, seeing what. */
class ReadingIT {

    private static final int ROOTS = 20_000;

    private static Database database;

    private static final DocumentSchema USERS = schema(
            "users",
            "id",
            leaf("id"),
            leaf("name"),
            hasMany("orders", "orders", "id", "user_id")
                    .by("-placed")
                    .first(5)
                    .of(leaf("id"), hasMany("items", "items", "id", "order_id").of(leaf("id"), leaf("sku"))),
            count("orders_total", "orders", foreignKey("user_id")),
            aggregate("spent", Field.Aggregate.Function.SUM, "orders", foreignKey("user_id"), "total"),
            manyToMany("tags", "tags", "id", through("user_tags", "user_id", "tag_id"))
                    .of(leaf("name")));

    @BeforeAll
    static void fill() {
        database = Database.fresh(
                "reading_it",
                "create table users(id int primary key, name text)",
                "create table orders(id int primary key, user_id int, total numeric, placed timestamptz)",
                "create table items(id int primary key, order_id int, sku text)",
                "create table tags(id int primary key, name text)",
                "create table user_tags(user_id int, tag_id int, primary key (user_id, tag_id))",
                "insert into users select g, 'user ' || g from generate_series(1, " + ROOTS + ") g",
                "insert into orders select g, 1 + g % " + ROOTS
                        + ", g * 0.01, '2026-01-01'::timestamptz + g * interval '1 min'"
                        + " from generate_series(1, 3 * " + ROOTS + ") g",
                "insert into items select g, 1 + g % (3 * " + ROOTS + "), 'sku' || g from generate_series(1, 6 * "
                        + ROOTS + ") g",
                "insert into tags select g, 'tag ' || g from generate_series(1, 100) g",
                "insert into user_tags select g, 1 + g % 100 from generate_series(1, " + ROOTS + ") g",
                "create index on orders(user_id)",
                "create index on items(order_id)",
                "analyze");
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void eachLevelIsFoundByAnIndex() {
        var reader = database.reader.open("users", USERS, Database.UNLIMITED);
        for (int keys : new int[] {1, 100, 2000}) {
            assertThat(reader.plan(Database.ids(1, 1 + keys)))
                    .noneMatch(line -> line.contains("Seq Scan on users"))
                    .noneMatch(line -> line.contains("Seq Scan on orders"))
                    .noneMatch(line -> line.contains("Seq Scan on items"))
                    .noneMatch(line -> line.contains("Seq Scan on user_tags"))
                    .anyMatch(line -> line.contains("users_pkey"))
                    .anyMatch(line -> line.contains("orders_user_id_idx"))
                    .anyMatch(line -> line.contains("items_order_id_idx"));
        }
        for (var path : USERS.paths()) {
            assertThat(path.hops().isEmpty() ? "WITH" : reader.sql(path)).startsWith("WITH");
        }
        assertThat(reader.scanSql(KeyRange.ALL)).contains("row_number()");
    }

    @Test
    void misjudgedFiltersNeverMakeTheLevelsMeetRowByRow() {
        var misjudged = raw("id % 1 = 0 and id * 0 = 0 and id - id = 0 and id % 2 - id % 2 = 0");
        var schema = schema(
                "users",
                List.of("id"),
                null,
                List.of(misjudged),
                leaf("id"),
                hasMany("orders", "orders", "id", "user_id")
                        .where(misjudged)
                        .of(
                                leaf("id"),
                                hasMany("items", "items", "id", "order_id").of(leaf("id"))),
                hasMany("unindexed", "orders", "id", "id2").of(leaf("id")),
                count("n", "orders", foreignKey("user_id")));
        database.run("alter table orders add column id2 int", "update orders set id2 = user_id where id < 100");
        var reader = database.reader.open("users", schema, Database.UNLIMITED);
        assertThat(reader.plan(Database.ids(1, 2001))).noneMatch(line -> line.contains("Join Filter"));
        assertThat(reader.documents(Database.ids(1, 2001)).answers()).allMatch(answer -> answer.document() != null);
        assertThat(Database.json(reader, "8"))
                .startsWith("{\"id\":8,\"orders\":[{\"id\":7,\"items\":[{\"id\":6},")
                .endsWith("\"unindexed\":[{\"id\":7}],\"n\":3}");
    }

    @Test
    void twoThousandKeysAreOneStatementPreparedOnce() {
        var settings = ReaderSettings.of(1, 1);
        try (var pool = ReadPool.open(
                Database.settings(database.name), 1, settings.statementDeadline(), settings.borrowDeadline())) {
            var sessions = new Sessions(pool, settings);
            var index = PostgresIndexReader.open(sessions, "users", USERS, Database.UNLIMITED);
            index.documents(Database.ids(1, 3));
            long before = executions(sessions);
            long newest = newest(sessions);
            var built = index.documents(Database.ids(1, 2001));
            assertThat(built.answers()).hasSize(2000).allMatch(answer -> answer.document() != null);
            assertThat(executions(sessions) - before).isEqualTo(1);
            assertThat(newest(sessions)).isEqualTo(newest);
            assertThat(asked(sessions, "select count(*)" + OURS)).isEqualTo(1);
        }
    }

    @Test
    void aPathIsOneStatementHoweverManyValuesItBeginsWith() {
        var settings = ReaderSettings.of(1, 1);
        try (var pool = ReadPool.open(
                Database.settings(database.name), 1, settings.statementDeadline(), settings.borrowDeadline())) {
            var sessions = new Sessions(pool, settings);
            var index = PostgresIndexReader.open(sessions, "users", USERS, Database.UNLIMITED);
            for (var path : USERS.paths()) {
                if (path.hops().isEmpty()) {
                    continue;
                }
                index.resolve(path, Database.ids(1, 3), null, 10);
                long before = asked(sessions, EXECUTIONS);
                long newest = newest(sessions);
                assertThat(index.resolve(path, Database.ids(1, 2001), null, 20_000)
                                .keys())
                        .as(path.field())
                        .hasSizeGreaterThan(900);
                assertThat(asked(sessions, EXECUTIONS) - before).isEqualTo(1);
                assertThat(newest(sessions)).isEqualTo(newest);
            }
        }
    }

    private static final String EXECUTIONS =
            "select sum(generic_plans + custom_plans) from pg_prepared_statements where statement like 'WITH h0 AS%'";

    private static final String OURS = " from pg_prepared_statements where statement like 'WITH k AS%'";

    private static long executions(Sessions sessions) {
        return asked(sessions, "select sum(generic_plans + custom_plans)" + OURS);
    }

    /** When the session last prepared a statement; it runs none that it has not prepared. In microseconds. */
    private static long newest(Sessions sessions) {
        return asked(
                sessions,
                "select (extract(epoch from max(prepare_time)) * 1000000)::bigint from pg_prepared_statements");
    }

    private static long asked(Sessions sessions, String sql) {
        return sessions.call("statistics", connection -> {
            try (var query = connection.prepareStatement(sql);
                    var row = query.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        });
    }

    @Test
    void aLargeBatchEqualsSmallOnesAndTheScan() {
        var index = database.open(USERS);
        var large = new HashMap<String, String>();
        index.documents(Database.ids(1, 2001))
                .answers()
                .forEach(answer -> large.put(answer.askedId(), Database.text(answer)));
        for (int i = 1; i <= 2000; i += 400) {
            index.documents(Database.ids(i, i + 3))
                    .answers()
                    .forEach(answer -> assertThat(Database.text(answer)).isEqualTo(large.get(answer.askedId())));
        }
        var scanned = Database.scan(index, new KeyRange(null, Key.of("2001")));
        assertThat(scanned).isEqualTo(large);
        assertThat(large.get("7"))
                .startsWith("{\"id\":7,\"name\":\"user 7\",\"orders\":[{\"id\":40006,\"items\":[{\"id\":40005,")
                .endsWith("\"orders_total\":3,\"spent\":600.18,\"tags\":[{\"name\":\"tag 8\"}]}");
    }

    @Test
    void aScanCrossesItsChunksWithOneStamp() {
        var stamps = new HashSet<Stamp>();
        var ids = new HashSet<String>();
        database.open(USERS).scan(KeyRange.ALL, (stamp, answer) -> {
            stamps.add(stamp);
            assertThat(ids.add(answer.askedId())).isTrue();
        });
        assertThat(ids).hasSize(ROOTS);
        assertThat(stamps).hasSize(1);
    }

    @Test
    void whatIsTooLargeIsMeasuredAndNotFetched() {
        database.run(
                "create table fat(id int primary key, body text)",
                "insert into fat values (1, repeat('ä', 500)), (2, 'slim')");
        var index = database.reader.open("fat", schema("fat", "id", leaf("body")), 1000);
        var answers = index.documents(Database.ids(1, 3)).answers();
        assertThat(answers.get(0).document()).isNotNull();
        assertThat(Database.found(answers.get(0)).tooLarge()).isTrue();
        assertThat(Database.found(answers.get(0)).bytes()).isEqualTo(1011);
        assertThat(Database.found(answers.get(1)).tooLarge()).isFalse();
        assertThat(Database.found(answers.get(1)).bytes()).isEqualTo(15);
        var exact = database.reader.open("fat", schema("fat", "id", leaf("body")), 1011);
        assertThat(Database.found(exact.documents(Database.ids(1, 2)).answers().get(0))
                        .tooLarge())
                .isFalse();
        assertThat(Database.scan(index, KeyRange.ALL)).containsEntry("1", "").containsEntry("2", "{\"body\":\"slim\"}");
    }

    @Test
    void whatDoesNotFitTheBudgetIsAskedForAgain() {
        database.run(
                "create table heavy(id int primary key, body text)",
                "insert into heavy select i, repeat('x', 1000000) from generate_series(1, 100) i");
        var index = database.reader.open("heavy", schema("heavy", "id", leaf("body")), Database.UNLIMITED);
        var open = new ArrayList<>(Database.ids(1, 101));
        var questions = 0;
        while (!open.isEmpty()) {
            var built = index.documents(open, 8 << 20);
            assertThat(built.answers()).hasSizeBetween(1, 10);
            built.answers().forEach(answer -> open.remove(answer.asked()));
            questions++;
        }
        assertThat(questions).isBetween(10, 20);
    }

    @Test
    void giantsAreScannedInSmallPortions() {
        database.run(
                "create table giant(id int primary key, body text)",
                "insert into giant select g, repeat(md5(g::text), 32 * 1024 * 4) from generate_series(1, 40) g");
        long[] bytes = {0};
        database.open(schema("giant", "id", leaf("body")))
                .scan(
                        KeyRange.ALL,
                        (stamp, answer) -> bytes[0] += Database.found(answer).json().length);
        assertThat(bytes[0]).isGreaterThan(160L << 20);
    }

    @Test
    void theStampSeesExactlyWhatTheDocumentShows() throws Exception {
        database.run("create table seen(id int primary key, v int)", "insert into seen values (1, 0)");
        var index = database.open(schema("seen", "id", leaf("v")));
        var before = index.documents(Database.ids(1, 2)).stamp();
        try (var writer = SharedServers.postgres().connect(database.name)) {
            writer.setAutoCommit(false);
            long xid;
            try (var statement = writer.createStatement()) {
                statement.execute("update seen set v = 1");
                try (var row = statement.executeQuery("select pg_current_xact_id()::text")) {
                    row.next();
                    xid = Long.parseLong(row.getString(1));
                }
            }
            var during = index.documents(Database.ids(1, 2));
            assertThat(during.stamp().sees(xid)).isFalse();
            assertThat(Database.text(during.answers().get(0))).isEqualTo("{\"v\":0}");
            writer.commit();
            var after = index.documents(Database.ids(1, 2));
            assertThat(after.stamp().sees(xid)).isTrue();
            assertThat(after.stamp().version()).isGreaterThan(during.stamp().version());
            assertThat(after.stamp().version()).isGreaterThan(before.version());
            assertThat(Database.text(after.answers().get(0))).isEqualTo("{\"v\":1}");
            var path = new ResolutionPath(
                    table("seen"),
                    "x",
                    List.of("v"),
                    List.of(new ResolutionPath.Hop(table("seen"), List.of("v"), List.of("id"))));
            assertThat(index.resolve(path, Database.keys("1"), null, 10).keys()).containsExactly(Key.of("1"));
            assertThat(index.resolve(path, Database.keys("1"), null, 10).stamp().version())
                    .isGreaterThanOrEqualTo(after.stamp().version());
        }
    }

    @Test
    void scansLeaveASessionForDocuments() throws Exception {
        var threads = Executors.newFixedThreadPool(2);
        try (var reader = PostgresRowReader.open(
                Database.settings(database.name),
                new ReaderSettings(2, 2, Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofMillis(400)))) {
            var index = reader.open("users", USERS, Database.UNLIMITED);
            var held = new CountDownLatch(1);
            var release = new CountDownLatch(1);
            var scan = threads.submit(() -> index.scan(KeyRange.ALL, (stamp, answer) -> {
                held.countDown();
                await(release);
            }));
            await(held);
            assertThat(index.documents(Database.ids(1, 3)).answers()).hasSize(2);
            assertThatThrownBy(() -> index.scan(KeyRange.ALL, (stamp, answer) -> {}))
                    .isInstanceOf(SourceUnavailableException.class)
                    .hasMessageContaining("seeding connections");
            assertThat(index.documents(Database.ids(1, 3)).answers()).hasSize(2);
            release.countDown();
            scan.get(30, TimeUnit.SECONDS);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aConsumerThatFailsEndsTheScanAndGivesTheSessionBack() {
        try (var reader = PostgresRowReader.open(Database.settings(database.name), ReaderSettings.of(1, 1))) {
            var index = reader.open("users", USERS, Database.UNLIMITED);
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> index.scan(KeyRange.ALL, (stamp, answer) -> {
                            throw new IllegalStateException("enough");
                        }))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("enough");
                assertThat(index.documents(Database.ids(1, 3)).answers()).hasSize(2);
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void sessionsHaveTheSameSettingsWhateverTheRoleHas() {
        database.run(
                "alter database reading_it set timezone = 'Asia/Tokyo'",
                "alter database reading_it set datestyle = 'SQL, DMY'",
                "alter database reading_it set intervalstyle = 'iso_8601'",
                "alter database reading_it set extra_float_digits = 0",
                "alter database reading_it set bytea_output = 'escape'",
                "alter database reading_it set search_path = nowhere",
                "create table odd(id timestamptz primary key, f float8, i interval, b bytea, d date, r tstzrange)",
                "insert into odd values ('2026-01-02 00:00+00', 0.1::float8 + 0.2::float8, '1 day', '\\x00',"
                        + " '0044-03-15 BC', '[2026-01-02 00:00+00,)')");
        try (var reader = PostgresRowReader.open(Database.settings(database.name), ReaderSettings.of(1, 1))) {
            var index = reader.open(
                    "odd",
                    schema("odd", "id", leaf("id"), leaf("f"), leaf("i"), leaf("b"), leaf("d"), leaf("r")),
                    1000);
            var answer = index.documents(Database.keys("2026-01-02 00:00:00+00"))
                    .answers()
                    .get(0);
            assertThat(answer.askedId()).isEqualTo("2026-01-02 00:00:00+00");
            assertThat(Database.text(answer))
                    .isEqualTo(
                            "{\"id\":\"2026-01-02T00:00:00Z\",\"f\":0.30000000000000004,\"i\":\"1 day\",\"b\":\"AA==\","
                                    + "\"d\":\"-0043-03-15\",\"r\":\"[\\\"2026-01-02 00:00:00+00\\\",)\"}");
        } finally {
            database.run("alter database reading_it reset all");
        }
    }

    @Test
    void neverWrites() {
        database.run("create table w(id int primary key)", "create sequence s", "insert into w values (1)");
        var index = database.open(schema("w", List.of("id"), null, List.of(raw("nextval('s') > 0")), leaf("id")));
        assertThatThrownBy(() -> index.documents(Database.ids(1, 2))).hasMessageContaining("read-only transaction");
    }

    @Test
    void anAbsentDatabaseIsUnavailableAndASlowOneToo() {
        var settings = Database.settings("no_such_database");
        try (var reader = PostgresRowReader.open(
                settings,
                new ReaderSettings(1, 1, Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofMillis(500)))) {
            assertThatThrownBy(reader::stamp)
                    .isInstanceOf(SourceUnavailableException.class)
                    .hasMessageContaining("no_such_database");
        }
        database.run("create table slow(id int primary key)", "insert into slow values (1)");
        try (var reader = PostgresRowReader.open(
                Database.settings(database.name),
                new ReaderSettings(1, 1, Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(5)))) {
            var index = reader.open(
                    "slow",
                    schema("slow", List.of("id"), null, List.of(raw("pg_sleep(20) is not null")), leaf("id")),
                    1000);
            assertThatThrownBy(() -> index.documents(Database.ids(1, 2)))
                    .isInstanceOf(SourceUnavailableException.class)
                    .hasMessageContaining("statement timeout");
            assertThat(reader.stamp().timeline()).isEqualTo(1);
        }
    }

    @Test
    void bytesAreUtf8OnOneLine() {
        database.run(
                "create table j(id int primary key, j json)",
                "insert into j values (1, E'{\\n\"a\":\\r\\n\"é\\u2028\"\\n}')");
        var answer = database.open(schema("j", "id", leaf("j")))
                .documents(Database.ids(1, 2))
                .answers()
                .get(0);
        assertThat(Database.found(answer).json())
                .isEqualTo("{\"j\":{ \"a\":\r \"é\u2028\" }}".getBytes(StandardCharsets.UTF_8));
        assertThat(Database.found(answer).bytes())
                .isEqualTo(Database.found(answer).json().length);
    }
}
