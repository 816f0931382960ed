package dev.flusso.journal;

import static dev.flusso.journal.Samples.change;
import static dev.flusso.journal.Samples.commit;
import static dev.flusso.journal.Samples.coverage;
import static dev.flusso.journal.Samples.gap;
import static dev.flusso.journal.Samples.heartbeat;
import static dev.flusso.journal.Samples.lane;
import static dev.flusso.journal.Samples.progress;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every journal keeps to, whatever it is made of. */
public abstract class JournalContract {

    @SuppressWarnings("NullAway.Init")
    protected Journal journal;

    /** An empty journal, open for writing. */
    protected abstract Journal fresh() throws IOException;

    /** The same journal after its writer was closed and opened again. */
    protected abstract Journal reopened(Journal journal) throws IOException;

    /** The same journal after the operating system crashed: what was durable is there. */
    protected abstract Journal afterCrash(Journal journal) throws IOException;

    @BeforeEach
    void open() throws IOException {
        journal = fresh();
    }

    @AfterEach
    void close() throws IOException {
        journal.close();
    }

    private Position append(Entry entry) {
        return Samples.append(journal.appender(), entry);
    }

    /** Appends changes until a segment was ended; the positions of all of them. */
    protected List<Position> fillSegment() {
        var positions = new ArrayList<Position>();
        var filler = "x".repeat(4000);
        while (positions.isEmpty() || segment(positions.get(0)) == segment(positions.get(positions.size() - 1))) {
            positions.add(append(change(1000 + positions.size(), filler)));
        }
        return positions;
    }

    private static long segment(Position position) {
        return position.index() >>> 32;
    }

    private static List<Recorded> rest(Reader reader) {
        var all = new ArrayList<Recorded>();
        // a reader looks for a segment behind an end that was not marked only now and then
        for (var empty = 0; empty < 40; ) {
            var next = reader.next();
            if (next == null) {
                empty++;
            } else {
                all.add(next);
            }
        }
        return all;
    }

    @Test
    void anEmptyJournalHasNothing() throws IOException {
        try (var reader = journal.reader()) {
            assertThat(reader.next()).isNull();
            assertThat(reader.position()).isEqualTo(Position.BEGINNING);
            assertThat(reader.newest()).isEqualTo(Position.BEGINNING);
            assertThat(reader.oldest()).isEqualTo(Position.BEGINNING);
            assertThat(reader.newestVisibility()).isEmpty();
            assertThat(reader.coverageAt(Position.BEGINNING)).isEmpty();
            assertThat(reader.bytesAfter(Position.BEGINNING)).isZero();
            reader.seekToEnd();
            assertThat(reader.next()).isNull();
        }
        var appender = journal.appender();
        assertThat(appender.newest()).isEqualTo(Position.BEGINNING);
        assertThat(appender.durable()).isEqualTo(Position.BEGINNING);
        assertThat(appender.complete()).isEqualTo(Lsn.ZERO);
        assertThat(appender.coverage()).isEmpty();
        assertThat(appender.identity()).isEmpty();
        assertThat(journal.identity()).isEmpty();
    }

    @Test
    void readsWhatWasAppendedInItsOrder() {
        try (var reader = journal.reader()) {
            var first = append(change(1));
            var second = append(commit(1));
            assertThat(second).isGreaterThan(first);
            assertThat(rest(reader)).containsExactly(new Recorded(first, change(1)), new Recorded(second, commit(1)));
            assertThat(reader.position()).isEqualTo(second);
            assertThat(reader.next()).isNull();
            var third = append(change(2));
            assertThat(reader.next()).isEqualTo(new Recorded(third, change(2)));
            assertThat(reader.newest()).isEqualTo(third);
        }
    }

