package dev.flusso.cli.http;

import dev.flusso.cli.status.Probe;
import dev.flusso.cli.status.StatusJson;
import dev.flusso.cli.status.StatusSource;
import java.net.InetSocketAddress;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /healthz}, {@code /readyz}, {@code /status}, {@code /metrics}: for everybody who can reach the port. */
public final class PublicSurface implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PublicSurface.class);

    private final Surface surface;

    private PublicSurface(Surface surface) {
        this.surface = surface;
    }

    /** The metrics, in the text form a scraper asks for. */
    @FunctionalInterface
    public interface Scrape {

        /**
         * All metrics now.
         *
         * @param accept the Accept header
         */
        Scraped scrape(String accept);
    }

    /**
     * Metrics as text.
     *
     * @param type the content type
     */
    public record Scraped(String type, String text) {}

    /**
     * Listens from now on, on threads of its own, until closed.
     *
     * @param option the flag that chooses the address, for the error: {@code --public-address} or {@code --capture-address}
     * @throws SurfaceException when the address cannot be used
     */
    public static PublicSurface open(Address address, String option, StatusSource source, Scrape metrics) {
        var pages = List.of(
                Page.get("/healthz", request -> probed(source.health(), "ok")),
                Page.get("/readyz", request -> probed(source.readiness(), "ready")),
                Page.get("/status", request -> Answer.json(StatusJson.write(source.status()))),
                Page.get("/metrics", request -> {
                    var scraped = metrics.scrape(request.accept());
                    return new Answer(200, scraped.type(), scraped.text());
                }));
        var name = option.replace("--", "").replace("-address", "");
        var surface = Surface.open(name, option, address.resolve(), Gate.open(), pages);
        LOG.info("listening surface={} address={}", name, Surface.shown(surface.address()));
        return new PublicSurface(surface);
    }

    /** Where it listens, with the port the system picked when 0 was asked for. */
    public InetSocketAddress address() {
        return surface.address();
    }

    @Override
    public void close() {
        surface.close();
    }

    private static Answer probed(Probe probe, String fine) {
        return probe.isFine() ? Answer.text(200, fine) : Answer.text(503, String.join("\n", probe.troubles()));
    }
}
