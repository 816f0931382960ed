package dev.flusso.journal;

import static dev.flusso.journal.Samples.lane;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetentionTest {

    private static final Instant NOW = Instant.parse("2026-01-02T00:00:00Z");
    private static final Retention.Shortage NONE = new Retention.Shortage(0, 0);
    private static final Retention.Shortage ONE_SEGMENT = new Retention.Shortage(100, 0);
    private static final Retention.Shortage FULL = new Retention.Shortage(100, 100);

    /** Ten segments of 100 bytes, ending at 10, 20, …; the newest entry of each an hour after that before, the last now. */
    private final List<Retention.Segment> segments = new ArrayList<>();

    RetentionTest() {
        for (var n = 1; n <= 10; n++) {
            segments.add(new Retention.Segment(at(10L * n), NOW.minus(Duration.ofHours(10 - n)), 100));
        }
    }

    private static Position at(long index) {
        return new Position(1, index);
    }

    private Retention.Plan plan(Retention.Shortage shortage, Duration retention, LaneFile... lanes) {
        return Retention.plan(segments, Position.BEGINNING, List.of(lanes), shortage, retention, NOW);
    }

    private static LaneFile tailing(String index, long position) {
        return lane(index, LanePhase.TAILING, at(position));
    }

    @Test
    void withoutLanesHistoryIsKeptForTheTimeAndNoLonger() {
        assertThat(plan(NONE, Duration.ofHours(24)).segments()).isZero();
        assertThat(plan(NONE, Duration.ofMinutes(330)).segments()).isEqualTo(4);
        assertThat(plan(NONE, Duration.ZERO).segments()).isEqualTo(8);
    }

    @Test
    void unconsumedHistoryIsNotTooOld() {
        var plan = plan(NONE, Duration.ZERO, tailing("fast", 100), tailing("slow", 35));
        assertThat(plan).isEqualTo(new Retention.Plan(3, List.of()));
    }

    @Test
    void aSegmentIsConsumedWithItsLastEntry() {
        assertThat(plan(NONE, Duration.ZERO, tailing("a", 29)).segments()).isEqualTo(2);
        assertThat(plan(NONE, Duration.ZERO, tailing("a", 30)).segments()).isEqualTo(3);
    }

    @Test
    void consumedHistoryGivesWayHoweverYoungItIs() {
        assertThat(plan(ONE_SEGMENT, Duration.ofDays(9), tailing("a", 100)).segments())
                .isEqualTo(1);
        assertThat(plan(new Retention.Shortage(250, 0), Duration.ofDays(9), tailing("a", 100))
                        .segments())
                .isEqualTo(3);
        assertThat(plan(new Retention.Shortage(250, 0), Duration.ofDays(9)).segments())
                .isEqualTo(3);
    }

    @Test
    void forComfortAloneNoLaneIsCutLoose() {
        assertThat(plan(ONE_SEGMENT, Duration.ZERO, tailing("fast", 100), tailing("slow", 5)))
                .isEqualTo(new Retention.Plan(0, List.of()));
    }

    @Test
    void aLaggardIsCutLooseWhenAnotherIsNear() {
        var plan = plan(FULL, Duration.ofDays(9), tailing("fast", 100), tailing("slow", 5), tailing("slower", 0));
        assertThat(plan.segments()).isEqualTo(1);
        assertThat(plan.cutLoose()).containsExactly(LaneName.parse("primary/slow"), LaneName.parse("primary/slower"));
    }

    @Test
    void aSeedingLaneHoldsHistoryAsATailingOne() {
        var plan = plan(FULL, Duration.ZERO, tailing("fast", 100), lane("seeding", LanePhase.SEEDING, at(5)));
        assertThat(plan.cutLoose()).containsExactly(LaneName.parse("primary/seeding"));
    }

    @Test
    void nobodyIsCutLooseWhenAllAreFar() {
        assertThat(plan(FULL, Duration.ZERO, tailing("a", 45), tailing("b", 5)))
                .isEqualTo(new Retention.Plan(0, List.of()));
        assertThat(plan(FULL, Duration.ZERO, tailing("alone", 5))).isEqualTo(new Retention.Plan(0, List.of()));
    }

    @Test
    void phasesThatNeedNothingHoldNothing() {
        for (var phase : List.of(LanePhase.WAITING, LanePhase.FROZEN, LanePhase.LOST)) {
            assertThat(plan(NONE, Duration.ZERO, lane("a", phase, at(5))).segments())
                    .isEqualTo(8);
        }
    }

    @Test
    void aLaneThatWasCutLooseBeforeHoldsNothing() {
        var plan = Retention.plan(segments, at(7), List.of(tailing("late", 3)), NONE, Duration.ZERO, NOW);
        assertThat(plan).isEqualTo(new Retention.Plan(8, List.of()));
    }

    @Test
    void theTwoNewestSegmentsStay() {
        segments.subList(0, 8).clear();
        assertThat(plan(FULL, Duration.ZERO).segments()).isZero();
    }
}
