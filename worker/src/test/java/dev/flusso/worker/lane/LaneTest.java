package dev.flusso.worker.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.journal.LanePhase;
import dev.flusso.worker.Key;
import dev.flusso.worker.Outcome;
import dev.flusso.worker.SinkException;
import dev.flusso.worker.lane.LaneStatus.State;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LaneTest {

    @RegisterExtension
    final World world = new World();

    @Test
    @DisplayName("P2 P7 waits for coverage, seeds, tails and serves")
    void waitsForCoverageSeedsTailsAndServes() {
        world.commit(world.user(1));
        world.turn(50);
        assertThat(world.lane().status().state()).isEqualTo(State.WAITING);
        assertThat(world.memory.indexes()).isEmpty();

        world.cover();
        world.commit(world.user(2));
        world.untilLive();

        assertThat(world.served()).hasSize(2).isEqualTo(world.wanted());
        assertThat(world.files())
                .singleElement()
                .satisfies(file -> assertThat(file.phase()).isEqualTo(LanePhase.TAILING));
    }

    @Test
    @DisplayName(
            "P3 rebuilds what a change touches before and after it: insert, re-parenting, key change, junction, delete")
    void rebuildsWhatAChangeTouches() {
        world.begin(3);
        world.commit(world.rows.begin().insert(Shop.LINES, "id", "9", "order_id", "1", "sku", "x"));
        world.commit(world.rows.begin().update(Shop.ORDERS, Key.of("1"), "user_id", "2"));
        world.commit(world.rows.begin().update(Shop.USERS, Key.of("3"), "id", "30"));
        world.commit(world.rows.begin().insert(Shop.TAGS, "id", "5", "label", "vip"));
        world.commit(world.rows.begin().insert(Shop.USER_TAGS, "user_id", "1", "tag_id", "5"));
        world.untilLive();
        assertThat(world.served()).containsOnlyKeys("1", "2", "30").isEqualTo(world.wanted());

        world.commit(world.rows.begin().update(Shop.TAGS, Key.of("5"), "label", "gone"));
        world.commit(world.rows.begin().delete(Shop.ORDERS, Key.of("2")));
        world.commit(world.rows.begin().delete(Shop.USER_TAGS, Key.of("1", "5")));
        world.commit(world.rows.begin().delete(Shop.USERS, Key.of("30")));
        world.untilLive();
        assertThat(world.served()).isEqualTo(world.wanted());
    }

    @Test
    @DisplayName("P4 asks again until a decoded commit is visible, and does not pass it before")
    void asksAgainUntilACommitIsVisible() {
        world.begin(1);
        var before = world.lane().status().position();
        var hidden = world.rows
                .begin()
                .update(Shop.USERS, Key.of("1"), "name", "new")
                .commit(world.now());
        world.capture(hidden);
        world.turn(500);
        assertThat(world.lane().status().position()).isEqualTo(before);
        assertThat(world.lane().status().reason()).contains("visible");

        hidden.show();
        world.untilLive();
        assertThat(world.served().get("1")).contains("new");
    }

    @Test
    @DisplayName("P4 a way that leads through a row not yet visible is gone once more, when it is")
    void followsAPathOnceItsJunctionIsVisible() {
        world.begin(2);
        world.commit(world.rows.begin().insert(Shop.TAGS, "id", "5", "label", "old"));
        world.untilLive();
        var junction = world.rows
                .begin()
                .insert(Shop.USER_TAGS, "user_id", "1", "tag_id", "5")
                .commit(world.now());
        world.capture(junction);
        world.commit(world.rows.begin().update(Shop.TAGS, Key.of("5"), "label", "new"));
        world.turn(100);
        assertThat(world.served().get("1")).doesNotContain("new");
        var moved = world.rows
                .begin()
                .update(Shop.USER_TAGS, Key.of("1", "5"), "user_id", "2")
                .commit(world.now());
        world.capture(moved);
        world.turn(100);
        moved.show();
        junction.show();
        world.untilLive();
        assertThat(world.served()).isEqualTo(world.wanted());
        assertThat(world.served().get("2")).contains("new");
    }

    @Test
    @DisplayName("P4 nothing waits for transactions that have nothing to do with it")
    void waitsForNoForeignTransaction() {
        world.begin(1);
        world.rows.begin();
        world.rename(1, "new");
        world.untilLive();
        assertThat(world.served().get("1")).contains("new");
    }

    @Test
    @DisplayName("a batch asks once for each path with a further hop, and once for its documents")
    void aBatchAsksOncePerPath() {
        world.begin(3);
        for (var i = 1; i <= 8; i++) {
            world.commit(world.rows.begin().insert(Shop.TAGS, "id", "" + i, "label", "t" + i));
            world.commit(world.rows.begin().insert(Shop.USER_TAGS, "user_id", "2", "tag_id", "" + i));
        }
        world.untilLive();
        var writing = world.rows.begin();
        for (var i = 1; i <= 8; i++) {
            writing.update(Shop.TAGS, Key.of("" + i), "label", "u" + i);
            writing.insert(Shop.LINES, "id", "9" + i, "order_id", "" + (1 + i % 3), "sku", "x");
            writing.update(Shop.ORDERS, Key.of("" + (1 + i % 3)), "title", "p" + i);
            writing.update(Shop.USERS, Key.of("" + (1 + i % 3)), "name", "q" + i);
        }
        var before = world.rows.questions();
        world.commit(writing);
        world.untilLive();
        assertThat(world.rows.questions() - before)
                .as("tags by their junction, lines by their orders, the documents")
                .isEqualTo(3);
        assertThat(world.served()).isEqualTo(world.wanted());
    }

    @Test
    @DisplayName("P4 C22 what is not visible holds up the checkpoint, and nothing else")
    void goesOnBehindWhatIsNotVisible() {
        world.begin(3);
        var before = world.lane().status().position();
        var hidden = world.rows
                .begin()
                .update(Shop.USERS, Key.of("1"), "name", "hidden")
                .commit(world.now());
        world.capture(hidden);
        world.turn(100);
        for (var i = 0; i < 40; i++) {
            world.rename(2, "seen" + i);
            world.heartbeat();
            world.turn(100);
            assertThat(world.served().get("2")).contains("seen" + i);
        }
        assertThat(world.served().get("1")).doesNotContain("hidden");
        assertThat(world.lane().status().position()).isEqualTo(before);

        hidden.show();
        world.untilLive();
        assertThat(world.served()).isEqualTo(world.wanted());
    }

    @Test
    @DisplayName(
            "P4 P6 a request that arrives after its successor does no harm, and the checkpoint waits for the answer")
    void aLateRequestDoesNoHarm() {
        world.begin(1);
        var before = world.lane().status().position();
        world.memory.hold();
        world.rename(1, "first");
        world.turn(20);
        assertThat(world.memory.held()).hasSize(1);
        world.rename(1, "second");
        world.turn(200);
        assertThat(world.memory.held()).as("one unsettled write for an id").hasSize(1);
        assertThat(world.lane().status().position()).isEqualTo(before);

        var late = world.memory.held().get(0);
        late.lose();
        world.memory.release();
        world.untilLive();
        late.deliver();
        assertThat(world.served()).isEqualTo(world.wanted());
    }

    @Test
    @DisplayName("P4 a write older than 30 s is built anew instead of being sent again")
    void buildsAnewWhatIsTooOldToBeSent() {
        world.begin(2);
        world.memory.away(SinkException.Kind.UNAVAILABLE);
        world.rename(1, "one");
        world.rename(2, "two");
        world.turn(100);
        assertThat(world.lane().status().state()).isEqualTo(State.SINK_AWAY);
        world.advance(Duration.ofSeconds(40));
        world.memory.heal();
        world.untilLive();
        assertThat(world.served()).isEqualTo(world.wanted());
    }

    @Test
    @DisplayName("P6 a killed worker writes again what was not settled")
    void aKilledWorkerWritesAgain() {
        world.begin(3);
        world.memory.away(SinkException.Kind.UNAVAILABLE);
        world.rename(1, "new");
        world.turn(300);
        world.crash();
        world.memory.heal();
        world.untilLive();
        assertThat(world.served()).isEqualTo(world.wanted());
    }

    @Test
    @DisplayName("P6 a checkpoint on its way does not bring back a file deleted meanwhile")
    void aLateCheckpointBringsNothingBack() {
        world.begin(1);
        world.rename(1, "new");
        world.advance(Duration.ofSeconds(2));
        for (var i = 0; i < 6; i++) {
            world.lane().step();
            // everything runs but the tasks that write checkpoints: they are left for the end
            var now = List.copyOf(world.tasks);
            world.tasks.clear();
            if (i < 5) {
                now.forEach(Runnable::run);
            } else {
                world.tasks.addAll(now);
            }
            world.advance(Duration.ofMillis(300));
        }
        var late = List.copyOf(world.tasks);
        world.tasks.clear();
        world.heartbeat();
        world.lane().reindex();
        world.untilLive();
        var files = world.files();
        late.forEach(Runnable::run);
        assertThat(world.files()).isEqualTo(files).hasSize(1);
    }

    @Test
    @DisplayName("P7 a killed seeding goes on with the ranges it had not finished")
    void aKilledSeedingGoesOn() {
        world.rows.forgetEstimates();
        for (var i = 1; i <= 200; i++) {
            world.commit(world.user(i));
        }
        world.cover();
        world.memory.fault((generation, write) -> write.id().startsWith("9") ? new Outcome.Busy("429") : null);
        world.until(
                "some ranges are finished",
                () -> world.files().stream()
                        .anyMatch(file -> file.seeding().finished().size() > 10));
        world.rename(1, "changed meanwhile");
        var written = new TreeMap<String, Integer>();
        world.crash();
        world.memory.fault((generation, write) -> {
            written.merge(write.id(), 1, Integer::sum);
            return null;
        });
        world.untilLive();
        assertThat(world.served()).hasSize(200).isEqualTo(world.wanted());
        assertThat(written).as("finished ranges are not read again").hasSizeLessThan(200);
    }

    @Test
    void seedsAnEmptyTable() {
        world.begin(0);
        assertThat(world.served()).isEmpty();
        world.commit(world.user(1));
        world.untilLive();
        assertThat(world.served()).isEqualTo(world.wanted());
    }

    @Test
    @DisplayName("P8 a reindex serves the old generation, current, until the new one has caught up")
    void aReindexServesTheOldGenerationMeanwhile() {
        world.begin(5);
        var old = world.memory.alias("users").orElseThrow();
        world.memory.hold();
        world.lane().reindex();
        world.turn(50);
        world.rename(1, "new");
        world.turn(50);
        assertThat(world.memory.alias("users")).contains(old);
        assertThat(world.lane().status().isReady()).isTrue();
        world.memory.release();
        world.untilLive();
        assertThat(world.memory.alias("users").orElseThrow()).isNotEqualTo(old);
        assertThat(world.memory.indexes()).hasSize(1);
        assertThat(world.files()).hasSize(1);
        assertThat(world.served()).isEqualTo(world.wanted());
    }

    @Test
    @DisplayName(
            "P8 the old generation is kept current by its own schema while a changed one is built, and goes when it is served")
    void aChangedSchemaBuildsTheNext() {
        world.begin(3);
        world.stop();
        world.nameField = "title";
        world.rows.away();
        world.turn(20);
        world.rows.heal();
        world.untilLive();
        assertThat(world.served()).isEqualTo(world.wanted());
        assertThat(world.served().get("1")).contains("title");
        assertThat(world.memory.indexes()).hasSize(1);

        world.stop();
        world.nameField = "name";
        world.untilLive();
        assertThat(world.served()).isEqualTo(world.wanted());
        assertThat(world.memory.indexes()).hasSize(1);
        assertThat(world.files()).hasSize(1);
    }

    @Test
    @DisplayName("P8 killed right after the swap, the newer generation goes on and the older one goes")
    void aKilledSwapEndsClean() {
        world.begin(2);
        world.lane().reindex();
        world.until("two generations are there", () -> world.memory.indexes().size() == 2);
        var before = world.files();
        world.until(
                "the alias moved",
                () -> world.memory.alias("users").orElseThrow().endsWith("_2"));
        world.crash();
        // as if killed before anything was deleted
        var lanes = world.journal.lanes();
        try {
            lanes.save(before.get(0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        world.rows.begin();
        world.heartbeat();
        world.untilLive();
        assertThat(world.memory.alias("users").orElseThrow()).endsWith("_2");
        assertThat(world.memory.indexes()).hasSize(1);
        assertThat(world.files()).hasSize(1);
    }

    @Test
    @DisplayName(
            "P3 P8 a TRUNCATE of the root becomes a new generation, once, also when it was not visible as the rows were read")
    void aTruncateBecomesANewGeneration() {
        world.begin(4);
        var hidden = world.rows.begin().truncate(Shop.USERS).commit(world.now());
        world.capture(hidden);
        world.heartbeat();
        world.turn(400);
        assertThat(world.lane().status().target()).endsWith("_2");
        assertThat(world.files().get(1).phase())
                .as("nothing is read while it is hidden")
                .isEqualTo(LanePhase.WAITING);
        hidden.show();
        world.heartbeat();
        world.untilLive();
        assertThat(world.memory.alias("users").orElseThrow()).endsWith("_2");
        assertThat(world.served()).isEqualTo(world.wanted());
    }

    @Test
    @DisplayName("P3 a TRUNCATE met while the sink is away is not forgotten")
    void aTruncateIsNotForgotten() {
        world.begin(4);
        world.commit(world.rows.begin().truncate(Shop.USERS));
        world.memory.away(SinkException.Kind.UNAVAILABLE);
        world.turn(200);
        world.stop();
        world.memory.heal();
        world.heartbeat();
        world.untilLive();
        assertThat(world.served()).isEmpty();
    }

    @Test
    @DisplayName(
            "P4 P8 a schema changed there and back and there again: the number of what was dropped is not given out again")
    void aNumberIsNotGivenOutAgain() {
        world.begin(3);
        world.memory.hold();
        for (var i = 0; i < 2; i++) {
            world.stop();
            world.nameField = "title";
            world.until("the next is seeding", () -> world.memory.indexes().size() > 1);
            world.turn(5);
            world.stop();
            world.nameField = "name";
            world.until("it is gone", () -> world.memory.indexes().size() == 1);
        }
        world.stop();
        world.nameField = "title";
        world.until("the next is there", () -> world.memory.indexes().size() > 1);
        assertThat(world.memory.indexes()).anyMatch(name -> name.endsWith("_4"));
        world.memory.release();
        world.untilLive();
        assertThat(world.served()).isEqualTo(world.wanted());
    }
}
