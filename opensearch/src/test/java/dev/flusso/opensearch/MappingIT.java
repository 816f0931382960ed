package dev.flusso.opensearch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flusso.dev.servers.SharedServers;
import dev.flusso.schema.DocumentSchema;
import dev.flusso.schema.Field;
import dev.flusso.schema.IndexConfig;
import dev.flusso.schema.LeafType;
import dev.flusso.schema.Literal;
import dev.flusso.schema.OnError;
import dev.flusso.schema.Place;
import dev.flusso.schema.TableRef;
import dev.flusso.schema.mapping.IndexBody;
import dev.flusso.schema.parse.ConfigFiles;
import dev.flusso.worker.DocumentWrite;
import dev.flusso.worker.Outcome;
import dev.flusso.worker.SinkIndex;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The mapping that schema makes, on a real OpenSearch: taken as it was meant, and found by searches that need its analysis. */
class MappingIT {

    private static final Place PLACE = new Place("products.schema.yml", 1, 1);

    private final String prefix = SinkFixtures.freshPrefix();
    private final PlainHttp http = new PlainHttp(SharedServers.search().url());
    private final OpenSearchSink sink = SinkFixtures.sink(SharedServers.search().url(), prefix, Duration.ofSeconds(30));
    private String generation = "";

    @AfterEach
    void close() {
        sink.close();
        http.delete("/" + prefix + "*?expand_wildcards=all");
    }

    private static DocumentSchema products() throws URISyntaxException {
        var file = Objects.requireNonNull(MappingIT.class.getResource("/mapping/products.schema.yml"));
        return ConfigFiles.loadSchema(Path.of(file.toURI()));
    }

    private SinkIndex created(DocumentSchema schema) {
        var index = sink.index(new IndexConfig("products", true, OnError.STOP, schema, PLACE));
        generation = index.create(1).name();
        return index;
    }

    /** Writes documents with ids from 1. */
    private void holds(SinkIndex index, String... documents) {
        var writes = new ArrayList<DocumentWrite>();
        for (var document : documents) {
            writes.add(SinkFixtures.json(Integer.toString(writes.size() + 1), 1, document));
        }
        assertThat(index.write(generation, writes).join())
                .allSatisfy(outcome -> assertThat(outcome).isEqualTo(new Outcome.Written()));
        index.refresh(generation).join();
    }

    private List<String> found(String query) {
        return ids("{\"size\":1000,\"sort\":[\"_doc\"],\"query\":" + query + "}");
    }

    private List<String> sortedBy(String field) {
        return ids("{\"size\":1000,\"sort\":[{\"" + field + "\":\"asc\"},{\"id\":\"asc\"}]}");
    }

    private List<String> ids(String body) {
        var ids = new ArrayList<String>();
        for (var hit : http.post("/" + generation + "/_search", body).at("/hits/hits")) {
            ids.add(hit.path("_id").asText());
        }
        return ids;
    }

    private static String match(String field, String text) {
        return "{\"match\":{\"" + field + "\":{\"query\":\"" + text + "\",\"operator\":\"and\"}}}";
    }

    @Test
    void isReadBackAsItWasMeant() throws URISyntaxException {
        created(products());
        var meant = IndexBody.of(products(), SinkFixtures.config(Duration.ofSeconds(30)))
                .json();
        var found = http.get("/" + generation).path(generation);
        assertThat(missing(meant.path("mappings"), found.path("mappings"))).isEmpty();
        assertThat(missing(meant.at("/settings/index"), found.at("/settings/index")))
                .isEmpty();
        assertThat(leaves(found.at("/settings/index/analysis"))).isEqualTo(leaves(meant.at("/settings/analysis")));
    }

    private static Map<String, String> missing(JsonNode meant, JsonNode found) {
        var missing = leaves(meant);
        missing.entrySet().removeAll(leaves(found).entrySet());
        return missing;
    }

    /** Each scalar as text, by its path; OpenSearch leaves out {@code "type": "object"} where there are properties. */
    private static Map<String, String> leaves(JsonNode tree) {
        var leaves = new TreeMap<String, String>();
        collect(tree, "", leaves);
        return leaves;
    }

