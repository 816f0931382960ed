package dev.flusso.worker.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.worker.InMemorySink;
import dev.flusso.worker.Key;
import dev.flusso.worker.Outcome;
import dev.flusso.worker.SinkException;
import dev.flusso.worker.lane.LaneStatus.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a lane says of its own freshness: how far heartbeats come, and what holds them up. */
class LanePulseTest {

    @RegisterExtension
    final World world = new World();

    private void begin() {
        world.commit(world.rows.begin().insert(Shop.USERS, "id", "1", "name", "Ann"));
        world.cover();
        world.untilLive();
    }

    private Instant beat() {
        world.advance(Duration.ofSeconds(5));
        var now = world.now();
        world.heartbeat();
        return now;
    }

    private Heartbeats heartbeats() {
        return world.lane().status().heartbeats();
    }

    @Test
    @DisplayName(
            "P10 on an idle source a heartbeat passes every step, and is through once the sink has answered a checkpoint")
    void anIdleLaneIsCurrentOnlyWhileItsSinkAnswers() {
        begin();
        var beat = beat();
        world.until("it came through", () -> beat.equals(world.lane().status().heartbeatAt()));
        assertThat(heartbeats()).isEqualTo(new Heartbeats(beat, beat, beat, beat, beat));

        world.memory.away(SinkException.Kind.UNAVAILABLE);
        var second = beat();
        world.until("the checkpoint failed", () -> world.lane().status().state() == State.SINK_AWAY);
        assertThat(world.lane().status().reason()).isNotEmpty();
        assertThat(heartbeats().settled()).isEqualTo(second);
        assertThat(heartbeats().through()).isBefore(second);

        world.memory.heal();
        world.until("it goes on by itself", () -> world.lane().status().isReady());
        world.until("it came through", () -> second.equals(world.lane().status().heartbeatAt()));
    }

    @Test
    @DisplayName("a sink that never answers holds heartbeats up though nothing fails")
    void aSilentSinkHoldsHeartbeatsUp() {
        begin();
        var first = beat();
        world.until("it came through", () -> first.equals(world.lane().status().heartbeatAt()));
        var second = beat();
        for (var i = 0; i < 100; i++) {
            world.lane().step(); // what the lane asked of others is never run
            world.advance(Duration.ofMillis(100));
        }
        assertThat(heartbeats().settled()).isEqualTo(second);
        assertThat(heartbeats().through()).isBefore(second);
        world.until(
                "it goes on by itself",
                () -> second.equals(world.lane().status().heartbeatAt()));
    }

    @Test
    @DisplayName("a database that never answers holds heartbeats up before the step it is asked for")
    void aSilentDatabaseHoldsHeartbeatsUp() {
        begin();
        var first = beat();
        world.until("it came through", () -> first.equals(world.lane().status().heartbeatAt()));
        world.commit(world.rows.begin().update(Shop.USERS, Key.of("1"), "name", "Bea"));
        var second = beat();
        for (var i = 0; i < 100; i++) {
            world.lane().step();
            world.advance(Duration.ofMillis(100));
        }
        assertThat(heartbeats().read()).isEqualTo(second);
        assertThat(heartbeats().resolved()).isEqualTo(second);
        assertThat(List.of(
                        Objects.requireNonNull(heartbeats().built()),
                        Objects.requireNonNull(heartbeats().settled())))
                .containsOnly(first);
        world.untilLive();
        world.until(
                "it goes on by itself",
                () -> second.equals(world.lane().status().heartbeatAt()));
    }

    @Test
    @DisplayName("P12 while the next generation is built, a document that stops the one served stops the lane")
    void whatIsServedCountsWhileTheNextIsBuilt() {
        world.memory.limits(new InMemorySink.Limits(32 << 20, 1, 1, 10 << 20, 3));
        var writing = world.rows.begin();
        for (var id = 1; id <= 300; id++) {
            writing.insert(Shop.USERS, "id", "" + id, "name", "u" + id);
        }
        world.commit(writing);
        world.cover();
        world.untilLive();
        world.memory.fault((generation, write) -> generation.endsWith("_1")
                ? new Outcome.Rejected("mapper_parsing_exception", "as the test wants")
                : null);
        world.lane().reindex();
        world.until("the next is being seeded", () -> world.lane().status().seeding() != null);
        assertThat(world.lane().status().isReady()).isTrue();
        world.commit(world.rows.begin().update(Shop.USERS, Key.of("7"), "name", "poison"));
        world.until("it stopped", () -> world.lane().status().state() == State.STOPPED);
        assertThat(world.lane().status().seeding()).isNotNull();
        world.untilLive();
        assertThat(world.memory.alias("users").orElseThrow()).endsWith("_2");
    }
}
