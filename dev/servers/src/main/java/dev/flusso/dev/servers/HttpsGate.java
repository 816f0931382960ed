package dev.flusso.dev.servers;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * TLS and a password before an OpenSearch that has neither, as a reverse proxy in production does it: it ends TLS, asks for HTTP basic,
 * and hands the request on. For what a lack of rights looks like there is {@link SearchServer.Builder#secured}.
 */
public final class HttpsGate implements AutoCloseable {

    private final HttpsServer gate;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        var thread = new Thread(task, "https-gate");
        thread.setDaemon(true);
        return thread;
    });
    private final HttpClient client = HttpClient.newHttpClient();
    private final URI inside;
    private final SelfSigned certificate;
    private final String expected;

    private HttpsGate(HttpsServer gate, URI inside, SelfSigned certificate, String expected) {
        this.gate = gate;
        this.inside = inside;
        this.certificate = certificate;
        this.expected = expected;
    }

    /**
     * Makes a certificate in {@code folder} and begins to listen.
     *
     * @param address where it listens, such as {@code ::1}
     */
    public static HttpsGate open(SearchServer server, InetAddress address, Path folder, String user, String password) {
        try {
            var certificate = SelfSigned.server(folder);
            var gate = HttpsServer.create(new InetSocketAddress(address, 0), 0);
            gate.setHttpsConfigurator(new HttpsConfigurator(certificate.serving()));
            var credentials = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
            var opened = new HttpsGate(
                    gate,
                    server.url(),
                    certificate,
                    "Basic " + Base64.getEncoder().encodeToString(credentials));
            gate.createContext("/", opened::answer);
            gate.setExecutor(opened.threads);
            gate.start();
            return opened;
        } catch (IOException e) {
            throw new ServerException("cannot listen at " + address + ": " + e, e);
        }
    }

    /** By the address it listens at, an IPv6 one in brackets. */
    public URI url() {
        var address = gate.getAddress().getAddress().getHostAddress().replaceFirst("%.*", "");
        var host = address.contains(":") ? "[" + address + "]" : address;
        return URI.create("https://" + host + ":" + gate.getAddress().getPort());
    }

    /** What clients must trust, PEM. */
    public Path certificate() {
        return certificate.certificate();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = exchange.getRequestBody().readAllBytes();
            if (!expected.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                exchange.sendResponseHeaders(401, -1);
                return;
            }
            var request = HttpRequest.newBuilder(
                            URI.create(inside + exchange.getRequestURI().toString()))
                    .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
            for (var name : List.of("Content-Type", "Content-Encoding", "Accept")) {
                exchange.getRequestHeaders()
                        .getOrDefault(name, List.of())
                        .forEach(value -> request.header(name, value));
            }
            var answer = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            answer.headers()
                    .firstValue("Content-Type")
                    .ifPresent(type -> exchange.getResponseHeaders().set("Content-Type", type));
            var length = answer.body().length;
            exchange.sendResponseHeaders(answer.statusCode(), length == 0 ? -1 : length);
            exchange.getResponseBody().write(answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        gate.stop(0);
        threads.shutdownNow();
    }
}
