package dev.flusso.cli.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.worker.Key;
import dev.flusso.worker.Outcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every type of column with every odd value, through the statement and the sink into a real OpenSearch, and its text read back from there:
 * against what the reference's table says of it, written down by hand, to the last digit.
 */
final class IndexedValuesIT {

    /**
     * Values of one column.
     *
     * @param field the type key of the document
     * @param pairs an SQL expression and the JSON it becomes, in turns
     */
    @SuppressWarnings("ArrayRecordComponent") // written down here, read here
    private record Case(String field, String type, String... pairs) {}

    private static final String DIGITS = "1234567890".repeat(100);
    private static final String SMALL = "-0." + "0".repeat(300) + "1";

    private static final List<Case> NUMBERS = List.of(
            new Case("short", "smallint", "-32768", "-32768", "32767", "32767"),
            new Case("integer", "integer", "0", "0", "-2147483648", "-2147483648", "2147483647", "2147483647"),
            new Case(
                    "long",
                    "bigint",
                    "9223372036854775807",
                    "9223372036854775807",
                    "-9223372036854775808",
                    "-9223372036854775808",
                    "9007199254740993",
                    "9007199254740993"),
            new Case("long", "numeric", "5.00", "5.00", "9007199254740993", "9007199254740993", "'NaN'", "null"),
            new Case("long", "double precision", "1.5e15", "1.5e+15", "'-0'", "-0", "'Infinity'", "null"),
            new Case("long", "text", "'12'", "\"12\"", "'12.0'", "\"12.0\""),
            new Case("float", "real", "0.1", "0.1", "'NaN'", "null", "'-Infinity'", "null", "1e-38", "1e-38"),
            new Case("double", "double precision", "0.1::float8 + 0.2::float8", "0.30000000000000004", "'NaN'", "null"),
            new Case(
                    "double",
                    "double precision",
                    "1e300",
                    "1e+300",
                    "'-0'",
                    "-0",
                    "5e-324",
                    "5e-324",
                    "'Infinity'",
                    "null"),
            new Case("decimal", "numeric", "1.10", "1.10", SMALL, SMALL, "'NaN'", "null", "'-Infinity'", "null"),
            new Case("decimal", "numeric", DIGITS.substring(0, 300), DIGITS.substring(0, 300), "0.000", "0.000"),
            new Case("keyword", "numeric", DIGITS, DIGITS, "0." + DIGITS.substring(2), "0." + DIGITS.substring(2)),
            new Case("decimal", "numeric(12,4)", "1", "1.0000", "-99999999.9999", "-99999999.9999"),
            new Case(
                    "decimal",
                    "money",
                    "1234.5",
                    "1234.50",
                    "-0.01",
                    "-0.01",
                    "-92233720368547758.08",
                    "-92233720368547758.08"),
            new Case("boolean", "boolean", "true", "true", "false", "false"));

