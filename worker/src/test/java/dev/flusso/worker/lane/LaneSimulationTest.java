package dev.flusso.worker.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.flusso.journal.TableName;
import dev.flusso.schema.OnError;
import dev.flusso.worker.DocumentWrite;
import dev.flusso.worker.InMemoryRows;
import dev.flusso.worker.InMemorySink;
import dev.flusso.worker.Key;
import dev.flusso.worker.Outcome;
import dev.flusso.worker.SinkException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * A lane's life under random trouble, from a seed: writers, late visibility, kills, a sink that is busy, away, slow to deliver or forgetful
 * of answers, truncates, gaps, reindexes, other schemas. When the trouble is over, what is served equals what the rows say.
 *
 * <p>{@code -Dflusso.seed=N} replays one run, {@code -Dflusso.simulation.runs=N} makes that many.
 */
class LaneSimulationTest {

    private static final int RUNS = Integer.getInteger("flusso.simulation.runs", 150);
    private static final int STEPS = Integer.getInteger("flusso.simulation.steps", 400);

    /** Held, since loggers are forgotten with their levels. */
    private static final Logger LOG = Logger.getLogger("dev.flusso.worker.lane");

    @BeforeAll
    static void beQuiet() {
        if (Long.getLong("flusso.seed") == null) {
            LOG.setLevel(Level.OFF); // trouble is the point here
        }
    }

    @AfterAll
    static void speak() {
        LOG.setLevel(null);
    }

    @Test
    @DisplayName("P3 P4 P6 P7 P8 whatever happens, in the end the index is true to the rows")
    void inTheEndTheIndexIsTrueToTheRows() {
        var given = Long.getLong("flusso.seed");
        if (given != null) {
            run(given);
            return;
        }
        var first = new Random().nextLong() >>> 16;
        for (var i = 0; i < RUNS; i++) {
            run(first + i);
        }
    }

    private static void run(long seed) {
        try (var life = new Life(seed)) {
            life.trouble(STEPS);
            life.peace();
        } catch (AssertionError | RuntimeException e) {
            fail("replay with -Dflusso.seed=" + seed + ": " + e.getMessage(), e);
        }
    }

    /** One run. */
    private static final class Life implements AutoCloseable {

        private final Random random;
        private final World world;
        private final List<InMemoryRows.Committed> undecoded = new ArrayList<>();
        private final List<InMemoryRows.Committed> hidden = new ArrayList<>();
        private final List<InMemorySink.HeldWrite> lost = new ArrayList<>();
        private final List<String> log = new ArrayList<>();
        private double busy;
        private boolean isDeadly;
        private InMemorySink.@Nullable Backup backup;

        Life(long seed) {
            this.random = new Random(seed);
            this.world = new World(random);
            world.onError = OnError.SKIP;
            world.batchSize = 1 + random.nextInt(20);
            world.memory.limits(new InMemorySink.Limits(
                    1 << 20, 1 + random.nextInt(3), 1 + random.nextInt(8), 400 + random.nextInt(2_000), 2));
            world.memory.fault(this::fault);
            world.sink = new DeadlySink(world.memory, () -> isDeadly && random.nextInt(12) == 0);
            isDeadly = random.nextBoolean();
            if (random.nextBoolean()) {
                world.rows.forgetEstimates();
            }
            world.cover();
        }

        private @Nullable Outcome fault(String generation, DocumentWrite write) {
            return random.nextDouble() < busy ? new Outcome.Busy("429") : null;
        }

        void trouble(int steps) {
            for (var i = 0; i < steps; i++) {
                var dice = random.nextInt(100);
                if (dice < 30) {
                    write();
                } else if (dice < 40) {
                    decode();
                } else if (dice < 50) {
                    show();
                } else if (dice < 55) {
                    world.heartbeat();
                } else if (dice < 85) {
                    someSteps();
                } else {
                    rare(random.nextInt(64));
                }
            }
        }

