package dev.flusso.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flusso.journal.Entry;
import dev.flusso.journal.Gap;
import dev.flusso.journal.InMemoryJournal;
import dev.flusso.journal.JournalDamagedException;
import dev.flusso.journal.LaneFile;
import dev.flusso.journal.LaneName;
import dev.flusso.journal.LanePhase;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.Needs;
import dev.flusso.journal.Position;
import dev.flusso.journal.Seeding;
import dev.flusso.journal.SourceIdentity;
import dev.flusso.journal.TableName;
import dev.flusso.journal.TableNeed;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The machine, turned by hand over a source made by hand; time moves only when the test says so. */
class CaptureTest {

    private static final int USERS = 1;

    private FakeSource source = new FakeSource().withTable(USERS, "users");
    private InMemoryJournal journal = InMemoryJournal.create();
    private Needs needs = need("users");
    private long nanos = 1;
    private final List<Duration> onDisk = new ArrayList<>();
    private int events;
    private final CaptureMonitor monitor = new CaptureMonitor() {
        @Override
        public void appended(int more, Duration took) {
            events += more;
        }

        @Override
        public void durable(Duration took) {
            onDisk.add(took);
        }
    };
    private boolean diskFull;
    private Optional<String> memory = Optional.empty();
    private Capture capture = make(true);

    @BeforeEach
    void make() {
        capture = make(true);
    }

    private Capture make(boolean heal) {
        return new Capture(
                source,
                journal,
                new CatalogMemory() {
                    @Override
                    public Optional<String> load() {
                        return memory;
                    }

                    @Override
                    public void save(String text) throws IOException {
                        if (diskFull) {
                            throw new IOException("No space left on device");
                        }
                        memory = Optional.of(text);
                    }
                },
                new CaptureOptions(heal, Duration.ofSeconds(5), Duration.ofSeconds(15), Duration.ofSeconds(3)),
                () -> needs,
                () -> Instant.ofEpochSecond(0, nanos),
                () -> nanos,
                new Random(1),
                monitor);
    }

    @Test
    @DisplayName("P1: a full disk under the catalog's memory ends nothing, and it is written when there is room")
    void aFullDiskUnderTheCatalogsMemoryEndsNothing() {
        diskFull = true;
        live();
        turn(20, Duration.ofSeconds(1));
        assertThat(capture.status().phase()).isEqualTo(CapturePhase.STREAMING);
        assertThat(memory).isEmpty();

        diskFull = false;
        turn(10, Duration.ofSeconds(1));

        assertThat(memory).isPresent();
    }

    private static Needs need(String... tables) {
        var all = new TreeMap<TableName, TableNeed>();
        for (var table : tables) {
            all.put(TableName.of("public", table), TableNeed.of(List.of("id"), List.of("r")));
        }
        return new Needs(all);
    }

    /** Steps, with time going on between them. */
    private void turn(int steps, Duration each) {
        for (var i = 0; i < steps; i++) {
            nanos += each.toNanos();
            capture.step();
        }
    }

    private void live() {
        turn(10, Duration.ofMillis(300));
        assertThat(capture.status().phase()).isEqualTo(CapturePhase.STREAMING);
    }

    private List<Entry> entries(Entry.Kind kind) {
        var found = new ArrayList<Entry>();
        try (var reader = journal.reader()) {
            for (var next = reader.next(); next != null; next = reader.next()) {
                if (next.entry().kind() == kind) {
                    found.add(next.entry());
                }
            }
        }
        return found;
    }

    @Test
    @DisplayName("P2: publication, slot, the journal's first entry, coverage")
    void startsInTheOnlyRightOrder() {
        live();

        assertThat(source.calls).containsSubsequence("connect", "provision", "create slot", "stream from 0/3E8");
        assertThat(Objects.requireNonNull(journal.reader().next()).entry()).isInstanceOf(Entry.Progress.class);
        assertThat(journal.appender().coverage().orElseThrow().holds(needs)).isTrue();
        assertThat(journal.identity()).contains(new SourceIdentity("4711", "db", "slot", 1));
    }

    @Test
    @DisplayName("P10: an absent server is waited for with growing, capped pauses")
    void backsOff() {
        source.away = true;
        turn(6000, Duration.ofMillis(10));

        assertThat(source.counts().get("connect")).isBetween(8L, 20L);
        assertThat(capture.status().phase()).isEqualTo(CapturePhase.CONNECTING);
        assertThat(capture.status().detail()).contains("the server is away");
        source.away = false;
        turn(1100, Duration.ofMillis(10));
        assertThat(capture.status().phase()).isEqualTo(CapturePhase.STREAMING);
    }

