package dev.flusso.worker.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flusso.journal.InMemoryJournal;
import dev.flusso.journal.LanePhase;
import dev.flusso.journal.Position;
import dev.flusso.journal.Seeding;
import dev.flusso.schema.OnError;
import dev.flusso.schema.SourceConfig.OnGap;
import dev.flusso.worker.DocumentWrite;
import dev.flusso.worker.InMemorySink;
import dev.flusso.worker.Key;
import dev.flusso.worker.Outcome;
import dev.flusso.worker.SinkException;
import dev.flusso.worker.lane.LaneStatus.State;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Gaps, restored sinks, poison, and edges that are away. */
class LaneTroubleTest {

    @RegisterExtension
    final World world = new World();

    @Test
    @DisplayName("P9 a gap builds anew once, the old generation serves, and readiness tells")
    void aGapBuildsAnew() {
        world.begin(3);
        world.rows
                .begin()
                .update(Shop.USERS, Key.of("1"), "name", "unseen")
                .commit(world.now())
                .show();
        world.gap();
        world.turn(100);
        assertThat(world.lane().status().isReady()).isFalse();
        assertThat(world.lane().status().reason()).contains("SLOT_LOST");
        world.crash();
        world.turn(100);
        assertThat(world.lane().status().isReady()).as("after a restart too").isFalse();
        world.cover();
        world.untilLive();
        assertThat(world.served().get("1")).contains("unseen");
        assertThat(world.memory.alias("users").orElseThrow()).endsWith("_2");
        assertThat(world.lane().status().isReady()).isTrue();
    }

    @Test
    @DisplayName("P9 a column redefined without an event is built anew once, also across a restart, and then served")
    void aRedefinedColumnIsBuiltAnewOnce() {
        world.begin(3);
        world.rows.redefine("dropped and added again");
        world.turn(20);
        world.crash();
        world.turn(400);
        world.cover();
        world.untilLive();
        assertThat(world.memory.alias("users").orElseThrow()).endsWith("_2");
        world.crash();
        world.untilLive();
        assertThat(world.memory.alias("users").orElseThrow()).endsWith("_2");
        assertThat(world.served()).isEqualTo(world.wanted());
    }

    @Test
    @DisplayName("P9 with on_gap = stop a gap ends the lane, again after each start, until it is accepted")
    void aForbiddenGapEndsTheLane() {
        world.begin(1);
        world.onGap = OnGap.STOP;
        world.stop();
        world.gap();
        world.cover();
        for (var i = 0; i < 3; i++) {
            assertThatThrownBy(() -> world.turn(200)).isInstanceOf(Lane.GapForbiddenException.class);
            world.stop();
        }
        world.onGap = OnGap.HEAL;
        world.untilLive();
        assertThat(world.served()).isEqualTo(world.wanted());
    }

    @Test
    @DisplayName("P9 a fresh lane does not take a gap before its beginning for one of its own")
    void aGapBeforeTheBeginningIsNone() {
        world.onGap = OnGap.STOP;
        world.commit(world.user(1));
        world.gap();
        world.begin(0);
        assertThat(world.memory.alias("users").orElseThrow()).endsWith("_1");
    }

    @Test
    @DisplayName("P12 what neither the stream nor the table has any more is said with its place, whoever notices first")
    void whatIsGoneIsSaidWithItsPlace() {
        world.begin(3);
        var some = new TreeMap<>(world.carried);
        some.remove(Shop.ORDERS);
        world.carried = some;
        world.cover();
        world.until(
                "the stream's lack is said",
                () -> world.lane().status().reason().contains("the stream does not carry"));
        world.rows.dropColumnOf(schema -> true);
        world.until("its place is said", () -> world.lane().status().reason().contains("test.schema.yml"));
        assertThat(world.lane().status().state()).isEqualTo(LaneStatus.State.BLOCKED);
        world.rows.dropColumnOf(schema -> false);
        world.carried = Shop.covered();
        world.cover();
        world.untilLive();
        assertThat(world.served()).isEqualTo(world.wanted());
    }

