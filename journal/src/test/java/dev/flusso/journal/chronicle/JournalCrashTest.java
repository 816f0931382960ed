package dev.flusso.journal.chronicle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.flusso.journal.HeldElsewhereException;
import dev.flusso.journal.LaneName;
import dev.flusso.journal.LanePhase;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.Position;
import dev.flusso.journal.Reader;
import dev.flusso.journal.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The writer, in a process of its own, is killed at random moments; this process reads all the while. */
@SuppressWarnings("NullAway.Init")
class JournalCrashTest {

    /** How often; a thousand are for {@code -Dflusso.kills=1000}. */
    private static final int KILLS = Integer.getInteger("flusso.kills", 20);

    @TempDir
    Path directory;

    /** A restart takes well under a second on an idle machine; the tests' machine is not idle. */
    private static final long SLOWEST_RESTART_MILLIS = 15_000;

    private long lastRead;

    @Test
    void nothingIsTornLostOrOutOfOrderWhenTheWriterIsKilled() throws Exception {
        var seed = Long.getLong("flusso.seed", System.nanoTime());
        System.out.println("JournalCrashTest seed " + seed + " (-Dflusso.seed), kills " + KILLS);
        var random = new Random(seed);
        var slowest = 0L;
        try (var journal = ChronicleJournal.openReadOnly(directory.resolve("journal"));
                var reader = journal.reader()) {
            holdHistory(journal, Position.BEGINNING);
            for (var kill = 0; kill < KILLS; kill++) {
                try (var child = Child.start(
                        List.of(), "append", directory.resolve("journal").toString())) {
                    var ready = child.line();
                    assertThat(ready).startsWith("READY ");
                    slowest = Math.max(slowest, Long.parseLong(ready.substring("READY ".length())));
                    var until = System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(random.nextInt(400_000));
                    while (System.nanoTime() < until) {
                        read(reader);
                    }
                    child.kill();
                    while (read(reader)) {
                        // to the end
                    }
                    var durable = child.lastDurable();
                    if (durable != null) {
                        assertThat(reader.position()).isGreaterThanOrEqualTo(Position.parse(durable));
                    }
                }
                holdHistory(journal, reader.position());
            }
        }
        System.out.println("JournalCrashTest slowest restart " + slowest + " ms, entries " + lastRead);
        assertThat(slowest).isLessThan(SLOWEST_RESTART_MILLIS);
        assertThat(lastRead).isGreaterThan(KILLS);
    }

    /** Reads one entry, which must be the next; false when there is none. */
    private boolean read(Reader reader) {
        var next = reader.next();
        if (next == null) {
            return false;
        }
        assertThat(next.entry()).isEqualTo(ChildWriter.entry(lastRead + 1));
        lastRead++;
        return true;
    }

    /** So that retention, which the writer applies, deletes only what was read. */
    private static void holdHistory(ChronicleJournal journal, Position position) throws IOException {
        journal.lanes().save(Samples.lane("orders", LanePhase.TAILING, position));
    }

    @Test
    void nothingIsTornLostOrOutOfOrderWhenReadersAreKilled() throws Exception {
        var seed = Long.getLong("flusso.seed", System.nanoTime());
        var rounds = Math.max(1, KILLS / 4);
        System.out.println("JournalCrashTest readers seed " + seed + " (-Dflusso.seed), kills " + rounds);
        var random = new Random(seed);
        var path = directory.resolve("journal").toString();
        try (var journal = ChronicleJournal.openReadOnly(directory.resolve("journal"))) {
            journal.lanes().save(Samples.lane("orders", LanePhase.TAILING, Position.BEGINNING, Lsn.ZERO));
            var before = 0L;
            for (var kill = 0; kill < rounds; kill++) {
                try (var writer = Child.start(List.of(), "append", path);
                        var reader = Child.start(List.of(), "read", path)) {
                    assertThat(writer.line()).startsWith("READY ");
                    assertThat(reader.line()).startsWith("READING ");
                    assertThat(reader.line()).startsWith("READ ");
                    var until = System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(random.nextInt(200_000));
                    while (System.nanoTime() < until) {
                        Thread.onSpinWait();
                    }
                    if (random.nextBoolean()) {
                        writer.kill();
                    }
                    assertThat(reader.isAlive())
                            .as("a reader that found something wrong has ended")
                            .isTrue();
                    reader.kill();
                }
                var come = journal.lanes().all().get(0).lsn().value();
                assertThat(come).isGreaterThan(before);
                before = come;
            }
        }
    }

