package dev.flusso.cli.pipeline;

import dev.flusso.cli.metric.LaneMetrics;
import dev.flusso.cli.metric.Stage;
import dev.flusso.worker.lane.Lane;
import dev.flusso.worker.lane.LaneStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** A lane as the observer follows it: how fast it drains, and since when nothing about it has moved. One thread looks, any may ask. */
final class WatchedLane {

    private final Lane lane;
    private final Supplier<Duration> inStep;
    private final LaneMetrics metrics;
    private final Drain drain = new Drain();
    private List<Object> place = List.of();
    private volatile long movedAtNanos = System.nanoTime();

    /** @param inStep how long its thread has been in one step */
    WatchedLane(Lane lane, Supplier<Duration> inStep, LaneMetrics metrics) {
        this.lane = lane;
        this.inStep = inStep;
        this.metrics = metrics;
    }

    Lane lane() {
        return lane;
    }

    LaneStatus status() {
        return lane.status();
    }

    /** When it will be current at its present pace; null when that cannot be told. */
    @Nullable
    Double drainSeconds() {
        return drain.seconds();
    }

    Readiness.Worked seen() {
        return new Readiness.Worked(
                lane.status(), inStep.get(), Duration.ofNanos(Math.max(0, System.nanoTime() - movedAtNanos)));
    }

    /** Looks, and sets the metrics that are levels. */
    void look(Instant now, ToDoubleFunction<Instant> lagSeconds) {
        var status = lane.status();
        var nowNanos = System.nanoTime();
        var seeding = status.seeding();
        List<Object> here = List.of(
                status.state(),
                status.position(),
                status.built(),
                status.changesUnderWay(),
                seeding == null ? 0L : seeding.documents());
        if (!here.equals(place)) {
            place = here;
            movedAtNanos = nowNanos;
        }
        drain.backlog(status.lagBytes(), nowNanos);
        metrics.deadLetters().set(status.deadLetters());
        var beats = status.heartbeats();
        var through = beats.through();
        if (through != null) {
            metrics.heartbeatAgeSeconds().set(Duration.between(through, now).toMillis() / 1000.0);
        }
        set(Stage.JOURNAL, beats.read(), lagSeconds);
        set(Stage.RESOLVE, beats.resolved(), lagSeconds);
        set(Stage.BUILD, beats.built(), lagSeconds);
        set(Stage.WRITE, through, lagSeconds);
    }

    private void set(Stage stage, @Nullable Instant beat, ToDoubleFunction<Instant> lagSeconds) {
        if (beat != null) {
            metrics.lagSeconds(stage).set(lagSeconds.applyAsDouble(beat));
        }
    }
}
