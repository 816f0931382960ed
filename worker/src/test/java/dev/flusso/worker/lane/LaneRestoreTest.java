package dev.flusso.worker.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.worker.InMemorySink;
import dev.flusso.worker.Outcome;
import dev.flusso.worker.SinkException;
import dev.flusso.worker.lane.LaneStatus.State;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A sink that is as it was some time ago, or whose names lead elsewhere. */
class LaneRestoreTest {

    @RegisterExtension
    final World world = new World();

    /** Until what there is was written into the lane file and is remembered by the sink. */
    private void checkpoint() {
        for (var i = 0; i < 3; i++) {
            world.heartbeat();
            world.advance(Duration.ofSeconds(2));
            world.turn(20);
        }
        world.untilLive();
    }

    /** Changes and checkpoints between a restore and the next look at the sink. */
    private void busyForAWhile() {
        for (var i = 0; i < 5; i++) {
            world.rename(2, "meanwhile " + i);
            world.advance(Duration.ofMillis(1_100));
            world.turn(20);
        }
    }

    private boolean isTrue() {
        return world.memory.alias("users").isPresent() && world.served().equals(world.wanted());
    }

    private void awaitGeneration(String number) {
        world.until(
                "generation " + number + " is served and true",
                () -> world.memory.alias("users").orElse("").endsWith(number)
                        && isTrue()
                        && world.isLive()
                        && world.memory.indexes().size() == 1);
        assertThat(world.files()).hasSize(1);
    }

    @Test
    @DisplayName("P9 a sink on an older disk is noticed though checkpoints went on before anybody looked")
    void anOlderDiskIsNoticedUnderLoad() {
        world.begin(3);
        checkpoint();
        var backup = world.memory.backup();
        world.rename(1, "after the backup");
        checkpoint();
        world.memory.rollBack(backup);
        busyForAWhile();
        world.advance(Duration.ofSeconds(10));
        awaitGeneration("_1");
    }

    @Test
    @DisplayName("P9 also when the worker is stopped before anybody looked")
    void anOlderDiskIsNoticedAfterAStop() {
        world.begin(3);
        checkpoint();
        var backup = world.memory.backup();
        world.rename(1, "after the backup");
        checkpoint();
        world.memory.rollBack(backup);
        busyForAWhile();
        world.stop();
        awaitGeneration("_1");
    }

    private InMemorySink.Backup inTheMiddleOfSeeding() {
        world.memory.fault((generation, write) -> write.id().startsWith("9") ? new Outcome.Busy("429") : null);
        world.until(
                "some ranges are finished",
                () -> world.files().stream()
                        .anyMatch(file -> file.seeding().finished().size() > 10));
        world.advance(Duration.ofSeconds(2));
        world.turn(5);
        var backup = world.memory.backup();
        world.memory.heal();
        return backup;
    }

    @Test
    @DisplayName("P9 a sink put back to the middle of a seeding is seeded anew, also when no row has changed since")
    void anOlderDiskOfASeedingIsNoticed() {
        world.rows.forgetEstimates();
        for (var i = 1; i <= 100; i++) {
            world.commit(world.user(i));
        }
        world.cover();
        var backup = inTheMiddleOfSeeding();
        world.untilLive();
        world.turn(500);
        world.memory.rollBack(backup);
        world.advance(Duration.ofSeconds(10));
        awaitGeneration("_2");
    }

    @Test
    @DisplayName("P8 P9 a sink put back to before a swap: what was not whole then is not served as it is")
    void anOlderDiskOfASwapIsNoticed() {
        world.rows.forgetEstimates();
        world.begin(100);
        world.lane().reindex();
        world.turn(5);
        var backup = inTheMiddleOfSeeding();
        world.until(
                "the next is served",
                () -> world.memory.alias("users").orElse("").endsWith("_2"));
        checkpoint();
        world.rename(1, "after the backup");
        checkpoint();
        world.memory.rollBack(backup);
        world.advance(Duration.ofSeconds(10));
        world.until("it was noticed", () -> world.memory.indexes().size() > 2 || isTrue());
        assertThat(world.memory.alias("users").orElseThrow())
                .as("whole as it was, until another is ready")
                .endsWith("_1");
        awaitGeneration("_3");
    }

    @Test
    @DisplayName("P8 an alias that leads to nothing of ours is left to another program, and taken back once it is free")
    void anAliasThatLeadsElsewhere() {
        world.begin(3);
        var ours = world.memory.alias("users").orElseThrow();
        world.memory.foreignIndex("theirs", "users");
        world.advance(Duration.ofSeconds(10));
        world.turn(50);
        assertThat(world.memory.alias("users")).contains("theirs");
        world.memory.deleteIndex("theirs");
        world.advance(Duration.ofSeconds(10));
        world.turn(50);
        assertThat(world.memory.alias("users")).contains(ours);
    }

    @Test
    @DisplayName("P9 P10 a sink that does not tell what it holds is said so, at once when it forbids it")
    void aSinkThatDoesNotTellIsSaidSo() {
        world.begin(2);
        world.memory.hideGenerations(SinkException.Kind.FORBIDDEN);
        world.advance(Duration.ofSeconds(10));
        world.turn(50);
        assertThat(world.lane().status().state()).isEqualTo(State.SINK_AWAY);
        assertThat(world.lane().status().reason()).contains("does not list its indexes");
        world.memory.heal();
        world.untilLive();

        world.memory.hideGenerations(SinkException.Kind.UNAVAILABLE);
        world.advance(Duration.ofSeconds(10));
        world.turn(50);
        assertThat(world.lane().status().state()).as("one failure is none").isEqualTo(State.LIVE);
        world.until("it lasts", () -> world.lane().status().state() == State.SINK_AWAY);
        world.rename(1, "goes on");
        world.turn(50);
        assertThat(world.served()).isEqualTo(world.wanted());
        world.memory.heal();
        world.untilLive();
    }
}
