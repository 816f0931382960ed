package dev.flusso.postgres.document;

import static dev.flusso.postgres.document.Schemas.leaf;
import static dev.flusso.postgres.document.Schemas.schema;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.schema.Field;
import dev.flusso.schema.Transform;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every type of column, every odd value, against what the reference's table says of it, written down by hand. */
class ValuesIT {

    /**
     * Values of one type.
     *
     * @param pairs an SQL expression and the JSON it becomes, in turns
     */
    @SuppressWarnings("ArrayRecordComponent") // written down here, read here
    private record Case(String type, String... pairs) {}

    private static final String DIGITS = "1234567890".repeat(100);

    private static final List<Case> CASES = List.of(
            new Case("smallint", "-32768", "-32768", "32767", "32767"),
            new Case("integer", "0", "0", "-2147483648", "-2147483648"),
            new Case("bigint", "9223372036854775807", "9223372036854775807", "-9007199254740993", "-9007199254740993"),
            new Case(
                    "real",
                    "0.1",
                    "0.1",
                    "'NaN'",
                    "null",
                    "'Infinity'",
                    "null",
                    "'-Infinity'",
                    "null",
                    "1e-38",
                    "1e-38"),
            new Case(
                    "double precision",
                    "0.1::float8 + 0.2::float8",
                    "0.30000000000000004",
                    "'NaN'",
                    "null",
                    "'-Infinity'",
                    "null",
                    "1e300",
                    "1e+300",
                    "'-0'",
                    "-0",
                    "5e-324",
                    "5e-324"),
            new Case(
                    "numeric",
                    "1.10",
                    "1.10",
                    DIGITS,
                    DIGITS,
                    "-0." + "0".repeat(300) + "1",
                    "-0." + "0".repeat(300) + "1",
                    "'NaN'",
                    "null",
                    "'Infinity'",
                    "null",
                    "'-Infinity'",
                    "null"),
            new Case("numeric(12,4)", "1", "1.0000", "'NaN'", "null"),
            new Case("money", "1234.5", "1234.50", "-0.01", "-0.01"),
            new Case("boolean", "true", "true", "false", "false"),
            new Case(
                    "text",
                    "''",
                    "\"\"",
                    "E'\"\\\\/\\b\\f\\n\\r\\t\\x01'",
                    "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\"",
                    "E'\\u2028\\u2029\\ufeff\\U0001F600é'",
                    "\"\u2028\u2029\ufeff\ud83d\ude00é\"",
                    "repeat('x', 1000000)",
                    "\"" + "x".repeat(1_000_000) + "\""),
            new Case("varchar(5)", "'ab  '", "\"ab  \""),
            new Case("char(5)", "'ab'", "\"ab\"", "' a'", "\" a\"", "''", "\"\""),
            new Case("\"char\"", "'q'", "\"q\""),
            new Case("name", "'pg_class'", "\"pg_class\""),
            new Case("citext", "'MiXed'", "\"MiXed\""),
            new Case("uuid", "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'", "\"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\""),
            new Case("mood", "'so \"so\"'", "\"so \\\"so\\\"\""),
            new Case(
                    "date",
                    "'2026-11-20'",
                    "\"2026-11-20\"",
                    "'0001-01-01'",
                    "\"0001-01-01\"",
                    "'0044-03-15 BC'",
                    "\"-0043-03-15\"",
                    "'0001-12-31 BC'",
                    "\"0000-12-31\"",
                    "'10000-01-01'",
                    "\"+10000-01-01\"",
                    "'9999-12-31'",
                    "\"9999-12-31\"",
                    "'infinity'",
                    "null",
                    "'-infinity'",
                    "null",
                    "'4713-01-01 BC'",
                    "\"-4712-01-01\"",
                    "'5874897-12-31'",
                    "\"+5874897-12-31\""),
            new Case(
                    "timestamp",
                    "'2026-11-20 10:20:30.123456'",
                    "\"2026-11-20T10:20:30.123456\"",
                    "'2026-11-20 10:20:30'",
                    "\"2026-11-20T10:20:30\"",
                    "'2026-11-20 10:20:30.5'",
                    "\"2026-11-20T10:20:30.5\"",
                    "'9999-12-31 23:59:59.999999'",
                    "\"9999-12-31T23:59:59.999999\"",
                    "'12345-06-07 08:09:10.100'",
                    "\"+12345-06-07T08:09:10.1\"",
                    "'0044-03-15 00:00:00 BC'",
                    "\"-0043-03-15T00:00:00\"",
                    "'infinity'",
                    "null"),
            new Case(
                    "timestamptz",
                    "'2026-11-20 10:20:30.123456+02'",
                    "\"2026-11-20T08:20:30.123456Z\"",
                    "'0001-01-01 00:00:00+01'",
                    "\"0000-12-31T23:00:00Z\"",
                    "'9999-12-31 23:30:00-01'",
                    "\"+10000-01-01T00:30:00Z\"",
                    "'0044-03-15 12:00:00.000001+00 BC'",
                    "\"-0043-03-15T12:00:00.000001Z\"",
                    "'-infinity'",
                    "null",
                    "'2026-11-20 00:00:00+00'",
                    "\"2026-11-20T00:00:00Z\""),
            new Case("time", "'10:20:30.5'", "\"10:20:30.5\"", "'24:00:00'", "\"24:00:00\""),
            new Case("timetz", "'10:20:30+05:30'", "\"10:20:30+05:30\""),
            new Case(
                    "interval",
                    "'1 year 2 mons -3 days 04:05:06.7'",
                    "\"1 year 2 mons -3 days +04:05:06.7\"",
                    "'0'",
                    "\"00:00:00\""),
            new Case("inet", "'10.0.0.1'", "\"10.0.0.1\"", "'10.0.0.0/8'", "\"10.0.0.0/8\"", "'::1'", "\"::1\""),
            new Case("cidr", "'10.0.0.0/8'", "\"10.0.0.0/8\""),
            new Case("int4range", "'[1,5]'", "\"[1,6)\"", "'empty'", "\"empty\""),
            new Case("tstzrange", "'[2026-01-01 00:00:00+02,)'", "\"[\\\"2025-12-31 22:00:00+00\\\",)\""),
            new Case("int4multirange", "'{[1,2),[5,7)}'", "\"{[1,2),[5,7)}\""),
            new Case("bit(3)", "B'101'", "\"101\""),
            new Case("xml", "'<a b=\"c\">d</a>'", "\"<a b=\\\"c\\\">d</a>\""),
            new Case("point", "'(1.5,-2)'", "\"(1.5,-2)\""),
            new Case("tsvector", "'a fat cat'", "\"'a' 'cat' 'fat'\""),
            new Case(
                    "bytea",
                    "'\\xdeadbeef'",
                    "\"3q2+7w==\"",
                    "''",
                    "\"\"",
                    "decode(repeat('00', 100), 'hex')",
                    "\"" + "A".repeat(134) + "==\""),
            new Case(
                    "json",
                    "E'{\"a\": 1,\\n \"a\": 2}'",
                    "{\"a\": 1,  \"a\": 2}",
                    "'1e400'",
                    "1e400",
                    "'\"\\u0000\"'",
                    "\"\\u0000\"",
                    "'null'",
                    "null"),
            new Case("jsonb", "'{\"b\": 1, \"a\": [1, null]}'", "{\"a\": [1, null], \"b\": 1}", "'\"x\"'", "\"x\""),
            new Case("hstore", "'a=>1, b=>NULL'", "{\"a\": \"1\", \"b\": null}"),
            new Case("positive", "5", "5"),
            new Case("very_positive", "6", "6"),
            new Case("feasts", "'{2026-12-25,infinity,\"0044-03-15 BC\"}'", "[\"2026-12-25\",null,\"-0043-03-15\"]"),
            new Case("integer[]", "'{1,NULL,3}'", "[1,null,3]", "'{}'", "[]", "'{{1,2},{3,4}}'", "[[1,2],[3,4]]"),
            new Case("text[]", "array['a,b', null, E'\"\\n']", "[\"a,b\",null,\"\\\"\\n\"]", "'{\"\"}'", "[\"\"]"),
            new Case(
                    "double precision[]",
                    "'{1.5,NaN,NULL,-Infinity}'",
                    "[1.5,null,null,null]",
                    "'{}'",
                    "[]",
                    "'{{1,2},{NaN,4}}'",
                    "[[1,2],[null,4]]",
                    "'[2:3]={7,8}'",
                    "[7,8]"),
            new Case(
                    "timestamptz[]",
                    "array['2026-11-20 10:00+02', null, 'infinity']::timestamptz[]",
                    "[\"2026-11-20T08:00:00Z\",null,null]",
                    "'{{{\"2026-01-01 00:00:00+00\",\"2026-01-02 00:00:00+00\"},{\"2026-01-03 00:00:00+00\",NULL}}}'",
                    "[[[\"2026-01-01T00:00:00Z\",\"2026-01-02T00:00:00Z\"],[\"2026-01-03T00:00:00Z\",null]]]"),
            new Case("bytea[]", "array['\\x00'::bytea, null]", "[\"AA==\",null]"),
            new Case("char(3)[]", "array['a', 'abc']", "[\"a\",\"abc\"]"),
            new Case("numeric[]", "'{1.10,NaN}'", "[1.10,null]"),
            new Case("money[]", "'{1.10}'", "[1.10]"),
            new Case("mood[]", "'{happy}'", "[\"happy\"]"),
            new Case("jsonb[]", "array['{\"a\":1}', null]::jsonb[]", "[{\"a\": 1},null]"),
            new Case("positive[]", "'{1,2}'", "[1,2]"),
            new Case(
                    "uuid[]", "'{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}'", "[\"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\"]"),
            new Case(
                    "simple",
                    "row(1, E'x\"\\n')",
                    "{\"n\":1,\"The \\\"Text\\\"\":\"x\\\"\\n\"}",
                    "row(null, null)",
                    "{\"n\":null,\"The \\\"Text\\\"\":null}"),
            new Case(
                    "complicated",
                    "row('2026-11-20 10:00+00', '{NaN,1}', row(7, 'y'), array[row(8, 'z')::simple], '\\x01')",
                    "{\"at\":\"2026-11-20T10:00:00Z\",\"list\":[null,1],\"inner\":{\"n\":7,\"The \\\"Text\\\"\":\"y\"},"
                            + "\"rows\":[{\"n\":8,\"The \\\"Text\\\"\":\"z\"}],\"raw\":\"AQ==\"}",
                    "row(null, null, null, null, null)",
                    "{\"at\":null,\"list\":null,\"inner\":null,\"rows\":null,\"raw\":null}"),
            new Case(
                    "complicated[]",
                    "array[row(null, '{{1,2},{3,NaN}}', null, null, null)::complicated, null]",
                    "[{\"at\":null,\"list\":[[1,2],[3,null]],\"inner\":null,\"rows\":null,\"raw\":null},null]"),
            new Case("oid", "42", "\"42\""),
            new Case("macaddr", "'08:00:2b:01:02:03'", "\"08:00:2b:01:02:03\""));

