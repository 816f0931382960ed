package dev.flusso.cli.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.schema.mapping.ValueLimit;
import dev.flusso.worker.Key;
import dev.flusso.worker.Outcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the list of limits says, on a real OpenSearch: such a document is rejected with a reason that names the field, and not changed. */
final class ValueLimitIT {

    /**
     * Values of one field that are refused one by one.
     *
     * @param first one that is taken, to be there before
     */
    private record Example(String field, String type, String first, List<String> refused) {}

    private static Example of(String field, String type, String first, String... refused) {
        return new Example(field, type, first, List.of(refused));
    }

    @TempDir
    Path folder;

    private static List<Example> examples(ValueLimit limit) {
        return switch (limit) {
            case WHOLE_RANGE ->
                List.of(
                        of("short", "int", "32767", "32768", "-32769"),
                        of("integer", "bigint", "1", "2147483648"),
                        of("long", "numeric", "1", "9223372036854775808", "1e30"),
                        of("integer", "int8[]", "'{1}'", "'{1,2147483648}'"));
            case WHOLE_FRACTION ->
                List.of(
                        of("long", "numeric", "5.00", "1.5", "0.01", "9223372036854775807.5"),
                        of("integer", "float8", "1.5e5", "2.5", "1e-7"),
                        of("short", "text", "'1.0'", "'1.5'", "'1e-1'"),
                        of("long", "numeric[]", "'{1,2.0}'", "'{1,2.5}'"),
                        of("long", "money", "'5.00'", "'5.01'"),
                        of("long", "jsonb", "'[1, 2.0]'", "'[1, 2.5]'", "'\"7.25\"'"),
                        of("map: v\n    values: long", "hstore", "'k.5=>1'", "'a=>1, b=>1.5'"),
                        of(
                                "map: v\n    values: integer",
                                "json",
                                "'{\"k.5\":\"1\"}'",
                                "'{\"a\":1.5}'",
                                "'{\"b\":[1,2.5]}'"),
                        of("custom: v\n    postgres: [numeric]\n    opensearch: byte", "numeric", "5", "5.5"));
            case FLOAT_RANGE -> List.of(of("float", "float8", "3.4e38", "3.5e38", "-1e39"));
            case DOUBLE_RANGE -> List.of(of("decimal", "numeric", "1e308", "1e309", "repeat('9', 1000)::numeric"));
            case NUMBER_LENGTH ->
                List.of(of(
                        "keyword", "numeric", "repeat('9', 1000)::numeric", "repeat('9', 1001)::numeric", "1e-1000"));
            case NUMBER_TEXT ->
                List.of(
                        of("long", "text", "'5'", "'x'", "'5 apples'"),
                        of("double", "text", "'1e3'", "'1,5'", "'NaN'"));
            case EMPTY_NUMBER ->
                List.of(
                        of("long", "text", "'5'", "''"),
                        of("double", "text[]", "'{5}'", "'{5,\"\"}'"),
                        of("map: v\n    values: double", "hstore", "'a=>1.5'", "'b=>\"\"'"));
            case BOOLEAN_TEXT ->
                List.of(of("boolean", "text", "'true'", "'yes'", "'True'"), of("boolean", "jsonb", "'false'", "'1'"));
            case EMPTY_BOOLEAN ->
                List.of(of("boolean", "text", "'false'", "''"), of("boolean", "jsonb", "'true'", "'\"\"'"));
            case DATE_TEXT ->
                List.of(
                        of("date", "text", "'2026-11-20'", "'20.11.2026'", "''", "'2026-11-20 10:00'"),
                        of("timestamp", "text", "'1700000000000'", "'infinity'"));
            case DATE_FRACTION -> List.of(of("timestamp", "numeric", "1700000000000", "1.5"));
            case KEYWORD_BYTES ->
                List.of(
                        of("keyword", "text", "repeat('ä', 16383)", "repeat('ä', 16384)"),
                        of("enum", "text", "repeat('x', 32766)", "repeat('x', 32767)"));
            case NO_OBJECT ->
                List.of(
                        of("keyword", "jsonb", "'\"a\"'", "'{\"a\":1}'", "'[{}]'"),
                        of("text", "jsonb", "'5'", "'{}'"),
                        of("long", "jsonb", "'5'", "'{\"a\":1}'"),
                        of("date", "jsonb", "'5'", "'{\"a\":1}'"));
            case GEO_RANGE ->
                List.of(
                        of("geo: v\n    column: v", "point", "'(180,90)'", "'(0,90.1)'", "'(-180.5,0)'"),
                        of("geo: v\n    column: v", "text", "'90,180'", "'91,0'"));
            case GEO_TEXT ->
                List.of(
                        of("geo: v\n    column: v", "text", "'POINT (1 2)'", "''", "'here!'"),
                        of("geo: v\n    column: v", "jsonb", "'[1, 2]'", "'{\"lat\": 1}'", "'5'"));
            case OBJECT_ONLY -> List.of(of("json", "jsonb", "'{\"a\":1}'", "'5'", "'[1]'", "'\"x\"'"));
            case JSON_KEYS ->
                List.of(of(
                        "json",
                        "json",
                        "'{\"a.b\":1}'",
                        "'{\"x\":1,\"x\":2}'",
                        "'{\"\":1}'",
                        "'{\" \":1}'",
                        "'{\"c..d\":1}'",
                        "'{\".\":1}'"));
            case JSON_TYPES ->
                List.of(
                        of(
                                "json",
                                "jsonb",
                                "'{\"a\":1}'",
                                "'{\"a\":{\"b\":1}}'",
                                "'{\"a\":2.5}'",
                                "'{\"new\":[1,2.5]}'"),
                        of("json", "jsonb", "'{\"t\":{\"u\":true}}'", "'{\"t\":{\"u\":\"x\"}}'", "'{\"t\":5}'"));
            case JSON_NUMBER ->
                List.of(of("json", "json", "'{\"a\":1}'", "'{\"b\":9223372036854775808}'", "'{\"c\":1e400}'"));
            case JSON_DEPTH ->
                List.of(of(
                        "json",
                        "text::json",
                        "'{\"a\":1}'",
                        "(repeat('{\"q\":', 45) || '1' || repeat('}', 45))::json"));
        };
    }

