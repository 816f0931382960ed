package dev.flusso.dev.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpFaultsTest {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final List<String> seen = new CopyOnWriteArrayList<>();
    private HttpServer target;
    private FaultProxy proxy;

    @BeforeEach
    void open() throws IOException {
        target = started(0);
        proxy = FaultProxy.http("127.0.0.1", target.getAddress().getPort());
    }

    @AfterEach
    void close() {
        proxy.close();
        target.stop(0);
    }

    @Test
    void passesEveryKindOfMessage() throws Exception {
        assertThat(send("GET", "/things?x=1", "").body()).isEqualTo("GET /things?x=1 ");
        assertThat(send("POST", "/_bulk", "body").body()).isEqualTo("POST /_bulk body");
        assertThat(send("HEAD", "/", "").statusCode()).isEqualTo(200);
        assertThat(send("GET", "/after-head", "").body()).isEqualTo("GET /after-head ");
        assertThat(send("GET", "/nothing", "").statusCode()).isEqualTo(204);
        assertThat(send("GET", "/chunked", "").body()).isEqualTo("GET /chunked ");
        var chunks = HttpRequest.newBuilder(proxy.url().resolve("/in"))
                .POST(BodyPublishers.fromPublisher(BodyPublishers.ofString("chunks")))
                .build();
        assertThat(CLIENT.send(chunks, BodyHandlers.ofString()).body()).isEqualTo("POST /in chunks");
        var waiting = HttpRequest.newBuilder(proxy.url().resolve("/in"))
                .expectContinue(true)
                .POST(BodyPublishers.ofString("waited"))
                .build();
        assertThat(CLIENT.send(waiting, BodyHandlers.ofString()).body()).isEqualTo("POST /in waited");
        assertThat(proxy.http().requests()).isEqualTo(8);
        assertThat(proxy.http().count(exchange -> exchange.status() == 200)).isEqualTo(7);
    }

    @Test
    void answersTheNextOnesItselfThenPasses() throws Exception {
        var rule = proxy.http().next(3).bulks().answer(429);
        assertThat(send("GET", "/", "").statusCode()).isEqualTo(200);
        for (var time = 0; time < 3; time++) {
            var answer = send("POST", "/_bulk", "x");
            assertThat(answer.statusCode()).isEqualTo(429);
            assertThat(answer.body()).contains("rejected_execution_exception");
        }
        assertThat(rule.isUsedUp()).isTrue();
        assertThat(send("POST", "/_bulk", "y").statusCode()).isEqualTo(200);
        assertThat(seen).containsExactly("GET / ", "POST /_bulk y");
    }

    @Test
    void answersAsServersDo() throws Exception {
        proxy.http().next(1).answer(401);
        proxy.http().next(1).answer(413);
        var rule = proxy.http().always().answer(503, "{\"a\":1}");
        assertThat(send("GET", "/", "").headers().firstValue("WWW-Authenticate"))
                .hasValueSatisfying(value -> assertThat(value).startsWith("Basic"));
        assertThat(send("GET", "/", "").statusCode()).isEqualTo(413);
        assertThat(send("GET", "/", "").body()).isEqualTo("{\"a\":1}");
        rule.cancel();
        assertThat(send("GET", "/", "").statusCode()).isEqualTo(200);
        assertThatThrownBy(() -> proxy.http().next(1).answer(99)).hasMessageContaining("99");
        assertThatThrownBy(() -> proxy.http().next(0)).hasMessageContaining("0");
    }

    @Test
    void losesTheAnswerOfADeliveredRequest() {
        proxy.http().next(1).matching(request -> request.text().equals("lost")).dropResponse();
        assertThatThrownBy(() -> send("POST", "/", "lost")).isInstanceOf(IOException.class);
        assertThat(seen).contains("POST / lost");
    }

    @Test
    void resetsARequestThatIsNotDelivered() {
        proxy.http().always().reset();
        assertThatThrownBy(() -> send("POST", "/", "lost")).isInstanceOf(IOException.class);
        assertThat(seen).isEmpty();
    }

    @Test
    void deliversAHeldRequestAfterItsClientHasGivenUpAndSentAnother() throws Exception {
        var rule = proxy.http()
                .next(1)
                .matching(request -> request.path().equals("/old"))
                .hold();
        assertThatThrownBy(() -> send("POST", "/old", "1", Duration.ofMillis(200)))
                .isInstanceOf(HttpTimeoutException.class);
        assertThat(rule.await(1, SOON)).hasSize(1).first().hasToString("POST /old");
        assertThat(send("POST", "/new", "2").statusCode()).isEqualTo(200);
        assertThat(seen).containsExactly("POST /new 2");
        assertThat(rule.deliver(SOON)).containsExactly(200);
        assertThat(seen).containsExactly("POST /new 2", "POST /old 1");
    }

    @Test
    void answersTheClientOfAHeldRequestThatStillWaits() throws Exception {
        var rule = proxy.http().next(1).hold();
        var answer = CLIENT.sendAsync(
                HttpRequest.newBuilder(proxy.url().resolve("/held")).build(), BodyHandlers.ofString());
        rule.await(1, SOON);
        assertThat(answer).isNotDone();
        assertThat(rule.deliver(SOON)).containsExactly(200);
        assertThat(answer.join().body()).isEqualTo("GET /held ");
    }

    @Test
    void delaysOneRequest() throws Exception {
        proxy.http().next(1).delay(Duration.ofMillis(100));
        var begin = System.nanoTime();
        send("GET", "/", "");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofMillis(100));
    }

    @Test
    void obeysTheModeToo() throws Exception {
        proxy.blackhole();
        assertThatThrownBy(() -> send("GET", "/", "", Duration.ofMillis(200))).isInstanceOf(HttpTimeoutException.class);
        proxy.dropResponses();
        assertThatThrownBy(() -> send("POST", "/", "dropped")).isInstanceOf(IOException.class);
        proxy.stall();
        assertThatThrownBy(() -> send("GET", "/", "", Duration.ofMillis(200))).isInstanceOf(HttpTimeoutException.class);
        proxy.pass();
        assertThat(send("GET", "/", "").statusCode()).isEqualTo(200);
        assertThat(seen).contains("POST / dropped");
    }

    @Test
    void findsTheTargetAgainAfterItWasRestarted() throws Exception {
        assertThat(send("GET", "/one", "").statusCode()).isEqualTo(200);
        var port = target.getAddress().getPort();
        target.stop(0);
        assertThatThrownBy(() -> send("GET", "/two", "")).isInstanceOf(IOException.class);
        target = started(port);
        assertThat(send("GET", "/three", "").statusCode()).isEqualTo(200);
    }

    @Test
    void countsWhatIsUnderWayAtOnce() throws Exception {
        var rule = proxy.http().always().hold();
        var answers = IntStream.range(0, 3)
                .mapToObj(number -> CLIENT.sendAsync(
                        HttpRequest.newBuilder(proxy.url().resolve("/" + number))
                                .build(),
                        BodyHandlers.ofString()))
                .toList();
        rule.await(3, SOON);
        rule.deliver(SOON);
        answers.forEach(answer -> assertThat(answer.join().statusCode()).isEqualTo(200));
        assertThat(proxy.http().peakInFlight()).isEqualTo(3);
    }

    @Test
    void keepsRejectedItemsBackAndAnswersThemInTheirPlaces() throws Exception {
        proxy.http().next(2).rejectItems(429, item -> item.number() % 2 == 0);
        var bulk =
                "{\"index\":{\"_id\":\"a\"}}\n{\"n\":1}\n{\"delete\":{\"_id\":\"b\"}}\n{\"index\":{\"_id\":\"c\"}}\n{\"n\":3}\n";
        var plain = send("POST", "/things/_bulk", bulk).body();
        assertThat(seen).containsExactly("POST /things/_bulk {\"delete\":{\"_id\":\"b\"}}\n");
        assertThat(JsonArray.elements(plain, "items"))
                .hasSize(3)
                .satisfiesExactly(
                        first -> assertThat(first).contains("\"_id\":\"a\"", "\"status\":429", "\"things\""),
                        second -> assertThat(second).isEqualTo("{\"delete\":{\"_id\":\"b\",\"status\":200}}"),
                        third -> assertThat(third).contains("\"_id\":\"c\"", "\"status\":429"));
        assertThat(plain).contains("\"errors\":true");

        var request = HttpRequest.newBuilder(proxy.url().resolve("/things/_bulk"))
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofByteArray(gzipped(bulk)))
                .build();
        assertThat(CLIENT.send(request, BodyHandlers.ofString()).body()).isEqualTo(plain);
    }

    private static byte[] gzipped(String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private HttpResponse<String> send(String method, String path, String body)
            throws IOException, InterruptedException {
        return send(method, path, body, SOON);
    }

    private HttpResponse<String> send(String method, String path, String body, Duration timeout)
            throws IOException, InterruptedException {
        var publisher = body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body);
        var request = HttpRequest.newBuilder(proxy.url().resolve(path))
                .timeout(timeout)
                .method(method, publisher)
                .build();
        return CLIENT.send(request, BodyHandlers.ofString());
    }

    /** Says back what it was told; bulks as if all went well. */
    private HttpServer started(int port) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(Executors.newCachedThreadPool(work -> {
            var thread = new Thread(work, "target");
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/", this::answer);
        server.start();
        return server;
    }

    private void answer(HttpExchange exchange) throws IOException {
        var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        var text = exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body;
        seen.add(text);
        if (exchange.getRequestURI().getPath().equals("/things/_bulk")) {
            text = "{\"took\":3,\"errors\":false,\"items\":[{\"delete\":{\"_id\":\"b\",\"status\":200}}]}";
        }
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        if (exchange.getRequestURI().getPath().equals("/nothing")) {
            exchange.sendResponseHeaders(204, -1);
        } else if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().add("Content-Length", Integer.toString(bytes.length));
            exchange.sendResponseHeaders(200, -1);
        } else {
            exchange.sendResponseHeaders(200, exchange.getRequestURI().getPath().equals("/chunked") ? 0 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }
}
