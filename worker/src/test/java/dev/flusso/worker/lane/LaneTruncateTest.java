package dev.flusso.worker.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.journal.TableName;
import dev.flusso.worker.InMemoryRows;
import dev.flusso.worker.Outcome;
import dev.flusso.worker.lane.LaneStatus.State;
import java.time.Duration;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TRUNCATE of a table that is not the root: all documents are built anew in place while the lane goes on. */
class LaneTruncateTest {

    private static final int USERS = 80;

    @RegisterExtension
    final World world = new World();

    /** Writes of each id since the last {@link #slow} or {@link #fast}. */
    private final TreeMap<String, Integer> written = new TreeMap<>();

    /** Users with an order and a line each, over many ranges. */
    private void begin() {
        world.rows.forgetEstimates();
        for (var i = 1; i <= USERS; i++) {
            world.commit(user(i));
        }
        world.cover();
        world.untilLive();
        fast();
    }

    private InMemoryRows.Writing user(int id) {
        return world.user(id)
                .insert(Shop.LINES, "id", "" + id, "order_id", "" + id, "sku", "l" + id)
                .insert(Shop.TAGS, "id", "" + id, "label", "t" + id)
                .insert(Shop.USER_TAGS, "user_id", "" + id, "tag_id", "" + id);
    }

    /** From now on documents whose id begins with 7 are not taken. */
    private void slow() {
        written.clear();
        world.memory.fault((generation, write) -> {
            if (write.id().startsWith("7")) {
                return new Outcome.Busy("429");
            }
            written.merge(write.id(), 1, Integer::sum);
            return null;
        });
    }

    private void fast() {
        written.clear();
        world.memory.fault((generation, write) -> {
            written.merge(write.id(), 1, Integer::sum);
            return null;
        });
    }

    private void untilRangesAreFinished() {
        world.until(
                "some ranges are finished",
                () -> world.files().get(0).seeding().finished().size() > 10);
    }

    private void assertTrueInPlace() {
        assertThat(world.served()).hasSize(USERS).isEqualTo(world.wanted());
        assertThat(world.memory.alias("users").orElseThrow()).endsWith("_1");
        var file = world.files().get(0);
        assertThat(world.files()).hasSize(1);
        assertThat(file.notes().keySet()).doesNotContainAnyElementsOf(Sweep.NOTES);
        assertThat(file.seeding().plan()).isEmpty();
    }

    private void untilSettled() {
        world.untilLive();
        world.advance(Duration.ofSeconds(2));
        world.turn(20); // a checkpoint
    }

    @ParameterizedTest
    @ValueSource(strings = {"orders", "lines", "tags", "user_tags"})
    @DisplayName("P3 child, grandchild, far table and junction: each document is built once more, in place")
    void eachDocumentIsBuiltOnceMore(String table) {
        begin();
        world.commit(world.rows.begin().truncate(TableName.of("public", table)));
        untilSettled();
        assertTrueInPlace();
        assertThat(written)
                .hasSize(USERS)
                .allSatisfy((id, times) -> assertThat(times).isOne());
    }

    @Test
    @DisplayName(
            "P3 P6 the lane goes on meanwhile: its checkpoint passes, its changes arrive, its status says what it does")
    void theLaneGoesOnMeanwhile() {
        begin();
        slow();
        world.commit(world.rows.begin().truncate(Shop.ORDERS));
        world.rename(1, "changed meanwhile");
        var end = world.heartbeat();
        world.until(
                "the change arrived",
                () -> world.served().getOrDefault("1", "").contains("changed meanwhile")
                        && !world.lane().status().position().isBefore(end));
        var status = world.lane().status();
        assertThat(status.state()).isEqualTo(State.LIVE);
        assertThat(status.isReady()).isTrue();

        assertThat(status.seeding())
                .extracting(LaneStatus.SeedingProgress::reason)
                .isEqualTo("TRUNCATE of public.orders");
        assertThat(status.reason()).isEqualTo("all documents are built anew in place: TRUNCATE of public.orders");
        fast();
        untilSettled();
        assertTrueInPlace();
        assertThat(world.lane().status().seeding()).isNull();
        assertThat(world.lane().status().reason()).isEmpty();
    }