    private static final int ROWS = 11;

    private static Database database;

    @BeforeAll
    static void fill() {
        var columns = new StringBuilder("create table v(id int primary key");
        for (int i = 0; i < CASES.size(); i++) {
            columns.append(", c").append(i).append(' ').append(CASES.get(i).type());
        }
        database = Database.fresh(
                "values_it",
                "create extension citext",
                "create schema elsewhere",
                "create extension hstore schema elsewhere",
                "set search_path = public, elsewhere",
                "create type mood as enum ('happy', 'so \"so\"')",
                "create domain positive as int check (value > 0)",
                "create domain very_positive as positive check (value > 5)",
                "create domain feasts as date[]",
                "create type simple as (n int, \"The \"\"Text\"\"\" text)",
                "create type complicated as (at timestamptz, list float8[], \"inner\" simple, rows simple[], raw bytea)",
                columns + ")");
        for (int row = 0; row < ROWS; row++) {
            database.run("insert into v values (" + row + ", " + String.join(", ", values(row, 0, "null")) + ")");
        }
    }

    @AfterAll
    static void close() {
        database.close();
    }

    /** What each column has in a row: of its pairs the SQL (0) or the JSON (1). */
    private static List<String> values(int row, int side, String otherwise) {
        var values = new ArrayList<String>();
        for (var each : CASES) {
            int at = 2 * row + side;
            values.add(at < each.pairs().length ? each.pairs()[at] : otherwise);
        }
        return values;
    }