    @Test
    void stepsOverEntriesWithoutMakingThem() {
        var first = append(change(1));
        var second = append(commit(1));
        try (var reader = journal.reader()) {
            assertThatExceptionOfType(IllegalStateException.class).isThrownBy(reader::kind);
            assertThat(reader.advance()).isTrue();
            assertThat(reader.kind()).isEqualTo(Entry.Kind.CHANGE);
            assertThat(reader.table()).isEqualTo(change(1).table());
            assertThat(reader.lsn()).isEqualTo(change(1).lsn());
            assertThat(reader.entry()).isEqualTo(change(1));
            assertThat(reader.position()).isEqualTo(first);
            assertThat(reader.advance()).isTrue();
            assertThat(reader.kind()).isEqualTo(Entry.Kind.COMMIT);
            assertThat(reader.position()).isEqualTo(second);
            assertThatExceptionOfType(IllegalStateException.class).isThrownBy(reader::table);
            assertThat(reader.advance()).isFalse();
            assertThat(reader.position()).isEqualTo(second);
            assertThatExceptionOfType(IllegalStateException.class).isThrownBy(reader::entry);
            reader.seekAfter(first);
            assertThatExceptionOfType(IllegalStateException.class).isThrownBy(reader::entry);
            assertThat(reader.next()).isEqualTo(new Recorded(second, commit(1)));
            assertThat(reader.entry()).isEqualTo(commit(1));
        }
    }

    @Test
    void everyReaderHasItsOwnPlace() {
        append(change(1));
        append(change(2));
        try (var one = journal.reader();
                var other = journal.reader()) {
            assertThat(rest(one)).hasSize(2);
            assertThat(rest(other)).hasSize(2);
        }
    }

    @Test
    void readsAcrossSegments() {
        try (var early = journal.reader()) {
            var positions = new ArrayList<Position>();
            positions.addAll(fillSegment());
            positions.addAll(fillSegment());
            assertThat(rest(early)).extracting(Recorded::position).containsExactlyElementsOf(positions);
            try (var late = journal.reader()) {
                assertThat(rest(late)).extracting(Recorded::position).containsExactlyElementsOf(positions);
            }
        }
    }

    @Test
    void standsAfterAnySoughtEntry() {
        var positions = new ArrayList<Position>();
        positions.addAll(fillSegment());
        positions.addAll(fillSegment());
        try (var reader = journal.reader()) {
            for (var i = 0; i < positions.size(); i += Math.max(1, positions.size() / 13)) {
                reader.seekAfter(positions.get(i));
                assertThat(reader.position()).isEqualTo(positions.get(i));
                var next = reader.next();
                if (i + 1 == positions.size()) {
                    assertThat(next).isNull();
                } else {
                    assertThat(next).isNotNull().extracting(Recorded::position).isEqualTo(positions.get(i + 1));
                }
            }
            reader.seekAfter(positions.get(positions.size() - 1));
            assertThat(reader.next()).isNull();
            var added = append(change(1));
            assertThat(reader.next()).isEqualTo(new Recorded(added, change(1)));
            reader.seekAfter(Position.BEGINNING);
            assertThat(rest(reader)).hasSize(positions.size() + 1);
        }
    }

    @Test
    void refusesPositionsThatWereNeverThere() {
        var last = append(change(1));
        try (var reader = journal.reader()) {
            var behind = new Position(last.epoch(), last.index() + 1);
            assertThatExceptionOfType(PositionGoneException.class)
                    .isThrownBy(() -> reader.seekAfter(behind))
                    .satisfies(e -> assertThat(e.wanted()).isEqualTo(behind))
                    .satisfies(e -> assertThat(e.oldest()).isEqualTo(Position.BEGINNING));
            assertThatExceptionOfType(PositionGoneException.class)
                    .isThrownBy(() -> reader.seekAfter(new Position(last.epoch(), last.index() + (5L << 32))));
            assertThatExceptionOfType(PositionGoneException.class)
                    .isThrownBy(() -> reader.seekAfter(new Position(last.epoch() + 1, 1)));
        }
    }

