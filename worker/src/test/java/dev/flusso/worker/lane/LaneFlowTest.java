package dev.flusso.worker.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.journal.LanePhase;
import dev.flusso.worker.DocumentWrite;
import dev.flusso.worker.InMemorySink;
import java.util.HashSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How batches overlap, and generations that cannot be kept current. */
class LaneFlowTest {

    @RegisterExtension
    final World world = new World();

    @Test
    @DisplayName("a lone change on an idle system is sent at once, and is not held back for the delay of a batch")
    void aLoneChangeIsSentAtOnce() {
        world.begin(3);
        world.turn(200);
        world.memory.hold();
        var before = world.now();
        world.rename(2, "alone");
        world.until("it is sent", () -> !world.memory.held().isEmpty());
        assertThat(world.now()).isBefore(before.plusMillis(30));
        world.memory.release();
    }

    @Test
    @DisplayName(
            "P6 several bulks are in flight, never two writes of one document, and the checkpoint follows the oldest")
    void severalBulksAreInFlight() {
        world.memory.limits(new InMemorySink.Limits(1 << 20, 3, 4, 100_000, 2));
        world.batchSize = 4;
        world.begin(20);
        world.memory.hold();
        var before = world.lane().status().position();
        for (var i = 1; i <= 20; i++) {
            world.rename(i, "once");
            world.rename(1 + i % 4, "again " + i);
        }
        world.turn(200);
        assertThat(world.memory.held()).hasSize(3);
        var ids = new HashSet<String>();
        world.memory
                .held()
                .forEach(held -> held.writes().stream()
                        .map(DocumentWrite::id)
                        .forEach(id -> assertThat(ids.add(id))
                                .as("two writes of %s under way", id)
                                .isTrue()));

        var newest = world.memory.held().get(2);
        newest.deliver();
        world.turn(20);
        assertThat(world.lane().status().position()).isEqualTo(before);
        world.memory.release();
        world.untilLive();
        assertThat(world.served()).isEqualTo(world.wanted());
    }

    @Test
    @DisplayName("batches grow with the backlog: a hundred changes that waited take a handful of requests")
    void batchesGrowWithTheBacklog() {
        world.batchSize = 2_000;
        world.begin(100);
        world.memory.hold();
        world.rename(1, "holds the others up");
        world.turn(50);
        for (var i = 1; i <= 100; i++) {
            world.rename(i, "waited");
            world.turn();
        }
        var before = world.memory.requests();
        world.memory.release();
        world.untilLive();
        assertThat(world.memory.requests() - before).isLessThan(40);
        assertThat(world.served()).isEqualTo(world.wanted());
    }

    @Test
    @DisplayName("P8 a generation whose columns are gone is served frozen, says so, and does not block the next one")
    void isServedFrozenWhenItsColumnsAreGone() {
        world.begin(3);
        world.stop();
        world.nameField = "title";
        world.rows.dropColumnOf(schema -> schema.fields().get(0).name().equals("name"));
        world.memory.hold();
        world.until("it is frozen", () -> !world.lane().status().frozen().isEmpty());
        assertThat(world.lane().status().frozen()).contains("since ", "a column is gone");
        assertThat(world.served()).hasSize(3).doesNotContainValue("title");
        assertThat(world.files()).anyMatch(file -> file.phase() == LanePhase.FROZEN);
        world.crash();
        world.turn(20);
        assertThat(world.lane().status().frozen()).as("after a restart too").contains("since ");
        world.memory.release();
        world.untilLive();
        assertThat(world.served()).isEqualTo(world.wanted());
        assertThat(world.lane().status().frozen()).isEmpty();
        assertThat(world.memory.indexes()).hasSize(1);
    }

    @Test
    @DisplayName(
            "P9 what cannot be read in the journal is a gap: the lane is built anew once, past it, and serves meanwhile")
    void aDamagedJournalIsAGap() {
        world.begin(3);
        world.turn(300);
        world.damagedAfter = world.journal.appender().newest();
        world.rename(1, "cannot be read");
        world.until("the damage is met", () -> !world.lane().status().isReady());
        assertThat(world.lane().status().reason()).contains("cannot be read");
        assertThat(world.served()).hasSize(3);
        world.turn(20);
        world.cover();
        world.untilLive();
        assertThat(world.served()).isEqualTo(world.wanted());
        assertThat(world.memory.alias("users").orElseThrow()).endsWith("_2");
        world.crash();
        world.untilLive();
        assertThat(world.memory.alias("users").orElseThrow()).endsWith("_2");
    }
}
