package dev.flusso.opensearch;

import dev.flusso.schema.connection.ClusterAccess;
import dev.flusso.worker.SinkException;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.apache.http.Header;
import org.apache.http.HttpEntity;
import org.apache.http.HttpHost;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.impl.nio.client.HttpAsyncClientBuilder;
import org.apache.http.message.BasicHeader;
import org.apache.http.util.EntityUtils;
import org.opensearch.client.Request;
import org.opensearch.client.RequestOptions;
import org.opensearch.client.Response;
import org.opensearch.client.ResponseException;
import org.opensearch.client.ResponseListener;
import org.opensearch.client.RestClient;

/**
 * The connection to a cluster: sends one request, once, and completes with whatever status came back, or fails as unavailable within
 * the deadline. Any thread.
 */
final class Cluster implements Closeable {

    /** A longer answer is not read: it would not be one to anything we ask. */
    private static final int LONGEST_ANSWER_BYTES = 32 << 20;

    /** All lanes of a sink share the pool; connections are opened as they are needed. */
    private static final int MOST_CONNECTIONS = 128;

    /** Shorter than what load balancers allow an idle connection, so that we drop it before they do. */
    private static final Duration LONGEST_IDLE = Duration.ofSeconds(45);

    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(10);

    private final String shown;
    private final ClusterAccess access;
    private final Duration timeout;
    private final boolean compression;
    private RestClient client;
    private boolean closed;

    private Cluster(String sink, ClusterAccess access, Duration timeout, boolean compression) {
        this.shown = "sink '" + sink + "' (" + access.url() + ")";
        this.access = access;
        this.timeout = timeout;
        this.compression = compression;
        this.client = newClient();
    }

    /** Makes no request. */
    static Cluster open(String sink, ClusterAccess access, Duration timeout, boolean compression) {
        return new Cluster(sink, access, timeout, compression);
    }

    /** The sink and where it is, for messages: {@code sink 'search' (https://search:9200)}. */
    String shown() {
        return shown;
    }

    /** How long the cluster may take for its own part of a request, so that it answers before we give up. */
    String serverTimeout() {
        return Math.max(100, timeout.toMillis() * 9 / 10) + "ms";
    }

    /** Sends a request and waits. */
    Reply ask(Call call) {
        return joined(send(call));
    }