    @Test
    void goesToATimeAndToTheEnd() {
        for (var n = 1; n <= 5; n++) {
            append(change(n));
            append(commit(n));
        }
        fillSegment();
        try (var reader = journal.reader()) {
            reader.seekTo(Samples.transaction(3).committedAt());
            assertThat(reader.next()).isNotNull().extracting(Recorded::entry).isEqualTo(change(3));
            reader.seekTo(Samples.transaction(3).committedAt().plusNanos(1000));
            assertThat(reader.next()).isNotNull().extracting(Recorded::entry).isEqualTo(change(4));
            reader.seekTo(Samples.transaction(0).committedAt());
            assertThat(reader.next()).isNotNull().extracting(Recorded::entry).isEqualTo(change(1));
            var behindFirst = reader.position();
            reader.seekTo(Samples.transaction(1).committedAt());
            assertThat(reader.position()).isLessThan(behindFirst);
            reader.seekTo(Samples.transaction(1_000_000).committedAt());
            assertThat(reader.next()).isNull();
            reader.seekToEnd();
            assertThat(reader.position()).isEqualTo(reader.newest());
            assertThat(reader.next()).isNull();
        }
    }

    @Test
    void becomesDurable() throws IOException {
        var position = append(change(1));
        journal.appender().force();
        assertThat(journal.appender().durable()).isEqualTo(position);
    }

    @Test
    void knowsWhatIsComplete() throws IOException {
        var appender = journal.appender();
        append(change(1));
        append(commit(1));
        append(change(2));
        assertThat(appender.complete()).isEqualTo(commit(1).lsn());
        append(progress(9, appender.newest()));
        assertThat(appender.complete()).isEqualTo(Lsn.of(9000));
        fillSegment();
        journal = reopened(journal);
        assertThat(journal.appender().complete()).isEqualTo(Lsn.of(9000));
    }

    @Test
    void knowsItsNewestWitness() throws IOException {
        assertThat(journal.appender().witness()).isEmpty();
        append(commit(1));
        var before = append(change(2));
        assertThat(journal.appender().witness()).contains(commit(1));
        append(heartbeat(3, before));
        append(progress(4, before));
        assertThat(journal.appender().witness()).contains(heartbeat(3, before));
        fillSegment();
        assertThat(journal.appender().witness()).contains(heartbeat(3, before));
        append(commit(5));
        append(change(6));
        journal = reopened(journal);
        assertThat(journal.appender().witness()).contains(commit(5));
        journal.appender().beginEpoch(Samples.SOURCE, gap(7));
        assertThat(journal.appender().witness()).isEmpty();
    }

    @Test
    void knowsTheCoverageAtEachPlace() throws IOException {
        var before = append(change(1));
        var first = append(coverage(1, before, "id"));
        var between = append(change(2));
        var second = append(coverage(2, before, "id", "user_id"));
        var far = fillSegment();
        try (var reader = journal.reader()) {
            assertThat(reader.coverageAt(before)).isEmpty();
            assertThat(reader.coverageAt(first)).contains(coverage(1, before, "id"));
            assertThat(reader.coverageAt(between)).contains(coverage(1, before, "id"));
            assertThat(reader.coverageAt(second)).contains(coverage(2, before, "id", "user_id"));
            assertThat(reader.coverageAt(far.get(far.size() - 1))).contains(coverage(2, before, "id", "user_id"));
            assertThat(reader.position()).isEqualTo(Position.BEGINNING);
            assertThat(rest(reader)).hasSize(4 + far.size());
        }
        assertThat(journal.appender().coverage()).contains(coverage(2, before, "id", "user_id"));
        journal = reopened(journal);
        assertThat(journal.appender().coverage()).contains(coverage(2, before, "id", "user_id"));
    }

    @Test
    void knowsTheNewestVisibility() {
        var before = append(change(1));
        try (var reader = journal.reader()) {
            assertThat(reader.newestVisibility()).isEmpty();
            append(heartbeat(2, before));
            var second = append(progress(3, before));
            append(change(4));
            assertThat(reader.newestVisibility()).contains(new Recorded(second, progress(3, before)));
            fillSegment();
            assertThat(reader.newestVisibility()).contains(new Recorded(second, progress(3, before)));
            var third = append(heartbeat(5, second));
            assertThat(reader.newestVisibility()).contains(new Recorded(third, heartbeat(5, second)));
            assertThat(reader.newestHeartbeat()).contains(heartbeat(5, second));
            append(progress(6, third));
            assertThat(reader.newestHeartbeat()).contains(heartbeat(5, second));
        }
    }

