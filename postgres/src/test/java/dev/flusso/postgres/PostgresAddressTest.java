package dev.flusso.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.schema.connection.DatabaseUrl;
import org.junit.jupiter.api.Test;

final class PostgresAddressTest {

    @Test
    void takesAllPartsOfAUrl() {
        var address = PostgresAddress.of(
                DatabaseUrl.parse(
                        "postgresql://us%65r:p%40ss%2F:+w@db.example:6543/my%20db?sslmode=verify-full"
                                + "&sslrootcert=%2Fca.pem&sslcert=/c.pem&sslkey=/k.pem&application_name=shop&connect_timeout=3"),
                "flusso");
        assertThat(address.jdbcUrl()).isEqualTo("jdbc:postgresql://db.example:6543/my%20db");
        assertThat(address.properties())
                .containsEntry("user", "user")
                .containsEntry("password", "p@ss/:+w")
                .containsEntry("sslmode", "verify-full")
                .containsEntry("sslrootcert", "/ca.pem")
                .containsEntry("sslcert", "/c.pem")
                .containsEntry("sslkey", "/k.pem")
                .containsEntry("ApplicationName", "shop")
                .containsEntry("connectTimeout", "3")
                .containsEntry("tcpKeepAlive", "true");
        assertThat(address.toString()).isEqualTo("user@db.example:6543/my db").doesNotContain("p@ss");
    }

    @Test
    void fillsInWhatAUrlLeavesOut() {
        var address = PostgresAddress.of(DatabaseUrl.parse("postgres://me@[::1]/shop"), "flusso work");
        assertThat(address.jdbcUrl()).isEqualTo("jdbc:postgresql://[::1]:5432/shop");
        assertThat(address.properties())
                .containsEntry("ApplicationName", "flusso work")
                .containsEntry("connectTimeout", "10")
                .doesNotContainKeys("password", "sslmode", "sslkey");
        assertThat(PostgresAddress.of(DatabaseUrl.parse("postgres://a@h/x?sslrootcert=system"), "x")
                        .properties())
                .containsEntry("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory")
                .doesNotContainKey("sslrootcert");
    }
}