    /** What a future of ours completed with. */
    static <T> T joined(CompletableFuture<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SinkException(SinkException.Kind.UNAVAILABLE, "interrupted while waiting for an answer", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SinkException known) {
                throw known;
            }
            throw new IllegalStateException("a request failed in an unforeseen way", e.getCause());
        }
    }

    /** Sends a request. */
    CompletableFuture<Reply> send(Call call) {
        var reply = new CompletableFuture<Reply>();
        var request = new Request(call.method(), call.path());
        call.parameters().forEach(request::addParameter);
        request.setEntity(call.body());
        var options = RequestOptions.DEFAULT.toBuilder();
        options.setHttpAsyncResponseConsumerFactory(() -> new BoundedAnswer(LONGEST_ANSWER_BYTES));
        options.setWarningsHandler(warnings -> false);
        request.setOptions(options);
        var what = call.method() + " " + call.path();
        try {
            var cancellable = running().performRequestAsync(request, new Listener(reply, what));
            return reply.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS).exceptionallyCompose(failure -> {
                cancellable.cancel();
                return CompletableFuture.failedFuture(
                        failure instanceof TimeoutException ? noAnswer(what, failure) : failure);
            });
        } catch (IllegalStateException e) { // the client was closed, or its I/O thread has just died
            return CompletableFuture.failedFuture(unavailable(what, e));
        }
    }

    private SinkException noAnswer(String what, Throwable cause) {
        return new SinkException(
                SinkException.Kind.UNAVAILABLE,
                shown + " did not answer " + what + " within " + timeout.toMillis()
                        + " ms; timeout_secs allows it longer",
                cause);
    }

    private SinkException unavailable(String what, Exception cause) {
        var why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        var word = cause instanceof ConnectException ? " cannot be connected to" : " failed at " + what;
        var advice = cause instanceof SSLException
                ? "; ca_cert names a PEM file with the authority to trust, and the certificate must be for this host"
                : "";
        return new SinkException(SinkException.Kind.UNAVAILABLE, shown + word + ": " + why + advice, cause);
    }

    /** An exception on its I/O thread ends Apache's client for good; then it is replaced. */
    private synchronized RestClient running() {
        if (closed) {
            throw new IllegalStateException("the sink is closed");
        }
        if (!client.isRunning()) {
            try {
                client.close();
            } catch (IOException | RuntimeException e) {
                // nothing is left of it that could be saved
            }
            client = newClient();
        }
        return client;
    }

    private RestClient newClient() {
        var url = access.url();
        var builder = RestClient.builder(new HttpHost(url.getHost(), url.getPort(), url.getScheme()))
                .setCompressionEnabled(compression)
                .setDefaultHeaders(authorization().toArray(Header[]::new))
                .setRequestConfigCallback(this::requestConfig)
                .setHttpClientConfigCallback(this::httpClient);
        var path = url.getPath();
        if (path != null && !path.isEmpty() && !path.equals("/")) {
            builder.setPathPrefix(path);
        }
        return builder.build();
    }

    private RequestConfig.Builder requestConfig(RequestConfig.Builder config) {
        var connect = timeout.compareTo(LONGEST_CONNECT) < 0 ? timeout : LONGEST_CONNECT;
        return config.setConnectTimeout((int) connect.toMillis())
                .setSocketTimeout((int) timeout.toMillis())
                .setConnectionRequestTimeout((int) timeout.toMillis())
                .setRedirectsEnabled(false);
    }

    private HttpAsyncClientBuilder httpClient(HttpAsyncClientBuilder http) {
        http.setMaxConnPerRoute(MOST_CONNECTIONS)
                .setMaxConnTotal(MOST_CONNECTIONS)
                .setKeepAliveStrategy((response, context) -> LONGEST_IDLE.toMillis())
                .disableAuthCaching()
                .disableCookieManagement();
        if (access.url().getScheme().equalsIgnoreCase("https")) {
            http.setSSLStrategy(Trust.strategy(access));
        }
        return http;
    }

    private List<Header> authorization() {
        var headers = new ArrayList<Header>();
        if (access.apiKey() != null) {
            headers.add(new BasicHeader("Authorization", "ApiKey " + access.apiKey()));
        } else if (access.username() != null) {
            var password = access.password() == null ? "" : access.password();
            headers.add(basic(access.username() + ":" + password));
        }
        return headers;
    }

    private static Header basic(String userAndPassword) {
        var encoded = Base64.getEncoder().encodeToString(userAndPassword.getBytes(StandardCharsets.UTF_8));
        return new BasicHeader("Authorization", "Basic " + encoded);
    }

    @Override
    public synchronized void close() {
        closed = true;
        try {
            client.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close the connections to " + shown, e);
        }
    }

    /** Turns the client's two ways of answering into one. */
    private final class Listener implements ResponseListener {
        private final CompletableFuture<Reply> reply;
        private final String what;

        Listener(CompletableFuture<Reply> reply, String what) {
            this.reply = reply;
            this.what = what;
        }

        @Override
        public void onSuccess(Response response) {
            complete(response);
        }

        @Override
        public void onFailure(Exception exception) {
            if (exception instanceof ResponseException answered) {
                complete(answered.getResponse());
            } else {
                reply.completeExceptionally(unavailable(what, exception));
            }
        }

        private void complete(Response response) {
            try {
                HttpEntity entity = response.getEntity();
                var body = entity == null ? new byte[0] : EntityUtils.toByteArray(entity);
                reply.complete(new Reply(response.getStatusLine().getStatusCode(), body));
            } catch (IOException | RuntimeException e) { // a RuntimeException here would end the I/O thread
                reply.completeExceptionally(unavailable(what, e));
            }
        }
    }
}
