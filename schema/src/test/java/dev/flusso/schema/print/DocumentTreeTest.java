package dev.flusso.schema.print;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.schema.parse.ConfigFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DocumentTreeTest {

    private static final Path RESOURCES = Path.of("src/test/resources");

    private final DocumentTree tree =
            DocumentTree.of("catalog", ConfigFiles.loadSchema(RESOURCES.resolve("whole/catalog.schema.yml")));

    @Test
    void printsTheWholeLanguageAlignedInEightyColumns() throws Exception {
        var text = tree.text(false);
        Files.writeString(Path.of("target/tree.txt"), text);
        assertThat(text)
                .as("copy target/tree.txt over src/test/resources/tree.txt if this is right")
                .isEqualTo(Files.readString(RESOURCES.resolve("tree.txt")));
        assertThat(text.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
    }

    @Test
    void paintsWithoutMovingAnything() {
        assertThat(tree.text(true).replaceAll("\u001B\\[[0-9]*m", "")).isEqualTo(tree.text(false));
    }

    @Test
    void tellsToolsPathsNeedsAndPlaces() {
        var json = tree.json();
        assertThat(json.at("/table").asText()).isEqualTo("shop.products");
        assertThat(json.at("/fields/0/nullable").asBoolean(true)).isFalse();
        assertThat(json.findValuesAsText("path")).contains("reviews.author.nick", "dimensions.size");
        assertThat(json.path("needs").path("shop.reviews").path("references").toString())
                .isEqualTo("[\"product_id\"]");
        assertThat(json.at("/needs/shop.tags/key").toString()).isEqualTo("[\"id\"]");
        assertThat(json.path("needs").path("other.product_tags").toString())
                .isEqualTo("{\"key\":[],\"references\":[\"product_id\"]}");
        assertThat(json.at("/paths/0/field").asText("?")).isEmpty();
    }
}
