package dev.flusso.postgres.document;

import static dev.flusso.postgres.document.Schemas.aggregate;
import static dev.flusso.postgres.document.Schemas.count;
import static dev.flusso.postgres.document.Schemas.foreignKey;
import static dev.flusso.postgres.document.Schemas.hasMany;
import static dev.flusso.postgres.document.Schemas.leaf;
import static dev.flusso.postgres.document.Schemas.manyToMany;
import static dev.flusso.postgres.document.Schemas.schema;
import static dev.flusso.postgres.document.Schemas.through;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.flusso.schema.DocumentSchema;
import dev.flusso.schema.Field;
import dev.flusso.schema.ResolutionPath;
import dev.flusso.worker.Answer;
import dev.flusso.worker.Key;
import java.lang.management.ManagementFactory;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What only shows in large tables and large documents: plans, ranges, and what is sent. */
class ScaleIT {

    private static final int ROOTS = 200_000;

    private static final String TABLES = "(users|orders|items|tags|user_tags)";

    private static Database database;

    private static final DocumentSchema USERS = schema(
            "users",
            "id",
            leaf("id"),
            leaf("name"),
            hasMany("orders", "orders", "id", "user_id")
                    .by("-placed")
                    .of(leaf("id"), hasMany("items", "items", "id", "order_id").of(leaf("id"), leaf("sku"))),
            hasMany("latest", "orders", "id", "user_id").by("-placed").first(1).of(leaf("id")),
            count("orders_total", "orders", foreignKey("user_id")),
            aggregate("spent", Field.Aggregate.Function.SUM, "orders", foreignKey("user_id"), "total"),
            manyToMany("tags", "tags", "id", through("user_tags", "user_id", "tag_id"))
                    .of(leaf("name")));

