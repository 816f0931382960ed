package dev.flusso.cli.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.flusso.cli.status.StatusReport.IndexPhase;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /indexes}, {@code POST /reindex?index=}: for those who know user and password. While no password is set it listens on
 * loopback only, whatever address was asked for.
 */
public final class PrivateSurface implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PrivateSurface.class);

    private final Surface surface;

    private PrivateSurface(Surface surface) {
        this.surface = surface;
    }

    /**
     * Listens from now on, on threads of its own, until closed.
     *
     * @throws SurfaceException when the address cannot be used
     */
    public static PrivateSurface open(Address address, Credentials credentials, IndexControl control) {
        var asked = address.resolve();
        var secret = credentials.secret();
        var where = secret.isPresent() ? asked : onLoopback(asked);
        var gate = secret.<Gate>map(password -> new PasswordGate(credentials.user(), password))
                .orElseGet(LocalGate::new);
        var pages = List.of(
                Page.get("/indexes", request -> Answer.json(json(control.indexes()))),
                Page.post(
                        "/reindex", request -> reindex(control, request.query().get("index"))));
        var surface = Surface.open("private", "--private-address", where, gate, pages);
        var shown = Surface.shown(surface.address());
        if (secret.isPresent()) {
            LOG.info("listening surface={} address={} user={}", "private", shown, credentials.user());
        } else {
            LOG.warn(
                    "listening on loopback only, as no admin password is set (FLUSSO_ADMIN_PASSWORD) surface={} address={}",
                    "private",
                    shown);
        }
        return new PrivateSurface(surface);
    }

    /** Where it listens, with the port the system picked when 0 was asked for. */
    public InetSocketAddress address() {
        return surface.address();
    }

    @Override
    public void close() {
        surface.close();
    }

    private static InetSocketAddress onLoopback(InetSocketAddress asked) {
        var host = asked.getAddress();
        return host == null || host.isLoopbackAddress()
                ? asked
                : new InetSocketAddress(InetAddress.getLoopbackAddress(), asked.getPort());
    }

    private static String json(Map<String, IndexPhase> indexes) {
        var object = JsonNodeFactory.instance.objectNode();
        indexes.forEach((name, phase) -> object.put(name, phase.toString()));
        return object.toString();
    }

    private static Answer reindex(IndexControl control, @Nullable String index) {
        if (index == null || index.isBlank()) {
            return Answer.error(400, "the index is missing, expected /reindex?index=<name>");
        }
        return switch (control.reindex(index)) {
            case ACCEPTED -> Answer.text(202, "reindex of " + index + " accepted; /status shows how far it is");
            case UNKNOWN ->
                Answer.error(
                        404,
                        "there is no index '" + index + "'; there are "
                                + String.join(", ", control.indexes().keySet()));
            case UNAVAILABLE -> Answer.error(503, "flusso is starting or stopping; ask again");
        };
    }
}