        private void rare(int dice) {
            switch (dice) {
                case 0, 1, 2, 3 -> note("kill", world::crash);
                case 4, 5 -> note("stop", this::stop);
                case 6 -> note("reindex", () -> world.lane().reindex());
                case 7, 50 -> note("truncate", () -> commit(world.rows.begin().truncate(anyTable())));
                case 8 -> note("gap", this::gap);
                case 9 -> note("schema", this::anotherSchema);
                case 10, 11, 12 -> note("sink away", () -> world.memory.away(anyKind()));
                case 13, 14, 15, 16, 17, 18 -> note("sink heals", this::healSink);
                case 19, 20 -> note("source away", world.rows::away);
                case 21 -> note("drift", () -> world.rows.drift("a column is gone"));
                case 22, 23, 24, 25 -> note("source heals", world.rows::heal);
                case 26, 27, 28 -> note("hold", this::hold);
                case 29, 30, 31, 32, 33, 34 -> note("release some", this::releaseSome);
                case 35, 36, 37, 38 -> note("late delivery", this::deliverLost);
                case 39, 40 -> note("busy", () -> busy = random.nextDouble() * 0.8);
                case 41, 42, 43 -> note("idle", () -> busy = 0);
                case 44, 45, 46 -> note("time", () -> world.advance(Duration.ofMillis(random.nextInt(60_000))));
                case 47 -> note("index deleted", this::deleteIndex);
                case 48 -> note("cover", world::cover);
                case 49 -> note("fault", () -> world.rows.fail(new IllegalStateException("a fault")));
                case 60, 61 -> note("backup", () -> backup = world.memory.backup());
                case 62 -> note("older disk", () -> putBack(false));
                case 63 -> note("restored", () -> putBack(true));
                default -> someSteps();
            }
        }

        /** The sink is as it was when the backup was made. */
        private void putBack(boolean asAnother) {
            var then = backup;
            if (then != null && asAnother) {
                world.memory.restore(then);
            } else if (then != null) {
                world.memory.rollBack(then);
            }
        }

        private void note(String what, Runnable deed) {
            log.add(what);
            deed.run();
        }

        private TableName anyTable() {
            var tables = List.of(Shop.USERS, Shop.ORDERS, Shop.LINES, Shop.TAGS, Shop.USER_TAGS);
            return tables.get(random.nextInt(tables.size()));
        }

        private SinkException.Kind anyKind() {
            var kinds =
                    List.of(SinkException.Kind.UNAVAILABLE, SinkException.Kind.FORBIDDEN, SinkException.Kind.READ_ONLY);
            return kinds.get(random.nextInt(kinds.size()));
        }

        private String any() {
            return "" + (1 + random.nextInt(12));
        }

        private void write() {
            var writing = world.rows.begin();
            for (var i = random.nextInt(4); i >= 0; i--) {
                change(writing);
            }
            commit(writing);
        }

        private void change(InMemoryRows.Writing writing) {
            var id = any();
            switch (random.nextInt(12)) {
                case 0, 1 -> put(writing, Shop.USERS, id, "name", "u" + id);
                case 2 -> put(writing, Shop.ORDERS, id, "user_id", any(), "title", "o" + id);
                case 3 -> put(writing, Shop.LINES, id, "order_id", any(), "sku", "l" + id);
                case 4 -> put(writing, Shop.TAGS, id, "label", "t" + id);
                case 5 -> {
                    var tag = any();
                    writing.delete(Shop.USER_TAGS, Key.of(id, tag));
                    writing.insert(Shop.USER_TAGS, "user_id", id, "tag_id", tag);
                }
                case 6 -> writing.update(Shop.USERS, Key.of(id), "name", "n" + random.nextInt(1_000));
                case 7 -> writing.update(Shop.ORDERS, Key.of(id), "user_id", any());
                case 8 -> writing.update(Shop.LINES, Key.of(id), "order_id", any());
                case 9 -> writing.delete(Shop.USERS, Key.of(id));
                case 10 -> writing.delete(random.nextBoolean() ? Shop.ORDERS : Shop.LINES, Key.of(id));
                default -> writing.update(Shop.TAGS, Key.of(id), "label", "t" + random.nextInt(1_000));
            }
        }

