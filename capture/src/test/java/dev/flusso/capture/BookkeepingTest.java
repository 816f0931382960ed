package dev.flusso.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flusso.journal.Cell;
import dev.flusso.journal.Entry;
import dev.flusso.journal.Image;
import dev.flusso.journal.InMemoryJournal;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.Position;
import dev.flusso.journal.TableName;
import dev.flusso.journal.Transaction;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The small parts: acknowledgements, visibility, snapshots, timelines, pauses. */
class BookkeepingTest {

    private static Position at(long index) {
        return new Position(1, index);
    }

    @Test
    void acknowledgesOnlyWhatIsDurable() {
        var acknowledgements = new Acknowledgements();
        acknowledgements.appended(at(3), Lsn.of(30), 0);
        acknowledgements.appended(at(5), Lsn.of(50), 0);

        assertThat(acknowledgements.durable(at(2))).isEqualTo(Lsn.ZERO);
        assertThat(acknowledgements.durable(at(4))).isEqualTo(Lsn.of(30));
        assertThat(acknowledgements.complete()).isEqualTo(Lsn.of(50));
        assertThat(acknowledgements.durable(at(5))).isEqualTo(Lsn.of(50));
    }

    @Test
    void neverGoesBackWhenACommitComesAgain() {
        var acknowledgements = new Acknowledgements();
        acknowledgements.appended(at(1), Lsn.of(50), 0);
        acknowledgements.appended(at(2), Lsn.of(30), 0);

        assertThat(acknowledgements.durable(at(2))).isEqualTo(Lsn.of(50));
    }

    @Test
    void trustsWhatItFoundOnlyOnceThatIsDurable() {
        var acknowledgements = new Acknowledgements();
        acknowledgements.startAt(at(7), Lsn.of(70), 0);

        assertThat(acknowledgements.complete()).isEqualTo(Lsn.of(70));
        assertThat(acknowledgements.durable(at(6))).isEqualTo(Lsn.ZERO);
        assertThat(acknowledgements.durable(at(7))).isEqualTo(Lsn.of(70));
    }

    @Test
    void remembersABoundedNumberOfPlacesAndLosesNone() {
        var acknowledgements = new Acknowledgements();
        for (var i = 1; i <= Acknowledgements.MOST + 1000; i++) {
            acknowledgements.appended(at(i), Lsn.of(i), 0);
        }

        assertThat(acknowledgements.durable(at(Acknowledgements.MOST + 999)))
                .isEqualTo(Lsn.of(Acknowledgements.MOST - 1));
        assertThat(acknowledgements.durable(at(Acknowledgements.MOST + 1000)))
                .isEqualTo(Lsn.of(Acknowledgements.MOST + 1000));
    }

    @Test
    void seesCommitsInTheirOrder() {
        var queue = new VisibilityQueue();
        queue.committed(10, at(1));
        queue.committed(11, at(2));
        queue.committed(12, at(3));
        assertThat(queue.through(at(9))).isEqualTo(Position.BEGINNING);

        queue.seen(Snapshot.parse("11:13:11"));
        assertThat(queue.through(at(9))).isEqualTo(at(1));
        queue.seen(Snapshot.parse("12:12:"));
        assertThat(queue.through(at(9))).isEqualTo(at(2));
        queue.seen(Snapshot.parse("13:13:"));
        assertThat(queue.through(at(9))).isEqualTo(at(9));
        assertThat(queue.size()).isZero();
    }

    @Test
    @DisplayName("P7 what is not visible yet sends nobody further back than the last word before it")
    void remembersHowFarAllWasVisible() {
        var queue = new VisibilityQueue();
        assertThat(queue.through(at(5))).isEqualTo(at(5));
        queue.committed(10, at(8));
        assertThat(queue.through(at(9))).isEqualTo(at(5));
    }

    @Test
    @DisplayName("P7 a word in the midst of a transaction names the place before it")
    void namesNoPlaceInTheMidstOfATransaction() {
        var journal = InMemoryJournal.create();
        var outbox = new Outbox(journal.appender(), () -> 0, CaptureMonitor.NONE);
        outbox.startAt(Lsn.ZERO);
        outbox.append(new Entry.Progress(Lsn.of(1), outbox.visibleThrough()));
        var before = outbox.visibleThrough();
        outbox.append(change());
        outbox.append(new Entry.Coverage(Lsn.of(2), outbox.visibleThrough(), new TreeMap<>()));
        outbox.append(change());

        assertThat(before).isGreaterThan(Position.BEGINNING);
        assertThat(outbox.visibleThrough()).isEqualTo(before);
    }

