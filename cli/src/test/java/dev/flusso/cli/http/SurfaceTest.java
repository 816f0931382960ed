package dev.flusso.cli.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flusso.cli.http.PublicSurface.Scraped;
import dev.flusso.cli.status.Probe;
import dev.flusso.cli.status.StatusReport;
import dev.flusso.cli.status.StatusReport.IndexPhase;
import dev.flusso.cli.status.StatusSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SurfaceTest {
    private static final Address ANY = new Address("127.0.0.1", 0);

    private final HttpClient client = HttpClient.newHttpClient();
    private final Told told = new Told();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (var surface : open) {
            surface.close();
        }
    }

    @Test
    void answersHealthAndReadinessByTheProbes() throws Exception {
        var surface = publicSurface();
        assertThat(get(surface.address(), "/healthz").statusCode()).isEqualTo(200);
        assertThat(get(surface.address(), "/readyz").body()).isEqualTo("ready\n");
        told.readiness = Probe.of(List.of("lane primary/users: sink away for 12 s", "capture: no heartbeat for 9 s"));
        var answer = get(surface.address(), "/readyz");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).isEqualTo("lane primary/users: sink away for 12 s\ncapture: no heartbeat for 9 s\n");
        told.health = Probe.of(List.of("thread lane-primary-users is stuck"));
        assertThat(get(surface.address(), "/healthz").statusCode()).isEqualTo(503);
    }

    @Test
    void answersStatusAsJsonAndMetricsAsText() throws Exception {
        var surface = publicSurface();
        var status = get(surface.address(), "/status");
        assertThat(status.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(status.body()).contains("\"phase\":\"live\"");
        var metrics = get(surface.address(), "/metrics");
        assertThat(metrics.headers().firstValue("Content-Type")).contains("text/x-metrics");
        assertThat(metrics.body()).isEqualTo("a_metric 1\n");
    }

    @Test
    void saysWhichPagesThereAre() throws Exception {
        var answer = get(publicSurface().address(), "/nonsense");
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).isEqualTo("there is no such page; there are /healthz, /readyz, /status, /metrics\n");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    }

    @Test
    void saysHowAPageIsAskedFor() throws Exception {
        var answer = send(publicSurface().address(), "/healthz", request -> request.POST(none()));
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).contains("GET, HEAD");
    }

    @Test
    void answersHeadWithTheHeadersAlone() throws Exception {
        var surface = publicSurface();
        var head = send(surface.address(), "/readyz", request -> request.method("HEAD", none()));
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValue("Content-Length")).contains("6");
        assertThat(get(surface.address(), "/readyz").body()).isEqualTo("ready\n");
    }

    @Test
    void keepsAFailingPageToItself() throws Exception {
        var surface = PublicSurface.open(ANY, "--public-address", told, accept -> {
            throw new IllegalStateException("secret details");
        });
        open.add(surface);
        var answer = get(surface.address(), "/metrics");
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).isEqualTo("this page failed; the log says why\n");
        assertThat(get(surface.address(), "/healthz").statusCode()).isEqualTo(200);
    }

    @Test
    void answersAgainAfterMoreRequestsThanItCanHold() throws Exception {
        var release = new CountDownLatch(1);
        var surface = PublicSurface.open(ANY, "--public-address", told, accept -> {
            try {
                release.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return new Scraped("text/plain", "late\n");
        });
        open.add(surface);
        var flood = new ArrayList<CompletableFuture<?>>();
        for (var i = 0; i < 300; i++) {
            flood.add(client.sendAsync(
                    request(surface.address(), "/metrics").build(), HttpResponse.BodyHandlers.ofString()));
        }
        assertThat(CompletableFuture.anyOf(flood.toArray(CompletableFuture[]::new)))
                .as("one that did not fit is cut off")
                .failsWithin(20, TimeUnit.SECONDS);
        release.countDown();
        for (var one : flood) {
            one.handle((answer, failure) -> answer).get(20, TimeUnit.SECONDS);
        }
        assertThat(get(surface.address(), "/healthz").statusCode()).isEqualTo(200);
    }

    @Test
    @DisplayName("clients that send half a request and wait do not keep others out")
    void answersBesideSlowClients() throws Exception {
        var address = publicSurface().address();
        var slow = new ArrayList<Socket>();
        try {
            for (var i = 0; i < 50; i++) {
                var socket = new Socket(address.getAddress(), address.getPort());
                slow.add(socket);
                socket.getOutputStream().write("GET /readyz HTTP/1.1\r\nHost: loc".getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().flush();
            }
            var answer = client.sendAsync(request(address, "/readyz").build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.get(2, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        } finally {
            for (var socket : slow) {
                socket.close();
            }
        }
    }

    @Test
    void saysWhichAddressIsTaken() {
        var taken = publicSurface().address().getPort();
        assertThatThrownBy(() -> PublicSurface.open(new Address("127.0.0.1", taken), "--public-address", told, told))
                .isInstanceOf(SurfaceException.class)
                .hasMessageStartingWith("cannot listen at 127.0.0.1:" + taken + " for the public pages: ")
                .hasMessageContaining("--public-address chooses another");
    }

    @Test
    void saysThatAHostIsUnknown() {
        assertThatThrownBy(() ->
                        PublicSurface.open(new Address("no.such.host.invalid", 0), "--capture-address", told, told))
                .isInstanceOf(SurfaceException.class)
                .hasMessageContaining("no such host 'no.such.host.invalid'");
    }

    @Test
    void letsInWhoKnowsThePassword() throws Exception {
        var surface = privateSurface(new Credentials("root", "pässword:1"));
        var refused = get(surface.address(), "/indexes");
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.headers().firstValue("WWW-Authenticate"))
                .contains("Basic realm=\"flusso\", charset=\"UTF-8\"");
        for (var wrong : List.of("root:", "root:passw", "admin:pässword:1", "root:pässword:1 ", "")) {
            assertThat(withPassword(surface, wrong).statusCode()).as(wrong).isEqualTo(401);
        }
        assertThat(send(surface.address(), "/indexes", r -> r.header("Authorization", "Basic !!!"))
                        .statusCode())
                .isEqualTo(401);
        assertThat(send(surface.address(), "/indexes", r -> r.header("Authorization", "Bearer x"))
                        .statusCode())
                .isEqualTo(401);
        assertThat(withPassword(surface, "root:pässword:1").body())
                .isEqualTo("{\"orders\":\"pending\",\"users\":\"seeded\"}\n");
    }

    @Test
    void refusesAlsoUnknownPagesWithoutThePassword() throws Exception {
        var surface = privateSurface(new Credentials("admin", "x"));
        assertThat(get(surface.address(), "/nonsense").statusCode()).isEqualTo(401);
    }

    @Test
    void answersOnLoopbackOnlyWithoutAPassword() throws Exception {
        var surface = PrivateSurface.open(new Address("0.0.0.0", 0), new Credentials("admin", null), told);
        open.add(surface);
        assertThat(surface.address().getAddress().isLoopbackAddress()).isTrue();
        var local = new InetSocketAddress(
                InetAddress.getLoopbackAddress(), surface.address().getPort());
        assertThat(get(local, "/indexes").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: evil.example",
                "Host: 127.0.0.1.evil.example:80",
                "Host: localhost\r\nOrigin: http://evil.example"
            })
    void turnsBrowsersAwayWithoutAPassword(String headers) throws Exception {
        var surface = privateSurface(new Credentials("admin", null));
        try (var socket =
                new Socket(surface.address().getAddress(), surface.address().getPort())) {
            var request = "POST /reindex?index=users HTTP/1.1\r\n" + headers
                    + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 403 ").contains("FLUSSO_ADMIN_PASSWORD");
        }
        assertThat(told.reindexed).isEmpty();
    }

    @Test
    void takesAReindex() throws Exception {
        var surface = privateSurface(new Credentials("admin", null));
        assertThat(reindex(surface, "?index=users").statusCode()).isEqualTo(202);
        assertThat(told.reindexed).containsExactly("users");
        assertThat(reindex(surface, "?index=usres").statusCode()).isEqualTo(404);
        assertThat(reindex(surface, "?index=usres").body())
                .isEqualTo("{\"error\":\"there is no index 'usres'; there are orders, users\"}\n");
        assertThat(reindex(surface, "?index=later").body())
                .isEqualTo("{\"error\":\"flusso is starting or stopping; ask again\"}\n");
        assertThat(reindex(surface, "").headers().firstValue("Content-Type")).contains("application/json");
        assertThat(reindex(surface, "?index=").statusCode()).isEqualTo(400);
        assertThat(reindex(surface, "?other=1&index").statusCode()).isEqualTo(400);
        assertThat(reindex(surface, "?index=later").statusCode()).isEqualTo(503);
        assertThat(get(surface.address(), "/reindex?index=users").statusCode()).isEqualTo(405);
    }

    private HttpResponse<String> reindex(PrivateSurface surface, String query) throws Exception {
        return send(surface.address(), "/reindex" + query, request -> request.POST(none()));
    }

    private HttpResponse<String> withPassword(PrivateSurface surface, String pair) throws Exception {
        var encoded = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
        return send(surface.address(), "/indexes", request -> request.header("Authorization", "basic " + encoded));
    }

    private PublicSurface publicSurface() {
        var surface = PublicSurface.open(ANY, "--public-address", told, told);
        open.add(surface);
        return surface;
    }

    private PrivateSurface privateSurface(Credentials credentials) {
        var surface = PrivateSurface.open(ANY, credentials, told);
        open.add(surface);
        return surface;
    }

    private HttpResponse<String> get(InetSocketAddress address, String path) throws Exception {
        return send(address, path, HttpRequest.Builder::GET);
    }

    private HttpResponse<String> send(InetSocketAddress address, String path, UnaryOperator<HttpRequest.Builder> with)
            throws IOException, InterruptedException {
        return client.send(with.apply(request(address, path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(InetSocketAddress address, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + address.getPort() + path));
    }

    private static HttpRequest.BodyPublisher none() {
        return HttpRequest.BodyPublishers.noBody();
    }

    /** Says what the test told it to. */
    private static final class Told implements StatusSource, IndexControl, PublicSurface.Scrape {
        private volatile Probe health = Probe.fine();
        private volatile Probe readiness = Probe.fine();
        private final List<String> reindexed = new ArrayList<>();

        @Override
        public Probe health() {
            return health;
        }

        @Override
        public Probe readiness() {
            return readiness;
        }

        @Override
        public StatusReport status() {
            return new StatusReport(
                    StatusReport.Phase.LIVE, 1, Map.of(), 0, 0, 0, 0, 0, 0, null, null, 0, null, null, null, Map.of());
        }

        @Override
        public Scraped scrape(String accept) {
            return new Scraped("text/x-metrics", "a_metric 1\n");
        }

        @Override
        public Map<String, IndexPhase> indexes() {
            return new TreeMap<>(Map.of("users", IndexPhase.SEEDED, "orders", IndexPhase.PENDING));
        }

        @Override
        public Reindex reindex(String index) {
            if (index.equals("later")) {
                return Reindex.UNAVAILABLE;
            }
            if (!indexes().containsKey(index)) {
                return Reindex.UNKNOWN;
            }
            reindexed.add(index);
            return Reindex.ACCEPTED;
        }
    }
}