        /** A row comes, in place of one with its key. */
        private static void put(InMemoryRows.Writing writing, TableName table, String id, String... cells) {
            var row = new ArrayList<>(List.of("id", id));
            row.addAll(List.of(cells));
            writing.delete(table, Key.of(id)).insert(table, row.toArray(String[]::new));
        }

        /** A transaction commits; what is decoded and what is seen of it may come later, in this order or that. */
        private void commit(InMemoryRows.Writing writing) {
            var committed = writing.commit(world.now());
            undecoded.add(committed);
            hidden.add(committed);
            if (random.nextInt(3) > 0) {
                decode();
                show();
            }
        }

        /** Capture appends what is committed, in the order of commits. */
        private void decode() {
            undecoded.forEach(world::capture);
            undecoded.clear();
        }

        /** Some of what is committed becomes visible, in any order. */
        private void show() {
            if (!hidden.isEmpty()) {
                hidden.remove(random.nextInt(hidden.size())).show();
            }
        }

        private void gap() {
            undecoded.clear(); // never to be seen in the stream
            hidden.forEach(InMemoryRows.Committed::show); // the slot is made anew after they ended
            hidden.clear();
            world.gap();
            if (random.nextBoolean()) {
                world.cover();
            }
        }

        private void stop() {
            var wasDeadly = isDeadly;
            isDeadly = false;
            world.stop();
            isDeadly = wasDeadly;
        }

        private void anotherSchema() {
            stop();
            world.nameField = world.nameField.equals("name") ? "title" : "name";
        }

        private void deleteIndex() {
            world.memory.alias("users").ifPresent(world.memory::deleteIndex);
        }

        private void hold() {
            world.memory.hold();
        }

        private void healSink() {
            world.memory.heal();
            world.memory.fault(this::fault);
        }

        private void releaseSome() {
            for (var held : List.copyOf(world.memory.held())) {
                switch (random.nextInt(4)) {
                    case 0 -> {
                        held.lose();
                        lost.add(held);
                    }
                    case 1 -> held.deliverUnanswered();
                    case 2 -> held.deliver();
                    default -> {}
                }
            }
            if (random.nextBoolean()) {
                world.memory.release();
            }
        }

        /** Requests whose callers gave up arrive after all. */
        private void deliverLost() {
            lost.forEach(InMemorySink.HeldWrite::deliver);
            lost.clear();
        }

        private void someSteps() {
            try {
                for (var i = random.nextInt(12); i >= 0; i--) {
                    world.lane().step();
                    for (var tasks = random.nextInt(4); tasks > 0 && !world.tasks.isEmpty(); tasks--) {
                        world.tasks.remove(random.nextInt(world.tasks.size())).run();
                    }
                    world.advance(Duration.ofMillis(random.nextInt(30)));
                }
            } catch (DeadlySink.Killed e) {
                note("killed within a call", world::crash);
            }
        }

        /** The trouble is over. */
        void peace() {
            isDeadly = false;
            decode();
            hidden.forEach(InMemoryRows.Committed::show);
            hidden.clear();
            busy = 0;
            healSink();
            world.memory.release();
            deliverLost();
            world.rows.heal();
            world.cover();
            world.advance(Duration.ofSeconds(15));
            world.turn(20);
            world.heartbeat();
            world.untilLive();
            world.advance(Duration.ofSeconds(10)); // until the sink has been looked at once more
            world.turn(300);
            world.untilLive();
            stop(); // what came back from a backup and is of no use goes at a start
            world.untilLive();
            world.turn(10);
            assertThat(world.served()).as("after %s", log).isEqualTo(world.wanted());
            assertThat(world.memory.indexes()).as("no orphan, after %s", log).hasSize(1);
            assertThat(world.files()).as("one lane file, after %s", log).hasSize(1);
            assertThat(world.lane().status().deadLetters()).isZero();
        }

        @Override
        public void close() {
            world.close();
        }
    }
}
