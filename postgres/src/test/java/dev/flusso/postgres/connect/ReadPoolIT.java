package dev.flusso.postgres.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flusso.dev.servers.PostgresServer;
import dev.flusso.postgres.PostgresAddress;
import dev.flusso.schema.connection.DatabaseUrl;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Sessions over TLS, with a password, to a server that goes away. */
class ReadPoolIT {

    private static PostgresServer server;

    @BeforeAll
    static void start() {
        server = PostgresServer.builder().tlsOnly().password("p@ss w%rd").start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static ReadPool pool(String url) {
        return ReadPool.open(
                PostgresAddress.of(DatabaseUrl.parse(url), "flusso"), 2, Duration.ofSeconds(10), Duration.ofSeconds(3));
    }

    @Test
    void checksTheServersCertificateAsTheUrlSays() throws SQLException {
        var url = server.url("postgres");
        assertThat(url).contains("sslmode=verify-full");
        try (var pool = pool(url);
                var connection = pool.borrow();
                var row = connection
                        .createStatement()
                        .executeQuery("select ssl, current_setting('application_name') from pg_stat_ssl"
                                + " where pid = pg_backend_pid()")) {
            assertThat(row.next()).isTrue();
            assertThat(row.getBoolean(1)).isTrue();
            assertThat(row.getString(2)).isEqualTo("flusso");
        }
        try (var pool = pool(url.replaceAll("sslrootcert=[^&]*", "sslrootcert=/nowhere.pem"))) {
            assertThatThrownBy(pool::borrow)
                    .isInstanceOf(SQLException.class)
                    .rootCause()
                    .hasMessageContaining("nowhere");
        }
        try (var pool = pool(url.replaceAll("sslmode=[^&]*", "sslmode=disable"))) {
            assertThatThrownBy(pool::borrow).isInstanceOf(SQLException.class);
        }
    }

    @Test
    void comesBackAfterARestart() throws SQLException {
        try (var pool = pool(server.url("postgres") + "&application_name=shop")) {
            try (var connection = pool.borrow();
                    var row = connection.createStatement().executeQuery("show application_name")) {
                row.next();
                assertThat(row.getString(1)).isEqualTo("shop");
            }
            server.stop();
            assertThatThrownBy(() -> {
                        try (var connection = pool.borrow()) {
                            connection.createStatement().execute("select 1");
                        }
                    })
                    .isInstanceOf(SQLException.class);
            server.start();
            try (var connection = pool.borrow();
                    var row = connection.createStatement().executeQuery("show row_security")) {
                row.next();
                assertThat(row.getString(1)).isEqualTo("off");
            }
        }
    }
}
