package dev.flusso.cli.pipeline;

import dev.flusso.capture.CapturePhase;
import dev.flusso.capture.CaptureStatus;
import dev.flusso.cli.http.IndexControl;
import dev.flusso.cli.metric.CaptureMetrics;
import dev.flusso.cli.metric.Metrics;
import dev.flusso.cli.status.Probe;
import dev.flusso.cli.status.StatusReport;
import dev.flusso.cli.status.StatusReport.IndexPhase;
import dev.flusso.cli.status.StatusSource;
import dev.flusso.journal.LaneFile;
import dev.flusso.journal.LaneName;
import dev.flusso.worker.lane.Lane;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
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
    private final SourceProbe source;
    private final List<WatchedLane> lanes;
    private final boolean works;
    private final StateTimes since;
    private final StateLog log = new StateLog();
    private volatile boolean stopping;

    Observer(
            Definition definition,
            String slot,
            String publication,
            Metrics metrics,
            LaneCounts counts,
            InstantSource clock,
            JournalWatch journal,
            SourceProbe source,
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
        this.source = source;
        this.lanes = work == null ? List.of() : watched(work, metrics);
        this.works = work != null;
        this.since = new StateTimes(clock);
    }

    private static List<WatchedLane> watched(WorkHalf work, Metrics metrics) {
        var watched = new ArrayList<WatchedLane>();
        for (var lane : work.lanes()) {
            var number = watched.size();
            watched.add(new WatchedLane(lane, () -> work.inStep(number), metrics.lane(lane.name())));
        }
        return List.copyOf(watched);
    }

    /** What {@code /status} says from now on. */
    void stopping() {
        stopping = true;
    }

    // ---- looking

    /** Looks at what takes time, sets the metrics that are levels, and says what has changed. */
    void look() {
        journal.look();
        metrics.journalBytes().set(journal.bytes());
        metrics.indexes().set(definition.indexes().size());
        var now = clock.instant();
        var half = capture;
        if (half == null) {
            counts.publish(changesUnderWay());
            lookAtJournal(now);
        } else {
            var status = half.status();
            counts.publish(changesUnderWay(), status.changes(), status.errors());
            look(status, metrics.capture(), now);
        }
        for (var lane : lanes) {
            lane.look(now, beat -> lagSeconds(beat, now));
            log.lane(lane.status());
            since.since(lane.lane().name().toString(), Views.state(lane.status()));
        }
        if (!stopping) {
            log.readiness(readiness());
        }
    }

    private void look(CaptureStatus status, CaptureMetrics of, Instant now) {
        log.capture(status);
        since.since("capture", Views.state(status.phase()));
        of.slotLagBytes().set(status.slotLagBytes());
        of.walRetainedBytes().set(status.walRetainedBytes());
        of.journalFull().set(status.phase() == CapturePhase.FULL ? 1 : 0);
        var appended = status.heartbeatAppendedAt();
        if (appended.isAfter(Instant.EPOCH)) {
            of.heartbeatAgeSeconds().set(seconds(Duration.between(appended, now)));
            of.lagSeconds().set(lagSeconds(appended, now));
        }
        if (status.heartbeatDurableAt().isAfter(Instant.EPOCH)) {
            metrics.journalLagSeconds().set(lagSeconds(status.heartbeatDurableAt(), now));
        }
    }

    /** Where capture is another process: when it falls silent, the database is asked whether it answers. */
    private void lookAtJournal(Instant now) {
        var newest = journal.newestHeartbeat();
        if (newest != null) {
            metrics.journalLagSeconds().set(lagSeconds(newest, now));
        }
        var from = newest == null || newest.isBefore(started) ? started : newest;
        var interval = definition.config().source().heartbeatInterval();
        if (interval.isZero()
                || Duration.between(from, now)
                                .compareTo(interval.multipliedBy(6).dividedBy(5))
                        < 0) {
            source.forget();
        } else {
            source.look(System.nanoTime());
        }
    }

    private long changesUnderWay() {
        return lanes.stream()
                .mapToLong(lane -> lane.status().changesUnderWay())
                .max()
                .orElse(0);
    }

    // ---- probes

    @Override
    public Probe health() {
        var troubles = new ArrayList<String>();
        if (capture != null && capture.inStep().compareTo(STUCK) > 0) {
            troubles.add("capture: its thread has not come round for " + STUCK.toSeconds() + " s");
        }
        for (var lane : lanes) {
            if (lane.seen().inStep().compareTo(STUCK) > 0) {
                troubles.add(lane.lane().name() + ": its thread has not come round for " + STUCK.toSeconds() + " s");
            }
        }
        return Probe.of(troubles);
    }

    @Override
    public Probe readiness() {
        var half = capture;
        return new Readiness(definition.config().source().heartbeatInterval(), started, clock.instant())
                .of(
                        half == null ? null : new Readiness.Captured(half.status(), half.inStep()),
                        new Readiness.Journaled(journal.newestHeartbeat(), source.finding(), journal.lastError()),
                        lanes.stream().map(WatchedLane::seen).toList(),
                        stopping);
    }

    // ---- status

    @Override
    public StatusReport status() {
        var views = new TreeMap<String, dev.flusso.cli.status.LaneStatus>();
        var now = clock.instant();
        for (var lane : lanes) {
            var status = lane.status();
            var lag = lagSecondsOrNull(status.heartbeatAt(), now);
            views.put(status.lane().toString(), Views.lane(status, lag, lane.drainSeconds(), now, since));
        }
        for (LaneFile orphan : journal.orphans(named(), now)) {
            views.put(orphan.lane().toString(), Views.orphan(orphan));
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
                changesUnderWay(),
                counts.built(),
                counts.quarantined(),
                counts.batches(),
                counts.lastFlushMicros() < 0 ? null : counts.lastFlushMicros(),
                captureHalf == null ? null : captureHalf.status().slotLagBytes(),
                counts.errors() + captureErrors,
                error.isEmpty() ? null : error,
                captureHalf == null ? null : captureView(captureHalf, now),
                journal.view(definition.config().journal().maxBytes()),
                views);
    }

    /** The lanes of the config, also those another process runs. */
    private Set<String> named() {
        var named = new TreeSet<String>();
        for (var sink : definition.config().sinks()) {
            for (var index : definition.indexes()) {
                named.add(new LaneName(sink.name(), index.name()).toString());
            }
        }
        return named;
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
        if (!works) {
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
        for (var lane : lanes) {
            var status = lane.status();
            phases.merge(
                    status.lane().index(), Views.phase(status), (one, other) -> one.compareTo(other) < 0 ? one : other);
        }
        return phases;
    }

    @Override
    public Reindex reindex(String index) {
        if (stopping || !works) {
            return Reindex.UNAVAILABLE;
        }
        var of = lanes.stream()
                .map(WatchedLane::lane)
                .filter(lane -> lane.name().index().equals(index))
                .toList();
        of.forEach(Lane::reindex);
        return of.isEmpty() ? Reindex.UNKNOWN : Reindex.ACCEPTED;
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
