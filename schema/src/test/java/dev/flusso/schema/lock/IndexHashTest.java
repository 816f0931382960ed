package dev.flusso.schema.lock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.schema.Config;
import dev.flusso.schema.parse.ConfigFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IndexHashTest {

    private static final String SCHEMA = """
            table: users
            primary_key: id
            fields:
              - keyword: email
                required: true
                options: {a: 1, b: 2}
              - has_many: orders
                table: orders
                primary_key: id
                foreign_key: user_id
                fields: [{decimal: total}]
            """;

    @TempDir
    Path directory;

    private String hash(String options, String schema) throws Exception {
        Files.writeString(directory.resolve("a.yml"), schema);
        Config config = ConfigFiles.load(Files.writeString(
                directory.resolve("flusso.toml"),
                "[source]\ntype = \"postgres\"\n[sinks.s]\ntype = \"opensearch\"\n" + options
                        + "\n[[index]]\nname = \"a\"\nschema = \"a.yml\"\n"));
        return IndexHash.of(config.indexes().get(0).schema(), config.sinks().get(0));
    }

    /** If this fails, every deployment would build all its indexes anew: that must be meant, and said in the release notes. */
    @Test
    void isTheSameToday() throws Exception {
        assertThat(hash("", SCHEMA)).isEqualTo("21df407b");
        var whole = ConfigFiles.load(Path.of("src/test/resources/whole/flusso.toml"));
        assertThat(IndexHash.of(whole.indexes().get(0).schema(), whole.sinks().get(0)))
                .isEqualTo("17134c85");
    }

    @Test
    void isNotOverCommentsAndTheOrderOfKeysAndDefaults() throws Exception {
        assertThat(hash("", """
                        # the same in other words
                        version: 1
                        schema: public
                        fields:
                          - fields: [{decimal: total, column: TOTAL, required: no_such_thing_as_required}]
                            foreign_key: [user_id]
                            primary_key: '"id"'
                            table: public.orders
                            has_many: orders

                          - options: {b: 2, a: 1}
                            keyword: email
                            column: EMAIL
                            required: true
                        primary_key: [ID]
                        table: Users
                        """.replace(", required: no_such_thing_as_required", ", required: false")))
                .isEqualTo(hash("", SCHEMA));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "number_of_replicas = 3",
                "refresh_interval = \"1s\"",
                "pipeline = \"p\"",
                "batch_size = 7",
                "max_bytes = 7000",
                "max_retries = 9",
                "max_nested = 5",
                "compression = true",
                "url = \"http://elsewhere\"",
            })
    void isNotOverWhatIsAppliedInPlace(String options) throws Exception {
        assertThat(hash(options, SCHEMA)).isEqualTo(hash("", SCHEMA));
    }

    @ParameterizedTest
    @ValueSource(strings = {"number_of_shards = 2", "text_analysis = \"icu\"", "auto_subfields = false"})
    void isOverTheOptionsThatShapeAnIndex(String options) throws Exception {
        assertThat(hash(options, SCHEMA)).isNotEqualTo(hash("", SCHEMA));
    }

    @Test
    void isOverTheSchema() throws Exception {
        assertThat(hash("", SCHEMA.replace("a: 1", "a: 2"))).isNotEqualTo(hash("", SCHEMA));
        assertThat(hash("", SCHEMA.replace("user_id", "owner_id"))).isNotEqualTo(hash("", SCHEMA));
        assertThat(hash("", SCHEMA.replace("orders\n    primary", "Other.orders\n    primary")))
                .isNotEqualTo(hash("", SCHEMA));
    }
}
