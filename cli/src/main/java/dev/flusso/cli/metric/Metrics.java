package dev.flusso.cli.metric;

import dev.flusso.journal.LaneName;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * All metrics of the process. Each is named here and nowhere else; the names are those of REFERENCE §6 as Prometheus spells them,
 * {@code flusso.flush.duration} being {@code flusso_flush_duration_seconds}. Any thread.
 *
 * <p>What concerns a lane carries its {@code index} and {@code sink}; see {@link #lane}. A metric appears when the half that fills it
 * is in this process: {@link #capture} for the one, {@link #lane} for the other.
 */
public final class Metrics implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ProcessMetrics process = new ProcessMetrics(registry);
    private @Nullable CaptureMetrics capture;
    private final Map<LaneName, LaneMetrics> lanes = new ConcurrentHashMap<>();
    private final Counter changesCaptured = counter("flusso.changes.captured", "Row changes seen");
    private final Counter changesCommitted = counter("flusso.changes.committed", "Row changes settled in every lane");
    private final Counter errors = counter("flusso.errors", "Errors, those tried again included");
    private final Level changesInFlight = level("flusso.changes.in.flight", "", "Row changes seen and not settled yet");
    private final Level indexes = level("flusso.indexes", "", "Indexes of the config");
    private final Level journalLag = LaneMetrics.lag(registry, Stage.JOURNAL, LaneMetrics.NO_LANE);
    private final Level journalBytes = level("flusso.journal", "bytes", "What the journal takes on disk");

    /** The half that reads the WAL; the same object each time. */
    public synchronized CaptureMetrics capture() {
        var known = capture;
        if (known == null) {
            known = new CaptureMetrics(registry);
            capture = known;
        }
        return known;
    }

    /** One lane's; the same object each time. */
    public LaneMetrics lane(LaneName lane) {
        return lanes.computeIfAbsent(lane, name -> new LaneMetrics(registry, name));
    }

    /** Row changes seen: decoded by capture, or, in {@code work}, read from the journal. */
    public void changesCaptured(long count) {
        changesCaptured.increment((double) count);
    }

    /** Row changes settled in every lane of this process. */
    public void changesCommitted(long count) {
        changesCommitted.increment((double) count);
    }

    /** Something failed; also what is tried again. */
    public void error() {
        errors.increment();
    }

    public Level changesInFlight() {
        return changesInFlight;
    }

    /** How many indexes the config has. */
    public Level indexes() {
        return indexes;
    }

    /** In seconds, of what is on disk in the journal; in {@code work}, of what stands in it. */
    public Level journalLagSeconds() {
        return journalLag;
    }

    public Level journalBytes() {
        return journalBytes;
    }

    /**
     * All of them now, as text.
     *
     * @param accept what the scraper takes: Prometheus' text, or OpenMetrics when it says so
     */
    public String scrape(String accept) {
        return registry.scrape(contentType(accept));
    }

    /** The content type {@link #scrape} answers in. */
    public static String contentType(String accept) {
        return accept.contains("application/openmetrics-text")
                ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                : "text/plain; version=0.0.4; charset=utf-8";
    }

    /** Ends what watches the JVM. */
    @Override
    public void close() {
        process.close();
        registry.close();
    }

    private Counter counter(String name, String help) {
        return counter(registry, name, help, Tags.empty());
    }

    private Level level(String name, String unit, String help) {
        return Level.register(registry, name, unit, help, Tags.empty());
    }

    static Counter counter(MeterRegistry registry, String name, String help, Tags tags) {
        return Counter.builder(name).description(help).tags(tags).register(registry);
    }

    /** A histogram in seconds. */
    static Timer timer(MeterRegistry registry, String name, String help, Tags tags, Duration... buckets) {
        return Timer.builder(name)
                .description(help)
                .tags(tags)
                .serviceLevelObjectives(buckets)
                .register(registry);
    }
}
