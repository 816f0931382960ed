package dev.flusso.cli.pipeline;

import dev.flusso.cli.http.IndexControl;
import dev.flusso.cli.metric.CaptureMetrics;
import dev.flusso.cli.metric.Metrics;
import dev.flusso.cli.metric.Stage;
import dev.flusso.cli.status.Probe;
import dev.flusso.cli.status.StatusReport;
import dev.flusso.cli.status.StatusReport.IndexPhase;
import dev.flusso.cli.status.StatusSource;
import dev.flusso.journal.LaneFile;
import dev.flusso.worker.lane.Lane;
import dev.flusso.worker.lane.LaneStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the halves and says how they are: for {@code /status}, the probes and the metrics. What takes time is looked up by
 * {@link #look}, every half second on a thread of its own; everything else is answered from memory, on any thread.
 */
final class Observer implements StatusSource, IndexControl {

    private static final Duration STUCK = Duration.ofSeconds(60);

    private final Definition definition;
    private final String slot;
    private final String publication;
    private final Metrics metrics;
    private final LaneCounts counts;
    private final InstantSource clock;
    private final Instant started;
    private final JournalWatch journal;
    private final @Nullable CaptureHalf capture;
    private final @Nullable CaptureMetrics captureMetrics;
    private final @Nullable WorkHalf work;
    private final StateTimes since;
    private volatile boolean stopping;

    Observer(
            Definition definition,
            String slot,
            String publication,
            Metrics metrics,
            LaneCounts counts,
            InstantSource clock,
            JournalWatch journal,
            @Nullable CaptureHalf capture,
            @Nullable WorkHalf work) {
        this.definition = definition;
        this.slot = slot;
        this.publication = publication;
        this.metrics = metrics;
        this.counts = counts;
        this.clock = clock;
        this.started = clock.instant();
        this.journal = journal;
        this.capture = capture;
        this.captureMetrics = capture == null ? null : metrics.capture();
        this.work = work;
        this.since = new StateTimes(clock);
    }

    /** What {@code /status} says from now on. */
    void stopping() {
        stopping = true;
    }

    // ---- looking

    /** Looks at what takes time, and sets the metrics that are levels. */
    void look() {
        journal.look();
        metrics.journalBytes().set(journal.bytes());
        metrics.indexes().set(definition.indexes().size());
        var now = clock.instant();
        var half = capture;
        if (half != null && captureMetrics != null) {
            var status = half.status();
            captureMetrics.slotLagBytes().set(status.slotLagBytes());
            captureMetrics.walRetainedBytes().set(status.walRetainedBytes());
            var appended = status.heartbeatAppendedAt();
            if (appended.isAfter(Instant.EPOCH)) {
                captureMetrics.heartbeatAgeSeconds().set(seconds(Duration.between(appended, now)));
                captureMetrics.lagSeconds().set(lagSeconds(appended, now));
            }
            counts.publish(true, status.changes());
        } else {
            counts.publish(false, 0);
        }
        for (var lane : lanes()) {
            var status = lane.status();
            var of = metrics.lane(status.lane());
            of.deadLetters().set(status.deadLetters());
            var beat = status.heartbeatAt();
            if (beat != null) {
                of.heartbeatAgeSeconds().set(seconds(Duration.between(beat, now)));
                of.lagSeconds(Stage.WRITE).set(lagSeconds(beat, now));
            }
            var appended = journal.newestHeartbeat();
            if (appended != null) {
                of.lagSeconds(Stage.JOURNAL).set(lagSeconds(appended, now));
            }
        }
    }

    // ---- probes

    @Override
    public Probe health() {
        var troubles = new ArrayList<String>();
        if (capture != null && capture.isStuckFor(STUCK)) {
            troubles.add("capture: its thread has not come round for " + STUCK.toSeconds() + " s");
        }
        if (work != null) {
            work.stuckFor(STUCK)
                    .forEach(lane ->
                            troubles.add(lane + ": its thread has not come round for " + STUCK.toSeconds() + " s"));
        }
        return Probe.of(troubles);
    }

    @Override
    public Probe readiness() {
        var troubles = new ArrayList<String>();
        if (stopping) {
            troubles.add("flusso is stopping");
        }
        var now = clock.instant();
        var captureHalf = capture;
        if (captureHalf != null) {
            var status = captureHalf.status();
            if (Views.isTrouble(status.phase())) {
                troubles.add("capture: " + Views.describe(status));
            }
            tooOld("capture: no heartbeat came back from the source", status.heartbeatAppendedAt(), now, troubles);
        } else {
            tooOld(
                    "journal: capture appends no heartbeat; capture or Postgres is away",
                    journal.newestHeartbeat(),
                    now,
                    troubles);
        }
        for (var lane : lanes()) {
            var status = lane.status();
            if (!status.isReady()) {
                troubles.add(status.lane() + ": " + Views.describe(status));
            } else if (status.state() == LaneStatus.State.LIVE) {
                tooOld(status.lane() + ": no heartbeat came through", status.heartbeatAt(), now, troubles);
            }
        }
        return Probe.of(troubles);
    }

    /** Notes a trouble when the newest heartbeat is older than one and a half intervals and a second. */
    private void tooOld(String what, @Nullable Instant newest, Instant now, List<String> troubles) {
        var interval = definition.config().source().heartbeatInterval();
        if (interval.isZero()) {
            return;
        }
        var from = newest == null || newest.isBefore(started) ? started : newest;
        var age = Duration.between(from, now);
        if (age.compareTo(interval.multipliedBy(3).dividedBy(2).plusSeconds(1)) > 0) {
            troubles.add(what + " for " + age.toSeconds() + " s, expected one every " + interval.toMillis() + " ms");
        }
    }

    // ---- status

    @Override
    public StatusReport status() {
        var lanes = new TreeMap<String, dev.flusso.cli.status.LaneStatus>();
        var now = clock.instant();
        for (var lane : lanes()) {
            var status = lane.status();
            var view = Views.lane(status, lagSecondsOrNull(status.heartbeatAt(), now), now, since);
            lanes.put(status.lane().toString(), view);
        }
        for (LaneFile orphan : journal.orphans(lanes.keySet())) {
            lanes.put(orphan.lane().toString(), Views.orphan(orphan));
        }
        var captureHalf = capture;
        var captured =
                captureHalf == null ? counts.captured() : captureHalf.status().changes();
        var error = counts.lastError();
        var captureErrors = captureHalf == null ? 0 : captureHalf.status().errors();
        if (error.isEmpty() && captureHalf != null) {
            error = captureHalf.status().lastError();
        }
        return new StatusReport(
                phase(),
                Duration.between(started, now).toSeconds(),
                indexes(),
                captured,
                counts.committed(),
                Math.max(0, counts.captured() - counts.committed()),
                counts.built(),
                counts.quarantined(),
                counts.batches(),
                counts.lastFlushMicros() < 0 ? null : counts.lastFlushMicros(),
                captureHalf == null ? null : captureHalf.status().slotLagBytes(),
                counts.errors() + captureErrors,
                error.isEmpty() ? null : error,
                captureHalf == null ? null : captureView(captureHalf, now),
                journal.view(definition.config().journal().maxBytes()),
                lanes);
    }

    private dev.flusso.cli.status.CaptureStatus captureView(CaptureHalf half, Instant now) {
        var status = half.status();
        var appended = status.heartbeatAppendedAt();
        var seen = appended.isAfter(Instant.EPOCH) ? appended : null;
        return Views.capture(status, slot, publication, journal.newest(), lagSecondsOrNull(seen, now), now, since);
    }

    private StatusReport.Phase phase() {
        if (stopping) {
            return StatusReport.Phase.STOPPED;
        }
        var phases = indexes().values();
        if (work == null) {
            return StatusReport.Phase.LIVE;
        }
        if (phases.stream().allMatch(phase -> phase == IndexPhase.SEEDED)) {
            return StatusReport.Phase.LIVE;
        }
        return phases.contains(IndexPhase.BACKFILLING) ? StatusReport.Phase.BACKFILLING : StatusReport.Phase.STARTING;
    }

    /** The least advanced lane of each index; in {@code capture}, which has no lanes, nothing. */
    @Override
    public Map<String, IndexPhase> indexes() {
        var phases = new TreeMap<String, IndexPhase>();
        for (var lane : lanes()) {
            var status = lane.status();
            phases.merge(
                    status.lane().index(), Views.phase(status), (one, other) -> one.compareTo(other) < 0 ? one : other);
        }
        return phases;
    }

    @Override
    public Reindex reindex(String index) {
        if (stopping || work == null) {
            return Reindex.UNAVAILABLE;
        }
        var of = lanes().stream()
                .filter(lane -> lane.name().index().equals(index))
                .toList();
        of.forEach(Lane::reindex);
        return of.isEmpty() ? Reindex.UNKNOWN : Reindex.ACCEPTED;
    }

    private List<Lane> lanes() {
        return work == null ? List.of() : work.lanes();
    }

    private @Nullable Double lagSecondsOrNull(@Nullable Instant beat, Instant now) {
        return beat == null ? null : lagSeconds(beat, now);
    }

    /** The age of a heartbeat, less the interval they come in; never below 0. */
    private double lagSeconds(Instant beat, Instant now) {
        var age = Duration.between(beat, now).minus(definition.config().source().heartbeatInterval());
        return Math.max(0, seconds(age));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