    @Test
    @DisplayName("P3 P7 killed in the middle it goes on with the ranges it had not finished")
    void killedInTheMiddleItGoesOn() {
        begin();
        slow();
        world.commit(world.rows.begin().truncate(Shop.LINES));
        untilRangesAreFinished();
        world.crash();
        fast();
        untilSettled();
        assertTrueInPlace();
        assertThat(written).as("finished ranges are not read again").hasSizeBetween(11, USERS - 1);
    }

    @Test
    @DisplayName("P3 P6 killed before its checkpoint passes the TRUNCATE, it meets it again")
    void killedBeforeTheCheckpointItMeetsItAgain() {
        begin();
        world.commit(world.rows.begin().truncate(Shop.LINES));
        world.turn(3);
        world.crash();
        untilSettled();
        assertTrueInPlace();
    }

    @Test
    @DisplayName("P4 no document is taken from a snapshot that does not show the TRUNCATE")
    void waitsUntilItIsVisible() {
        begin();
        var hidden = world.rows.begin().truncate(Shop.ORDERS).commit(world.now());
        world.capture(hidden);
        world.rename(5, "not held up");
        world.turn(300);
        assertThat(written).containsOnlyKeys("5");
        assertThat(world.lane().status().seeding()).isNotNull();
        hidden.show();
        untilSettled();
        assertTrueInPlace();
    }

    @Test
    @DisplayName("P3 a second TRUNCATE in the middle begins it anew, what was under way does not count")
    void aSecondTruncateBeginsItAnew() {
        begin();
        slow();
        world.commit(world.rows.begin().truncate(Shop.LINES));
        untilRangesAreFinished();
        world.commit(world.rows.begin().truncate(Shop.ORDERS));
        world.turn(10);
        fast();
        untilSettled();
        assertTrueInPlace();
    }

    @Test
    @DisplayName("P3 however often it begins anew, each range has its turn")
    void eachRangeHasItsTurn() {
        begin();
        for (var i = 0; i < 60; i++) {
            world.commit(world.rows
                    .begin()
                    .truncate(Shop.LINES)
                    .insert(Shop.LINES, "id", "x" + i, "order_id", "1", "sku", "x" + i));
            world.turn(8);
        }
        assertThat(world.served().values()).as("no old line is left").noneMatch(json -> json.contains("\"sku\":\"l"));
        untilSettled();
        assertTrueInPlace();
    }

    @Test
    @DisplayName("P3 a scan that does not get its turn is tried again, and the lane's changes do not wait for it")
    void aScanWithoutATurnHoldsNothingUp() {
        begin();
        world.commit(world.rows.begin().truncate(Shop.ORDERS));
        world.rows.failNextScan();
        world.until("it is over", () -> {
            assertThat(world.lane().status().state()).isEqualTo(State.LIVE);
            return world.failures.stream().anyMatch(failure -> failure.contains("the scan fails"))
                    && world.lane().status().seeding() == null;
        });
        untilSettled();
        assertTrueInPlace();
    }

    @Test
    @DisplayName("P3 P8 a generation being built is served only when it has made good a TRUNCATE it met")
    void aNextGenerationMakesItGoodBeforeItIsServed() {
        begin();
        world.lane().reindex();
        world.until("it is being built", () -> world.lane().status().target().endsWith("_2"));
        world.commit(world.rows.begin().truncate(Shop.ORDERS));
        untilSettled();
        assertThat(world.served()).hasSize(USERS).isEqualTo(world.wanted());
        assertThat(world.memory.alias("users").orElseThrow()).endsWith("_2");
    }

    @Test
    @DisplayName("P9 a sink that falls back to a moment in the middle of it gets it anew")
    void aSinkThatFallsBackGetsItAnew() {
        begin();
        slow();
        world.commit(world.rows.begin().truncate(Shop.ORDERS));
        untilRangesAreFinished();
        world.advance(Duration.ofSeconds(2));
        world.turn(20);
        var backup = world.memory.backup();
        fast();
        untilSettled();
        assertTrueInPlace();
        world.rename(3, "after the backup");
        untilSettled();

        world.memory.rollBack(backup);
        world.advance(Duration.ofSeconds(15)); // the sink is looked at
        world.turn(30);
        world.heartbeat();
        world.untilLive();
        assertThat(world.served()).hasSize(USERS).isEqualTo(world.wanted());
    }
}