    private static void collect(JsonNode node, String path, Map<String, String> leaves) {
        if (node.isObject()) {
            node.properties().forEach(part -> {
                var impliedType = part.getKey().equals("type")
                        && part.getValue().asText().equals("object")
                        && node.has("properties");
                if (!impliedType) {
                    collect(part.getValue(), path + "/" + part.getKey(), leaves);
                }
            });
        } else if (node.isArray()) {
            for (var i = 0; i < node.size(); i++) {
                collect(node.get(i), path + "/" + i, leaves);
            }
        } else {
            var text =
                    node.isNumber() ? node.decimalValue().stripTrailingZeros().toPlainString() : node.asText();
            leaves.put(path, text);
        }
    }

    @Test
    void findsCodesHoweverTheyAreTyped() throws URISyntaxException {
        var index = created(products());
        holds(index, "{\"code\":\"C-01234\"}", "{\"code\":\"C-01235\"}", "{\"label\":\"Wi-Fi 6E\"}");
        for (var typed : List.of("c01234", "01234", "C01234", "C-01234", "c-01234")) {
            assertThat(found(match("code", typed))).as(typed).containsExactly("1");
        }
        assertThat(found(match("code.keyword", "C-01234"))).containsExactly("1");
        assertThat(found(match("code.keyword_lowercase", "c-01234"))).containsExactly("1");
        assertThat(found(match("label.text", "wifi"))).containsExactly("3");
        assertThat(found(match("label.text", "fi 6e"))).containsExactly("3");
    }

    @Test
    void ignoresCaseAndAccentsInTextAndSorting() throws URISyntaxException {
        var index = created(products());
        holds(
                index,
                "{\"id\":1,\"label\":\"Zebra\",\"title\":\"Résumé of the Crème\"}",
                "{\"id\":2,\"label\":\"äpfel\"}",
                "{\"id\":3,\"label\":\"Apfel\"}",
                "{\"id\":4,\"label\":\"éclair\"}",
                "{\"id\":5,\"label\":\"ECLAIR\"}",
                "{\"id\":6,\"label\":\"birne\"}");
        assertThat(found(match("title", "RESUME creme"))).containsExactly("1");
        assertThat(found(match("title.keyword", "Résumé of the Crème"))).containsExactly("1");
        assertThat(sortedBy("label.keyword_lowercase")).containsExactly("2", "3", "6", "4", "5", "1");
        assertThat(sortedBy("label")).containsExactly("3", "5", "1", "6", "2", "4");
    }

    @Test
    void sortsEnumsInTheirDeclaredOrder() throws URISyntaxException {
        var index = created(products());
        var declared = List.of(
                "low",
                "very low",
                "lowest",
                "=> odd \\\\ \\\"x\\\"",
                "medium",
                "high ",
                "high",
                "Ünder",
                "s0",
                "s1",
                "s2");
        var documents = new ArrayList<String>();
        for (var i = declared.size() - 1; i >= 0; i--) {
            documents.add("{\"id\":" + (declared.size() - i) + ",\"level\":\"" + declared.get(i) + "\"}");
        }
        documents.add("{\"id\":12,\"level\":\"unheard of\",\"size\":{\"fit\":\"m\"}}");
        documents.add("{\"id\":13,\"level\":\"LOW\",\"size\":{\"fit\":\"s\"}}");
        documents.add("{\"id\":14,\"level\":\"0\",\"size\":{\"fit\":\"l\"}}");
        documents.add("{\"id\":15,\"level\":\"lowlow\",\"size\":{\"fit\":\"ss\"}}");
        holds(index, documents.toArray(String[]::new));
        var byLevel = sortedBy("level.sort");
        assertThat(byLevel.subList(0, 11)).containsExactly("11", "10", "9", "8", "7", "6", "5", "4", "3", "2", "1");
        assertThat(byLevel.subList(11, 15)).containsExactlyInAnyOrder("12", "13", "14", "15");
        assertThat(sortedBy("size.fit.sort").subList(0, 4)).containsExactly("13", "12", "14", "15");
    }