    @Test
    void everyTypeIsSpelledAsTheTableSays() {
        var fields = new ArrayList<Field>();
        for (int i = 0; i < CASES.size(); i++) {
            fields.add(leaf("c" + i));
        }
        var schema = schema("v", "id", fields.toArray(Field[]::new));
        for (int row = 0; row < ROWS; row++) {
            var expected = values(row, 1, "null");
            var actual = database.json(schema, Integer.toString(row));
            var document = new StringBuilder("{");
            for (int i = 0; i < expected.size(); i++) {
                var field = "\"c" + i + "\":" + expected.get(i);
                assertThat(actual)
                        .as("%s, value %s", CASES.get(i).type(), row)
                        .contains(field.length() > 5_000 ? field.substring(0, 5_000) : field);
                document.append(i == 0 ? "" : ",").append(field);
            }
            assertThat(actual).isEqualTo(document.append('}').toString());
        }
    }

    @Test
    void transformsReachEachString() {
        database.run(
                "create table s(id int primary key, a text, b text[], c char(9), d citext, e mood, f varchar[])",
                "insert into s values (1, E' \\t\\u00a0\\u3000 ÄbC \\u2003\\n', array[' A ', null, 'b'], ' Q', ' Ct ', 'happy',"
                        + " '{{\" X \"},{Y}}')");
        var both = new Transform[] {Transform.TRIM, Transform.LOWERCASE};
        var schema = schema(
                "s",
                "id",
                leaf("a", Transform.TRIM),
                leaf("b", both),
                leaf("c", both),
                leaf("d", both),
                leaf("e", both),
                leaf("f", both));
        assertThat(database.json(schema, "1"))
                .isEqualTo("{\"a\":\"ÄbC\",\"b\":[\"a\",null,\"b\"],\"c\":\"q\",\"d\":\"ct\",\"e\":\"happy\","
                        + "\"f\":[[\"x\"],[\"y\"]]}");
    }
}
