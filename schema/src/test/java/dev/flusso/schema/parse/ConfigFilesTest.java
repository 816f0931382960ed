package dev.flusso.schema.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.schema.Config;
import dev.flusso.schema.Field;
import dev.flusso.schema.IndexConfig;
import dev.flusso.schema.OnError;
import dev.flusso.schema.Setting;
import dev.flusso.schema.SinkConfig;
import dev.flusso.schema.TableColumns;
import dev.flusso.schema.TableRef;
import dev.flusso.schema.mapping.IndexBody;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFilesTest {

    @TempDir
    Path directory;

    private Config load(String toml, String yaml) throws Exception {
        Files.writeString(directory.resolve("users.schema.yml"), yaml);
        return ConfigFiles.load(Files.writeString(directory.resolve("flusso.toml"), toml));
    }

    @Test
    void loadsAnOrdinaryDeployment() throws Exception {
        var config = load("""
                [source]
                type = "postgres"
                connection_url = { env = "DATABASE_URL" }

                [sinks.primary]
                type = "opensearch"
                url = "http://127.0.0.1:9200"
                username = "admin"
                password = { env = "OPENSEARCH_PASSWORD" }

                [sinks.audit]
                type = "stdout"
                pretty = true

                [[index]]
                name = "users"
                schema = "users.schema.yml"
                """, """
                version: 1
                table: users
                primary_key: id
                soft_delete: {column: deleted_at}
                fields:
                  - integer: id
                    required: false
                  - keyword: email
                    required: true
                    transforms: [lowercase, trim]
                  - has_many: orders
                    table: orders
                    primary_key: id
                    foreign_key: user_id
                    order_by:
                      - {column: placed_at, direction: desc}
                    limit: 5
                    fields:
                      - decimal: total
                  - count: order_count
                    table: orders
                    foreign_key: user_id
                """);
        assertThat(config.sinks()).extracting(SinkConfig::name).containsExactly("primary", "audit");
        var schema = config.indexes().get(0).schema();
        assertThat(schema.fields()).extracting(Field::name).containsExactly("id", "email", "orders", "order_count");
        assertThat(schema.fields().get(0).nullable()).isFalse();
        assertThat(schema.place()).hasToString("users.schema.yml:1:1");
        assertThat(schema.needs())
                .containsEntry(new TableRef("public", "users"), TableColumns.ofKey(List.of("id")))
                .containsEntry(new TableRef("public", "orders"), TableColumns.ofReferences(List.of("user_id")));
        var sink = (SinkConfig.OpenSearch) config.sinks().get(0);
        assertThat(sink.password()).isEqualTo(new Setting.FromEnv("OPENSEARCH_PASSWORD"));
        assertThat(IndexBody.of(schema, sink)
                        .mappings()
                        .at("/properties/orders/type")
                        .asText())
                .isEqualTo("nested");
    }

    @Test
    void loadsTheFilesOfTheEarlierProgramUnedited() {
        var config = ConfigFiles.load(Path.of("src/test/resources/earlier/flusso.toml"));
        assertThat(config.indexes()).extracting(IndexConfig::name).containsExactly("users", "products");
        assertThat(config.indexes().get(1).onError()).isEqualTo(OnError.SKIP);
        assertThat(config.indexes().get(1).schema().paths())
                .extracting(path -> path.table().toString())
                .containsExactly("shop.products", "shop.product_tags", "shop.tags", "shop.reviews");
    }
}
