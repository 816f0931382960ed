package dev.flusso.schema.parse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every example in the reference loads. */
class DocumentationTest {

    private static final Pattern BLOCK = Pattern.compile("```(\\w+)\n(.*?)```", Pattern.DOTALL);
    private static final Path DOCS =
            Path.of(Objects.requireNonNull(System.getProperty("flusso.root"), "flusso.root"), "docs/reference");

    @TempDir
    Path directory;

    private static List<String> blocks(String file, String language) throws Exception {
        var blocks = new ArrayList<String>();
        var matcher = BLOCK.matcher(Files.readString(DOCS.resolve(file)));
        while (matcher.find()) {
            if (matcher.group(1).equals(language)) {
                blocks.add(matcher.group(2));
            }
        }
        assertThat(blocks).hasSizeGreaterThan(4);
        return blocks;
    }

    @Test
    void everyConfigLoads() throws Exception {
        Files.writeString(
                directory.resolve("users.schema.yml"),
                blocks("schema.md", "yaml").get(0));
        var check = new JsonSchemaCheck(new ObjectMapper().readTree(JsonSchemas.config()));
        for (var block : blocks("config.md", "toml")) {
            var config = ConfigFiles.load(Files.writeString(directory.resolve("flusso.toml"), block));
            assertThat(config.sinks()).isNotEmpty();
            var tree = TomlDocument.parse(block, "flusso.toml", new Problems()).orElseThrow();
            assertThat(check.errors(new ObjectMapper()
                            .readTree(tree.literal().orElseThrow().json())))
                    .isEmpty();
        }
    }

    @Test
    void everySchemaLoads() throws Exception {
        var check = new JsonSchemaCheck(new ObjectMapper().readTree(JsonSchemas.index()));
        for (var block : blocks("schema.md", "yaml")) {
            var schema = ConfigFiles.loadSchema(Files.writeString(directory.resolve("a.schema.yml"), block));
            assertThat(schema.fields()).isNotEmpty();
            var tree = YamlDocument.parse(block, "a.schema.yml", new Problems()).orElseThrow();
            assertThat(check.errors(new ObjectMapper()
                            .readTree(tree.literal().orElseThrow().json())))
                    .isEmpty();
        }
    }

    @Test
    void everyKeyIsNamed() throws Exception {
        var config = Files.readString(DOCS.resolve("config.md"));
        for (var keys : List.of(
                Keys.CONFIG,
                Keys.SOURCE,
                Keys.CONNECTION,
                Keys.OPENSEARCH,
                Keys.STDOUT,
                Keys.INDEX,
                Keys.SERVER,
                Keys.JOURNAL,
                Keys.WORKER)) {
            assertThat(config).contains(keys);
        }
        var schema = Files.readString(DOCS.resolve("schema.md"));
        assertThat(schema)
                .contains(Keys.SCHEMA)
                .contains(Keys.SIBLINGS.keySet())
                .contains(Keys.ALL_SIBLINGS);
    }
}
