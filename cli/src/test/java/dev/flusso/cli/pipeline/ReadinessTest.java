package dev.flusso.cli.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.capture.CapturePhase;
import dev.flusso.capture.CaptureStatus;
import dev.flusso.journal.LaneName;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.Position;
import dev.flusso.worker.lane.Heartbeats;
import dev.flusso.worker.lane.LaneStatus;
import dev.flusso.worker.lane.LaneStatus.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What readiness makes of what the parts say of themselves; that they say it truly, {@link ReadinessIT} shows. */
class ReadinessTest {

    private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
    private static final Instant FRESH = NOW.minusSeconds(4);
    private static final Instant OLD = NOW.minusSeconds(9);
    private static final Duration QUICK = Duration.ofMillis(1);
    private static final Duration STUCK = Duration.ofSeconds(9);
    private static final Readiness.Journaled JOURNAL = new Readiness.Journaled(FRESH, "", "");

    private final Readiness readiness = new Readiness(Duration.ofSeconds(5), NOW.minusSeconds(3600), NOW);

    private static Readiness.Captured capture(CapturePhase phase, Instant appended, Instant durable, Duration inStep) {
        var status = new CaptureStatus(
                phase,
                phase == CapturePhase.STREAMING ? "" : "so it is",
                Lsn.ZERO,
                Lsn.ZERO,
                Lsn.ZERO,
                0,
                0,
                0,
                0,
                appended,
                durable,
                List.of(),
                0,
                "");
        return new Readiness.Captured(status, inStep);
    }

    private static Readiness.Captured fineCapture() {
        return capture(CapturePhase.STREAMING, FRESH, FRESH, QUICK);
    }

    private static Heartbeats all(@Nullable Instant beat) {
        return new Heartbeats(beat, beat, beat, beat, beat);
    }

