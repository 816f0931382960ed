package dev.flusso.cli.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.capture.CapturePhase;
import dev.flusso.capture.CaptureStatus;
import dev.flusso.cli.status.StatusJson;
import dev.flusso.cli.status.StatusReport;
import dev.flusso.cli.status.StatusReport.IndexPhase;
import dev.flusso.cli.status.StatusSchema;
import dev.flusso.journal.LaneName;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.Position;
import dev.flusso.worker.lane.Heartbeats;
import dev.flusso.worker.lane.LaneStatus;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /status} is as its schema says in each state a lane or capture can be in. */
class StatusStatesTest {

    private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
    private static final LaneName USERS = new LaneName("primary", "users");

    private final StateTimes times = new StateTimes(InstantSource.fixed(NOW));

    private static LaneStatus lane(LaneStatus.State state, boolean everSeeded, boolean healing, String frozen) {
        return new LaneStatus(
                USERS,
                state,
                "so it is",
                "users_2",
                everSeeded ? "users_1" : "",
                Position.BEGINNING,
                0,
                new Heartbeats(null, null, null, null, null),
                everSeeded,
                healing,
                frozen,
                null,
                0,
                0,
                0,
                0,
                "");
    }

    private String json(LaneStatus lane) throws IOException {
        return json(null, Map.of(USERS.toString(), Views.lane(lane, null, null, NOW, times)));
    }

    private static String json(
            dev.flusso.cli.status.@Nullable CaptureStatus capture, Map<String, dev.flusso.cli.status.LaneStatus> lanes)
            throws IOException {
        var json = StatusJson.write(new StatusReport(
                StatusReport.Phase.BACKFILLING,
                1,
                Map.of("users", IndexPhase.BACKFILLING),
                0,
                0,
                0,
                0,
                0,
                0,
                null,
                null,
                0,
                null,
                capture,
                null,
                lanes));
        assertThat(StatusSchema.read().violations(json)).isEmpty();
        return json;
    }

    @ParameterizedTest
    @EnumSource(LaneStatus.State.class)
    void holdsInEachStateOfALane(LaneStatus.State state) throws IOException {
        for (var everSeeded : new boolean[] {true, false}) {
            for (var healing : new boolean[] {true, false}) {
                var json = json(lane(state, everSeeded, healing, ""));
                assertThat(json).contains("\"reason\":\"so it is\"").contains("\"served_frozen_since\":null");
            }
        }
    }

    @Test
    void tellsTheStatesApart() throws IOException {
        var told = new TreeSet<String>();
        for (var state : LaneStatus.State.values()) {
            told.add(Views.state(lane(state, true, false, "")).toString());
            told.add(Views.state(lane(state, false, false, "")).toString());
            told.add(Views.state(lane(state, true, true, "")).toString());
        }
        assertThat(told)
                .contains("seeding", "reseeding", "reindexing", "blocked", "stopped", "sink_wait", "source_wait");
    }

    @ParameterizedTest
    @ValueSource(strings = {"since 2026-11-20T09:59:00Z: column 'name' is gone", "since 2026-11-20T09:59:00Z"})
    void holdsWhileWhatIsServedIsFrozen(String frozen) throws IOException {
        assertThat(json(lane(LaneStatus.State.BLOCKED, true, false, frozen)))
                .contains("\"served_frozen_since\":\"2026-11-20T09:59:00Z\"", "frozen since");
    }

    @ParameterizedTest
    @EnumSource(CapturePhase.class)
    void holdsInEachPhaseOfCapture(CapturePhase phase) throws IOException {
        var status = new CaptureStatus(
                phase,
                "so it is",
                Lsn.ZERO,
                Lsn.ZERO,
                Lsn.ZERO,
                0,
                0,
                0,
                0,
                Instant.EPOCH,
                Instant.EPOCH,
                List.of(),
                0,
                "");
        assertThat(json(Views.capture(status, "flusso", "flusso", "", null, NOW, times), Map.of()))
                .contains("\"state\":\"" + Views.state(phase) + "\"");
    }
}