    @Test
    @DisplayName("P10: a stream the server has given up on, of which nothing was heard here, is opened anew")
    void opensASilentStreamAnew() {
        live();
        source.forgotten = true;
        source.commit(1000, USERS, "7");
        turn(80, Duration.ofMillis(500));
        assertThat(source.counts().get("connect")).isEqualTo(2);
        live();
        assertThat(entries(Entry.Kind.CHANGE)).hasSize(1);
    }

    @Test
    void namesWhoKeepsTheSlotWaitingAndGoesOn() {
        source.slotIsMade = false;
        source.running.add(new Blocker("transaction 7", "runs", ""));
        turn(10, Duration.ofSeconds(1));

        assertThat(capture.status().phase()).isEqualTo(CapturePhase.CREATING_SLOT);
        assertThat(capture.status().blockers()).extracting(Blocker::subject).containsExactly("transaction 7");
        source.slotIsMade = true;
        live();
    }

    @Test
    void makesTheSlotAnewAfterLosingTheServerInTheMaking() {
        source.slotIsMade = false;
        turn(5, Duration.ofSeconds(1));
        source.away = true;
        turn(2, Duration.ofSeconds(1));
        source.away = false;
        source.slotIsMade = true;
        turn(20, Duration.ofSeconds(1));

        assertThat(capture.status().phase()).isEqualTo(CapturePhase.STREAMING);
        assertThat(source.counts()).containsEntry("create slot", 2L);
        assertThat(entries(Entry.Kind.GAP)).isEmpty();
    }

    @Test
    @DisplayName("P1: what is not on disk is not acknowledged, whatever happens to the connection")
    void acknowledgesByTheDisk() throws IOException {
        live();
        journal.forceByHand();
        var end = source.commit(1000, USERS, "1");
        turn(5, Duration.ofSeconds(2));
        assertThat(source.confirmed).isLessThan(end);

        source.cut();
        turn(10, Duration.ofSeconds(1));
        assertThat(capture.status().phase()).isEqualTo(CapturePhase.STREAMING);
        assertThat(source.confirmed).isLessThan(end);

        journal.appender().force();
        turn(1, Duration.ofMillis(1));
        assertThat(source.confirmed).isGreaterThanOrEqualTo(end);
        assertThat(entries(Entry.Kind.CHANGE)).hasSize(1);
    }

    @Test
    @DisplayName("P1: a journal that cannot be forced ends capture and acknowledges nothing")
    void endsWhenTheDiskFails() {
        live();
        var before = source.confirmed;
        source.commit(1000, USERS, "1");
        journal.failForce();

        assertThatThrownBy(() -> turn(5, Duration.ofSeconds(1))).isInstanceOf(JournalDamagedException.class);
        assertThat(source.confirmed).isEqualTo(before);
        assertThat(capture.status().phase()).isEqualTo(CapturePhase.ENDED);
        assertThatThrownBy(capture::step).isInstanceOf(IllegalStateException.class);
    }

    @Test
    @DisplayName(
            "P9: a server put back from a copy that has come past our place is noticed by what it does not send again")
    void anotherHistoryPastOurPlaceIsAGap() {
        live();
        source.commit(1000, USERS, "1");
        turn(5, Duration.ofSeconds(1));
        var copy = source.copy();
        source.commit(1001, USERS, "2");
        turn(5, Duration.ofSeconds(6));
        capture.close();

        source = copy;
        for (var i = 0; i < 100; i++) {
            source.commit(1001 + i, USERS, "other " + i);
        }
        make();
        var before = source.confirmed;
        while (entries(Entry.Kind.GAP).isEmpty()) {
            assertThat(source.confirmed)
                    .as("nothing is acknowledged before it is proven")
                    .isEqualTo(before);
            turn(1, Duration.ofSeconds(1));
        }
        turn(20, Duration.ofSeconds(1));

        assertThat(entries(Entry.Kind.GAP))
                .singleElement()
                .satisfies(entry ->
                        assertThat(((Entry.Missing) entry).gap().reason()).isEqualTo(Gap.Reason.SOURCE_ROLLED_BACK));
        assertThat(capture.status().phase()).isEqualTo(CapturePhase.STREAMING);
    }

