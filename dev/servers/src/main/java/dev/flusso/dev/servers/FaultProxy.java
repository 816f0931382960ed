package dev.flusso.dev.servers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A proxy on 127.0.0.1 that can be told to misbehave; put it before a {@link Server} and give clients {@link #through} its address.
 *
 * <p>Of TCP it knows bytes, which is enough for Postgres, with TLS too; before OpenSearch it also reads HTTP/1.1 and can treat single
 * requests and even single bulk items: {@link #http}. It starts as {@link Mode#PASS}. Any thread may change it; a mode holds for open
 * connections and new ones from the next bytes on.
 */
public final class FaultProxy implements AutoCloseable {

    /** What happens to connections. */
    public enum Mode {
        /** Bytes pass. */
        PASS,
        /** Nobody listens: new connections are refused, open ones were reset. */
        REFUSE,
        /** New connections are accepted and reset at once, open ones were reset. */
        RESET,
        /**
         * Connections are accepted, bytes of both directions are read and lost, nothing is answered. A connection that lost bytes is
         * reset when the mode ends; one that was idle goes on.
         */
        BLACKHOLE,
        /** Bytes wait here and go on when the mode ends, as after a short break of the network. */
        STALL,
        /** Each piece of data, or HTTP request, goes on after a pause. */
        DELAY,
        /** Requests are delivered; when the answer comes, it is lost and the connection is closed instead. */
        DROP_RESPONSE
    }

    private final InetSocketAddress target;
    private final @Nullable HttpFaults http;
    private final int port;
    private final Set<ProxyLink> links = ConcurrentHashMap.newKeySet();
    private final AtomicLong accepted = new AtomicLong();
    private final Object changes = new Object();
    private volatile Mode mode = Mode.PASS;
    private volatile Duration pause = Duration.ZERO;
    private volatile boolean closed;
    private @Nullable ServerSocket listener;

    private @Nullable Thread acceptor;

    private FaultProxy(InetSocketAddress target, @Nullable HttpFaults http) {
        this.target = target;
        this.http = http;
        this.port = FreePorts.next();
        listen();
    }

    /** A proxy before {@code server}: of HTTP when that is a {@link SearchServer}. */
    public static FaultProxy before(Server server) {
        return server instanceof SearchServer ? http(server.host(), server.port()) : tcp(server.host(), server.port());
    }

    /** A proxy of any bytes. */
    public static FaultProxy tcp(String host, int port) {
        return new FaultProxy(new InetSocketAddress(host, port), null);
    }

    /** A proxy of HTTP/1.1 without TLS. */
    public static FaultProxy http(String host, int port) {
        return new FaultProxy(new InetSocketAddress(host, port), new HttpFaults());
    }

    public String host() {
        return "127.0.0.1";
    }

    /** The same for its whole life. */
    public int port() {
        return port;
    }

    /** {@code http://127.0.0.1:<port>}. */
    public URI url() {
        return URI.create("http://" + host() + ":" + port);
    }

    /** {@code url} with the proxy's address in place of the target's, for URLs of any kind. */
    public String through(String url) {
        var direct = target.getHostString() + ":" + target.getPort();
        if (!url.contains(direct)) {
            throw new IllegalArgumentException(
                    "URL '" + url + "' does not name " + direct + ", which this proxy stands before");
        }
        return url.replace(direct, host() + ":" + port);
    }

    /** Faults of single requests; only of a proxy of HTTP. */
    public HttpFaults http() {
        var faults = http;
        if (faults == null) {
            throw new IllegalStateException(
                    "proxy before " + target + " passes bytes, expected one made by FaultProxy.http");
        }
        return faults;
    }

    public Mode mode() {
        return mode;
    }

    /** Ends any other mode. Scripts of {@link #http} stay. */
    public void pass() {
        change(Mode.PASS, Duration.ZERO);
    }

    public void refuse() {
        change(Mode.REFUSE, Duration.ZERO);
    }

    public void reset() {
        change(Mode.RESET, Duration.ZERO);
    }

    public void blackhole() {
        change(Mode.BLACKHOLE, Duration.ZERO);
    }

    public void stall() {
        change(Mode.STALL, Duration.ZERO);
    }

    public void delay(Duration newPause) {
        change(Mode.DELAY, newPause);
    }

    public void dropResponses() {
        change(Mode.DROP_RESPONSE, Duration.ZERO);
    }

    /** Resets all open connections; the mode stays, so clients may connect again at once. */
    public void cutAll() {
        links.forEach(ProxyLink::reset);
    }

    /** How many connections were accepted since the proxy was made. */
    public long connections() {
        return accepted.get();
    }

    /** How many connections are open. */
    public int openConnections() {
        return links.size();
    }

    /** Resets all connections and frees the port. */
    @Override
    public void close() {
        synchronized (changes) {
            closed = true;
            changes.notifyAll();
        }
        if (http != null) {
            http.releaseAll();
        }
        stopListening();
        cutAll();
    }

    @Override
    public String toString() {
        return "proxy " + host() + ":" + port + " before " + target.getHostString() + ":" + target.getPort() + " ("
                + mode + ")";
    }

    private void change(Mode newMode, Duration newPause) {
        synchronized (changes) {
            if (closed) {
                throw new IllegalStateException(this + " is closed");
            }
            pause = newPause;
            mode = newMode;
            changes.notifyAll();
        }
        switch (newMode) {
            case REFUSE -> {
                stopListening();
                cutAll();
            }
            case RESET -> {
                listen();
                cutAll();
            }
            case BLACKHOLE -> listen();
            case PASS, STALL, DELAY, DROP_RESPONSE -> {
                links.forEach(ProxyLink::resetIfBytesWereLost);
                listen();
            }
        }
    }

    /**
     * What to do with data that has come now: waits while stalled or delayed. Returns the mode to act by: PASS, BLACKHOLE, DROP_RESPONSE,
     * or RESET when the link is to go.
     */
    Mode admit() {
        synchronized (changes) {
            var end = System.nanoTime() + pause.toNanos();
            while (!closed) {
                var left = mode == Mode.DELAY ? end - System.nanoTime() : Long.MAX_VALUE;
                if (mode == Mode.DELAY && left <= 0) {
                    return Mode.PASS;
                }
                if (mode != Mode.STALL && mode != Mode.DELAY) {
                    return mode == Mode.REFUSE ? Mode.RESET : mode;
                }
                try {
                    changes.wait(mode == Mode.STALL ? 0 : left / 1_000_000 + 1);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return Mode.RESET;
                }
            }
            return Mode.RESET;
        }
    }

    /** Waits until the mode is not BLACKHOLE any more. */
    void awaitEndOfBlackhole() {
        synchronized (changes) {
            while (!closed && mode == Mode.BLACKHOLE) {
                try {
                    changes.wait();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }

    /** Waits that long, or until the proxy is closed. */
    void pause(Duration duration) {
        var end = System.nanoTime() + duration.toNanos();
        synchronized (changes) {
            for (var left = duration.toNanos(); !closed && left > 0; left = end - System.nanoTime()) {
                try {
                    changes.wait(left / 1_000_000 + 1);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }

    Socket connectToTarget() throws IOException {
        var socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(target.getHostString(), target.getPort()), 10_000);
        return socket;
    }

    void ended(ProxyLink link) {
        links.remove(link);
    }

    private synchronized void listen() {
        if (listener != null) {
            return;
        }
        try {
            var fresh = new ServerSocket();
            fresh.setReuseAddress(true);
            fresh.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
            listener = fresh;
            acceptor = start(() -> accept(fresh), "proxy-" + port);
        } catch (IOException e) {
            throw new ServerException(this + " cannot listen: " + e.getMessage(), e);
        }
    }

    private synchronized void stopListening() {
        try {
            if (listener != null) {
                listener.close();
            }
            if (acceptor != null && acceptor != Thread.currentThread()) {
                // as long as it stands in accept the system goes on taking connections
                acceptor.join(10_000);
            }
        } catch (IOException e) {
            throw new ServerException(this + " cannot stop listening: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            listener = null;
            acceptor = null;
        }
    }

    private void accept(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                var client = socket.accept();
                client.setTcpNoDelay(true);
                accepted.incrementAndGet();
                var link = http == null ? new TcpLink(this, client) : new HttpLink(this, http, client);
                links.add(link);
                if (mode == Mode.RESET || mode == Mode.REFUSE || closed) {
                    link.reset();
                } else {
                    start(link, "proxy-" + port + "-link-" + accepted.get());
                }
            } catch (IOException e) {
                // closed by another thread, or a client that left before it was accepted
            }
        }
    }

    static Thread start(Runnable work, String name) {
        var thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
