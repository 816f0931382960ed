package dev.flusso.schema.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.flusso.schema.SinkConfig;
import dev.flusso.schema.parse.ConfigFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IndexBodyTest {

    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final String HEAD = "table: t\nprimary_key: id\nfields:\n";

    @TempDir
    Path directory;

    private JsonNode body(String options, String fields) throws Exception {
        Files.writeString(directory.resolve("a.yml"), fields.startsWith("table") ? fields : HEAD + fields);
        Files.writeString(
                directory.resolve("flusso.toml"),
                "[source]\ntype = \"postgres\"\n[sinks.s]\ntype = \"opensearch\"\n" + options
                        + "\n[[index]]\nname = \"a\"\nschema = \"a.yml\"\n");
        var config = ConfigFiles.load(directory.resolve("flusso.toml"));
        return IndexBody.of(config.indexes().get(0).schema(), (SinkConfig.OpenSearch)
                        config.sinks().get(0))
                .json();
    }

    private JsonNode property(String options, String field) throws Exception {
        return body(options, "  - " + field + "\n")
                .at("/mappings/properties")
                .elements()
                .next();
    }

    private static void assertGolden(JsonNode body, String name) throws Exception {
        var text = JSON.writeValueAsString(body) + "\n";
        Files.writeString(Path.of("target", name), text);
        var golden = Path.of("src/test/resources/mapping", name);
        assertThat(text)
                .as("copy target/%s over %s if this is right", name, golden)
                .isEqualTo(Files.readString(golden));
    }

    @Test
    void isTheGoldenBodyForTheWholeLanguage() throws Exception {
        var schema = ConfigFiles.loadSchema(Path.of("src/test/resources/whole/catalog.schema.yml"));
        Files.writeString(directory.resolve("flusso.toml"), """
                [source]
                type = "postgres"
                [sinks.builtin]
                type = "opensearch"
                [sinks.icu]
                type = "opensearch"
                text_analysis = "icu"
                auto_subfields = false
                """);
        var sinks = ConfigFiles.load(directory.resolve("flusso.toml")).sinks();
        assertGolden(IndexBody.of(schema, (SinkConfig.OpenSearch) sinks.get(0)).json(), "builtin.json");
        assertGolden(IndexBody.of(schema, (SinkConfig.OpenSearch) sinks.get(1)).json(), "icu.json");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "text: a|{'type':'text'}",
                "identifier: a|{'type':'text','analyzer':'flusso_code'}",
                "keyword: a|{'type':'keyword'}",
                "uuid: a|{'type':'keyword'}",
                "enum: a|{'type':'keyword'}",
                "{enum: a, variants: [x, y]}|{'type':'keyword','fields':{'sort':{'type':'keyword',"
                        + "'normalizer':'flusso_order_a','ignore_above':256}}}",
                "boolean: a|{'type':'boolean'}",
                "short: a|{'type':'short'}",
                "integer: a|{'type':'integer'}",
                "long: a|{'type':'long'}",
                "float: a|{'type':'float'}",
                "double: a|{'type':'double'}",
                "decimal: a|{'type':'double'}",
                "date: a|{'type':'date'}",
                "timestamp: a|{'type':'date'}",
                "binary: a|{'type':'binary'}",
                "json: a|{'type':'object','dynamic':true}",
                "{json: a, options: {dynamic: false}}|{'type':'object','dynamic':false}",
                "{json: a, options: {type: flat_object}}|{'type':'flat_object'}",
                "{custom: a, postgres: [inet], opensearch: ip}|{'type':'ip'}",
                "{custom: a, postgres: [numeric], opensearch: scaled_float, options: {scaling_factor: 100}}"
                        + "|{'type':'scaled_float','scaling_factor':100}",
                "{geo: a, lat: x, lon: y}|{'type':'geo_point'}",
                "{map: a, values: text}|{'type':'object','dynamic':true}",
                "{count: a, table: x, foreign_key: y}|{'type':'long'}",
                "{avg: a, table: x, foreign_key: y, column: z}|{'type':'double'}",
                "{sum: a, table: x, foreign_key: y, column: z, value_type: decimal}|{'type':'double'}",
                "{max: a, table: x, foreign_key: y, column: z, value_type: timestamp}|{'type':'date'}",
                "{ids: a, table: x, foreign_key: y, element_type: uuid}|{'type':'keyword'}",
                "{constant: a, value: x}|{'type':'keyword'}",
                "{constant: a, value: 1}|{'type':'long'}",
                "{constant: a, value: 1.5}|{'type':'double'}",
                "{constant: a, value: true}|{'type':'boolean'}",
                "{constant: a, value: [1, 2]}|{'type':'long'}",
                "{constant: a, value: [1, 2.5]}|{'type':'double'}",
                "{constant: a, value: [1, x]}|{'type':'keyword'}",
                "{constant: a, value: [null]}|{'type':'keyword'}",
                "{constant: a, value: [{b: 1}, {c: x}]}"
                        + "|{'type':'object','properties':{'b':{'type':'long'},'c':{'type':'keyword'}}}",
                "{constant: a, value: [1, {b: 1}]}|{'type':'object','enabled':false}",
                "{constant: a, value: {b: 1}}|{'type':'object','properties':{'b':{'type':'long'}}}",
            })
    void mapsEachTypeBareWithoutAutoSubfields(String field, String expected) throws Exception {
        assertThat(property("auto_subfields = false", field)).hasToString(expected.replace('\'', '"'));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "text: a|{'type':'text','analyzer':'flusso_text','fields':{'keyword':{'type':'keyword','ignore_above':256},"
                        + "'keyword_lowercase':{'type':'keyword','normalizer':'flusso_lowercase','ignore_above':256}}}",
                "keyword: a|{'type':'keyword','fields':{'text':{'type':'text','analyzer':'flusso_code'},"
                        + "'keyword_lowercase':{'type':'keyword','normalizer':'flusso_lowercase','ignore_above':256}}}",
                "{text: a, options: {analyzer: english, fields: {raw: {type: keyword}}}}"
                        + "|{'type':'text','analyzer':'english','fields':{'raw':{'type':'keyword'}}}",
                "{enum: a, variants: [x], options: {fields: {raw: {type: keyword}}}}"
                        + "|{'type':'keyword','fields':{'raw':{'type':'keyword'}}}",
                "{keyword: a, options: {type: ip}}|{'type':'ip'}",
                "integer: a|{'type':'integer'}",
            })
    void addsSubfieldsUnlessOptionsSayOtherwise(String field, String expected) throws Exception {
        assertThat(property("", field)).hasToString(expected.replace('\'', '"'));
    }

    @Test
    void turnsEachVariantAndNothingElseIntoItsRank() throws Exception {
        var variants = IntStream.range(0, 11).mapToObj(i -> "v" + i).collect(Collectors.joining(", "));
        var body = body("", """
                  - object: a
                    fields:
                      - enum: b
                        variants: [active, inactive, "a => \\\\", "x\\ny"]
                  - enum: a_b
                    variants: [%s]
                """.formatted(variants));
        var filters = body.at("/settings/analysis/char_filter");
        assertThat(filters.at("/flusso_order_a-b/mappings"))
                .extracting(JsonNode::asText)
                .containsExactly(
                        "\uE000active\uE001 => 0",
                        "\uE000inactive\uE001 => 1",
                        "\uE000a => \\\\\uE001 => 2",
                        "\uE000x\\u000ay\uE001 => 3");
        assertThat(filters.at("/flusso_order_a_b/mappings/10").asText()).endsWith(" => 10");
        assertThat(filters.at("/flusso_order_a_b/mappings/9").asText()).endsWith(" => 09");
        assertThat(body.at("/settings/analysis/normalizer/flusso_order_a_b/char_filter"))
                .extracting(JsonNode::asText)
                .containsExactly("flusso_mark", "flusso_order_a_b");
    }

    @Test
    void raisesTheLimitsWithTheMapping() throws Exception {
        var fields = IntStream.range(0, 340)
                .mapToObj(i -> "  - keyword: k" + i + "\n")
                .collect(Collectors.joining());
        var limits = body("max_nested = 7", fields).at("/settings/index/mapping");
        assertThat(limits)
                .hasToString("{\"total_fields\":{\"limit\":1020},\"nested_fields\":{\"limit\":50},"
                        + "\"nested_objects\":{\"limit\":7},\"depth\":{\"limit\":20}}");
        var deep = "  - json: j\n"
                + IntStream.range(0, 25)
                        .mapToObj(i ->
                                "  " + "    ".repeat(i) + "- object: o" + i + "\n  " + "    ".repeat(i) + "  fields:\n")
                        .collect(Collectors.joining())
                + "  " + "    ".repeat(25) + "- keyword: leaf\n";
        assertThat(body("", deep).at("/settings/index/mapping/depth/limit").asInt())
                .isEqualTo(46);
        assertThat(body("", deep)
                        .at("/settings/index/mapping/total_fields/limit")
                        .asInt())
                .isEqualTo(1029);
    }

    @Test
    void givesTheValuesOfAMapTheirType() throws Exception {
        var mappings = body("auto_subfields = false", "  - object: o\n    fields: [{map: m, values: decimal}]\n")
                .path("mappings");
        assertThat(mappings.path("dynamic_templates"))
                .hasSize(4)
                .first()
                .hasToString("{\"o.m string\":{\"path_match\":\"o.m.*\",\"match_mapping_type\":\"string\","
                        + "\"mapping\":{\"type\":\"double\"}}}");
        assertThat(mappings.path("date_detection").asBoolean(true)).isFalse();
        assertThat(body("", "  - keyword: a\n").path("mappings").fieldNames())
                .toIterable()
                .containsExactly("dynamic", "properties");
    }

    @Test
    void letsNoNumberOfJsonBeCutOff() throws Exception {
        assertThat(body("", "  - json: j\n").at("/mappings/dynamic_templates"))
                .hasToString("[{\"j whole\":{\"path_match\":\"j.*\",\"match_mapping_type\":\"long\","
                        + "\"mapping\":{\"type\":\"long\",\"coerce\":false}}},"
                        + "{\"j fraction\":{\"path_match\":\"j.*\",\"match_mapping_type\":\"double\","
                        + "\"mapping\":{\"type\":\"double\"}}}]");
    }
}
