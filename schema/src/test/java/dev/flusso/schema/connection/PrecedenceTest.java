package dev.flusso.schema.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flusso.schema.Config;
import dev.flusso.schema.ConfigException;
import dev.flusso.schema.SinkConfig;
import dev.flusso.schema.lock.Lock;
import dev.flusso.schema.parse.ConfigFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Where each value comes from: every setting that may be a reference, in every combination of what can be given. */
class PrecedenceTest {

    private static final String EXPLICIT = "EXPLICIT_ONE";

    @TempDir
    Path directory;

    /** How the config gives a value. */
    private enum Given {
        NOT,
        LITERAL,
        REFERENCE
    }

    /**
     * A setting.
     *
     * @param value a value it takes, made of a word
     * @param read what became of it
     */
    private record Key(
            String name,
            String reserved,
            boolean required,
            Function<String, String> value,
            Function<ClusterAccess, String> read) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Arguments> cases() {
        Function<String, String> plain = word -> word;
        var keys = List.of(
                new Key(
                        "url",
                        "MAIN_2_OPENSEARCH_URL",
                        true,
                        word -> "http://" + word,
                        access -> access.url().toString()),
                new Key(
                        "username",
                        "MAIN_2_OPENSEARCH_USERNAME",
                        false,
                        plain,
                        access -> String.valueOf(access.username())),
                new Key(
                        "password",
                        "MAIN_2_OPENSEARCH_PASSWORD",
                        false,
                        plain,
                        access -> String.valueOf(access.password())),
                new Key(
                        "api_key",
                        "MAIN_2_OPENSEARCH_API_KEY",
                        false,
                        plain,
                        access -> String.valueOf(access.apiKey())),
                new Key(
                        "ca_cert",
                        "MAIN_2_OPENSEARCH_CA_CERT",
                        false,
                        plain,
                        access -> String.valueOf(access.caCert())));
        var all = new ArrayList<Arguments>();
        for (var key : keys) {
            for (var given : Given.values()) {
                for (var referred : given == Given.REFERENCE ? List.of(true, false) : List.of(false)) {
                    for (var reserved : List.of("", "reserved", "empty")) {
                        all.add(Arguments.of(key, given, referred, reserved));
                    }
                }
            }
        }
        return all;
    }

    @ParameterizedTest(name = "{0} {1}, the variable it refers to is set: {2}, the reserved one: {3}")
    @MethodSource("cases")
    void aSinksSettingIsTakenFromTheHighest(Key key, Given given, boolean referred, String reserved) throws Exception {
        var line = switch (given) {
            case NOT -> "";
            case LITERAL -> key.name + " = \"" + key.value.apply("literal") + "\"\n";
            case REFERENCE -> key.name + " = { env = \"" + EXPLICIT + "\" }\n";
        };
        var other = key.required ? "" : "url = \"http://other\"\n";
        var config = config("", "[sinks.main_2]\ntype = \"opensearch\"\n" + other + line);
        var variables = new HashMap<String, String>();
        if (referred) {
            variables.put(EXPLICIT, key.value.apply("explicit"));
        }
        if (!reserved.isEmpty()) {
            variables.put(key.reserved, reserved.equals("empty") ? "" : key.value.apply("reserved"));
        }
        var sink = (SinkConfig.OpenSearch) config.sinks().get(0);
        var expected = given == Given.REFERENCE
                ? (referred ? "explicit" : null)
                : reserved.equals("reserved") ? "reserved" : given == Given.LITERAL ? "literal" : null;
        if (expected != null) {
            assertThat(key.read.apply(Environment.of(variables).cluster(sink))).isEqualTo(key.value.apply(expected));
        } else if (given == Given.REFERENCE) {
            assertThatThrownBy(() -> Environment.of(variables).cluster(sink))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining(
                            "variable " + EXPLICIT + ", which 'sinks.main_2." + key.name + "' refers to, is not set");
        } else if (key.required) {
            assertThatThrownBy(() -> Environment.of(variables).cluster(sink))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("'sinks.main_2.url' is not given and " + key.reserved + " is not set");
        } else {
            assertThat(key.read.apply(Environment.of(variables).cluster(sink))).isEqualTo("null");
        }
    }

