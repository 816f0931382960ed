package dev.flusso.dev.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeClassPathTest {

    @TempDir
    private Path repository;

    @TempDir
    private Path elsewhere;

    private String built;

    @BeforeEach
    void build() throws IOException {
        var target = Files.createDirectories(repository.resolve("dev/opensearch-node/target"));
        Files.writeString(target.resolve("classpath.txt"), "/a.jar:/b.jar\n");
        built = target.resolve("classes") + ":/a.jar:/b.jar";
    }

    @Test
    void takesPropertyThenVariableThenRootThenWhatLiesAbove() throws IOException {
        var properties = new Properties();
        var below = Files.createDirectories(repository.resolve("cli/target"));
        assertThat(NodeClassPath.found(properties, Map.of(), below)).isEqualTo(built);
        properties.setProperty(NodeClassPath.ROOT, repository.toString());
        assertThat(NodeClassPath.found(properties, Map.of(), elsewhere)).isEqualTo(built);
        var environment = Map.of(NodeClassPath.VARIABLE, "/env.jar");
        assertThat(NodeClassPath.found(properties, environment, elsewhere)).isEqualTo("/env.jar");
        properties.setProperty(NodeClassPath.PROPERTY, "/property.jar");
        assertThat(NodeClassPath.found(properties, environment, elsewhere)).isEqualTo("/property.jar");
        assertThat(NodeClassPath.of(repository)).isEqualTo(built);
    }

    @Test
    void saysHowToBuildIt() {
        assertThatThrownBy(() -> NodeClassPath.of(elsewhere))
                .isInstanceOf(ServerException.class)
                .hasMessageContaining(elsewhere.toString())
                .hasMessageContaining("mvn -pl dev/opensearch-node process-classes")
                .hasMessageContaining(NodeClassPath.PROPERTY);
    }
}