    @Test
    void searchesTheValuesOfAMapByTheirKeys() throws URISyntaxException {
        var index = created(products());
        holds(
                index,
                "{\"name\":{\"en\":\"Coffee shop\",\"fr\":\"Café\"},\"stock\":{\"berlin\":\"7\",\"rome\":12}}",
                "{\"name\":{\"en\":\"Café\",\"de-AT\":\"Kaffeehaus\"},\"stock\":{\"berlin\":3}}",
                "{\"name\":{\"en\":\"2026-11-20\"},\"stock\":{}}");
        assertThat(found(match("name.fr", "cafe"))).containsExactly("1");
        assertThat(found(match("name.en", "CAFE"))).containsExactly("2");
        assertThat(found(match("name.de-AT", "kaffeehaus"))).containsExactly("2");
        assertThat(found(match("name.en.keyword", "2026-11-20"))).containsExactly("3");
        assertThat(found("{\"range\":{\"stock.berlin\":{\"gt\":5}}}")).containsExactly("1");
    }

    @Test
    void takesTheContentsOfEachType() throws URISyntaxException {
        var index = created(products());
        holds(index, """
                {"id":9223372036854775807,"active":true,"price":12345678901234567890.123456789,"day":"2026-11-20",\
                "at":"2026-11-20T10:20:30.123456Z","blob":"AAEC","attributes":{"a":{"b":["x","y"]},"when":"2026-11-20"},\
                "rating":4.26,"place":{"lat":52.5,"lon":13.4},"reviewCount":2,"reviewIds":[1,2],\
                "reviews":[{"stars":5,"words":"great"},{"stars":1,"words":"bad"}],"source":{"name":"catalog","parts":[1,2]}}""", """
                {"id":null,"active":null,"price":null,"day":null,"at":"2026-11-20T10:20:30","blob":null,"attributes":null,"rating":null,\
                "place":null,"reviews":[],"reviewIds":[],"name":null,"attributes":{"when":"not a date"}}""".replace("\"attributes\":null,", ""));
        assertThat(found("{\"range\":{\"at\":{\"gte\":\"2026-11-20T10:20:30.100Z\"}}}"))
                .containsExactly("1");
        assertThat(found("{\"geo_distance\":{\"distance\":\"5km\",\"place\":{\"lat\":52.52,\"lon\":13.4}}}"))
                .containsExactly("1");
        assertThat(found(nested(5, "great"))).containsExactly("1");
        assertThat(found(nested(1, "great"))).isEmpty();
        assertThat(found("{\"term\":{\"reviewIds\":2}}")).containsExactly("1");
        assertThat(found("{\"term\":{\"attributes.a.b\":\"x\"}}")).containsExactly("1");
        assertThat(http.documents(generation).get("1")).contains("12345678901234567890.123456789");
    }

    private static String nested(int stars, String words) {
        return "{\"nested\":{\"path\":\"reviews\",\"query\":{\"bool\":{\"must\":[{\"term\":{\"reviews.stars\":" + stars
                + "}}," + match("reviews.words", words) + "]}}}}";
    }

    @Test
    void holds340KeywordsWithTheirSubfields() {
        var fields = new ArrayList<Field>();
        var document = new StringBuilder("{");
        for (var i = 0; i < 340; i++) {
            fields.add(new Field.Leaf(
                    "k" + i,
                    LeafType.KEYWORD,
                    "k" + i,
                    false,
                    List.of(),
                    List.of(),
                    null,
                    Literal.Entries.EMPTY,
                    PLACE));
            document.append(i == 0 ? "" : ",")
                    .append("\"k")
                    .append(i)
                    .append("\":\"Vé-")
                    .append(i)
                    .append('"');
        }
        var index = created(
                new DocumentSchema(new TableRef("public", "wide"), List.of("k0"), null, List.of(), fields, PLACE));
        holds(index, document + "}");
        assertThat(found(match("k339.keyword_lowercase", "ve-339"))).containsExactly("1");
    }
}
