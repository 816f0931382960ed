package dev.flusso.cli.pipeline;

import dev.flusso.capture.CaptureStatus;
import dev.flusso.cli.status.Probe;
import dev.flusso.worker.lane.Heartbeats;
import dev.flusso.worker.lane.LaneStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether documents are current, or on their first way to be: by what each part says of itself, and by heartbeats, which tell of parts
 * that cannot speak. Of one cause one line is said, where it is.
 *
 * @param interval of heartbeats; zero for none
 * @param started when this process began to look
 * @param now the moment this is about
 */
record Readiness(Duration interval, Instant started, Instant now) {

    /** How long a first seeding may be without any progress. */
    static final Duration SEEDING_PATIENCE = Duration.ofSeconds(60);

    /** What a step of a thread may take when there are no heartbeats to compare with. */
    private static final Duration STEP_PATIENCE = Duration.ofSeconds(10);

    /**
     * The capture half.
     *
     * @param inStep how long its thread has been in one step
     */
    record Captured(CaptureStatus status, Duration inStep) {}

    /**
     * The journal as a process without a capture half sees it.
     *
     * @param newest when the newest heartbeat in it was emitted; null before there was one
     * @param source what is known of the database by asking it; empty when nothing is
     * @param error why it cannot be read; empty when it can
     */
    record Journaled(@Nullable Instant newest, String source, String error) {}

    /**
     * A lane.
     *
     * @param inStep how long its thread has been in one step
     * @param still for how long nothing about it has changed
     */
    record Worked(LaneStatus status, Duration inStep, Duration still) {}

    /** What is wrong with all parts of the process that it has. */
    Probe of(@Nullable Captured capture, Journaled journal, List<Worked> lanes, boolean stopping) {
        var troubles = new ArrayList<String>();
        if (stopping) {
            troubles.add("flusso is stopping");
        }
        Instant newest;
        if (capture != null) {
            capture(capture, troubles);
            newest = capture.status().heartbeatAppendedAt();
        } else {
            journal(journal, troubles);
            newest = journal.newest();
        }
        if (!journal.error().isEmpty()) {
            troubles.add("journal: " + journal.error());
        }
        for (var lane : lanes) {
            lane(lane, newest, troubles);
        }
        return Probe.of(troubles);
    }

    private void capture(Captured capture, List<String> troubles) {
        var status = capture.status();
        if (Views.isTrouble(status.phase())) {
            troubles.add("capture: " + Views.describe(status));
        } else if (isTooLong(capture.inStep())) {
            troubles.add("capture: it has been in one step for "
                    + capture.inStep().toSeconds() + " s: Postgres or the journal's disk does not answer");
        } else if (isTooOld(status.heartbeatAppendedAt())) {
            troubles.add("capture: no heartbeat came back from Postgres" + late(status.heartbeatAppendedAt())
                    + (status.detail().isEmpty() ? "" : "; " + Views.describe(status)));
        } else if (isTooOld(status.heartbeatDurableAt())) {
            troubles.add("journal: no heartbeat was forced to its disk" + late(status.heartbeatDurableAt()));
        }
    }

    private void journal(Journaled journal, List<String> troubles) {
        if (isTooOld(journal.newest())) {
            troubles.add("journal: capture appends no heartbeat" + late(journal.newest()) + "; "
                    + (journal.source().isEmpty() ? "capture or Postgres is away" : journal.source()));
        }
    }

    private void lane(Worked lane, @Nullable Instant newest, List<String> troubles) {
        var status = lane.status();
        var name = status.lane() + ": ";
        if (isTooLong(lane.inStep())) {
            troubles.add(name + "its thread has been in one step for "
                    + lane.inStep().toSeconds() + " s: sink or disk does not answer");
        } else if (!status.isReady()) {
            troubles.add(name + Views.describe(status));
        } else if (!status.frozen().isEmpty()) {
            troubles.add(name + "what is served is not kept current, frozen " + status.frozen());
        } else if (followsTheJournal(status)) {
            var through = status.heartbeatAt();
            if (isTooOld(through) && isBehind(status.heartbeats(), newest)) {
                troubles.add(name + "no heartbeat came through" + late(through) + "; " + where(status, newest));
            }
        } else if (lane.still().compareTo(SEEDING_PATIENCE) > 0) {
            troubles.add(name + Views.describe(status) + ", without progress for "
                    + lane.still().toSeconds() + " s");
        }
    }

    /** Whether heartbeats should come through: a first seeding only begins to read the journal when it is done. */
    private static boolean followsTheJournal(LaneStatus status) {
        return status.state() == LaneStatus.State.LIVE
                || (status.everSeeded() && !status.served().isEmpty());
    }

    /**
     * When a lane has passed on all there is, the trouble is before it. One that began behind the newest heartbeat has not been given any.
     */
    private boolean isBehind(Heartbeats beats, @Nullable Instant newest) {
        var through = beats.through();
        if (!isTooOld(newest)) {
            return true;
        }
        return through == null ? beats.read() != null : newest == null || through.isBefore(newest);
    }

    /** Which step the heartbeats do not get past. */
    private static String where(LaneStatus status, @Nullable Instant newest) {
        var beats = status.heartbeats();
        if (lags(beats.read(), newest)) {
            return "it does not come to reading them (stage journal): it waits for a step behind, or is far behind";
        }
        if (lags(beats.resolved(), beats.read())) {
            return "Postgres does not answer which documents changed (stage resolve)";
        }
        if (lags(beats.built(), beats.resolved())) {
            return "Postgres does not answer with the documents (stage build)";
        }
        if (lags(beats.settled(), beats.built())) {
            return "the sink does not take the documents (stage write)";
        }
        return "the sink does not answer (stage write)";
    }

    private static boolean lags(@Nullable Instant one, @Nullable Instant before) {
        return before != null && (one == null || one.isBefore(before));
    }

    private boolean isTooOld(@Nullable Instant newest) {
        return !interval.isZero() && age(newest).compareTo(limit()) > 0;
    }

    private boolean isTooLong(Duration inStep) {
        return inStep.compareTo(interval.isZero() ? STEP_PATIENCE : limit()) > 0;
    }

    /** One and a half intervals and a second. */
    private Duration limit() {
        return interval.multipliedBy(3).dividedBy(2).plusSeconds(1);
    }

    private Duration age(@Nullable Instant newest) {
        return Duration.between(newest == null || newest.isBefore(started) ? started : newest, now);
    }

    private String late(@Nullable Instant newest) {
        return " for " + age(newest).toSeconds() + " s, expected one every " + interval.toMillis() + " ms";
    }
}