    private static final List<Case> STRINGS = List.of(
            new Case(
                    "text",
                    "text",
                    "''",
                    "\"\"",
                    "E'\"\\\\/\\b\\f\\n\\r\\t\\x01\\x1f\\x7f'",
                    "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\u007f\"",
                    "E'\\u2028\\u2029\\ufeff\\U0001F600é\\u0085'",
                    "\"\u2028\u2029\ufeff\ud83d\ude00é\u0085\"",
                    "repeat('x', 1000000)",
                    "\"" + "x".repeat(1_000_000) + "\"",
                    "E'</script><!-- {\"index\":{}}\\n{\"delete\":{\"_id\":\"1\"}}\\n'",
                    "\"</script><!-- {\\\"index\\\":{}}\\n{\\\"delete\\\":{\\\"_id\\\":\\\"1\\\"}}\\n\""),
            new Case("keyword", "varchar(5)", "'ab  '", "\"ab  \""),
            new Case("keyword", "char(5)", "'ab'", "\"ab\"", "' a'", "\" a\"", "''", "\"\""),
            new Case("keyword", "text", "repeat('ä', 16383)", "\"" + "ä".repeat(16_383) + "\""),
            new Case("identifier", "name", "'pg_class'", "\"pg_class\""),
            new Case("keyword", "citext", "'MiXed'", "\"MiXed\""),
            new Case(
                    "uuid",
                    "uuid",
                    "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'",
                    "\"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\""),
            new Case("enum", "mood", "'so \"so\"'", "\"so \\\"so\\\"\"", "'happy'", "\"happy\""),
            new Case("keyword", "time", "'10:20:30.5'", "\"10:20:30.5\"", "'24:00:00'", "\"24:00:00\""),
            new Case("keyword", "timetz", "'10:20:30+05:30'", "\"10:20:30+05:30\""),
            new Case(
                    "keyword",
                    "interval",
                    "'1 year 2 mons -3 days 04:05:06.7'",
                    "\"1 year 2 mons -3 days +04:05:06.7\"",
                    "'0'",
                    "\"00:00:00\""),
            new Case(
                    "keyword",
                    "inet",
                    "'10.0.0.1'",
                    "\"10.0.0.1\"",
                    "'10.0.0.0/8'",
                    "\"10.0.0.0/8\"",
                    "'::1'",
                    "\"::1\""),
            new Case("keyword", "int4range", "'[1,5]'", "\"[1,6)\"", "'empty'", "\"empty\""),
            new Case("keyword", "tstzrange", "'[2026-01-01 00:00:00+02,)'", "\"[\\\"2025-12-31 22:00:00+00\\\",)\""),
            new Case("keyword", "bit(3)", "B'101'", "\"101\""),
            new Case("keyword", "xml", "'<a b=\"c\">d</a>'", "\"<a b=\\\"c\\\">d</a>\""),
            new Case("keyword", "point", "'(1.5,-2)'", "\"(1.5,-2)\""),
            new Case(
                    "binary",
                    "bytea",
                    "'\\xdeadbeef'",
                    "\"3q2+7w==\"",
                    "''",
                    "\"\"",
                    "decode(repeat('00', 100), 'hex')",
                    "\"" + "A".repeat(134) + "==\""));

    private static final List<Case> MOMENTS = List.of(
            new Case(
                    "date",
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
                    "timestamp",
                    "'2026-11-20 10:20:30.123456'",
                    "\"2026-11-20T10:20:30.123456\"",
                    "'2026-11-20 10:20:30'",
                    "\"2026-11-20T10:20:30\"",
                    "'9999-12-31 23:59:59.999999'",
                    "\"9999-12-31T23:59:59.999999\"",
                    "'12345-06-07 08:09:10.100'",
                    "\"+12345-06-07T08:09:10.1\"",
                    "'0044-03-15 00:00:00 BC'",
                    "\"-0043-03-15T00:00:00\"",
                    "'infinity'",
                    "null",
                    "'294276-12-31 23:59:59.999999'",
                    "\"+294276-12-31T23:59:59.999999\""),
            new Case(
                    "timestamp",
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
                    "'2026-03-29 01:59:59.9 Europe/Berlin'",
                    "\"2026-03-29T00:59:59.9Z\"",
                    "'2026-03-29 03:00 Europe/Berlin'",
                    "\"2026-03-29T01:00:00Z\"",
                    "'4714-11-24 00:00:00+00 BC'",
                    "\"-4713-11-24T00:00:00Z\""),
            new Case(
                    "date",
                    "feasts",
                    "'{2026-12-25,infinity,\"0044-03-15 BC\"}'",
                    "[\"2026-12-25\",null,\"-0043-03-15\"]"),
            new Case("date", "bigint", "-1", "-1", "1700000000000", "1700000000000"),
            new Case(
                    "timestamp",
                    "timestamptz[]",
                    "array['2026-11-20 10:00+02', null, 'infinity']::timestamptz[]",
                    "[\"2026-11-20T08:00:00Z\",null,null]",
                    "'{}'",
                    "[]",
                    "'{{{\"2026-01-01 00:00:00+00\",\"2026-01-02 00:00:00+00\"},{\"2026-01-03 00:00:00+00\",NULL}}}'",
                    "[[[\"2026-01-01T00:00:00Z\",\"2026-01-02T00:00:00Z\"],[\"2026-01-03T00:00:00Z\",null]]]"));