    @Test
    @DisplayName("P2 coverage that held before the lane began, and lacked something, sends nobody back")
    void earlierCoverageSendsNobodyBack() {
        var hidden =
                world.rows.begin().insert(Shop.TAGS, "id", "1", "label", "x").commit(world.now());
        world.capture(hidden);
        var all = world.carried;
        var some = new TreeMap<>(all);
        some.remove(Shop.ORDERS);
        world.carried = some;
        world.cover();
        world.turn(100);
        assertThat(world.lane().status().state()).isEqualTo(State.BLOCKED);
        world.carried = all;
        world.commit(world.user(1));
        world.cover();
        world.until("it has begun", () -> world.files().get(0).phase() != LanePhase.WAITING);
        hidden.show();
        world.untilLive();
        assertThat(world.memory.alias("users").orElseThrow()).endsWith("_1");

        world.carried = some;
        world.cover();
        world.turn(200);
        assertThat(world.lane().status().state()).isEqualTo(State.BLOCKED);
        world.carried = all;
        world.cover();
        world.untilLive();
        assertThat(world.memory.alias("users").orElseThrow()).endsWith("_2");
    }

    @Test
    @DisplayName("P9 a source rolled back below what was written from it begins one new generation")
    void aRolledBackSourceBuildsAnew() {
        world.begin(3);
        world.rename(1, "lost");
        world.untilLive();
        world.rows.rollBack(world.rows.nextXid() - 2);
        world.gap();
        world.cover();
        world.commit(world.user(9));
        world.heartbeat();
        world.untilLive();
        assertThat(world.served()).isEqualTo(world.wanted());
    }

    @Test
    @DisplayName(
            "P4 P9 a version below the highest is a gap, though nothing in the journal says so, and nothing is lost to a 409")
    void aFallenVersionIsAGap() {
        world.begin(3);
        for (var i = 0; i < 5; i++) {
            world.rename(1, "lost " + i);
        }
        world.untilLive();
        world.rows.rollBack(world.rows.nextXid() - 5);
        world.rename(2, "of the other past");
        world.until("it is noticed", () -> world.lane().status().reason().contains("the source is older than"));
        assertThat(world.lane().status().isReady()).isFalse();
        world.cover();
        world.untilLive();
        assertThat(world.memory.alias("users").orElseThrow()).endsWith("_2");
        assertThat(world.served()).isEqualTo(world.wanted());
    }

    @Test
    @DisplayName("P9 a deleted index is built anew, whether it went while the lane ran or while it did not")
    void aDeletedIndexIsBuiltAnew() {
        world.begin(3);
        world.memory.deleteIndex(world.memory.alias("users").orElseThrow());
        world.until("it was noticed", () -> !world.lane().status().isReady());
        world.untilLive();
        assertThat(world.served()).isEqualTo(world.wanted());

        world.stop();
        world.memory.deleteIndex(world.memory.alias("users").orElseThrow());
        world.untilLive();
        assertThat(world.served()).isEqualTo(world.wanted());
    }

    @Test
    @DisplayName("P9 a sink on a rolled-back disk is rewound to what it remembers")
    void aRolledBackSinkIsRewound() {
        world.begin(3);
        world.heartbeat();
        world.advance(Duration.ofSeconds(2));
        world.untilLive();
        var backup = world.memory.backup();
        world.rename(1, "after the backup");
        world.advance(Duration.ofSeconds(2));
        world.untilLive();
        world.advance(Duration.ofSeconds(2));
        world.turn(100);

        world.memory.rollBack(backup);
        world.advance(Duration.ofSeconds(20));
        world.until("it is made good", () -> world.served().equals(world.wanted()));
        assertThat(world.memory.alias("users").orElseThrow())
                .as("not built anew")
                .endsWith("_1");
    }