    @ParameterizedTest(name = "P12 {0}")
    @EnumSource
    void isRefusedByName(ValueLimit limit) throws Exception {
        var name = "limit_" + limit.name().toLowerCase(Locale.ROOT);
        try (var bed = new DocumentBed(name, folder)) {
            bed.sql("create extension hstore");
            int number = 0;
            for (var example : examples(limit)) {
                check(bed, limit, example, "e" + number++);
            }
        }
    }

    private static void check(DocumentBed bed, ValueLimit limit, Example example, String table) throws Exception {
        var type = example.type().substring(example.type().lastIndexOf(':') + 1);
        bed.sql(
                "create table " + table + "(id int primary key, v " + type + ")",
                "insert into " + table + " values (0, " + example.first() + ")");
        var keys = new ArrayList<>(List.of(Key.of("0")));
        for (var value : example.refused()) {
            bed.sql("insert into " + table + " values (" + keys.size() + ", " + value + ")");
            keys.add(Key.of(Integer.toString(keys.size())));
        }
        var fields = "  - " + (example.field().contains("\n") ? example.field() : example.field() + ": v") + "\n";
        var outcomes = bed.written(bed.index(table, table, fields), keys);
        assertThat(outcomes.get(0))
                .as("%s %s", example.field(), example.first())
                .isEqualTo(new Outcome.Written());
        for (int i = 1; i < keys.size(); i++) {
            var value = example.refused().get(i - 1);
            assertThat(outcomes.get(i)).as("%s %s", example.field(), value).isInstanceOf(Outcome.Rejected.class);
            var rejected = (Outcome.Rejected) outcomes.get(i);
            assertThat(rejected.type().equals("value_refused"))
                    .as("who refuses %s %s: %s", example.field(), value, rejected)
                    .isEqualTo(limit.refuser() == ValueLimit.Refuser.FLUSSO);
            if (limit.refuser() == ValueLimit.Refuser.FLUSSO) {
                assertThat(rejected.reason()).startsWith("'v' is ").contains(table + ".schema.yml:4:");
            }
        }
    }
}