    private static Entry.Change change() {
        return new Entry.Change(
                new Transaction(1, 10, Lsn.of(3), 0),
                Lsn.of(2),
                Entry.Operation.INSERT,
                TableName.of("public", "t"),
                Image.NONE,
                Image.of(Cell.text("id", "1", true)));
    }

    @Test
    void waitsForAllWhenItKnowsNothing() {
        var queue = new VisibilityQueue();
        queue.unknown(20, at(5));
        queue.committed(21, at(6));

        queue.seen(Snapshot.parse("19:25:19"));
        assertThat(queue.through(at(9))).isEqualTo(Position.BEGINNING);
        queue.seen(Snapshot.parse("21:25:21"));
        assertThat(queue.through(at(9))).isEqualTo(at(5));
        queue.seen(Snapshot.parse("25:25:"));
        assertThat(queue.through(at(9))).isEqualTo(at(9));
    }

    @Test
    void readsASnapshot() {
        var snapshot = Snapshot.parse("10:20:15,12");

        assertThat(List.of(snapshot.sees(9), snapshot.sees(11), snapshot.sees(19)))
                .containsOnly(true);
        assertThat(List.of(snapshot.sees(12), snapshot.sees(15), snapshot.sees(20)))
                .containsOnly(false);
        assertThatThrownBy(() -> Snapshot.parse("10:20")).hasMessageContaining("'10:20'");
    }

    @Test
    void extendsIdsAcrossTheWrap() {
        var wrap = 1L << 32;
        var after = new Snapshot(wrap + 5, wrap + 5, new long[0]);
        assertThat(after.extend(3)).isEqualTo(wrap + 3);
        assertThat(after.extend(0xFFFF_FFF0)).isEqualTo(wrap - 16);
        assertThat(after.extend(9)).isEqualTo(wrap + 9);
        var before = new Snapshot(wrap - 5, wrap - 5, new long[0]);
        assertThat(before.extend(3)).isEqualTo(wrap + 3);
        assertThat(before.extend(-6)).isEqualTo(wrap - 6);
    }

    @Test
    void knowsTheTimelineOfAPlace() {
        var timelines = new Timelines(3, List.of(new Timelines.End(1, Lsn.of(100)), new Timelines.End(2, Lsn.of(200))));

        assertThat(timelines.at(Lsn.of(99))).isEqualTo(1);
        assertThat(timelines.at(Lsn.of(100))).isEqualTo(2);
        assertThat(timelines.at(Lsn.of(200))).isEqualTo(3);
        assertThat(timelines.contain(1, Lsn.of(100))).isTrue();
        assertThat(timelines.contain(1, Lsn.of(101))).isFalse();
        assertThat(timelines.contain(3, Lsn.of(999))).isTrue();
        assertThat(timelines.contain(4, Lsn.of(1))).isFalse();
    }

    @Test
    void pausesLongerEachTimeUpToTenSeconds() {
        var now = new AtomicLong();
        var backoff = new Backoff(now::get, new Random(1));
        assertThat(backoff.isDue()).isTrue();
        for (var i = 0; i < 20; i++) {
            backoff.failed();
            assertThat(backoff.isDue()).isFalse();
        }
        now.addAndGet(Duration.ofMillis(4900).toNanos());
        assertThat(backoff.isDue()).isFalse();
        now.addAndGet(Duration.ofMillis(5200).toNanos());
        assertThat(backoff.isDue()).isTrue();
        backoff.succeeded();
        backoff.failed();
        now.addAndGet(Duration.ofMillis(101).toNanos());
        assertThat(backoff.isDue()).isTrue();
    }

    @Test
    void keepsARowsValuesApart() {
        var tuple = Tuple.of("ä", null, "", "z");

        assertThat(tuple.size()).isEqualTo(4);
        assertThat(tuple.value(0)).isEqualTo(new Cell.Value.Text("ä"));
        assertThat(tuple.value(1)).isEqualTo(Cell.NULL);
        assertThat(tuple.value(2)).isEqualTo(new Cell.Value.Text(""));
        assertThat(tuple.value(3)).isEqualTo(new Cell.Value.Text("z"));
    }
}
