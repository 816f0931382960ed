package dev.flusso.cli.pipeline;

import dev.flusso.cli.metric.Metrics;
import dev.flusso.cli.metric.Stage;
import dev.flusso.journal.LaneName;
import dev.flusso.worker.lane.LaneMonitor;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;

/** Counts what the lanes do: for the metrics, and for the keys of {@code /status} that sum over lanes. Any thread. */
final class LaneCounts implements LaneMonitor {

    /** One lane's sums since the start. */
    private static final class Sums {
        private final AtomicLong read = new AtomicLong();
        private final AtomicLong built = new AtomicLong();
        private final AtomicLong batches = new AtomicLong();
        private final AtomicLong quarantined = new AtomicLong();
    }

    private final Metrics metrics;
    private final Map<LaneName, Sums> lanes = new ConcurrentHashMap<>();
    private final AtomicLong errors = new AtomicLong();
    private final AtomicLong countedRead = new AtomicLong();
    private final AtomicLong committed = new AtomicLong();
    private final AtomicLong countedCommitted = new AtomicLong();
    private final AtomicLong countedCaptureErrors = new AtomicLong();
    private volatile long lastFlushMicros = -1;
    private volatile String lastError = "";

    LaneCounts(Metrics metrics, Collection<LaneName> names) {
        this.metrics = metrics;
        for (var name : names) {
            lanes.put(name, new Sums());
            metrics.lane(name);
        }
    }

    private Sums of(LaneName lane) {
        return lanes.computeIfAbsent(lane, name -> new Sums());
    }

    @Override
    public void read(LaneName lane, int changes) {
        of(lane).read.addAndGet(changes);
    }

    @Override
    public void resolved(LaneName lane, int keys, Duration took) {
        metrics.lane(lane).passed(Stage.RESOLVE, took);
    }

    @Override
    public void built(LaneName lane, int documents, Duration took) {
        of(lane).built.addAndGet(documents);
        metrics.lane(lane).documentsBuilt(documents);
        metrics.lane(lane).passed(Stage.BUILD, took);
    }

    @Override
    public void flushed(LaneName lane, int documents, Duration took) {
        lastFlushMicros = took.toNanos() / 1000;
        metrics.lane(lane).flushed(took);
        metrics.lane(lane).passed(Stage.WRITE, took);
    }

    @Override
    public void settled(LaneName lane, int changes, Duration sinceCommit) {
        var sums = of(lane);
        sums.batches.incrementAndGet();
        metrics.lane(lane).batch();
        metrics.lane(lane).endToEnd(sinceCommit.isNegative() ? Duration.ZERO : sinceCommit);
    }

    @Override
    public void seeded(LaneName lane, int documents) {
        metrics.lane(lane).documentsSeeded(documents);
    }

    @Override
    public void seedingFinished(LaneName lane) {
        metrics.lane(lane).seeded();
    }

    @Override
    public void quarantined(LaneName lane) {
        of(lane).quarantined.incrementAndGet();
        metrics.lane(lane).documentsQuarantined(1);
    }

    @Override
    public void failed(LaneName lane, String what) {
        error(lane + ": " + what);
    }

    /** Something failed, also what will be tried again. */
    void error(String what) {
        errors.incrementAndGet();
        lastError = what;
        metrics.error();
    }

    /** Changes some lane has read. */
    long captured() {
        return lanes.values().stream().mapToLong(sums -> sums.read.get()).max().orElse(0);
    }

    /** Of them, those that are settled, as far as it was looked; never falls. */
    long committed() {
        return committed.get();
    }

    long built() {
        return sum(sums -> sums.built.get());
    }

    long batches() {
        return sum(sums -> sums.batches.get());
    }

    long quarantined() {
        return sum(sums -> sums.quarantined.get());
    }

    private long sum(ToLongFunction<Sums> part) {
        return lanes.values().stream().mapToLong(part).sum();
    }

    long errors() {
        return errors.get();
    }

    String lastError() {
        return lastError;
    }

    /** How long the newest write to a sink took; -1 before there was one. */
    long lastFlushMicros() {
        return lastFlushMicros;
    }

    /**
     * Brings the counters that sum over lanes up to date; one thread.
     *
     * @param underWay changes some lane has read and not settled
     */
    void publish(long underWay) {
        publish(underWay, captured(), 0);
    }

    /** The same, where capture counts what it appends. */
    void publish(long underWay, long appended, long captureErrors) {
        committed.accumulateAndGet(captured() - underWay, Math::max);
        metrics.changesCaptured(Math.max(0, appended - countedRead.getAndSet(appended)));
        var settled = committed();
        metrics.changesCommitted(settled - countedCommitted.getAndSet(settled));
        metrics.changesInFlight().set(underWay);
        for (var known = countedCaptureErrors.getAndSet(captureErrors); known < captureErrors; known++) {
            metrics.error();
        }
    }
}
