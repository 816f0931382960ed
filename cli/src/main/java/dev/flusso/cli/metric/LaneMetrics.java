package dev.flusso.cli.metric;

import dev.flusso.journal.LaneName;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** What a lane measures; labelled by its index and its sink. Any thread. */
public final class LaneMetrics {
    /** For what capture measures under the same name: Prometheus takes an empty label for an absent one. */
    static final Tags NO_LANE = Tags.of("index", "", "sink", "");

    private static final Duration[] SHORT = {
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30)
    };
    private static final Duration[] LONG = {
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofMinutes(1),
        Duration.ofMinutes(5),
        Duration.ofMinutes(30)
    };

    private final Counter documentsBuilt;
    private final Counter documentsQuarantined;
    private final Counter documentsSeeded;
    private final Counter seeded;
    private final Counter batches;
    private final Timer flush;
    private final Timer endToEnd;
    private final Level heartbeatAge;
    private final Level deadLetters;
    private final Map<Stage, Level> lags = new EnumMap<>(Stage.class);
    private final Map<Stage, Timer> stages = new EnumMap<>(Stage.class);

    LaneMetrics(MeterRegistry registry, LaneName lane) {
        var tags = Tags.of("index", lane.index(), "sink", lane.sink());
        documentsBuilt = Metrics.counter(registry, "flusso.documents.built", "Documents built from current rows", tags);
        documentsQuarantined = Metrics.counter(
                registry, "flusso.documents.quarantined", "Rejected documents put away as dead letters", tags);
        documentsSeeded = Metrics.counter(registry, "flusso.seeded.documents", "Documents written by seeding", tags);
        seeded = Metrics.counter(registry, "flusso.indexes.seeded", "Times an index was seeded to its end", tags);
        batches = Metrics.counter(registry, "flusso.batches", "Batches of changes settled", tags);
        flush = Metrics.timer(
                registry, "flusso.flush.duration", "One write to the sink, its retries included", tags, SHORT);
        endToEnd = Metrics.timer(
                registry,
                "flusso.end.to.end.latency",
                "From the commit in the source to the settled document",
                tags,
                LONG);
        heartbeatAge = heartbeatAge(registry, tags);
        deadLetters =
                Level.register(registry, "flusso.dead.letters", "", "Documents put away and not mended since", tags);
        for (var stage : new Stage[] {Stage.JOURNAL, Stage.RESOLVE, Stage.BUILD, Stage.WRITE}) {
            lags.put(stage, lag(registry, stage, tags));
        }
        for (var stage : new Stage[] {Stage.RESOLVE, Stage.BUILD, Stage.WRITE}) {
            stages.put(stage, stage(registry, stage, tags));
        }
    }

    public void documentsBuilt(long count) {
        documentsBuilt.increment((double) count);
    }

    public void documentsQuarantined(long count) {
        documentsQuarantined.increment((double) count);
    }

    public void documentsSeeded(long count) {
        documentsSeeded.increment((double) count);
    }

    /** Seeding came to its end. */
    public void seeded() {
        seeded.increment();
    }

    /** A batch of changes is settled. */
    public void batch() {
        batches.increment();
    }

    /** A write to the sink was answered. */
    public void flushed(Duration took) {
        flush.record(took);
    }

    /** A document is settled, this long after its change was committed. */
    public void endToEnd(Duration latency) {
        endToEnd.record(latency);
    }

    /** In seconds, of the newest heartbeat that came through. */
    public Level heartbeatAgeSeconds() {
        return heartbeatAge;
    }

    public Level deadLetters() {
        return deadLetters;
    }

    /** In seconds, how old the newest change is that has passed this stage. Not {@link Stage#CAPTURE}, which no lane has. */
    public Level lagSeconds(Stage stage) {
        var level = lags.get(stage);
        if (level == null) {
            throw new IllegalArgumentException("a lane has no stage " + stage);
        }
        return level;
    }

    /** A batch has passed a stage: {@link Stage#RESOLVE}, {@link Stage#BUILD} or {@link Stage#WRITE}. */
    public void passed(Stage stage, Duration took) {
        var timer = stages.get(stage);
        if (timer == null) {
            throw new IllegalArgumentException("a lane does not time stage " + stage);
        }
        timer.record(took);
    }

    static Level heartbeatAge(MeterRegistry registry, Tags lane) {
        return Level.register(
                registry,
                "flusso.heartbeat.age",
                "seconds",
                "Age of the newest heartbeat: appended by capture (no index), or come through a lane",
                lane);
    }

    static Level lag(MeterRegistry registry, Stage stage, Tags lane) {
        return Level.register(
                registry,
                "flusso.lag",
                "seconds",
                "Age of the newest change that has passed the stage, 0 when current",
                lane.and("stage", stage.label()));
    }

    static Timer stage(MeterRegistry registry, Stage stage, Tags lane) {
        return Metrics.timer(
                registry,
                "flusso.stage.duration",
                "What one batch takes in the stage",
                lane.and("stage", stage.label()),
                SHORT);
    }
}