    @Test
    @DisplayName("P1: what the server sends again because it was not acknowledged stands in the journal once")
    void whatIsSentAgainStandsOnce() {
        live();
        journal.forceByHand();
        source.commit(1000, USERS, "1");
        source.commit(1001, USERS, "2");
        turn(5, Duration.ofSeconds(6));
        source.cut();
        turn(10, Duration.ofSeconds(1));
        source.commit(1002, USERS, "3");
        turn(5, Duration.ofSeconds(1));
        assertThat(entries(Entry.Kind.CHANGE)).hasSize(3);
        assertThat(entries(Entry.Kind.GAP)).isEmpty();
        assertThat(capture.status().phase()).isEqualTo(CapturePhase.STREAMING);
    }

    @Test
    @DisplayName("P1: a transaction cut off half-way comes again whole")
    void doesNotAcknowledgeHalfATransaction() {
        live();
        source.commit(1000, USERS, "1", "2", "3");
        var stream = Objects.requireNonNull(source.stream);
        var commit = stream.pending.removeLast();
        turn(3, Duration.ofSeconds(2));
        assertThat(entries(Entry.Kind.CHANGE)).hasSize(3);
        assertThat(entries(Entry.Kind.COMMIT)).isEmpty();
        assertThat(source.confirmed).isLessThan(((StreamEvent.Commit) commit).endLsn());

        source.cut();
        turn(10, Duration.ofSeconds(1));
        assertThat(entries(Entry.Kind.CHANGE)).hasSize(6);
        assertThat(entries(Entry.Kind.COMMIT)).hasSize(1);
    }

    @Test
    @DisplayName("P1: a full journal")
    void staysConnectedAndSilentWhileTheJournalIsFull() throws IOException {
        journal = InMemoryJournal.create(16, 4);
        make();
        live();
        hold(journal.appender().newest());
        var before = source.confirmed;
        for (var i = 0; i < 60; i++) {
            source.commit(1000, USERS, "" + i);
        }
        turn(20, Duration.ofSeconds(1));
        assertThat(capture.status().phase()).isEqualTo(CapturePhase.FULL);
        assertThat(capture.status().detail()).contains("full");
        assertThat(source.counts()).containsEntry("connect", 1L);
        var acknowledged = source.confirmed;
        assertThat(acknowledged).isGreaterThanOrEqualTo(before);
        turn(20, Duration.ofSeconds(1));
        assertThat(source.confirmed).isEqualTo(acknowledged);

        var seen = 0;
        try (var reader = journal.reader()) {
            for (var round = 0; round < 100 && seen < 60; round++) {
                for (var next = reader.next(); next != null; next = reader.next()) {
                    seen += next.entry().kind() == Entry.Kind.CHANGE ? 1 : 0;
                    hold(next.position());
                }
                turn(5, Duration.ofMillis(500));
            }
        }
        assertThat(seen).isEqualTo(60);
        turn(5, Duration.ofSeconds(1));
        assertThat(capture.status().phase()).isEqualTo(CapturePhase.STREAMING);
        assertThat(source.confirmed).isGreaterThanOrEqualTo(Lsn.of(source.log));
    }

    private void hold(Position position) throws IOException {
        journal.lanes()
                .save(new LaneFile(
                        new LaneName("primary", "users"),
                        1,
                        LanePhase.TAILING,
                        position,
                        Lsn.ZERO,
                        Seeding.NONE,
                        0,
                        0,
                        needs,
                        "",
                        new TreeMap<>(),
                        Instant.EPOCH));
    }

    @Test
    @DisplayName("P4: heartbeats name only places before which everything is visible")
    void waitsForVisibility() {
        live();
        source.xmax = 1001;
        source.xmin = 1000;
        source.invisible = new long[] {1000};
        source.commit(1000, USERS, "1");
        turn(5, Duration.ofSeconds(6));
        var commit = position(Entry.Kind.COMMIT);
        assertThat(lastVisible()).isLessThan(commit);

        source.invisible = new long[] {};
        source.xmin = 1001;
        turn(5, Duration.ofSeconds(6));
        assertThat(lastVisible()).isGreaterThanOrEqualTo(commit);
    }

    @Test
    @DisplayName("P4: also after a restart")
    void recoversWhatWasNotVisible() {
        waitsForInvisible();
        capture.close();
        make();
        turn(10, Duration.ofSeconds(6));
        assertThat(lastVisible()).isLessThan(position(Entry.Kind.COMMIT));
    }

