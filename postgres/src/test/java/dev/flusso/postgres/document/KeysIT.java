package dev.flusso.postgres.document;

import static dev.flusso.postgres.document.Schemas.constant;
import static dev.flusso.postgres.document.Schemas.count;
import static dev.flusso.postgres.document.Schemas.foreignKey;
import static dev.flusso.postgres.document.Schemas.hasMany;
import static dev.flusso.postgres.document.Schemas.leaf;
import static dev.flusso.postgres.document.Schemas.literal;
import static dev.flusso.postgres.document.Schemas.schema;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flusso.worker.Key;
import dev.flusso.worker.KeyRange;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys of every type: asked for in any spelling, found, scanned, cut into ranges, resolved. */
class KeysIT {

    private static Database database;

    @BeforeAll
    static void fill() {
        database = Database.fresh(
                "keys_it",
                "create extension citext",
                "create type size as enum ('L', 'S', 'M')",
                "create domain code as varchar(10) check (value ~ '^[A-Z]+$')",
                "create domain amount as numeric",
                "create domain network as inet");
    }

    @AfterAll
    static void close() {
        database.close();
    }

    /** The spelling asked for, the one the row has, a second row's, and one the type cannot read, if any. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "-",
            value = {
                "smallint | 7 | 7 | 8 | 70000",
                "integer | 07 | 7 | 8 | x",
                "bigint | 9007199254740993 | 9007199254740993 | 1 | 1.5",
                "numeric | 1.50 | 1.5 | 2 | one",
                "amount | 1.50 | 1.5 | 2 | one",
                "text | a:b% | a:b% | ä | -",
                "varchar(20) | a | a | `b c` | -",
                "char(5) | `a  ` | a | b | -",
                "citext | ABC | aBc | d | -",
                "code | AB | AB | CD | -",
                "uuid | A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11 | a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11 |"
                        + " 00000000-0000-0000-0000-000000000000 | 12",
                "size | S | S | M | XXL",
                "bytea | \\xDEAD | \\xdead | \\x | \\xg",
                "date | 20261120 | 2026-11-20 | infinity | 2026-13-01",
                "timestamptz | 2026-11-20T10:00:00+02 | 2026-11-20 08:00:00+00 | -infinity | then",
                "timestamp | 2026-11-20 10:00 | 2026-11-20 10:00:00 | 2026-11-21 00:00:00.5 | then",
                "boolean | t | true | false | maybe",
                "double precision | 0.10 | 0.1 | NaN | x",
                "inet | 10.0.0.1/32 | 10.0.0.1 | ::1 | 10.0.0",
                "network | 10.0.0.1/32 | 10.0.0.1 | ::1 | 10.0.0",
                "time | 10:00 | 10:00:00 | 11:00:00 | 25:00",
                "integer[] | `{1, 2}` | {1,2} | {3} | {x}",
                "int4range | [1,2] | `[1,3)` | empty | [2",
            })
    void aKeyOfEachType(String type, String asked, String found, String other, String unreadable) {
        database.run(
                "drop table if exists k, child",
                "create table k(id " + type + " primary key, v int)",
                "create table child(id int primary key, k_id " + type + ")",
                "insert into k values ('" + found + "', 1), ('" + other + "', 2)",
                "insert into child values (1, '" + found + "'), (2, '" + other + "'), (3, null)");
        var schema = schema(
                "k", "id", leaf("v"), hasMany("children", "child", "id", "k_id").of(leaf("id")));
        var index = database.open(schema);
        var keys = new ArrayList<>(List.of(Key.of(asked), Key.of(other)));
        if (unreadable != null) {
            keys.add(Key.of(unreadable));
        }
        var built = index.documents(keys);
        assertThat(built.answers()).hasSize(keys.size());
        for (var answer : built.answers()) {
            var part = answer.asked().parts().get(0);
            if (part.equals(unreadable)) {
                assertThat(answer.document()).isNull();
                assertThat(answer.askedId()).isEqualTo(unreadable);
            } else {
                assertThat(answer.document()).isNotNull();
                assertThat(Database.found(answer).id()).isEqualTo(part.equals(asked) ? found : other);
                assertThat(Database.text(answer))
                        .isEqualTo(
                                part.equals(asked)
                                        ? "{\"v\":1,\"children\":[{\"id\":1}]}"
                                        : "{\"v\":2,\"children\":[{\"id\":2}]}");
            }
        }
        assertThat(Database.scan(index, KeyRange.ALL)).containsOnlyKeys(found, other);
        var ranges = index.ranges(2);
        assertThat(ranges).hasSize(2);
        assertThat(Database.scan(index, ranges.get(0))).hasSize(1);
        assertThat(Database.scan(index, ranges.get(1))).hasSize(1);
        var grandchildren = schema.paths().get(1);
        assertThat(grandchildren.start()).containsExactly("k_id");
    }

    @Test
    void theIdOfTheKeyAskedForIsAsSpelled() {
        database.run("create table ci(id citext primary key)", "insert into ci values ('aBc')");
        var index = database.open(schema("ci", "id", leaf("id")));
        var answers = index.documents(Database.keys("ABC", "abc", "aBc")).answers();
        assertThat(answers).extracting(answer -> answer.askedId()).containsExactly("ABC", "abc", "aBc");
        assertThat(answers)
                .allSatisfy(answer -> assertThat(Database.found(answer).id()).isEqualTo("aBc"));
    }

    @Test
    void longIdsAreHashed() {
        database.run(
                "create table long(id text primary key)",
                "insert into long values (repeat('ä', 256)), (repeat('ä', 257))");
        var index = database.open(schema("long", "id", constant("c", literal(1))));
        var answers =
                index.documents(Database.keys("ä".repeat(256), "ä".repeat(257))).answers();
        assertThat(answers.get(0).askedId()).isEqualTo("ä".repeat(256));
        assertThat(answers.get(1).askedId()).matches("[0-9a-f]{64}").isEqualTo(KeyText.id(Key.of("ä".repeat(257))));
        assertThat(Database.found(answers.get(1)).id()).isEqualTo(answers.get(1).askedId());
    }

    @Test
    void oneUnreadableKeyAmongThousandsHarmsNone() {
        database.run("create table n(id int primary key)", "insert into n select generate_series(1, 2000)");
        var index = database.open(schema("n", "id", leaf("id")));
        var keys = new ArrayList<Key>();
        IntStream.rangeClosed(1, 2000).forEach(i -> keys.add(Key.of(i % 500 == 7 ? "x" + i : Integer.toString(i))));
        var built = index.documents(keys);
        assertThat(built.answers()).hasSize(2000);
        assertThat(built.answers())
                .filteredOn(answer -> answer.document() == null)
                .hasSize(4);
    }

    @Test
    void rangesHoldEachKeyOnceHoweverTheyAreFound() {
        database.run(
                "create table big(a uuid, b int, c text, primary key (a, b))",
                "insert into big select md5((g / 10)::text)::uuid, g, 'x' from generate_series(1, 20000) g",
                "analyze big");
        var schema = schema("big", "a,b", leaf("b"));
        var index = database.reader.open("things", schema, Database.UNLIMITED);
        assertThat(index.estimate()).isBetween(15_000L, 25_000L);
        for (long counted : new long[] {PostgresIndexReader.COUNTED_ROWS, 100}) {
            var ranges = index.ranges(7, counted);
            assertThat(ranges).hasSizeBetween(6, 7);
            var all = new TreeMap<String, String>();
            for (var range : ranges) {
                var part = Database.scan(index, range);
                assertThat(part.size()).isBetween(1_500, 5_500);
                part.forEach((id, json) -> assertThat(all.put(id, json)).isNull());
            }
            assertThat(all).hasSize(20_000);
        }
        assertThat(index.ranges(1)).containsExactly(KeyRange.ALL);
    }

    @Test
    void aPartitionedTableIsEstimatedAndSampledThroughItsLeaves() {
        database.run(
                "create table parted(id bigint primary key) partition by range (id)",
                "create table parted_a partition of parted for values from (0) to (5000)",
                "create table parted_b partition of parted for values from (5000) to (100000) partition by hash (id)",
                "create table parted_b0 partition of parted_b for values with (modulus 2, remainder 0)",
                "create table parted_b1 partition of parted_b for values with (modulus 2, remainder 1)",
                "insert into parted select generate_series(1, 12000)",
                "analyze parted");
        var index = database.reader.open("things", schema("parted", "id", leaf("id")), Database.UNLIMITED);
        assertThat(index.estimate()).isEqualTo(12_000);
        for (var ranges : List.of(index.ranges(4), index.ranges(4, 100))) {
            assertThat(ranges).hasSizeBetween(3, 4);
            assertThat(ranges.stream()
                            .mapToInt(range -> Database.scan(index, range).size())
                            .sum())
                    .isEqualTo(12_000);
        }
    }

    @Test
    void anEmptyTableIsOneRange() {
        database.run("create table nothing(id int primary key)");
        var index = database.open(schema("nothing", "id", leaf("id")));
        assertThat(index.ranges(5)).containsExactly(KeyRange.ALL);
        assertThat(Database.scan(index, KeyRange.ALL)).isEmpty();
        assertThat(index.estimate()).isZero();
        assertThat(index.documents(List.of()).answers()).isEmpty();
    }

    @Test
    void aKeyOfAnotherWidthIsTheCallersMistake() {
        database.run("create table w(id int primary key)");
        var index = database.open(schema("w", "id", leaf("id")));
        assertThatThrownBy(() -> index.documents(List.of(Key.of("1", "2"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("key '1:2' has 2 part(s), expected 1");
    }

    @Test
    void pathsArePagedInTheKeysOwnOrder() {
        database.run(
                "create table person(id citext primary key)",
                "create table letter(id bigint primary key, sender citext)",
                "create table stamp(id int primary key, letter int)",
                "insert into person values ('b'), ('A'), ('c')",
                "insert into letter select g, (array['b','a','C'])[1 + g % 3] from generate_series(1, 30) g",
                "insert into stamp select g, g % 30 + 1 from generate_series(1, 90) g");
        var schema = schema(
                "person",
                "id",
                hasMany("letters", "letter", "id", "sender").of(count("stamps", "stamp", foreignKey("letter"))));
        var index = database.open(schema);
        var path = schema.paths().get(2);
        assertThat(path.table().name()).isEqualTo("stamp");
        var starts = IntStream.rangeClosed(1, 30)
                .mapToObj(i -> Key.of(i == 5 ? "five" : Integer.toString(i)))
                .toList();
        var found = new ArrayList<String>();
        Key after = null;
        boolean more = true;
        while (more) {
            var page = index.resolve(path, starts, after, 1);
            page.keys().forEach(key -> found.add(key.toString().toLowerCase(java.util.Locale.ROOT)));
            after = page.keys().get(0);
            more = page.more();
        }
        assertThat(found).containsExactly("a", "b", "c");
    }
}