    @Test
    void measuresTheLagDownToNothing() {
        var first = append(change(1));
        fillSegment();
        try (var reader = journal.reader()) {
            var all = reader.bytesAfter(Position.BEGINNING);
            assertThat(reader.bytesAfter(first)).isPositive().isLessThan(all);
            assertThat(reader.bytesAfter(reader.newest())).isZero();
        }
    }

    @Test
    void goesOnWhenOpenedAgain() throws IOException {
        var first = append(change(1));
        journal = reopened(journal);
        assertThat(journal.appender().newest()).isEqualTo(first);
        assertThat(journal.appender().durable()).isEqualTo(first);
        var second = append(change(2));
        assertThat(second).isGreaterThan(first);
        try (var reader = journal.reader()) {
            assertThat(rest(reader)).containsExactly(new Recorded(first, change(1)), new Recorded(second, change(2)));
            reader.seekAfter(first);
            assertThat(rest(reader)).containsExactly(new Recorded(second, change(2)));
        }
    }

    @Test
    void remembersWhoseItIs() throws IOException {
        journal.appender().claim(Samples.SOURCE);
        assertThat(journal.identity()).contains(Samples.SOURCE);
        journal.appender().claim(Samples.SOURCE.on(2));
        assertThat(journal.appender().identity()).contains(Samples.SOURCE.on(2));
        journal = reopened(journal);
        assertThat(journal.identity()).contains(Samples.SOURCE.on(2));
        var other = new SourceIdentity("1", "shop", "flusso", 1);
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> journal.appender().claim(other));
        assertThat(journal.identity()).contains(Samples.SOURCE.on(2));
    }

    @Test
    void beginsANewEpochWithItsGap() throws IOException {
        journal.appender().claim(Samples.SOURCE);
        var before = append(change(1));
        append(coverage(1, before, "id"));
        var last = append(commit(1));
        var other = new SourceIdentity("1", "shop", "flusso", 1);
        try (var reader = journal.reader()) {
            assertThat(rest(reader)).hasSize(3);
            var gap = journal.appender().beginEpoch(other, gap(2));
            assertThat(gap).isGreaterThan(last);
            assertThat(gap.epoch()).isEqualTo(last.epoch() + 1);
            assertThat(journal.appender().durable()).isEqualTo(gap);
            assertThat(journal.appender().complete()).isEqualTo(Lsn.ZERO);
            assertThat(journal.appender().coverage()).isEmpty();
            assertThat(journal.identity()).contains(other);
            var after = append(change(3));
            assertThat(rest(reader)).containsExactly(new Recorded(gap, gap(2)), new Recorded(after, change(3)));
            assertThat(reader.newestVisibility()).isEmpty();
            assertThat(reader.coverageAt(last)).contains(coverage(1, before, "id"));
            assertThat(reader.coverageAt(after)).isEmpty();
            reader.seekAfter(before);
            assertThat(rest(reader)).hasSize(4);
            assertThat(reader.newest()).isEqualTo(after);
        }
        journal = reopened(journal);
        assertThat(journal.identity()).contains(other);
        try (var reader = journal.reader()) {
            assertThat(rest(reader)).hasSize(5);
        }
    }

    @Test
    void goesOnInANewEpochAfterACrashOfTheSystem() throws IOException {
        append(change(1));
        var first = append(commit(1));
        append(coverage(2, first, "id"));
        journal.appender().force();
        var durable = journal.appender().durable();
        journal = afterCrash(journal);
        assertThat(journal.appender().newest()).isEqualTo(durable);
        assertThat(journal.appender().complete()).isEqualTo(commit(1).lsn());
        assertThat(journal.appender().coverage()).contains(coverage(2, first, "id"));
        try (var reader = journal.reader()) {
            assertThat(reader.newestVisibility()).isEmpty();
            reader.seekAfter(durable);
            assertThat(reader.next()).isNull();
            var next = append(change(2));
            assertThat(next.epoch()).isEqualTo(durable.epoch() + 1);
            assertThat(rest(reader)).containsExactly(new Recorded(next, change(2)));
            reader.seekAfter(Position.BEGINNING);
            assertThat(rest(reader)).hasSize(4).extracting(Recorded::position).isSorted();
            // a lane that had read what was lost goes on where the source begins to send again
            reader.seekAfter(new Position(durable.epoch(), durable.index() + 1000));
            assertThat(rest(reader)).containsExactly(new Recorded(next, change(2)));
        }
    }

    @Test
    void deletedHistoryIsRefusedByName() throws IOException {
        var first = fillSegment();
        fillSegment();
        fillSegment();
        var kept = fillSegment();
        try (var laggard = journal.reader();
                var fresh = journal.reader()) {
            laggard.seekAfter(first.get(0));
            journal.lanes().save(lane("orders", LanePhase.TAILING, first.get(0)));
            assertThat(journal.appender().prune(journal.lanes().all())).isEmpty();
            assertThat(laggard.oldest()).isEqualTo(Position.BEGINNING);
            assertThat(journal.appender().prune(List.of())).isEmpty();
            var oldest = laggard.oldest();
            assertThat(oldest).isGreaterThan(first.get(0)).isLessThan(kept.get(0));
            assertThatExceptionOfType(PositionGoneException.class)
                    .isThrownBy(() -> laggard.seekAfter(first.get(0)))
                    .satisfies(e -> assertThat(e.oldest()).isEqualTo(oldest));
            assertThatExceptionOfType(PositionGoneException.class).isThrownBy(() -> rest(laggard));
            laggard.seekAfter(oldest);
            assertThat(laggard.position()).isEqualTo(oldest);
            var rest = rest(laggard);
            assertThat(rest(fresh)).isEqualTo(rest);
            assertThat(rest).extracting(Recorded::position).contains(kept.get(0));
        }
        journal = reopened(journal);
        try (var reader = journal.reader()) {
            assertThatExceptionOfType(PositionGoneException.class).isThrownBy(() -> reader.seekAfter(first.get(0)));
            assertThat(reader.oldest()).isGreaterThan(first.get(0));
        }
    }

    @Test
    void keepsLaneFiles() throws IOException {
        var users = lane("users", LanePhase.TAILING, new Position(1, 5));
        var orders = lane("orders", LanePhase.WAITING, Position.BEGINNING);
        var lanes = journal.lanes();
        assertThat(lanes.all()).isEmpty();
        assertThat(lanes.of(users.lane())).isEmpty();
        lanes.save(users);
        lanes.save(orders);
        assertThat(lanes.all()).containsExactly(orders, users);
        assertThat(lanes.of(users.lane())).containsExactly(users);
        assertThat(lanes.find(users.lane(), 1)).contains(users);
        assertThat(lanes.find(users.lane(), 2)).isEmpty();
        lanes.delete(users.lane(), 1);
        lanes.delete(users.lane(), 1);
        assertThat(lanes.all()).containsExactly(orders);
    }

    @Test
    void lanesHaveOneOwner() throws IOException {
        var lane = LaneName.parse("primary/users");
        journal.lanes().save(lane("users", LanePhase.TAILING, Position.BEGINNING));
        try (var held = journal.lanes().own(lane)) {
            assertThat(held).isNotNull();
            assertThatExceptionOfType(HeldElsewhereException.class)
                    .isThrownBy(() -> journal.lanes().own(lane))
                    .withMessageContaining("primary/users");
            assertThatExceptionOfType(HeldElsewhereException.class)
                    .isThrownBy(() -> journal.lanes().forget(lane));
            try (var another = journal.lanes().own(LaneName.parse("primary/orders"))) {
                assertThat(another).isNotNull();
            }
        }
        journal.lanes().own(lane).close();
        journal.lanes().forget(lane);
        assertThat(journal.lanes().all()).isEmpty();
        journal.lanes().own(lane).close();
    }
}