    @Test
    void restartsUnderTheSameProcessIdAsBefore() throws Exception {
        var isolated = List.of("unshare", "-rpf", "--mount-proc", "--kill-child");
        if (!works(List.of("unshare", "-rpf", "--mount-proc", "true"))) {
            System.err.println(
                    "SKIPPED JournalCrashTest.restartsUnderTheSameProcessIdAsBefore: unshare is not allowed here");
            abort("unshare is not allowed here");
        }
        var slowest = 0L;
        try (var journal = ChronicleJournal.openReadOnly(directory.resolve("journal"));
                var reader = journal.reader()) {
            holdHistory(journal, Position.BEGINNING);
            for (var kill = 0; kill < 4; kill++) {
                try (var child = Child.start(
                        isolated, "append", directory.resolve("journal").toString())) {
                    var ready = child.line();
                    slowest = kill == 0 ? 0 : Math.max(slowest, Long.parseLong(ready.substring("READY ".length())));
                    var until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(100);
                    while (System.nanoTime() < until) {
                        read(reader);
                    }
                    child.kill();
                    while (read(reader)) {
                        // to the end
                    }
                }
                awaitFree();
                holdHistory(journal, reader.position());
            }
        }
        System.out.println("JournalCrashTest slowest restart under the same pid " + slowest + " ms");
        assertThat(slowest).isLessThan(SLOWEST_RESTART_MILLIS);
    }

    /** {@code unshare} is dead before its child, which the kernel kills a moment later. */
    private void awaitFree() throws Exception {
        var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            try {
                HeldFile.take(directory.resolve("journal/owner.lock"), "the journal")
                        .close();
                return;
            } catch (HeldElsewhereException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                Thread.onSpinWait();
            }
        }
    }

    private static boolean works(List<String> command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void aSecondWriterIsTurnedAwayAtOnceAndToldByWhom() throws Exception {
        var path = directory.resolve("journal");
        try (var first = Child.start(List.of(), "append", path.toString())) {
            assertThat(first.line()).startsWith("READY");
            assertThatExceptionOfType(HeldElsewhereException.class)
                    .isThrownBy(() -> Journals.open(path))
                    .withMessageContaining("pid " + first.pid() + " on ")
                    .withMessageContaining("since 20")
                    .withMessageContaining(path.toString());
            first.kill();
        }
        try (var mine = Journals.open(path)) {
            assertThatExceptionOfType(HeldElsewhereException.class)
                    .isThrownBy(() -> Journals.open(path))
                    .withMessageContaining("pid " + ProcessHandle.current().pid());
            // being turned away in this process must not have given the lock up
            try (var second = Child.start(List.of(), "open", path.toString())) {
                assertThat(second.line())
                        .startsWith("HELD")
                        .contains("pid " + ProcessHandle.current().pid());
            }
            assertThat(Samples.append(mine.appender(), Samples.change(1))).isGreaterThan(Position.BEGINNING);
        }
        try (var second = Child.start(List.of(), "open", path.toString())) {
            assertThat(second.line()).startsWith("OPENED");
        }
    }

    @Test
    void aLaneIsFreeWhenItsWorkerIsKilled() throws Exception {
        var path = directory.resolve("journal");
        try (var journal = ChronicleJournal.openReadOnly(path);
                var child = Child.start(List.of(), "own", path.toString(), "primary/orders")) {
            assertThat(child.line()).startsWith("READY");
            var lane = LaneName.parse("primary/orders");
            assertThatExceptionOfType(HeldElsewhereException.class)
                    .isThrownBy(() -> journal.lanes().own(lane))
                    .withMessageContaining("primary/orders")
                    .withMessageContaining("pid " + child.pid());
            assertThatExceptionOfType(HeldElsewhereException.class)
                    .isThrownBy(() -> journal.lanes().forget(lane));
            child.kill();
            journal.lanes().own(lane).close();
            journal.lanes().forget(lane);
            assertThat(Files.exists(path.resolve("lanes/primary"))).isFalse();
        }
    }

    @Test
    void onlyItsOwnerMayEnterTheDirectory() throws IOException {
        Journals.open(directory.resolve("journal")).close();
        assertThat(Files.getPosixFilePermissions(directory.resolve("journal")))
                .extracting(Enum::name)
                .containsExactlyInAnyOrder("OWNER_READ", "OWNER_WRITE", "OWNER_EXECUTE");
    }
}