    @Test
    @DisplayName("P4: also after a crash of the operating system, which leaves an epoch that says nothing")
    void assumesNothingWhenTheEpochSaysNothing() {
        waitsForInvisible();
        capture.close();
        journal = journal.afterCrash();
        make();
        turn(10, Duration.ofSeconds(6));
        assertThat(lastVisible()).isLessThan(position(Entry.Kind.COMMIT));
        source.invisible = new long[] {};
        source.xmin = 1001;
        turn(5, Duration.ofSeconds(6));
        assertThat(lastVisible()).isGreaterThanOrEqualTo(position(Entry.Kind.COMMIT));
        assertThat(entries(Entry.Kind.GAP)).isEmpty();
    }

    private void waitsForInvisible() {
        live();
        source.xmax = 1001;
        source.xmin = 1000;
        source.invisible = new long[] {1000};
        source.commit(1000, USERS, "1");
        turn(5, Duration.ofSeconds(6));
    }

    private Position position(Entry.Kind kind) {
        var found = Position.BEGINNING;
        try (var reader = journal.reader()) {
            for (var next = reader.next(); next != null; next = reader.next()) {
                found = next.entry().kind() == kind ? next.position() : found;
            }
        }
        return found;
    }

    private Position lastVisible() {
        var beats = entries(Entry.Kind.HEARTBEAT);
        return ((Entry.Heartbeat) beats.get(beats.size() - 1)).visibleThrough();
    }

    @Test
    @DisplayName("P10 a heartbeat counts on disk only when the disk has taken it")
    void heartbeatsAreTimedOnTheirWayToTheDisk() throws Exception {
        live();
        journal.forceByHand();
        source.commit(1000, USERS, "1");
        turn(5, Duration.ofSeconds(6));
        var beats = entries(Entry.Kind.HEARTBEAT);
        var newest = ((Entry.Heartbeat) beats.get(beats.size() - 1)).emittedAt();
        assertThat(capture.status().heartbeatAppendedAt()).isEqualTo(newest);
        assertThat(capture.status().heartbeatDurableAt()).isBefore(newest);
        assertThat(events).isPositive();
        onDisk.clear();

        journal.appender().force();
        turn(1, Duration.ZERO);
        assertThat(capture.status().heartbeatDurableAt()).isEqualTo(newest);
        assertThat(onDisk).hasSize(1).allMatch(took -> took.compareTo(Duration.ofSeconds(5)) > 0);
    }

    @Test
    @DisplayName("P2: the barrier waits also for the newest writer, whose id no snapshot has counted yet")
    void waitsForAWriterThatNobodyHasOvertaken() {
        live();
        source.withTable(2, "orders");
        source.begun = source.xmax + 1;
        needs = need("users", "orders");
        turn(20, Duration.ofSeconds(1));
        assertThat(journal.appender().coverage().orElseThrow().holds(needs)).isFalse();

        source.xmin = source.begun;
        source.xmax = source.begun;
        turn(5, Duration.ofSeconds(1));
        assertThat(journal.appender().coverage().orElseThrow().holds(needs)).isTrue();
    }

    @Test
    @DisplayName("P2: the barrier")
    void coversANewTableOnlyBehindTheBarrier() {
        live();
        source.withTable(2, "orders");
        source.xmin = 900;
        needs = need("users", "orders");
        source.running.add(new Blocker("transaction 900", "runs", ""));
        turn(20, Duration.ofSeconds(1));
        assertThat(journal.appender().coverage().orElseThrow().holds(needs)).isFalse();
        assertThat(journal.appender().coverage().orElseThrow().holds(need("users")))
                .isTrue();
        assertThat(capture.status().blockers()).isNotEmpty();

        source.xmin = 1000;
        turn(5, Duration.ofSeconds(1));
        assertThat(journal.appender().coverage().orElseThrow().holds(needs)).isTrue();
        assertThat(capture.status().blockers()).isEmpty();
    }

    @Test
    @DisplayName("P9: a gap that may not be healed ends capture before anything is written")
    void obeysThePolicy() {
        live();
        capture.close();
        source.exists = false;
        var newest = journal.appender().newest();
        capture = make(false);

        assertThatThrownBy(() -> turn(5, Duration.ofSeconds(1)))
                .isInstanceOf(GapForbiddenException.class)
                .hasMessageContaining("SLOT_LOST");
        assertThat(journal.appender().newest()).isEqualTo(newest);
        assertThat(source.exists).isFalse();

        capture = make(true);
        live();
        assertThat(entries(Entry.Kind.GAP)).hasSize(1);
    }

