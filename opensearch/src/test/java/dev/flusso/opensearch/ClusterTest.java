package dev.flusso.opensearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.flusso.worker.SinkException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.http.entity.AbstractHttpEntity;
import org.apache.http.nio.ContentEncoder;
import org.apache.http.nio.IOControl;
import org.apache.http.nio.entity.HttpAsyncContentProducer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ClusterTest {

    private final CountDownLatch ended = new CountDownLatch(1);
    private HttpServer server;
    private Cluster cluster;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 0);
            try (var body = exchange.getResponseBody()) {
                answer(exchange.getRequestURI().getPath(), body);
            } catch (IOException e) {
                // the client has given up, as the test wants it
            }
        });
        server.start();
        var url = URI.create("http://localhost:" + server.getAddress().getPort());
        cluster = Cluster.open("search", SinkFixtures.access(url), Duration.ofSeconds(2), false);
    }

    @AfterEach
    void stop() {
        ended.countDown();
        cluster.close();
        server.stop(0);
    }

    private void answer(String path, OutputStream body) throws IOException {
        switch (path) {
            case "/trickle" -> {
                while (!ended(100)) {
                    body.write(' ');
                    body.flush();
                }
            }
            case "/endless" -> {
                var block = " ".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
                while (!ended(0)) {
                    body.write(block);
                }
            }
            default -> body.write("{}".getBytes(StandardCharsets.US_ASCII));
        }
    }

    private boolean ended(long pauseMillis) {
        try {
            return ended.await(pauseMillis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    @Test
    @DisplayName("P10 an answer that never ends is not waited for")
    void givesUpOnATricklingAnswer() {
        var began = System.nanoTime();
        assertThatThrownBy(() -> cluster.ask(Call.get("/trickle")))
                .isInstanceOf(SinkException.class)
                .hasMessageContaining("did not answer GET /trickle within 2000 ms");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(15));
        assertThat(cluster.ask(Call.get("/")).status()).isEqualTo(200);
    }

    @Test
    @DisplayName("P11 an answer without end is not kept")
    void givesUpOnAnEndlessAnswer() {
        assertThatThrownBy(() -> cluster.ask(Call.get("/endless")))
                .isInstanceOfSatisfying(
                        SinkException.class, e -> assertThat(e.kind()).isEqualTo(SinkException.Kind.UNAVAILABLE))
                .hasMessageContaining("the answer is longer than 33554432 bytes");
        assertThat(cluster.ask(Call.get("/")).status()).isEqualTo(200);
    }

    @Test
    @DisplayName("P10 a client whose I/O thread died is replaced")
    void replacesADeadClient() {
        assertThatThrownBy(() -> cluster.ask(Call.post("/").body(new Broken())))
                .isInstanceOfSatisfying(
                        SinkException.class, e -> assertThat(e.kind()).isEqualTo(SinkException.Kind.UNAVAILABLE));
        assertThat(cluster.ask(Call.get("/")).status()).isEqualTo(200);
    }

    @Test
    void saysThatItIsClosed() {
        cluster.close();
        assertThatThrownBy(() -> cluster.ask(Call.get("/")))
                .isInstanceOf(SinkException.class)
                .hasMessageContaining("closed");
    }

    /** A body whose sending fails in a way nobody foresaw. */
    private static final class Broken extends AbstractHttpEntity implements HttpAsyncContentProducer {
        @Override
        public void produceContent(ContentEncoder encoder, IOControl control) {
            throw new IllegalStateException("unforeseen");
        }

        @Override
        public void close() {}

        @Override
        public boolean isRepeatable() {
            return true;
        }

        @Override
        public long getContentLength() {
            return 10;
        }

        @Override
        public InputStream getContent() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void writeTo(OutputStream out) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isStreaming() {
            return false;
        }
    }
}