    @Test
    @DisplayName("P9 a sink restored from a snapshot is built anew while the restored index serves")
    void aRestoredSinkIsBuiltAnew() {
        world.begin(3);
        var backup = world.memory.backup();
        world.rename(1, "after the backup");
        world.untilLive();
        world.stop();
        world.memory.restore(backup);
        world.untilLive();
        assertThat(world.memory.alias("users").orElseThrow()).endsWith("_2");
        assertThat(world.served()).isEqualTo(world.wanted());
    }

    @Test
    @DisplayName("P9 an index whose shards could not be asked when it was made is told from an older copy all the same")
    void aHistoryToldLateIsNoted() {
        world.memory.hideHistories(true);
        world.begin(3);
        world.memory.hideHistories(false);
        world.advance(Duration.ofSeconds(20));
        world.turn(50);
        world.memory.forkHistory(world.memory.alias("users").orElseThrow());
        world.advance(Duration.ofSeconds(20));
        world.until(
                "it is built anew",
                () -> world.memory.alias("users").orElseThrow().endsWith("_2"));
        assertThat(world.served()).isEqualTo(world.wanted());
    }

    @Test
    @DisplayName("P9 a lane cut loose is seeded anew, whatever on_gap says")
    void aLaneCutLooseIsSeededAnew() throws IOException {
        world.onGap = OnGap.STOP;
        world.journal = InMemoryJournal.create(4, 4);
        world.begin(1);
        world.memory.away(SinkException.Kind.UNAVAILABLE);
        world.turn(50);
        for (var i = 0; i < 40; i++) {
            world.journal.appender().prune(List.of());
            world.rename(1, "n" + i);
        }
        world.memory.heal();
        world.journal.appender().prune(List.of());
        world.cover();
        world.untilLive();
        assertThat(world.served()).isEqualTo(world.wanted());
    }

    @Test
    @DisplayName("P12 stop: a rejected document stops its lane, names itself, and a mended row resumes it")
    void aRejectedDocumentStopsTheLane() {
        world.begin(3);
        world.memory.fault(poison());
        world.rename(2, "poison");
        world.turn(100);
        world.rename(1, "behind it");
        world.turn(100);
        var status = world.lane().status();
        assertThat(status.state()).isEqualTo(State.STOPPED);
        assertThat(status.reason()).contains("document 2", "mapper_parsing_exception", "no such thing");
        assertThat(world.served().get("1")).doesNotContain("behind it");

        world.rename(2, "mended");
        world.untilLive();
        assertThat(world.served()).isEqualTo(world.wanted());
    }

    @Test
    @DisplayName("P12 stop: the pause between tries grows from 5 s on")
    void thePauseBetweenTriesGrows() {
        world.begin(1);
        world.memory.fault(poison());
        world.rename(1, "poison");
        world.turn(200);
        var before = world.memory.requests();
        world.turn(200 * 60);
        assertThat(world.memory.requests() - before).as("tries in a minute").isBetween(2L, 6L);
    }

    @Test
    @DisplayName("P12 skip: a rejected document is put away and cleared by its next settled write")
    void aRejectedDocumentIsPutAway() {
        world.onError = OnError.SKIP;
        world.begin(3);
        world.memory.fault(poison());
        world.rename(2, "poison");
        world.untilLive();
        assertThat(world.lane().status().deadLetters()).isEqualTo(1);
        world.stop();
        world.untilLive();
        world.turn(50);
        assertThat(world.lane().status().deadLetters()).as("after a restart").isEqualTo(1);

        world.rename(2, "fine");
        world.untilLive();
        world.turn(50);
        assertThat(world.lane().status().deadLetters()).isZero();
        assertThat(world.served()).isEqualTo(world.wanted());
    }