    private static final List<Case> STRUCTURES = List.of(
            new Case(
                    "json",
                    "json",
                    "E'{\"a\": 1,\\n\\t\"b\":\\r\\n [2,\\n3]}'",
                    "{\"a\": 1, \t\"b\":\r  [2, 3]}",
                    "'{\"big\": 9223372036854775807, \"fine\": 0.30000000000000004, \"e\": 1e308}'",
                    "{\"big\": 9223372036854775807, \"fine\": 0.30000000000000004, \"e\": 1e308}",
                    "'{\"nul\": \"\\u0000\", \"surrogates\": \"\\ud83d\\ude00\", \"s\": \"\\/\"}'",
                    "{\"nul\": \"\\u0000\", \"surrogates\": \"\\ud83d\\ude00\", \"s\": \"\\/\"}",
                    "'null'",
                    "null",
                    "'{}'",
                    "{}"),
            new Case("json", "jsonb", "'{\"b\": 1, \"a\": [1, null], \"b\": 2}'", "{\"a\": [1, null], \"b\": 2}"),
            new Case("keyword", "jsonb", "'\"x\"'", "\"x\"", "'[\"x\", null]'", "[\"x\", null]"),
            new Case(
                    "map: c\n    values: keyword",
                    "hstore",
                    "'a=>1, b=>NULL'",
                    "{\"a\": \"1\", \"b\": null}",
                    "''",
                    "{}"),
            new Case("map: c\n    values: integer", "hstore", "'k.5=>1, b=>NULL'", "{\"b\": null, \"k.5\": \"1\"}"),
            new Case("json", "hstore", "'x=>y'", "{\"x\": \"y\"}"),
            new Case("integer", "positive", "5", "5"),
            new Case("integer", "very_positive", "6", "6"),
            new Case(
                    "integer",
                    "integer[]",
                    "'{1,NULL,3}'",
                    "[1,null,3]",
                    "'{}'",
                    "[]",
                    "'{{1,2},{3,4}}'",
                    "[[1,2],[3,4]]"),
            new Case(
                    "keyword",
                    "text[]",
                    "array['a,b', null, E'\"\\n']",
                    "[\"a,b\",null,\"\\\"\\n\"]",
                    "'{\"\"}'",
                    "[\"\"]"),
            new Case(
                    "double",
                    "double precision[]",
                    "'{1.5,NaN,NULL,-Infinity}'",
                    "[1.5,null,null,null]",
                    "'{{1,2},{NaN,4}}'",
                    "[[1,2],[null,4]]",
                    "'[2:3]={7,8}'",
                    "[7,8]"),
            new Case("binary", "bytea[]", "array['\\x00'::bytea, null]", "[\"AA==\",null]"),
            new Case("keyword", "char(3)[]", "array['a', 'abc']", "[\"a\",\"abc\"]"),
            new Case("decimal", "numeric[]", "'{1.10,NaN}'", "[1.10,null]"),
            new Case("decimal", "money[]", "'{1.10}'", "[1.10]"),
            new Case("boolean", "boolean[]", "'{t,f,NULL}'", "[true,false,null]"),
            new Case("enum", "mood[]", "'{happy}'", "[\"happy\"]"),
            new Case("json", "jsonb[]", "array['{\"a\":1}', '{}']::jsonb[]", "[{\"a\": 1},{}]"),
            new Case(
                    "uuid",
                    "uuid[]",
                    "'{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}'",
                    "[\"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\"]"),
            new Case(
                    "json",
                    "simple",
                    "row(1, E'x\"\\n')",
                    "{\"n\":1,\"The \\\"Text\\\"\":\"x\\\"\\n\"}",
                    "row(null, null)",
                    "{\"n\":null,\"The \\\"Text\\\"\":null}"),
            new Case(
                    "json",
                    "complicated",
                    "row('2026-11-20 10:00+00', '{NaN,1}', row(7, 'y'), array[row(8, 'z')::simple], '\\x01')",
                    "{\"at\":\"2026-11-20T10:00:00Z\",\"list\":[null,1],\"inner\":{\"n\":7,\"The \\\"Text\\\"\":\"y\"},"
                            + "\"rows\":[{\"n\":8,\"The \\\"Text\\\"\":\"z\"}],\"raw\":\"AQ==\"}",
                    "row(null, null, null, null, null)",
                    "{\"at\":null,\"list\":null,\"inner\":null,\"rows\":null,\"raw\":null}"),
            new Case("geo: c\n    column: c", "point", "'(-2,1.5)'", "{\"lat\":1.5,\"lon\":-2}"),
            new Case("geo: c\n    column: c", "text", "'41.12,-71.34'", "\"41.12,-71.34\""),
            new Case(
                    "geo: c\n    column: c",
                    "jsonb",
                    "'{\"lat\": 1.50, \"lon\": 180}'",
                    "{\"lat\": 1.50, \"lon\": 180}"));

