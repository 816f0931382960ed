package dev.flusso.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.dev.servers.SelfSigned;
import dev.flusso.schema.connection.DatabaseUrl;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
        assertThat(address.jdbcUrl()).isEqualTo("jdbc:postgresql://[0:0:0:0:0:0:0:1]:5432/shop");
        assertThat(address.properties())
                .containsEntry("ApplicationName", "flusso work")
                .containsEntry("connectTimeout", "10")
                .doesNotContainKeys("password", "sslmode", "sslkey");
        assertThat(PostgresAddress.of(DatabaseUrl.parse("postgres://a@h/x?sslrootcert=system"), "x")
                        .properties())
                .containsEntry("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory")
                .containsEntry("sslmode", "verify-full")
                .doesNotContainKey("sslrootcert");
    }

    @Test
    void checksTheCertificateWhereLibpqDoes() {
        assertThat(mode("sslmode=require")).isEqualTo("require");
        assertThat(mode("sslmode=require&sslrootcert=/ca.pem")).isEqualTo("verify-ca");
        assertThat(mode("sslmode=prefer&sslrootcert=/ca.pem")).isEqualTo("prefer");
        assertThat(mode("sslrootcert=/ca.pem")).isNull();
    }

    private static @Nullable String mode(String parameters) {
        return PostgresAddress.of(DatabaseUrl.parse("postgres://a@h/x?" + parameters), "x")
                .properties()
                .getProperty("sslmode");
    }

    @Test
    void tellsTheDriverOfWhatKindAClientsKeyIs(@TempDir Path folder) {
        for (var algorithm : List.of("EC", "RSA")) {
            var made = SelfSigned.client(folder, "client-" + algorithm, algorithm);
            assertThat(PostgresAddress.of(DatabaseUrl.parse("postgres://a@h/x?sslcert=" + made.certificate()), "x")
                            .properties())
                    .containsEntry("pemKeyAlgorithm", algorithm);
        }
    }
}
