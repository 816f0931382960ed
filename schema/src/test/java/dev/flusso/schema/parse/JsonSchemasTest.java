package dev.flusso.schema.parse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flusso.schema.Filter;
import dev.flusso.schema.LeafType;
import dev.flusso.schema.Transform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The JSON Schemas say what the readers do. */
class JsonSchemasTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern FILE_BLOCK =
            Pattern.compile("(?ms)^```\\w+ +(>>)?(flusso\\.toml|\\S+\\.schema\\.yml)\n(.*?)^```");

    private final JsonNode config = tree(JsonSchemas.config());
    private final JsonNode index = tree(JsonSchemas.index());

    private static JsonNode tree(String text) {
        try {
            return JSON.readTree(text);
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> keys(JsonNode schema) {
        var keys = new ArrayList<String>();
        schema.path("properties").fieldNames().forEachRemaining(keys::add);
        assertThat(schema.path("additionalProperties").asBoolean(true)).isFalse();
        return keys;
    }

    private static List<String> words(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    @Test
    void knowTheKeysOfTheConfig() {
        assertThat(keys(config)).containsExactlyInAnyOrderElementsOf(Keys.CONFIG);
        assertThat(keys(config.at("/properties/source"))).containsExactlyInAnyOrderElementsOf(Keys.SOURCE);
        assertThat(keys(config.at("/properties/server"))).containsExactlyInAnyOrderElementsOf(Keys.SERVER);
        assertThat(keys(config.at("/properties/journal"))).containsExactlyInAnyOrderElementsOf(Keys.JOURNAL);
        assertThat(keys(config.at("/properties/worker"))).containsExactlyInAnyOrderElementsOf(Keys.WORKER);
        assertThat(keys(config.at("/definitions/connection"))).containsExactlyInAnyOrderElementsOf(Keys.CONNECTION);
        assertThat(keys(config.at("/definitions/opensearch"))).containsExactlyInAnyOrderElementsOf(Keys.OPENSEARCH);
        assertThat(keys(config.at("/definitions/stdout"))).containsExactlyInAnyOrderElementsOf(Keys.STDOUT);
        assertThat(keys(config.at("/definitions/index"))).containsExactlyInAnyOrderElementsOf(Keys.INDEX);
    }

    @Test
    void knowTheKeysOfASchema() {
        assertThat(keys(index)).containsExactlyInAnyOrderElementsOf(Keys.SCHEMA);
        assertThat(keys(index.at("/properties/soft_delete"))).containsExactlyInAnyOrderElementsOf(Keys.SOFT_DELETE);
        var field = index.at("/definitions/field");
        assertThat(keys(field))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(Keys.SIBLINGS.keySet().stream(), Keys.ALL_SIBLINGS.stream())
                                .toList());
        assertThat(keys(field.at("/properties/through"))).containsExactlyInAnyOrderElementsOf(Keys.THROUGH);
        assertThat(keys(field.at("/properties/order_by/items"))).containsExactlyInAnyOrderElementsOf(Keys.ORDER_BY);
        var types = StreamSupport.stream(field.path("oneOf").spliterator(), false)
                .map(one -> one.at("/required/0").asText())
                .toList();
        assertThat(types).containsExactlyInAnyOrderElementsOf(Keys.SIBLINGS.keySet());
        for (var rule : field.path("allOf")) {
            var type = rule.at("/if/required/0").asText();
            var siblings = new ArrayList<>(words(rule.at("/then/propertyNames/enum")));
            siblings.remove(type);
            assertThat(siblings)
                    .as(type)
                    .containsExactlyInAnyOrderElementsOf(Keys.SIBLINGS.getOrDefault(type, List.of()));
        }
        assertThat(field.path("allOf")).hasSameSizeAs(types);
    }

    @Test
    void knowTheWords() {
        var field = index.at("/definitions/field/properties");
        assertThat(words(field.at("/transforms/items/enum")))
                .containsExactlyElementsOf(
                        Stream.of(Transform.values()).map(Table::word).toList());
        var operators = StreamSupport.stream(
                        index.at("/definitions/filter/oneOf").spliterator(), false)
                .flatMap(one -> Stream.concat(
                        words(one.at("/properties/op/enum")).stream(),
                        one.at("/properties/op").has("const")
                                ? Stream.of(one.at("/properties/op/const").asText())
                                : Stream.of()))
                .toList();
        assertThat(operators)
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(Filter.Operator.values()).map(Table::word).toList());
        assertThat(Stream.of(LeafType.values()).map(LeafType::key)).containsAll(words(field.at("/element_type/enum")));
    }

    @Test
    void acceptWhatTheReadersAccept() throws Exception {
        for (var toml : List.of("whole/flusso.toml", "earlier/flusso.toml")) {
            assertThat(new JsonSchemaCheck(config).errors(config(toml)))
                    .as(toml)
                    .isEmpty();
        }
        for (var yaml : List.of(
                "whole/catalog.schema.yml",
                "whole/archive.schema.yml",
                "earlier/users.schema.yml",
                "earlier/products.schema.yml")) {
            assertThat(new JsonSchemaCheck(index).errors(yaml(yaml))).as(yaml).isEmpty();
        }
    }

    @Test
    void acceptEveryFileUnderDev() throws Exception {
        var root = Path.of(Objects.requireNonNull(System.getProperty("flusso.root"), "flusso.root"));
        var found = new ArrayList<String>();
        try (var files = Files.walk(root.resolve("dev"))) {
            for (var file :
                    (Iterable<Path>) files.filter(file -> !file.toString().contains("target"))::iterator) {
                var name = String.valueOf(file.getFileName());
                if (name.equals("flusso.toml")) {
                    found.add(name);
                    assertAccepted(name, Files.readString(file), file.toString());
                    assertThat(ConfigFiles.load(file).indexes()).isNotEmpty();
                } else if (name.endsWith(".schema.yml")) {
                    found.add(name);
                    assertAccepted(name, Files.readString(file), file.toString());
                }
            }
        }
        assertThat(found).contains("flusso.toml", "users.schema.yml", "orders.schema.yml", "products.schema.yml");
    }

    /** A block with a file's name behind its language is that file; with {@code >>} before the name, the end of it. */
    @Test
    void acceptTheFilesThatTheReadmeAndTheTutorialHaveWritten() throws Exception {
        var root = Path.of(Objects.requireNonNull(System.getProperty("flusso.root"), "flusso.root"));
        for (var page : List.of("README.md", "docs/tutorial/first-index.md")) {
            var files = new TreeMap<String, String>();
            var blocks = FILE_BLOCK.matcher(Files.readString(root.resolve(page)));
            while (blocks.find()) {
                var name = blocks.group(2);
                var text = blocks.group(1) == null ? blocks.group(3) : files.getOrDefault(name, "") + blocks.group(3);
                files.put(name, text);
                assertAccepted(name, text, name + " of " + page);
            }
            assertThat(files.keySet()).as(page).contains("flusso.toml").anyMatch(name -> name.endsWith(".schema.yml"));
        }
    }

    private void assertAccepted(String name, String text, String where) throws Exception {
        boolean toml = name.equals("flusso.toml");
        var tree =
                toml ? TomlDocument.parse(text, name, new Problems()) : YamlDocument.parse(text, name, new Problems());
        assertThat(new JsonSchemaCheck(toml ? config : index).errors(json(tree.orElseThrow())))
                .as(where)
                .isEmpty();
    }

    @Test
    void refuseWhatTheReadersRefuse() throws Exception {
        assertThat(new JsonSchemaCheck(config).errors(config("errors/flusso.toml")))
                .hasSizeGreaterThan(12);
        assertThat(new JsonSchemaCheck(index).errors(yaml("errors/fields.schema.yml")))
                .hasSizeGreaterThan(30);
        assertThat(new JsonSchemaCheck(index).errors(yaml("errors/joins.schema.yml")))
                .hasSizeGreaterThan(15);
        assertThat(new JsonSchemaCheck(index).errors(yaml("errors/top.schema.yml")))
                .hasSizeGreaterThan(4);
    }

    private static String resource(String name) throws Exception {
        return Files.readString(Path.of("src/test/resources", name));
    }

    private static JsonNode config(String name) throws Exception {
        return json(TomlDocument.parse(resource(name), name, new Problems()).orElseThrow());
    }

    private static JsonNode yaml(String name) throws Exception {
        return json(YamlDocument.parse(resource(name), name, new Problems()).orElseThrow());
    }

    private static JsonNode json(Node node) throws Exception {
        if (node instanceof Node.Mapping mapping) {
            var object = JSON.createObjectNode();
            for (var entry : mapping.entries()) {
                object.set(entry.key(), json(entry.value()));
            }
            return object;
        }
        if (node instanceof Node.Items items) {
            var array = JSON.createArrayNode();
            for (var item : items.nodes()) {
                array.add(json(item));
            }
            return array;
        }
        return node.literal().map(value -> tree(value.json())).orElseGet(JSON::nullNode);
    }
}
