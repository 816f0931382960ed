package dev.flusso.worker.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.schema.OnError;
import dev.flusso.worker.InMemoryRows;
import dev.flusso.worker.Key;
import dev.flusso.worker.lane.LaneStatus.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A row for which the database can make no document holds up nothing but itself, or stops its lane by name. */
class LaneRowFaultTest {

    private final World world = new World();

    @AfterEach
    void close() {
        world.close();
    }

    private void begin(String nameOfSecond) {
        world.rows.failRows(json -> json.contains("zero"));
        for (var i = 1; i <= 3; i++) {
            world.commit(world.rows.begin().insert(Shop.USERS, "id", "" + i, "name", i == 2 ? nameOfSecond : "u" + i));
        }
        world.cover();
    }

    private static InMemoryRows.Writing named(InMemoryRows.Writing writing, int id, String name) {
        return writing.update(Shop.USERS, Key.of("" + id), "name", name);
    }

    @Test
    @DisplayName("P12 skip: of the rows of one batch the one that fails becomes a dead letter, the others are written")
    void oneRowOfABatchIsPutAway() {
        world.onError = OnError.SKIP;
        begin("u2");
        world.untilLive();
        var all = named(world.rows.begin(), 1, "one");
        named(named(all, 2, "zero"), 3, "three");
        world.commit(all);
        world.untilLive();
        assertThat(world.lane().status().deadLetters()).isEqualTo(1);
        assertThat(world.served().get("1")).contains("one");
        assertThat(world.served().get("2"))
                .as("as it was when it could be made")
                .contains("u2");
        assertThat(world.served().get("3")).contains("three");

        world.commit(named(world.rows.begin(), 2, "mended"));
        world.untilLive();
        assertThat(world.lane().status().deadLetters()).isZero();
        assertThat(world.served()).isEqualTo(world.wanted());
    }

    @Test
    @DisplayName("P12 skip: a row that fails while a range is read becomes a dead letter, the others are written")
    void oneRowOfARangeIsPutAway() {
        world.onError = OnError.SKIP;
        begin("zero");
        world.untilLive();
        assertThat(world.lane().status().deadLetters()).isEqualTo(1);
        assertThat(world.served()).containsOnlyKeys("1", "3");
    }

    @Test
    @DisplayName("P12 stop: a row that fails stops its lane by name, which goes on when the row is mended")
    void oneRowStopsTheLane() {
        begin("u2");
        world.untilLive();
        world.commit(named(world.rows.begin(), 2, "zero"));
        world.until("it stopped", () -> world.lane().status().state() == State.STOPPED);
        assertThat(world.lane().status().reason()).contains("document 2", "row_failed", "division by zero");

        world.commit(named(world.rows.begin(), 2, "mended"));
        world.untilLive();
        assertThat(world.lane().status().reason()).doesNotContain("document 2");
        assertThat(world.served()).isEqualTo(world.wanted());
    }

    @Test
    @DisplayName(
            "P12 stop: a row that fails while a range is read stops its lane by name, which goes on when the row is mended")
    void oneRowOfARangeStopsTheLane() {
        begin("zero");
        world.until("it stopped", () -> world.lane().status().state() == State.STOPPED);
        assertThat(world.lane().status().reason()).contains("document 2", "row_failed", "division by zero");

        world.commit(named(world.rows.begin(), 2, "mended"));
        world.untilLive();
        assertThat(world.served()).isEqualTo(world.wanted());
    }
}