    @Test
    @DisplayName("P12 skip: more than 10,000 letters stop the lane, which says so; one mended makes room for another")
    void tooManyLettersStopTheLane() throws IOException {
        world.onError = OnError.SKIP;
        world.begin(3);
        var index = world.memory.alias("users").orElseThrow();
        var name = world.lane().name();
        world.stop();
        var letters = DeadLetters.open(world.journal.lanes().letters(name));
        for (var i = 1; i < DeadLetters.LIMIT; i++) {
            letters.put(index, "gone" + i, "t", "r", Position.BEGINNING, world.now());
        }
        letters.flush();
        world.memory.fault(poison());
        world.rename(1, "poison, the last");
        world.untilLive();
        assertThat(world.lane().status().deadLetters()).isEqualTo(DeadLetters.LIMIT);
        world.rename(1, "poison again");
        world.untilLive();

        world.rename(2, "poison, one too many");
        world.until("it stops", () -> world.lane().status().state() == State.STOPPED);
        assertThat(world.lane().status().reason()).contains("document 2", "10000 were put away already");
        assertThat(world.lane().status().deadLetters()).isEqualTo(DeadLetters.LIMIT);
        world.stop();
        world.turn(100);
        assertThat(world.lane().status().state()).as("after a restart too").isEqualTo(State.STOPPED);

        world.rename(1, "mended");
        world.turn(300);
        assertThat(world.lane().status().state())
                .as("nothing is read behind it")
                .isEqualTo(State.STOPPED);
        world.rename(2, "mended");
        world.untilLive();
        assertThat(world.lane().status().deadLetters()).isEqualTo(DeadLetters.LIMIT - 1);
        assertThat(world.served()).isEqualTo(world.wanted());
    }

    @Test
    @DisplayName("P12 a document too large is refused by name and never sent")
    void aDocumentTooLargeIsRefused() {
        world.onError = OnError.SKIP;
        world.begin(1);
        world.memory.limits(new InMemorySink.Limits(200, 2, 100, 1 << 20, 3));
        world.stop();
        world.rename(1, "x".repeat(500));
        world.untilLive();
        assertThat(world.served().get("1")).contains("u1");
        assertThat(world.lane().status().deadLetters()).isEqualTo(1);
    }

    @Test
    @DisplayName("P10 a source that is away, or has drifted, is waited for and resumes by itself")
    void aSourceThatIsAwayIsWaitedFor() {
        world.begin(2);
        world.rows.away();
        world.rename(1, "one");
        world.turn(200);
        assertThat(world.lane().status().state()).isEqualTo(State.SOURCE_AWAY);
        world.rows.heal();
        world.untilLive();

        world.rows.drift("column users.name is gone");
        world.rename(2, "two");
        world.turn(200);
        assertThat(world.lane().status().state()).isEqualTo(State.BLOCKED);
        assertThat(world.lane().status().reason()).contains("users.name");
        world.rows.heal();
        world.untilLive();
        assertThat(world.served()).isEqualTo(world.wanted());
    }

    @Test
    @DisplayName("P7 P8 a scan that failed once is scanned again and served, also when no row changes any more")
    void aScanThatFailedOnceHoldsNothingUp() {
        world.begin(2);
        world.rows.failNextScan();
        world.lane().reindex();
        world.until(
                "the next generation to be served",
                () -> world.memory.alias("users").orElseThrow().endsWith("_2"));
        world.untilLive();
        assertThat(world.served()).isEqualTo(world.wanted());
    }

    @Test
    @DisplayName("P10 a fault nobody thought of does not end the lane")
    void aFaultDoesNotEndTheLane() {
        world.begin(2);
        world.memory.fault((generation, write) -> {
            throw new IllegalStateException("nobody thought of this");
        });
        world.rename(1, "one");
        world.turn(200);
        world.rows.fail(new IllegalStateException("nor of that"));
        world.turn(200);
        world.memory.heal();
        world.rows.heal();
        world.untilLive();
        assertThat(world.served()).isEqualTo(world.wanted());
    }

    @Test
    @DisplayName("P10 busy documents are sent again and are no rejections")
    void busyDocumentsAreSentAgain() {
        world.begin(1);
        var count = new int[1];
        world.memory.fault((generation, write) -> count[0]++ < 20 ? new Outcome.Busy("429") : null);
        world.rename(1, "one");
        world.untilLive();
        assertThat(count[0]).isGreaterThan(20);
        assertThat(world.served()).isEqualTo(world.wanted());
    }

