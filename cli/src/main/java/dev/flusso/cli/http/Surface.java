package dev.flusso.cli.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pages at an address, over the JDK's own HTTP server. The JDK's server reads a request on the thread that answers it, so a
 * client that sends half of one and waits holds that thread until the launcher's time limit for requests ends it. There are more threads
 * than a few such clients can hold; they end when they are idle, and requests beyond them are cut off, so that no client can make the
 * process grow.
 */
final class Surface implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Surface.class);
    private static final int THREADS = 128;
    private static final int IDLE_SECONDS = 10;
    private static final int STACK_BYTES = 256 << 10;
    private static final int WAITING = 128;

    private final HttpServer server;
    private final ExecutorService threads;

    private Surface(HttpServer server, ExecutorService threads) {
        this.server = server;
        this.threads = threads;
    }

    /**
     * Listens from now on.
     *
     * @param name for threads, logs and errors: {@code public}, {@code private} or {@code capture}
     * @param option the flag that chooses the address, for the error
     * @throws SurfaceException when the address cannot be used
     */
    static Surface open(String name, String option, InetSocketAddress address, Gate gate, List<Page> pages) {
        HttpServer server;
        try {
            if (address.isUnresolved()) {
                throw new IOException("no such host '" + address.getHostString() + "'");
            }
            server = HttpServer.create(address, WAITING);
        } catch (IOException e) {
            throw new SurfaceException(
                    "cannot listen at " + shown(address) + " for the " + name + " pages: " + e.getMessage()
                            + "; is another flusso running? " + option + " chooses another address",
                    e);
        }
        var number = new AtomicInteger();
        var threads =
                new ThreadPoolExecutor(0, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    var thread =
                            new Thread(null, task, "flusso-http-" + name + "-" + number.incrementAndGet(), STACK_BYTES);
                    thread.setDaemon(true);
                    return thread;
                });
        var byPath = pages.stream()
                .collect(Collectors.groupingBy(Page::path, LinkedHashMap::new, Collectors.toUnmodifiableList()));
        server.createContext("/", exchange -> answer(exchange, gate, byPath));
        server.setExecutor(threads);
        server.start();
        return new Surface(server, threads);
    }

    /** Where it listens, with the port the system picked when 0 was asked for. */
    InetSocketAddress address() {
        return server.getAddress();
    }

    /** {@code 127.0.0.1:9464}. */
    static String shown(InetSocketAddress address) {
        var host = address.getAddress() == null
                ? address.getHostString()
                : address.getAddress().getHostAddress();
        return new Address(host, address.getPort()).toString();
    }

    /** Stops listening; what is being answered is cut off. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private static void answer(HttpExchange exchange, Gate gate, Map<String, List<Page>> pages) throws IOException {
        try (exchange) {
            Answer answer;
            try {
                answer = gate.refuse(exchange.getRequestHeaders(), exchange.getResponseHeaders())
                        .orElseGet(() -> found(exchange, pages));
            } catch (RuntimeException e) {
                LOG.warn("page failed path={}", exchange.getRequestURI().getPath(), e);
                answer = Answer.text(500, "this page failed; the log says why");
            }
            send(exchange, answer);
        }
    }

    private static Answer found(HttpExchange exchange, Map<String, List<Page>> pages) {
        var path = exchange.getRequestURI().getPath();
        var here = pages.get(path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path);
        if (here == null) {
            return Answer.text(404, "there is no such page; there are " + String.join(", ", pages.keySet()));
        }
        for (var page : here) {
            if (page.serves(exchange.getRequestMethod())) {
                var accept = exchange.getRequestHeaders().getFirst("Accept");
                var query = query(exchange.getRequestURI().getRawQuery());
                return page.answer().apply(new Page.Request(query, accept == null ? "" : accept));
            }
        }
        var methods = here.stream().map(Page::methods).collect(Collectors.joining(", "));
        exchange.getResponseHeaders().set("Allow", methods);
        return Answer.text(405, "this page is asked for with " + methods);
    }

    private static Map<String, String> query(@Nullable String raw) {
        var query = new LinkedHashMap<String, String>();
        for (var pair : raw == null ? new String[0] : raw.split("&", -1)) {
            var equals = pair.indexOf('=');
            if (equals > 0) {
                query.putIfAbsent(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
            }
        }
        return query;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        var body = answer.body().getBytes(StandardCharsets.UTF_8);
        var headers = exchange.getResponseHeaders();
        headers.set("Content-Type", answer.type());
        headers.set("Cache-Control", "no-store");
        headers.set("X-Content-Type-Options", "nosniff");
        if (exchange.getRequestMethod().equals("HEAD")) {
            headers.set("Content-Length", Integer.toString(body.length));
            exchange.sendResponseHeaders(answer.status(), -1);
            return;
        }
        exchange.sendResponseHeaders(answer.status(), body.length);
        exchange.getResponseBody().write(body);
    }
}
