package dev.flusso.dev.servers;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import org.jspecify.annotations.Nullable;

/** Passes one request after the other, each read whole before anything happens to it, and its answer too. One thread. */
final class HttpLink extends ProxyLink {

    private static final long STALE_AFTER_NANOS = Duration.ofMillis(50).toNanos();

    private final HttpFaults faults;
    private @Nullable Socket target;
    private @Nullable InputStream answers;
    private long lastUseNanos;

    HttpLink(FaultProxy proxy, HttpFaults faults, Socket client) {
        super(proxy, client);
        this.faults = faults;
    }

    @Override
    public void run() {
        try {
            var requests = new BufferedInputStream(client.getInputStream());
            while (!isOver()) {
                var message = HttpMessage.readRequest(requests, client.getOutputStream());
                if (message.isEmpty()) {
                    end();
                    return;
                }
                exchange(new ProxiedRequest(message.get()));
            }
        } catch (IOException | RuntimeException e) {
            reset();
        }
    }

    private void exchange(ProxiedRequest request) throws IOException {
        faults.begun();
        HttpMessage answer = null;
        try {
            answer = treated(request);
        } finally {
            // before the client has its answer, so that it finds the exchange counted
            faults.ended(request, answer == null ? 0 : answer.status());
        }
        if (answer == null) {
            reset();
            return;
        }
        answer.writeTo(client.getOutputStream());
        if (request.message().endsConnection() || answer.endsConnection()) {
            end();
        }
    }

    /** The answer for the client, or null when it gets none and its connection is to be reset. */
    private @Nullable HttpMessage treated(ProxiedRequest request) throws IOException {
        switch (proxy.admit()) {
            case PASS, STALL, DELAY, DROP_RESPONSE -> {}
            case REFUSE, RESET -> {
                return null;
            }
            case BLACKHOLE -> {
                return lost();
            }
        }
        var rule = faults.ruleFor(request).orElse(null);
        var answer = rule == null ? delivered(request.message()) : ruled(rule, request);
        return switch (proxy.mode()) {
            case PASS, DELAY -> answer;
            case STALL -> proxy.admit() == FaultProxy.Mode.PASS ? answer : null;
            case BLACKHOLE -> lost();
            case REFUSE, RESET, DROP_RESPONSE -> null;
        };
    }

    private @Nullable HttpMessage lost() {
        bytesWereLost();
        proxy.awaitEndOfBlackhole();
        return null;
    }

    private @Nullable HttpMessage ruled(HttpRule rule, ProxiedRequest request) throws IOException {
        var action = rule.action();
        return switch (action.kind()) {
            case ANSWER -> answer((HttpAction.Answer) action);
            case RESET -> null;
            case DROP_RESPONSE -> {
                delivered(request.message());
                yield null;
            }
            case DELAY -> {
                proxy.pause(((HttpAction.Delay) action).pause());
                yield delivered(request.message());
            }
            case REJECT_ITEMS -> withoutItems((HttpAction.RejectItems) action, request);
            case HOLD -> held(rule, request);
        };
    }

    private HttpMessage withoutItems(HttpAction.RejectItems action, ProxiedRequest request) throws IOException {
        var bulk = new BulkRequest(request, action.status(), action.rejected());
        if (bulk.rejectsNothing()) {
            return delivered(request.message());
        }
        if (bulk.rejectsAll()) {
            return answer(new HttpAction.Answer(200, bulk.answer()));
        }
        return bulk.merged(delivered(bulk.remainder()));
    }

    /** The request goes to the target even when its client is gone by then: the network has it. */
    private HttpMessage held(HttpRule rule, ProxiedRequest request) throws IOException {
        rule.awaitRelease();
        var status = 0;
        try (var own = proxy.connectToTarget()) {
            request.message().writeTo(own.getOutputStream());
            var answer = HttpMessage.readResponse(new BufferedInputStream(own.getInputStream()), request.method());
            status = answer.status();
            return answer;
        } finally {
            rule.wasDelivered(status);
        }
    }

    private HttpMessage delivered(HttpMessage request) throws IOException {
        var socket = target;
        var stream = answers;
        if (socket == null || stream == null || isStale(socket, stream)) {
            socket = connected();
            stream = new BufferedInputStream(socket.getInputStream());
            target = socket;
            answers = stream;
        }
        request.writeTo(socket.getOutputStream());
        var answer = HttpMessage.readResponse(stream, request.word(0));
        lastUseNanos = System.nanoTime();
        return answer;
    }

    /** Whether the target has closed a connection that lay idle, as a server does that was started again. */
    private boolean isStale(Socket socket, InputStream stream) throws IOException {
        if (System.nanoTime() - lastUseNanos < STALE_AFTER_NANOS) {
            return false;
        }
        try {
            socket.setSoTimeout(1);
            stream.mark(1);
            if (stream.read() < 0) {
                socket.close();
                return true;
            }
            stream.reset();
            return false;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            socket.close();
            return true;
        } finally {
            if (!socket.isClosed()) {
                socket.setSoTimeout(0);
            }
        }
    }

    private static HttpMessage answer(HttpAction.Answer action) {
        var headers = new HashMap<String, String>();
        headers.put("Content-Type", "application/json; charset=UTF-8");
        if (action.status() == 401) {
            headers.put("WWW-Authenticate", "Basic realm=\"OpenSearch Security\"");
        }
        var body = action.body().isEmpty() ? error(action.status()) : action.body();
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        headers.put("Content-Length", Integer.toString(bytes.length));
        return HttpMessage.of("HTTP/1.1 " + action.status() + " Fault", headers, bytes);
    }

    private static String error(int status) {
        var type = switch (status) {
            case 401, 403 -> "security_exception";
            case 413 -> "content_too_long_exception";
            case 429 -> "rejected_execution_exception";
            case 503 -> "cluster_manager_not_discovered_exception";
            default -> "exception";
        };
        var cause = "{\"type\":\"" + type + "\",\"reason\":\"made by the fault proxy\"}";
        return "{\"error\":{\"root_cause\":[" + cause + "],\"type\":\"" + type
                + "\",\"reason\":\"made by the fault proxy\"},\"status\":" + status + "}";
    }
}