    @Test
    @DisplayName("P11 documents waiting for a sink that is away stay within their bytes, also when they grow at once")
    void waitingDocumentsStayWithinTheirBytes() {
        world.batchSize = 2_000;
        world.begin(100);
        world.memory.away(SinkException.Kind.UNAVAILABLE);
        var large = "x".repeat(1 << 20);
        var writing = world.rows.begin();
        for (var i = 1; i <= 100; i++) {
            writing.update(Shop.USERS, Key.of("" + i), "name", large);
        }
        world.commit(writing);
        world.turn(300);
        assertThat(world.lane().status().waitingDocuments()).isBetween(10, 40);
        world.memory.heal();
        world.untilLive();
        assertThat(world.served()).isEqualTo(world.wanted());
    }

    @Test
    @DisplayName("skip-backfill reads nothing, serves when nobody else does, and is seeded by a later start without it")
    void skipBackfillReadsNothing() {
        world.skipBackfill = true;
        world.begin(2);
        assertThat(world.served()).isEmpty();
        world.commit(world.user(3));
        world.untilLive();
        assertThat(world.served()).containsOnlyKeys("3");

        world.stop();
        world.skipBackfill = false;
        world.untilLive();
        assertThat(world.served()).isEqualTo(world.wanted());
    }

    @Test
    @DisplayName("skip-backfill does not take the alias from a generation that is served, nor drops it")
    void skipBackfillLeavesTheServedAlone() {
        world.begin(2);
        world.stop();
        world.skipBackfill = true;
        world.nameField = "title";
        world.turn(500);
        assertThat(world.memory.alias("users").orElseThrow()).endsWith("_1");
        world.rename(1, "kept current");
        world.turn(200);
        assertThat(world.served()).hasSize(2);
        assertThat(world.served().get("1")).contains("kept current");
    }

    @Test
    @DisplayName("lane files lost: what is served stays until it is built anew")
    void lostLaneFilesAreMadeGood() throws IOException {
        world.begin(2);
        var name = world.lane().name();
        world.stop();
        world.journal.lanes().delete(name, 1);
        world.rows.away();
        world.turn(100);
        assertThat(world.served()).hasSize(2);
        world.rows.heal();
        world.untilLive();
        assertThat(world.memory.alias("users").orElseThrow()).endsWith("_2");
        assertThat(world.served()).isEqualTo(world.wanted());
    }

    @Test
    @DisplayName("a journal that lost the lane's place builds anew once")
    void aJournalWithoutThePlaceBuildsAnew() {
        world.begin(2);
        var file = world.files().get(0);
        world.stop();
        try {
            world.journal
                    .lanes()
                    .save(LaneFiles.at(file, LanePhase.TAILING, new Position(7, 5), file.lsn(), Seeding.NONE));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        world.untilLive();
        assertThat(world.memory.alias("users").orElseThrow()).endsWith("_2");
    }

    @Test
    @DisplayName("settled is told when the change is searchable")
    void settledIsToldWhenSearchable() {
        world.begin(1);
        world.turn(100);
        world.arrivals.clear();
        world.rename(1, "found");
        world.until("told", () -> !world.arrivals.isEmpty());
        assertThat(world.memory.searchable("users").get("1")).contains("found");
    }

    @Test
    @DisplayName("status tells bytes behind, catching up and live")
    void statusTellsTheLag() {
        world.begin(2);
        world.rows.away();
        world.rename(1, "a");
        world.rename(2, "b");
        world.turn(300);
        assertThat(world.lane().status().lagBytes()).isEqualTo(400);
        world.rows.heal();
        world.untilLive();
        world.turn(300);
        assertThat(world.lane().status().lagBytes()).isZero();
    }

    private static InMemorySink.Fault poison() {
        return (generation, write) -> write instanceof DocumentWrite.Upsert upsert
                        && new String(upsert.json(), StandardCharsets.UTF_8).contains("poison")
                ? new Outcome.Rejected("mapper_parsing_exception", "no such thing")
                : null;
    }
}