    static List<Arguments> connections() {
        var table = "[source.connection_url]\ndatabase = \"shop\"\nhost = \"table\"\n";
        var explicit = Map.of("X", "postgres://explicit/d");
        var reserved = Map.of("DATABASE_URL", "postgres://reserved/d");
        var both = Map.of("X", "postgres://explicit/d", "DATABASE_URL", "postgres://reserved/d");
        var password = Map.of("PW", "s3cret");
        return List.of(
                Arguments.of("connection_url = { env = \"X\" }", both, "postgres://postgres@explicit:5432/d"),
                Arguments.of("connection_url = { env = \"X\" }", explicit, "postgres://postgres@explicit:5432/d"),
                Arguments.of(
                        "connection_url = { env = \"X\" }",
                        reserved,
                        "variable X, which 'source.connection_url' refers to"),
                Arguments.of("connection_url = \"postgres://literal/d\"", both, "postgres://postgres@reserved:5432/d"),
                Arguments.of(
                        "connection_url = \"postgres://literal/d\"", Map.of(), "postgres://postgres@literal:5432/d"),
                Arguments.of("", reserved, "postgres://postgres@reserved:5432/d"),
                Arguments.of(
                        "",
                        Map.of("DATABASE_URL", ""),
                        "'source.connection_url' is not given and DATABASE_URL is not set"),
                Arguments.of(table, reserved, "postgres://postgres@reserved:5432/d"),
                Arguments.of(table, Map.of(), "postgres://postgres@table:5432/shop"),
                Arguments.of(table + "password = { env = \"PW\" }", password, "postgres://postgres@table:5432/shop"),
                Arguments.of(
                        table + "password = { env = \"PW\" }",
                        Map.of(),
                        "variable PW, which 'source.connection_url.password' refers to, is not set"),
                Arguments.of(
                        // the whole table is replaced, so what it refers to is not asked for
                        table + "password = { env = \"PW\" }", reserved, "postgres://postgres@reserved:5432/d"));
    }

    @ParameterizedTest(name = "{0} with {1}: {2}")
    @MethodSource("connections")
    void theDatabaseIsTakenFromTheHighest(String source, Map<String, String> variables, String expected)
            throws Exception {
        var config = config(source, "");
        if (expected.startsWith("postgres://")) {
            assertThat(Environment.of(variables).database(config.source())).hasToString(expected);
        } else {
            assertThatThrownBy(() -> Environment.of(variables).database(config.source()))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining(expected);
        }
    }

    @Test
    void theTablesPasswordIsTheOneOfItsVariable() throws Exception {
        var config = config("[source.connection_url]\ndatabase = \"d\"\npassword = { env = \"PW\" }", "");
        assertThat(Environment.of(Map.of("PW", "s3cret"))
                        .database(config.source())
                        .password())
                .isEqualTo("s3cret");
        var literal = config("[source.connection_url]\ndatabase = \"d\"\npassword = \"plain\"", "");
        assertThat(Environment.of(Map.of()).database(literal.source()).password())
                .isEqualTo("plain");
    }

    /** No variable is looked at to compile, and none of their values gets into what is compiled. */
    @Test
    void referencesAreCompiledAsReferences() throws Exception {
        var config = config("connection_url = { env = \"PATH\" }", """
                [sinks.main_2]
                type = "opensearch"
                url = { env = "PATH" }
                username = { env = "PATH" }
                password = { env = "PATH" }
                api_key = { env = "NOT_SET_ANYWHERE" }
                ca_cert = { env = "PATH" }
                """);
        var text = new Lock(config, "0.1.0").text();
        assertThat(text).contains("NOT_SET_ANYWHERE").doesNotContain(Objects.requireNonNull(System.getenv("PATH")));
        assertThat(Lock.parse(text, "flusso.lock").config()).isEqualTo(config);
    }

    private Config config(String source, String sinks) throws Exception {
        return ConfigFiles.load(Files.writeString(
                directory.resolve("flusso.toml"), "[source]\ntype = \"postgres\"\n" + source + "\n" + sinks));
    }
}