    @BeforeAll
    static void fill() {
        database = Database.fresh(
                "scale_it",
                "create extension citext",
                "create unlogged table users(id int primary key, name text)",
                "create unlogged table orders(id int primary key, user_id int, total numeric, placed timestamptz)",
                "create unlogged table items(id int primary key, order_id int, sku text)",
                "create unlogged table tags(id int primary key, name text)",
                "create unlogged table user_tags(user_id int, tag_id int, primary key (user_id, tag_id))",
                "insert into users select g, 'user ' || g from generate_series(1, " + ROOTS + ") g",
                "insert into orders select g, 1 + g % " + ROOTS
                        + ", g * 0.01, '2026-01-01'::timestamptz + g * interval '1 min'"
                        + " from generate_series(1, 2 * " + ROOTS + ") g",
                "insert into items select g, 1 + g % (2 * " + ROOTS + "), 'sku' || g from generate_series(1, 3 * "
                        + ROOTS + ") g",
                "insert into tags select g, 'tag ' || g from generate_series(1, 20000) g",
                "insert into user_tags select g, 1 + g % 20000 from generate_series(1, " + ROOTS + ") g",
                "create index on orders(user_id)",
                "create index on items(order_id)",
                "create index on user_tags(tag_id)",
                "analyze");
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 1000})
    void documentsAreFoundByAnIndexAtEachLevel(int keys) {
        var reader = database.reader.open("users", USERS, Database.UNLIMITED);
        for (var mode : List.of("force_custom_plan", "force_generic_plan")) {
            assertThat(plan(mode, reader.sql(), List.of(ids(keys))))
                    .as("%s keys, %s", keys, mode)
                    .noneMatch(line -> line.matches(".*Seq Scan on " + TABLES + "\\b.*"))
                    .anyMatch(line -> line.contains("users_pkey"))
                    .anyMatch(line -> line.contains("orders_user_id_idx"))
                    .anyMatch(line -> line.contains("items_order_id_idx"))
                    .anyMatch(line -> line.contains("user_tags_pkey"))
                    .anyMatch(line -> line.contains("tags_pkey"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 1000})
    void pathsAreFollowedByAnIndexAtEachHop(int starts) {
        var reader = database.reader.open("users", USERS, Database.UNLIMITED);
        int followed = 0;
        for (ResolutionPath path : USERS.paths()) {
            if (path.hops().isEmpty()) {
                continue;
            }
            followed++;
            for (var mode : List.of("force_custom_plan", "force_generic_plan")) {
                assertThat(plan(mode, reader.sql(path), List.of(ids(starts), "1001")))
                        .as("path at %s from %s, %s values, %s", path.field(), path.table(), starts, mode)
                        .noneMatch(line -> line.matches(".*Seq Scan on " + TABLES + "\\b.*"))
                        .anyMatch(line -> line.matches(".*(Index|Index Only|Bitmap Heap) Scan .*\\bt$"));
            }
        }
        assertThat(followed).isPositive();
    }

    /** Keys from all over the table, as an array's text. */
    private static String ids(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Integer.toString(1 + (int) (i * 7919L % ROOTS)))
                .collect(Collectors.joining(",", "{", "}"));
    }

    /** As the server executes a prepared statement: for these parameters, or, when it has seen enough, for any. */
    private static List<String> plan(String mode, String sql, List<String> parameters) {
        var numbered = new StringBuilder();
        int next = 0;
        for (var piece : sql.split("\\?", -1)) {
            numbered.append(next == 0 ? "" : "$" + next).append(piece);
            next++;
        }
        assertThat(next - 1).as("parameters of %s", sql).isEqualTo(parameters.size());
        database.run("set plan_cache_mode = " + mode, "prepare asked as " + numbered);
        try {
            return explained("execute asked('" + String.join("', '", parameters) + "')");
        } finally {
            database.run("deallocate asked", "reset plan_cache_mode");
        }
    }

    private static List<String> explained(String sql) {
        try (var statement = database.connection.createStatement();
                var rows = statement.executeQuery("explain (costs off) " + sql)) {
            var lines = new ArrayList<String>();
            while (rows.next()) {
                lines.add(rows.getString(1));
            }
            return lines;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    @Test
    void aGiantIsRefusedWithoutBeingSent() {
        database.run(
                "create table giant(id int primary key, body text)",
                "insert into giant values (1, repeat('x', 100000000)), (2, 'slim'), (3, repeat('y', 16000000))");
        var index = database.reader.open("giant", schema("giant", "id", leaf("body")), 32L << 20);
        answers(index, "2");
        long[] small = allocating(() -> assertTooLarge(answers(index, "1", "2").get(0)));
        assertThat(small[0]).as("bytes allocated for the answer").isLessThan(2L << 20);
        // the measure sees what is sent
        long[] sent = allocating(() ->
                assertThat(Database.found(answers(index, "3").get(0)).json()).hasSizeGreaterThan(16_000_000));
        assertThat(sent[0]).isGreaterThan(16_000_000);
    }

    private static List<Answer> answers(PostgresIndexReader index, String... keys) {
        return index.documents(Database.keys(keys)).answers();
    }

    private static void assertTooLarge(Answer answer) {
        assertThat(Database.found(answer).tooLarge()).isTrue();
        assertThat(Database.found(answer).bytes()).isEqualTo(100_000_000 + "{\"body\":\"\"}".length());
    }

    /** The driver reads on the caller's thread, each value into an array of its own. */
    private static long[] allocating(Runnable work) {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        long before = threads.getThreadAllocatedBytes(thread);
        work.run();
        return new long[] {threads.getThreadAllocatedBytes(thread) - before};
    }

    /** A key's columns, and expressions that make skewed ones of {@code g}: most close together, some far away. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bigint | case when g <= 3000 then g else 9000000000000000000 - g::bigint * g * g end",
                "uuid | case when g <= 3600 then lpad(g::text, 32, '0')::uuid else md5(g::text)::uuid end",
                "text | case when g <= 3000 then concat('a/very/long/common/prefix:', g) else concat(chr(97 + g % 26), g) end",
                "citext | case when g % 2 = 0 then concat('KEY ', g) else concat('key ', g) end",
                "numeric | case when g <= 3000 then g / 1000000.0 else -1e30 + g * 1e25 end",
                "timestamptz | timestamptz '2026-01-01' + case when g <= 3600 then g * interval '1 microsecond'"
                        + " else g * interval '1 day' end",
            })
    void rangesAreAboutEqualHoweverSkewedTheKeys(String type, String key) {
        database.run(
                "drop table if exists skewed",
                "create table skewed(a " + type + " primary key)",
                "insert into skewed select " + key + " from generate_series(1, 4000) g",
                "analyze skewed");
        assertEqualRanges("a");
    }

    @Test
    void rangesOfACompositeKeyAreAboutEqualThoughOneValueHasMostRows() {
        database.run(
                "drop table if exists skewed",
                "create table skewed(a text, b bigint, primary key (a, b))",
                "insert into skewed select case when g % 10 < 9 then 'big' else 't' || g % 997 end, g"
                        + " from generate_series(1, 4000) g",
                "analyze skewed");
        assertEqualRanges("a,b");
    }

    private static void assertEqualRanges(String key) {
        var index = database.reader.open("skewed", schema("skewed", key, leaf("a")), Database.UNLIMITED);
        for (long counted : new long[] {PostgresIndexReader.COUNTED_ROWS, 100}) {
            var ranges = index.ranges(8, counted);
            assertThat(ranges).hasSizeBetween(6, 8);
            var ids = new HashSet<String>();
            double mean = 4_000.0 / ranges.size();
            for (var range : ranges) {
                int before = ids.size();
                index.scan(
                        range,
                        (stamp, answer) -> assertThat(ids.add(answer.askedId()))
                                .as(answer.askedId())
                                .isTrue());
                assertThat((double) (ids.size() - before))
                        .as("rows of %s", range)
                        .isBetween(mean / 3, mean * 3);
            }
            assertThat(ids).hasSize(4_000);
        }
    }

    /** Rows with neighbouring keys lie on the same page, as they do where keys are given in sequence. */
    @Test
    void sampledRangesOfKeysInSequenceAreAboutEqual() {
        var index = database.reader.open("users", schema("users", "id", leaf("id")), Database.UNLIMITED);
        for (int i = 0; i < 5; i++) {
            var ranges = index.ranges(16, 1000);
            assertThat(ranges).hasSizeBetween(14, 16);
            int mean = ROOTS / ranges.size();
            int from = 1;
            for (var range : ranges) {
                Key end = range.untilExclusive();
                int until =
                        end == null ? ROOTS + 1 : Integer.parseInt(end.parts().get(0));
                assertThat(until - from).isBetween(mean / 3, mean * 3);
                from = until;
            }
        }
    }

    @Test
    void noTableIsSortedTwiceForItsRanges() throws Exception {
        database.run(
                "create table pairs(a uuid, b text, primary key (a, b))",
                "insert into pairs select md5(g::text)::uuid, 'x' from generate_series(1, 20000) g",
                "vacuum analyze pairs",
                "vacuum analyze users");
        for (var schema : List.of(schema("pairs", "a,b", leaf("a")), schema("users", "id", leaf("id")))) {
            var ranges = CompiledIndex.compile(database.connection, schema, Database.UNLIMITED)
                    .ranges();
            // the boundaries found are put in order by their number; that is no sort of the table
            assertThat(explained(ranges.exact().replace("?", "8")))
                    .noneMatch(line -> line.contains("Sort Key:") && !line.contains("#n"));
        }
    }
}
