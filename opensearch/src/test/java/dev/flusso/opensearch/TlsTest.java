package dev.flusso.opensearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.flusso.schema.connection.ClusterAccess;
import dev.flusso.worker.SinkException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {

    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private static Path folder;

    private static HttpsServer server;
    private static Path authority;

    @BeforeAll
    static void start() throws IOException, InterruptedException, GeneralSecurityException {
        var store = folder.resolve("server.p12");
        var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        var made = new ProcessBuilder(
                        keytool,
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=DNS:localhost",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        "changeit")
                .inheritIO()
                .start();
        assertThat(made.waitFor(60, TimeUnit.SECONDS)).isTrue();
        var keys = KeyStore.getInstance("PKCS12");
        try (var stream = Files.newInputStream(store)) {
            keys.load(stream, PASSWORD);
        }
        authority = folder.resolve("ca.pem");
        var encoded = Base64.getMimeEncoder()
                .encodeToString(keys.getCertificate("server").getEncoded());
        Files.writeString(authority, "-----BEGIN CERTIFICATE-----\n" + encoded + "\n-----END CERTIFICATE-----\n");

        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/", exchange -> {
            var answer = "{}".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            try (var body = exchange.getResponseBody()) {
                body.write(answer);
            }
        });
        server.start();
    }

    @AfterAll
    static void stop() {
        server.stop(0);
    }

    private static Reply ask(String host, @Nullable Path caCert, boolean verify) {
        var access = new ClusterAccess(
                URI.create("https://" + host + ":" + server.getAddress().getPort() + "/gateway/"),
                null,
                null,
                null,
                caCert == null ? null : caCert.toString(),
                verify);
        try (var cluster = Cluster.open("search", access, Duration.ofSeconds(30), false)) {
            return cluster.ask(Call.get("/"));
        }
    }

    @Test
    void trustsTheAuthorityItIsGiven() {
        assertThat(ask("localhost", authority, true).status()).isEqualTo(200);
    }

    @Test
    void trustsNobodyElse() {
        assertThatThrownBy(() -> ask("localhost", null, true))
                .isInstanceOfSatisfying(
                        SinkException.class, e -> assertThat(e.kind()).isEqualTo(SinkException.Kind.UNAVAILABLE))
                .hasMessageContaining("ca_cert");
    }

    @Test
    void checksTheHostName() {
        assertThatThrownBy(() -> ask("127.0.0.1", authority, true))
                .isInstanceOf(SinkException.class)
                .hasMessageContaining("127.0.0.1");
    }

    @Test
    void trustsAnybodyWhenToldTo() {
        assertThat(ask("127.0.0.1", null, false).status()).isEqualTo(200);
    }

    @Test
    void refusesAFileThatHoldsNoCertificate() throws IOException {
        var empty = Files.writeString(folder.resolve("empty.pem"), "");
        var broken = Files.writeString(folder.resolve("broken.pem"), "-----BEGIN CERTIFICATE-----\nx\n");
        for (var file : new Path[] {empty, broken, folder.resolve("absent.pem"), folder}) {
            assertThatThrownBy(() -> ask("localhost", file, true))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("ca_cert '" + file + "'");
        }
    }
}