    private static LaneStatus lane(State state, Heartbeats beats, boolean everSeeded, boolean healing, String frozen) {
        return new LaneStatus(
                new LaneName("primary", "users"),
                state,
                state == State.LIVE ? "" : "so it is",
                "users_1",
                everSeeded ? "users_1" : "",
                Position.BEGINNING,
                0,
                beats,
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

    private static Readiness.Worked live(Heartbeats beats) {
        return new Readiness.Worked(lane(State.LIVE, beats, true, false, ""), QUICK, QUICK);
    }

    private List<String> troubles(Readiness.@Nullable Captured capture, Readiness.Worked... lanes) {
        return readiness.of(capture, JOURNAL, List.of(lanes), false).troubles();
    }

    @Test
    void isReadyWhenHeartbeatsComeThrough() {
        assertThat(troubles(fineCapture(), live(all(FRESH)))).isEmpty();
        assertThat(troubles(null, live(all(FRESH)))).isEmpty();
        assertThat(readiness.of(fineCapture(), JOURNAL, List.of(), true).troubles())
                .containsExactly("flusso is stopping");
    }

    @Test
    void theLimitIsOneAndAHalfIntervalsAndASecond() {
        var just = NOW.minusMillis(8500);
        assertThat(troubles(capture(CapturePhase.STREAMING, just, just, QUICK), live(all(just))))
                .isEmpty();
        assertThat(troubles(fineCapture(), live(all(just.minusMillis(1))))).hasSize(1);
    }

    @Test
    void aProcessThatHasJustBegunIsGivenTheTimeToSeeAHeartbeat() {
        var young = new Readiness(Duration.ofSeconds(5), NOW.minusSeconds(5), NOW);
        var lanes = List.of(live(all(null)));
        var none = capture(CapturePhase.STREAMING, Instant.EPOCH, Instant.EPOCH, QUICK);
        assertThat(young.of(none, JOURNAL, lanes, false).isFine()).isTrue();
        assertThat(readiness.of(none, JOURNAL, lanes, false).isFine()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "CONNECTING, capture: connecting: so it is",
        "FULL, capture: held: so it is",
        "ENDED, capture: stopped: so it is"
    })
    void captureSaysWhatKeepsIt(CapturePhase phase, String said) {
        assertThat(troubles(capture(phase, FRESH, FRESH, QUICK))).containsExactly(said);
    }

    @Test
    void aCaptureThatCannotSpeakIsNoticed() {
        assertThat(troubles(capture(CapturePhase.STREAMING, OLD, OLD, STUCK)))
                .containsExactly(
                        "capture: it has been in one step for 9 s: Postgres or the journal's disk does not answer");
        assertThat(troubles(capture(CapturePhase.STREAMING, OLD, OLD, QUICK)))
                .containsExactly("capture: no heartbeat came back from Postgres for 9 s, expected one every 5000 ms");
        assertThat(troubles(capture(CapturePhase.STREAMING, FRESH, OLD, QUICK)))
                .containsExactly("journal: no heartbeat was forced to its disk for 9 s, expected one every 5000 ms");
        assertThat(troubles(capture(CapturePhase.CREATING_SLOT, OLD, OLD, QUICK)))
                .containsExactly("capture: no heartbeat came back from Postgres for 9 s, expected one every 5000 ms;"
                        + " starting: so it is");
    }

    @Test
    void aWorkerSaysWhetherCaptureOrPostgresIsAwayAndDoesNotBlameItsLanes() {
        var lanes = List.of(live(all(OLD)));
        assertThat(readiness
                        .of(null, new Readiness.Journaled(OLD, "Postgres does not answer", ""), lanes, false)
                        .troubles())
                .containsExactly("journal: capture appends no heartbeat for 9 s, expected one every 5000 ms;"
                        + " Postgres does not answer");
        assertThat(readiness
                        .of(null, new Readiness.Journaled(OLD, "", "it is gone"), lanes, false)
                        .troubles())
                .containsExactly(
                        "journal: capture appends no heartbeat for 9 s, expected one every 5000 ms;"
                                + " capture or Postgres is away",
                        "journal: it is gone");
    }

    @Test
    void aLaneThatBeganBehindTheNewestHeartbeatIsNotBlamedForNotHavingSeenIt() {
        var silent = new Readiness.Journaled(OLD, "", "");
        var unseen = List.of(live(Heartbeats.NONE));
        assertThat(readiness.of(null, silent, unseen, false).troubles())
                .singleElement()
                .asString()
                .startsWith("journal: ");
        var held = List.of(live(new Heartbeats(OLD, null, null, null, null)));
        assertThat(readiness.of(null, silent, held, false).troubles()).hasSize(2);
        assertThat(readiness.of(null, JOURNAL, unseen, false).troubles())
                .singleElement()
                .asString()
                .startsWith("primary/users: no heartbeat came through");
    }

    @ParameterizedTest
    @EnumSource(
            value = State.class,
            names = {"BLOCKED", "STOPPED", "SINK_AWAY", "SOURCE_AWAY", "CLOSED"})
    void aLaneThatDoesNotGoOnIsNotReady(State state) {
        assertThat(troubles(
                        fineCapture(), new Readiness.Worked(lane(state, all(FRESH), true, false, ""), QUICK, QUICK)))
                .containsExactly("primary/users: "
                        + Views.state(lane(state, all(FRESH), true, false, ""))
                                .toString()
                                .replace('_', ' ')
                        + ": so it is");
    }

    @Test
    void aFirstSeedingIsReadyWhileItMakesProgress() {
        var seeding = lane(State.SEEDING, all(null), false, false, "");
        assertThat(troubles(fineCapture(), new Readiness.Worked(seeding, QUICK, Duration.ofSeconds(60))))
                .isEmpty();
        assertThat(troubles(fineCapture(), new Readiness.Worked(seeding, QUICK, Duration.ofSeconds(61))))
                .containsExactly("primary/users: seeding: so it is, without progress for 61 s");
        assertThat(troubles(fineCapture(), new Readiness.Worked(seeding, STUCK, STUCK)))
                .containsExactly(
                        "primary/users: its thread has been in one step for 9 s: sink or disk does not answer");
    }

    @Test
    void aReindexIsReadyWhileWhatIsServedIsCurrent() {
        assertThat(troubles(
                        fineCapture(),
                        new Readiness.Worked(lane(State.SEEDING, all(FRESH), true, false, ""), QUICK, QUICK)))
                .isEmpty();
        assertThat(troubles(
                        fineCapture(),
                        new Readiness.Worked(lane(State.SEEDING, all(OLD), true, false, ""), QUICK, QUICK)))
                .hasSize(1);
        assertThat(troubles(
                        fineCapture(),
                        new Readiness.Worked(lane(State.SEEDING, all(FRESH), true, true, ""), QUICK, QUICK)))
                .containsExactly("primary/users: reseeding: so it is");
        assertThat(troubles(
                        fineCapture(),
                        new Readiness.Worked(
                                lane(State.SEEDING, all(FRESH), true, false, "since yesterday: no column"),
                                QUICK,
                                QUICK)))
                .containsExactly(
                        "primary/users: what is served is not kept current, frozen since yesterday: no column");
    }

    @ParameterizedTest
    @CsvSource({
        "0, stage journal",
        "1, stage resolve",
        "2, stage build",
        "3, the sink does not take the documents",
        "4, the sink does not answer"
    })
    void namesTheStageThatHeartbeatsDoNotGetPast(int passed, String named) {
        var beats = new Heartbeats(
                passed > 0 ? FRESH : OLD,
                passed > 1 ? FRESH : OLD,
                passed > 2 ? FRESH : OLD,
                passed > 3 ? FRESH : OLD,
                OLD);
        assertThat(troubles(fineCapture(), live(beats)))
                .singleElement()
                .asString()
                .startsWith("primary/users: no heartbeat came through for 9 s, expected one every 5000 ms; ")
                .contains(named);
    }

    @Test
    void withoutHeartbeatsOnlyWhatIsSaidCounts() {
        var coarse = new Readiness(Duration.ZERO, NOW.minusSeconds(3600), NOW);
        assertThat(coarse.of(
                                capture(CapturePhase.STREAMING, Instant.EPOCH, Instant.EPOCH, QUICK),
                                new Readiness.Journaled(null, "", ""),
                                List.of(live(all(null))),
                                false)
                        .isFine())
                .isTrue();
        assertThat(coarse.of(
                                capture(CapturePhase.STREAMING, FRESH, FRESH, Duration.ofSeconds(11)),
                                JOURNAL,
                                List.of(),
                                false)
                        .isFine())
                .isFalse();
    }
}