    @TempDir
    Path folder;

    @Test
    @DisplayName("C11 numbers keep every digit on their way into the index and out")
    void numbers() throws Exception {
        areKept("values_numbers", NUMBERS);
    }

    @Test
    @DisplayName("C11 strings, and what is written as its text")
    void strings() throws Exception {
        areKept("values_strings", STRINGS);
    }

    @Test
    @DisplayName("C11 dates and times, those before Christ and after the year 9999 too")
    void moments() throws Exception {
        areKept("values_moments", MOMENTS);
    }

    @Test
    @DisplayName("C11 json, arrays, composites, maps, points")
    void structures() throws Exception {
        areKept("values_structures", STRUCTURES);
    }

    private void areKept(String database, List<Case> cases) throws Exception {
        try (var bed = new DocumentBed(database, folder)) {
            bed.sql(
                    "create extension citext",
                    "create extension hstore",
                    "create type mood as enum ('happy', 'so \"so\"')",
                    "create domain positive as int check (value > 0)",
                    "create domain very_positive as positive check (value > 5)",
                    "create domain feasts as date[]",
                    "create type simple as (n int, \"The \"\"Text\"\"\" text)",
                    "create type complicated as (at timestamptz, list float8[], \"inner\" simple, rows simple[], raw bytea)");
            var columns = new StringBuilder("create table v(id int primary key");
            var fields = new StringBuilder();
            int rows = 0;
            for (int i = 0; i < cases.size(); i++) {
                var each = cases.get(i);
                columns.append(", c").append(i).append(' ').append(each.type());
                fields.append("  - ")
                        .append(
                                each.field().contains("\n")
                                        ? each.field().replaceAll("\\bc\\b", "c" + i)
                                        : each.field() + ": c" + i)
                        .append('\n');
                rows = Math.max(rows, each.pairs().length / 2);
            }
            bed.sql(columns + ")");
            var keys = new ArrayList<Key>();
            for (int row = 0; row <= rows; row++) {
                bed.sql("insert into v values (" + row + ", " + String.join(", ", side(cases, row, 0)) + ")");
                keys.add(Key.of(Integer.toString(row)));
            }
            assertThat(bed.written(bed.index(database, "v", fields.toString()), keys))
                    .allSatisfy(outcome -> assertThat(outcome).isEqualTo(new Outcome.Written()));
            for (int row = 0; row <= rows; row++) {
                equal(cases, side(cases, row, 1), bed.source(Integer.toString(row)), row);
            }
        }
    }

    /** Of each case the SQL (0) or the JSON (1) of one of its pairs; a row beyond them is all null. */
    private static List<String> side(List<Case> cases, int row, int side) {
        var values = new ArrayList<String>();
        for (var each : cases) {
            int at = 2 * row + side;
            values.add(at < each.pairs().length ? each.pairs()[at] : "null");
        }
        return values;
    }

    private static void equal(List<Case> cases, List<String> expected, String found, int row) {
        var document = new StringBuilder("{");
        for (int i = 0; i < expected.size(); i++) {
            var field = "\"c" + i + "\":" + expected.get(i);
            assertThat(found)
                    .as(
                            "%s in a field of %s, value %s",
                            cases.get(i).type(), cases.get(i).field(), row)
                    .contains(field.length() > 5_000 ? field.substring(0, 5_000) : field);
            document.append(i == 0 ? "" : ",").append(field);
        }
        assertThat(found).isEqualTo(document.append('}').toString());
    }
}
