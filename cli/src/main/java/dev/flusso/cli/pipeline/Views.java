package dev.flusso.cli.pipeline;

import dev.flusso.capture.CapturePhase;
import dev.flusso.capture.CaptureStatus;
import dev.flusso.cli.status.LaneStatus.SeedingStatus;
import dev.flusso.cli.status.StatusReport.IndexPhase;
import dev.flusso.journal.LaneFile;
import dev.flusso.worker.lane.LaneStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How the halves' own states are shown to people and programs. */
final class Views {

    private static final Pattern FROZEN = Pattern.compile("since (\\S+Z)(?::|$)");

    private Views() {}

    // ---- lanes

    static IndexPhase phase(LaneStatus lane) {
        if (lane.everSeeded()) {
            return IndexPhase.SEEDED;
        }
        return switch (lane.state()) {
            case SEEDING, CATCHING_UP -> IndexPhase.BACKFILLING;
            case LIVE -> IndexPhase.SEEDED;
            case WAITING, BLOCKED, STOPPED, SINK_AWAY, SOURCE_AWAY, CLOSED -> IndexPhase.PENDING;
        };
    }

    static String describe(LaneStatus lane) {
        var state = state(lane).toString().replace('_', ' ');
        return lane.reason().isEmpty() ? state : state + ": " + lane.reason();
    }

    static dev.flusso.cli.status.LaneStatus.State state(LaneStatus lane) {
        return switch (lane.state()) {
            case WAITING -> dev.flusso.cli.status.LaneStatus.State.WAITING;
            case BLOCKED -> dev.flusso.cli.status.LaneStatus.State.BLOCKED;
            case SEEDING, CATCHING_UP -> seeding(lane);
            case LIVE -> dev.flusso.cli.status.LaneStatus.State.TAILING;
            case STOPPED -> dev.flusso.cli.status.LaneStatus.State.STOPPED;
            case SINK_AWAY -> dev.flusso.cli.status.LaneStatus.State.SINK_WAIT;
            case SOURCE_AWAY -> dev.flusso.cli.status.LaneStatus.State.SOURCE_WAIT;
            case CLOSED -> dev.flusso.cli.status.LaneStatus.State.CLOSED;
        };
    }

    private static dev.flusso.cli.status.LaneStatus.State seeding(LaneStatus lane) {
        if (!lane.everSeeded()) {
            return dev.flusso.cli.status.LaneStatus.State.SEEDING;
        }
        if (lane.healing()) {
            return dev.flusso.cli.status.LaneStatus.State.RESEEDING;
        }
        return lane.target().equals(lane.served())
                ? dev.flusso.cli.status.LaneStatus.State.TAILING
                : dev.flusso.cli.status.LaneStatus.State.REINDEXING;
    }

    static dev.flusso.cli.status.LaneStatus lane(
            LaneStatus lane,
            @Nullable Double lagSeconds,
            @Nullable Double drainSeconds,
            Instant now,
            StateTimes times) {
        var state = state(lane);
        var beat = lane.heartbeatAt();
        return new dev.flusso.cli.status.LaneStatus(
                lane.lane().index(),
                lane.lane().sink(),
                state,
                times.since(lane.lane().toString(), state),
                number(lane.served()),
                lane.position().toString(),
                lane.lagBytes(),
                lagSeconds,
                beat == null ? null : Duration.between(beat, now).toMillis() / 1000.0,
                drainSeconds,
                seedingOf(lane),
                lane.deadLetters(),
                frozenSince(lane.frozen()),
                reason(lane),
                lane.lastError().isEmpty() ? null : lane.lastError(),
                Advice.about(lane));
    }

    private static @Nullable String reason(LaneStatus lane) {
        if (lane.frozen().isEmpty()) {
            return lane.reason().isEmpty() ? null : lane.reason();
        }
        return lane.reason().isEmpty() || lane.reason().equals(lane.frozen())
                ? "frozen " + lane.frozen()
                : lane.reason() + "; frozen " + lane.frozen();
    }

    /** Out of {@code since <time>: <reason>}, as the lane notes it; null when it is not frozen. */
    static @Nullable Instant frozenSince(String frozen) {
        var matcher = FROZEN.matcher(frozen);
        return matcher.find() ? Instant.parse(matcher.group(1)) : null;
    }

    private static @Nullable SeedingStatus seedingOf(LaneStatus lane) {
        var seeding = lane.seeding();
        if (seeding == null) {
            return null;
        }
        return new SeedingStatus(
                seeding.documents(),
                seeding.estimate() == 0 ? null : seeding.estimate(),
                seeding.remaining().map(left -> left.toMillis() / 1000.0).orElse(null));
    }

    /** The number behind a generation's last underscore; 0 when there is no generation. */
    private static int number(String generation) {
        var digits = generation.substring(generation.lastIndexOf('_') + 1);
        return digits.isEmpty() || !digits.chars().allMatch(Character::isDigit) ? 0 : Integer.parseInt(digits);
    }

    /** A lane no running config names; it holds the journal's history until it is forgotten. */
    static dev.flusso.cli.status.LaneStatus orphan(LaneFile file) {
        return new dev.flusso.cli.status.LaneStatus(
                file.lane().index(),
                file.lane().sink(),
                dev.flusso.cli.status.LaneStatus.State.ORPHANED,
                file.writtenAt(),
                file.generation(),
                file.position().toString(),
                null,
                null,
                null,
                null,
                null,
                file.deadLetters(),
                null,
                "no config that runs here names it; the journal keeps its history",
                null,
                "start a worker that names it, or end it with 'flusso journal forget " + file.lane() + "'");
    }

    // ---- capture

    static boolean isTrouble(CapturePhase phase) {
        return switch (phase) {
            case CONNECTING, FULL, ENDED -> true;
            case PROVISIONING, CREATING_SLOT, STREAMING -> false;
        };
    }

    static String describe(CaptureStatus capture) {
        var state = state(capture.phase()).toString();
        var why = capture.detail().isEmpty() ? capture.lastError() : capture.detail();
        return why.isEmpty() ? state : state + ": " + why;
    }

    static dev.flusso.cli.status.CaptureStatus.State state(CapturePhase phase) {
        return switch (phase) {
            case CONNECTING -> dev.flusso.cli.status.CaptureStatus.State.CONNECTING;
            case PROVISIONING, CREATING_SLOT -> dev.flusso.cli.status.CaptureStatus.State.STARTING;
            case STREAMING -> dev.flusso.cli.status.CaptureStatus.State.STREAMING;
            case FULL -> dev.flusso.cli.status.CaptureStatus.State.HELD;
            case ENDED -> dev.flusso.cli.status.CaptureStatus.State.STOPPED;
        };
    }

    static dev.flusso.cli.status.CaptureStatus capture(
            CaptureStatus capture,
            String slot,
            String publication,
            String position,
            @Nullable Double lagSeconds,
            Instant now,
            StateTimes times) {
        var state = state(capture.phase());
        var beat = capture.heartbeatAppendedAt();
        return new dev.flusso.cli.status.CaptureStatus(
                state,
                times.since("capture", state),
                slot,
                publication,
                position.isEmpty() ? null : position,
                capture.received().toString(),
                capture.acknowledged().toString(),
                capture.slotLagBytes(),
                lagSeconds,
                beat.equals(Instant.EPOCH) ? null : Duration.between(beat, now).toMillis() / 1000.0,
                capture.walRetainedBytes(),
                capture.blockers().stream().map(Object::toString).toList(),
                capture.detail().isEmpty() ? List.of() : List.of(capture.detail()),
                capture.lastError().isEmpty() ? null : capture.lastError());
    }
}
