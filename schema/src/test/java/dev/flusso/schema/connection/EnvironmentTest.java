package dev.flusso.schema.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flusso.schema.Config;
import dev.flusso.schema.ConfigException;
import dev.flusso.schema.Problem;
import dev.flusso.schema.SinkConfig;
import dev.flusso.schema.lock.Lock;
import dev.flusso.schema.parse.ConfigFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvironmentTest {

    private static final String SECRET = "hunter2";

    @TempDir
    Path directory;

    private Config config(String source, String sink) throws Exception {
        return ConfigFiles.load(Files.writeString(
                directory.resolve("flusso.toml"),
                "[source]\ntype = \"postgres\"\n" + source + "\n[sinks.primary]\ntype = \"opensearch\"\n" + sink
                        + "\n"));
    }

    private static DatabaseUrl database(Config config, Map<String, String> variables) {
        return Environment.of(variables).database(config.source());
    }

    private static ClusterAccess cluster(Config config, Map<String, String> variables) {
        return Environment.of(variables)
                .cluster((SinkConfig.OpenSearch) config.sinks().get(0));
    }

    @Test
    void anExplicitReferenceWinsOverTheReservedVariable() throws Exception {
        var config = config("connection_url = { env = \"X\" }", "url = { env = \"Y\" }");
        var variables = Map.of(
                "X", "postgres://x/d",
                "DATABASE_URL", "postgres://reserved/d",
                "Y", "http://y",
                "PRIMARY_OPENSEARCH_URL", "http://reserved");
        assertThat(database(config, variables).host()).isEqualTo("x");
        assertThat(cluster(config, variables).url()).hasToString("http://y");
        assertThat(Environment.of(variables).overridden(config)).isEmpty();
    }

    @Test
    void anExplicitReferenceThatIsNotSetIsAnErrorEvenBesideTheReservedVariable() throws Exception {
        var config = config("connection_url = { env = \"X\" }", "url = { env = \"Y\" }");
        var variables = Map.of("DATABASE_URL", "postgres://reserved/d", "PRIMARY_OPENSEARCH_URL", "http://reserved");
        assertThatThrownBy(() -> database(config, variables))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "flusso.toml:1:1: variable X, which 'source.connection_url' refers to, is not set in this environment");
        assertThatThrownBy(() -> cluster(config, variables))
                .hasMessageContaining("variable Y, which 'sinks.primary.url'");
    }

    @Test
    void theReservedVariableWinsOverTheLiteralAndFillsWhatIsLeftOut() throws Exception {
        var config =
                config("connection_url = \"postgres://literal/d\"", "url = \"http://literal\"\nusername = \"literal\"");
        var variables = Map.of(
                "DATABASE_URL", "postgres://reserved/d",
                "PRIMARY_OPENSEARCH_URL", "http://reserved",
                "PRIMARY_OPENSEARCH_USERNAME", "u",
                "PRIMARY_OPENSEARCH_PASSWORD", "p",
                "PRIMARY_OPENSEARCH_API_KEY", "k",
                "PRIMARY_OPENSEARCH_CA_CERT", "ca.pem");
        assertThat(database(config, variables).host()).isEqualTo("reserved");
        var access = cluster(config, variables);
        assertThat(access)
                .isEqualTo(new ClusterAccess(java.net.URI.create("http://reserved"), "u", "p", "k", "ca.pem", true));
        assertThat(Environment.of(variables).overridden(config))
                .extracting(Problem::message)
                .containsExactly(
                        "'source.connection_url' is overridden by the variable DATABASE_URL",
                        "'sinks.primary.url' is overridden by the variable PRIMARY_OPENSEARCH_URL",
                        "'sinks.primary.username' is overridden by the variable PRIMARY_OPENSEARCH_USERNAME");
    }

    @Test
    void anEmptyReservedVariableCountsAsUnset() throws Exception {
        var config = config("connection_url = \"postgres://literal/d\"", "url = \"http://literal\"");
        var variables = Map.of("DATABASE_URL", "", "PRIMARY_OPENSEARCH_URL", "");
        assertThat(database(config, variables).host()).isEqualTo("literal");
        assertThat(cluster(config, variables).url()).hasToString("http://literal");
    }

    @Test
    void aTableCountsAsALiteralAndItsPasswordMayBeAReference() throws Exception {
        var config =
                config("[source.connection_url]\ndatabase = \"d\"\npassword = { env = \"PW\" }", "url = \"http://h\"");
        var table = database(config, Map.of("PW", SECRET));
        assertThat(table.password()).isEqualTo(SECRET);
        assertThat(table).hasToString("postgres://postgres@127.0.0.1:5432/d");
        assertThat(database(config, Map.of("DATABASE_URL", "postgres://reserved/d"))
                        .host())
                .isEqualTo("reserved");
        assertThatThrownBy(() -> database(config, Map.of())).hasMessageContaining("variable PW");
    }

    @Test
    void nothingAtAllIsAnErrorThatNamesBothWays() throws Exception {
        var config = config("", "");
        assertThatThrownBy(() -> database(config, Map.of()))
                .hasMessageContaining("'source.connection_url' is not given and DATABASE_URL is not set");
        assertThatThrownBy(() -> cluster(config, Map.of()))
                .hasMessageContaining("'sinks.primary.url' is not given and PRIMARY_OPENSEARCH_URL is not set");
    }

    @Test
    void credentialsInTheUrlOfAClusterAreTakenOutOfIt() throws Exception {
        var config = config("", "url = \"https://u%40x:p%3Ay@h:9200/base\"");
        var access = cluster(config, Map.of());
        assertThat(access.url()).hasToString("https://h:9200/base");
        assertThat(access.username()).isEqualTo("u@x");
        assertThat(access.password()).isEqualTo("p:y");
        assertThat(access).hasToString("https://h:9200/base");
    }

    @Test
    void neverPrintsASecret() throws Exception {
        var config = config(
                "connection_url = \"postgres://u:" + SECRET + "@h/d\"",
                "url = \"http://u:" + SECRET + "@h\"\npassword = \"" + SECRET + "\"\napi_key = \"" + SECRET + "\"");
        assertThat(config.toString()).doesNotContain(SECRET);
        assertThat(Lock.literalSecrets(config))
                .hasSize(4)
                .allSatisfy(warning -> assertThat(warning.toString()).doesNotContain(SECRET));
        var variables = Map.of("DATABASE_URL", SECRET, "PRIMARY_OPENSEARCH_URL", SECRET);
        assertThatThrownBy(() -> database(config, variables))
                .hasMessageContaining("variable DATABASE_URL cannot be read")
                .hasMessageNotContaining(SECRET);
        assertThatThrownBy(() -> cluster(config, variables))
                .hasMessageContaining("variable PRIMARY_OPENSEARCH_URL cannot be used")
                .hasMessageNotContaining(SECRET);
    }
}
