package dev.flusso.postgres.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flusso.schema.Setting;
import dev.flusso.schema.SourceConfig.Connection;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionSettingsTest {

    @Test
    void readsAllPartsOfAUrl() {
        var settings = ConnectionSettings.parse(
                "postgresql://us%65r:p%40ss%2F:+w@db.example:6543/my%20db?sslmode=verify-full"
                        + "&sslrootcert=%2Fca.pem&sslcert=/c.pem&sslkey=/k.pem&application_name=shop&connect_timeout=3&other=1");
        assertThat(settings)
                .isEqualTo(new ConnectionSettings(
                        "db.example",
                        6543,
                        "my db",
                        "user",
                        "p@ss/:+w",
                        "verify-full",
                        "/ca.pem",
                        "/c.pem",
                        "/k.pem",
                        "shop",
                        Duration.ofSeconds(3)));
        assertThat(settings.jdbcUrl()).isEqualTo("jdbc:postgresql://db.example:6543/my%20db");
        assertThat(settings.properties("flusso"))
                .containsEntry("user", "user")
                .containsEntry("password", "p@ss/:+w")
                .containsEntry("sslmode", "verify-full")
                .containsEntry("sslrootcert", "/ca.pem")
                .containsEntry("sslcert", "/c.pem")
                .containsEntry("sslkey", "/k.pem")
                .containsEntry("ApplicationName", "shop")
                .containsEntry("connectTimeout", "3")
                .containsEntry("tcpKeepAlive", "true");
        assertThat(settings.toString())
                .isEqualTo("postgres://user@db.example:6543/my db")
                .doesNotContain("p@ss");
    }

    @Test
    void fillsInWhatAUrlLeavesOut() {
        var settings = ConnectionSettings.parse("postgres://[::1]/shop");
        assertThat(settings.host()).isEqualTo("::1");
        assertThat(settings.port()).isEqualTo(5432);
        assertThat(settings.password()).isNull();
        assertThat(settings.user()).isEqualTo(System.getProperty("user.name"));
        assertThat(settings.jdbcUrl()).isEqualTo("jdbc:postgresql://[::1]:5432/shop");
        assertThat(settings.properties("flusso work"))
                .containsEntry("ApplicationName", "flusso work")
                .doesNotContainKeys("password", "sslmode", "sslkey");
        assertThat(ConnectionSettings.parse("postgres://me@[fe80::1]:99").database())
                .isEqualTo("me");
        assertThat(ConnectionSettings.parse("postgres://me@[fe80::1]:99").port())
                .isEqualTo(99);
        assertThat(ConnectionSettings.parse("postgres:///x?host=h&port=7&user=u&password=p")
                        .host())
                .isEqualTo("h");
        assertThat(ConnectionSettings.parse("postgres://a@h/x?sslrootcert=system")
                        .properties("x"))
                .containsEntry("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory")
                .doesNotContainKey("sslrootcert");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "mysql://h/x | does not begin with 'postgres://'",
                "postgres://h:x/d | port is 'x', expected 1 to 65535",
                "postgres://h:70000/d | port 70000",
                "postgres://u:secret%zz@h/d | the password in the database URL has a '%'",
                "postgres://u:secret%ff@h/d | the password in the database URL is not UTF-8",
                "postgres://[::1/d | lacks a ']'",
                "postgres://a:1,b:2/d | several hosts",
                "postgres://h/d?sslmode=maybe | 'sslmode' of the database URL is 'maybe'",
                "postgres://h/d?connect_timeout=soon | 'connect_timeout' of the database URL is 'soon'",
            })
    void refusesWhatItCannotRead(String url, String message) {
        assertThatThrownBy(() -> ConnectionSettings.parse(url))
                .isInstanceOf(ConnectionSettingsException.class)
                .hasMessageContaining(message)
                .message()
                .doesNotContain("secret");
    }

    @Test
    void anExplicitVariableComesFirstThenTheReservedOneThenTheLiteral() {
        var environment = Map.of("X", "postgres://u@x/x", "DATABASE_URL", "postgres://u@reserved/r", "PW", "pw");
        var literal = new Connection.Url(new Setting.Given("postgres://u@literal/l"));
        var parts = new Connection.Parts("parts", 1, "u", new Setting.FromEnv("PW"), "p");
        assertThat(ConnectionSettings.from(new Connection.Url(new Setting.FromEnv("X")), environment)
                        .host())
                .isEqualTo("x");
        assertThat(ConnectionSettings.from(literal, environment).host()).isEqualTo("reserved");
        assertThat(ConnectionSettings.from(parts, environment).host()).isEqualTo("reserved");
        assertThat(ConnectionSettings.from(literal, Map.of()).host()).isEqualTo("literal");
        assertThat(ConnectionSettings.from(parts, Map.of("PW", "pw")).password())
                .isEqualTo("pw");
        assertThatThrownBy(() -> ConnectionSettings.from(parts, Map.of()))
                .hasMessage(
                        "'source.connection_url.password' asks for the environment variable 'PW', which is not set");
        assertThatThrownBy(() -> ConnectionSettings.from(new Connection.Url(new Setting.FromEnv("Y")), environment))
                .hasMessageContaining("'Y', which is not set");
        assertThatThrownBy(() -> ConnectionSettings.from(new Connection.Url(new Setting.Unset()), Map.of()))
                .hasMessageContaining("DATABASE_URL is not set");
    }
}