    @Test
    @DisplayName("P9: a slot that breaks under the stream")
    void makesAGapOfABrokenStream() {
        live();
        source.broken = new StreamBrokenException(Gap.Reason.SLOT_INVALIDATED, "invalidated");
        turn(1, Duration.ofSeconds(1));
        source.broken = null;
        turn(10, Duration.ofSeconds(11));

        assertThat(capture.status().phase()).isEqualTo(CapturePhase.STREAMING);
        assertThat(entries(Entry.Kind.GAP)).hasSize(1);
        assertThat(source.calls).contains("drop slot");
    }

    @Test
    @DisplayName(
            "P9 P10: a slot that is lost while the disk is full ends nothing, and the gap is told when there is room")
    void makesTheGapOfALostSlotWhenThereIsRoom() {
        live();
        journal.fillDisk(true);
        source.lost = "wal_removed";
        source.broken = new StreamBrokenException(Gap.Reason.SLOT_INVALIDATED, "invalidated");
        turn(1, Duration.ofSeconds(1));
        assertThat(capture.status().phase()).isEqualTo(CapturePhase.CONNECTING);
        assertThat(capture.status().detail()).contains("waits for room in the journal");
        source.broken = null;
        turn(5, Duration.ofSeconds(11));
        assertThat(capture.status().phase()).isIn(CapturePhase.CONNECTING, CapturePhase.PROVISIONING);
        assertThat(capture.status().lastError()).contains("the disk is full");
        assertThat(entries(Entry.Kind.GAP)).isEmpty();

        journal.fillDisk(false);
        turn(10, Duration.ofSeconds(11));
        assertThat(capture.status().phase()).isEqualTo(CapturePhase.STREAMING);
        assertThat(entries(Entry.Kind.GAP)).hasSize(1);
    }

    @Test
    void leavesNoSlotBehindWhenTheSourceIsNotUsable() {
        source.refusal = new SourceNotUsableException("run: CREATE PUBLICATION");

        assertThatThrownBy(() -> turn(5, Duration.ofSeconds(1))).isSameAs(source.refusal);
        assertThat(source.exists).isFalse();
        assertThat(source.calls).doesNotContain("create slot");
        assertThat(journal.identity()).isEmpty();
    }

    @Test
    void takesTheSlotOverFromASilentHolderAndRefusesALivingOne() {
        live();
        capture.close();
        source.holder = 42;
        source.holderHeard = 1;
        make();
        turn(60, Duration.ofSeconds(1));
        assertThat(capture.status().phase()).isEqualTo(CapturePhase.PROVISIONING);
        assertThat(capture.status().detail()).contains("PID 42");
        source.holder = 0;
        live();
        capture.close();

        source.holder = 43;
        make();
        assertThatThrownBy(() -> {
                    for (var i = 0; i < 20; i++) {
                        source.holderHeard++;
                        turn(1, Duration.ofSeconds(1));
                    }
                })
                .isInstanceOf(SlotHeldElsewhereException.class)
                .hasMessageContaining("PID 43");
    }

    @Test
    @DisplayName("P9: a promoted standby that has all we have is a continuation")
    void notesANewTimeline() {
        live();
        source.commit(1000, USERS, "1");
        turn(5, Duration.ofSeconds(2));
        capture.close();
        source.timelines = new Timelines(2, List.of(new Timelines.End(1, Lsn.of(source.log))));
        make();
        live();
        source.commit(1001, USERS, "2");
        turn(2, Duration.ofSeconds(1));

        assertThat(entries(Entry.Kind.GAP)).isEmpty();
        assertThat(journal.identity().orElseThrow().timeline()).isEqualTo(2);
        assertThat(entries(Entry.Kind.CHANGE))
                .extracting(entry -> ((Entry.Change) entry).transaction().timeline())
                .containsExactly(1, 2);
    }

    @Test
    void acknowledgesOnClosingWhatIsOnDiskByThen() {
        live();
        journal.forceByHand();
        var end = source.commit(1000, USERS, "1");
        turn(1, Duration.ofMillis(1));
        capture.close();

        assertThat(source.confirmed).isGreaterThanOrEqualTo(end);
        assertThat(source.calls).contains("close stream", "close");
        capture.close();
    }

    @Test
    void continuesAfterAKillOfTheProcess() {
        live();
        source.commit(1000, USERS, "1");
        turn(1, Duration.ofMillis(1));
        journal = journal.afterKill();
        source.cut();
        source.commit(1001, USERS, "2");
        make();
        live();
        turn(2, Duration.ofSeconds(1));

        assertThat(entries(Entry.Kind.CHANGE)).hasSize(2);
        assertThat(entries(Entry.Kind.GAP)).isEmpty();
    }
}
