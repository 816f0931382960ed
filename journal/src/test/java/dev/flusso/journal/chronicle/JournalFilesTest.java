package dev.flusso.journal.chronicle;

import static dev.flusso.journal.Samples.change;
import static dev.flusso.journal.Samples.lane;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.flusso.journal.JournalDamagedException;
import dev.flusso.journal.LaneFile;
import dev.flusso.journal.LaneFileDamagedException;
import dev.flusso.journal.LanePhase;
import dev.flusso.journal.Needs;
import dev.flusso.journal.Position;
import dev.flusso.journal.PositionGoneException;
import dev.flusso.journal.Recorded;
import dev.flusso.journal.Samples;
import dev.flusso.journal.Seeding;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files around the segments, and the order in which processes come. */
@SuppressWarnings("NullAway.Init")
class JournalFilesTest {

    @TempDir
    Path directory;

    private Path journal() {
        return directory.resolve("deep/journal");
    }

    private ChronicleJournal open() throws IOException {
        return Journals.open(journal());
    }

    @Test
    void aWorkerMayBeThereBeforeCapture() throws IOException {
        try (var early = ChronicleJournal.openReadOnly(journal());
                var reader = early.reader()) {
            assertThat(reader.next()).isNull();
            assertThat(reader.newest()).isEqualTo(Position.BEGINNING);
            assertThat(early.identity()).isEmpty();
            assertThat(early.bytes()).isZero();
            early.lanes().save(lane("users", LanePhase.WAITING, Position.BEGINNING));
            assertThatExceptionOfType(PositionGoneException.class)
                    .isThrownBy(() -> reader.seekAfter(new Position(1, 5)))
                    .withMessageContaining("there is no journal yet");
            assertThatExceptionOfType(IllegalStateException.class).isThrownBy(early::appender);
            try (var late = open()) {
                assertThat(reader.next()).isNull();
                late.appender().claim(Samples.SOURCE);
                var position = Samples.append(late.appender(), change(1));
                assertThat(Journals.drain(reader)).containsExactly(new Recorded(position, change(1)));
                assertThat(reader.newest()).isEqualTo(position);
                assertThat(early.identity()).contains(Samples.SOURCE);
                assertThat(late.lanes().all()).hasSize(1);
            }
        }
    }

    @Test
    void aWriterKilledWhileItMadeTheQueuesOwnFileStopsNobody() throws IOException {
        Position first;
        try (var capture = open()) {
            capture.appender().append(change(1));
            first = capture.appender().newest();
        }
        var own = Layout.metadata(journal().resolve("epoch-1"));
        for (var size : new int[] {0, 3, 64 << 10}) {
            Files.write(own, new byte[size]);
            try (var capture = open();
                    var reader = capture.reader()) {
                capture.appender().append(change(2));
                var position = capture.appender().newest();
                reader.seekAfter(first);
                assertThat(Journals.drain(reader)).contains(new Recorded(position, change(2)));
            }
        }
    }

    @Test
    void aReaderGoesOnWhileTheWriterComesAndGoes() throws IOException {
        try (var worker = ChronicleJournal.openReadOnly(journal());
                var reader = worker.reader()) {
            for (var n = 0; n < 5; n++) {
                try (var capture = open()) {
                    var position = Samples.append(capture.appender(), change(n));
                    assertThat(Journals.drain(reader)).containsExactly(new Recorded(position, change(n)));
                }
                open().close();
            }
        }
    }

    @Test
    void anInterruptedThreadReadsAndWritesOn() throws IOException {
        try (var journal = open();
                var reader = journal.reader()) {
            try {
                for (var n = 0; n < 300; n++) {
                    Thread.currentThread().interrupt();
                    journal.appender().append(change(n, "x".repeat(20_000)));
                    if (n % 100 == 0) {
                        journal.appender().force();
                    }
                    assertThat(reader.next())
                            .isNotNull()
                            .extracting(Recorded::entry)
                            .isEqualTo(change(n, "x".repeat(20_000)));
                }
                assertThat(Thread.currentThread().isInterrupted()).isTrue();
            } finally {
                assertThat(Thread.interrupted()).isTrue();
            }
        }
    }

    @Test
    void durabilityMovesByItself() throws IOException {
        try (var journal = open()) {
            var position = Samples.append(journal.appender(), change(1));
            var deadline = System.nanoTime() + 20_000_000_000L;
            while (journal.appender().durable().isBefore(position)) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void saysWhatIsWrongWithTheStateFile() throws IOException {
        open().close();
        var state = journal().resolve("current");
        var whole = Files.readString(state);
        for (var broken :
                List.of("", "nonsense", whole.replace("true", "none"), whole + " ", whole.replaceFirst(" 1 ", " 2 "))) {
            Files.writeString(state, broken);
            assertThatExceptionOfType(JournalDamagedException.class)
                    .isThrownBy(this::open)
                    .withMessageContaining(state.toString())
                    .withMessageContaining("expected");
        }
        Files.writeString(state, whole);
        try (var journal = open()) {
            journal.appender().append(change(1));
        }
        Files.delete(state);
        assertThatExceptionOfType(JournalDamagedException.class)
                .isThrownBy(this::open)
                .withMessageContaining("'current' is missing")
                .withMessageContaining("epoch-1");
    }

    @Test
    void whatABeginningLeftHalfDoneIsDoneAgain() throws IOException {
        Files.createDirectories(journal().resolve("epoch-1"));
        Files.write(journal().resolve("epoch-1/19700101-00F.cq4"), new byte[100_000]);
        try (var journal = open()) {
            journal.appender().append(change(1));
            Files.createDirectories(journal().resolve("epoch-2"));
        }
        Journals.copy(journal().resolve("epoch-1"), journal().resolve("epoch-2"));
        try (var reading = ChronicleJournal.openReadOnly(journal());
                var reader = reading.reader()) {
            assertThat(Journals.drain(reader)).hasSize(1);
        }
        Files.write(journal().resolve("epoch-1/19700101-01F.cq4"), new byte[100_000]);
        Files.write(journal().resolve("epoch-1/19700101-00F.cq4-123.discard"), new byte[10]);
        try (var journal = open();
                var reader = journal.reader()) {
            journal.appender().append(change(2));
            assertThat(Journals.drain(reader)).hasSize(2);
            assertThat(Files.exists(journal().resolve("epoch-2"))).isFalse();
            assertThat(Files.exists(journal().resolve("epoch-1/19700101-00F.cq4-123.discard")))
                    .isFalse();
        }
    }

    @Test
    void aNewJournalBesideOldLanesReusesNoneOfTheirPositions() throws IOException {
        try (var worker = ChronicleJournal.openReadOnly(journal())) {
            worker.lanes().save(lane("users", LanePhase.TAILING, new Position(4, 7)));
        }
        try (var journal = open();
                var reader = journal.reader()) {
            var first = Samples.append(journal.appender(), change(1));
            assertThat(first.epoch()).isEqualTo(5);
            assertThat(reader.next()).isEqualTo(new Recorded(first, change(1)));
        }
    }

    @Test
    void anEntryOfAnotherReleaseIsNotPassedOver() throws IOException {
        try (var journal = open()) {
            journal.appender().append(change(1));
            journal.appender().append(change(2));
        }
        var victim = new Layout(journal()).segment(1, 0).path();
        try (var file = SegmentFile.open(victim).orElseThrow()) {
            file.step();
            file.step();
            file.frame()[5] = 9;
            FrameWriter.seal(file.frame(), file.frameLength(), 1, new CRC32C());
            try (var out = new RandomAccessFile(victim.toFile(), "rw")) {
                out.seek(file.frameOffset() + 4);
                out.write(file.frame(), 0, file.frameLength());
            }
        }
        try (var journal = ChronicleJournal.openReadOnly(journal());
                var reader = journal.reader()) {
            for (var n = 0; n < 3; n++) {
                assertThatExceptionOfType(JournalDamagedException.class)
                        .isThrownBy(reader::next)
                        .withMessageContaining("version 9")
                        .withMessageContaining(victim.toString());
            }
        }
    }

    @Test
    void laneFilesComeBackAsTheyWere() throws IOException {
        var notes = new TreeMap<String, String>();
        notes.put("uuid", "ÄÖ\"\\\n\u0001😀");
        var plain = lane("users", LanePhase.SEEDING, new Position(3, 1L << 40));
        var full = new LaneFile(
                plain.lane(),
                12,
                LanePhase.SEEDING,
                plain.position(),
                plain.lsn(),
                new Seeding(List.of("a", "b", "c"), List.of(2, 0), 77, 1000),
                Long.MAX_VALUE,
                4,
                Needs.NONE,
                "{\"large\": \"" + "x".repeat(100_000) + "\"}",
                notes,
                plain.writtenAt());
        try (var journal = ChronicleJournal.openReadOnly(journal())) {
            journal.lanes().save(plain);
            journal.lanes().save(full);
            journal.lanes().save(full);
            assertThat(journal.lanes().of(plain.lane())).containsExactly(plain, full);
            assertThat(journal.lanes().letters(plain.lane()))
                    .isEqualTo(journal().resolve("lanes/primary/users/letters"));
        }
    }

    @Test
    void aDamagedLaneFileIsNeverTakenForAbsent() throws IOException {
        var lane = lane("users", LanePhase.TAILING, new Position(1, 5));
        try (var journal = ChronicleJournal.openReadOnly(journal())) {
            journal.lanes().save(lane);
            var file = journal().resolve("lanes/primary/users/1.lane");
            var whole = Files.readString(file);
            for (var broken : List.of(
                    "",
                    whole.substring(0, whole.length() - 5),
                    whole.replace("TAILING", "WAITING"),
                    whole.replaceFirst("flusso-lane 1", "flusso-lane 2"))) {
                Files.writeString(file, broken);
                assertThatExceptionOfType(LaneFileDamagedException.class)
                        .isThrownBy(() -> journal.lanes().all())
                        .withMessageContaining(file.toString())
                        .withMessageContaining("expected")
                        .withMessageContaining("flusso journal forget");
                assertThatExceptionOfType(LaneFileDamagedException.class)
                        .isThrownBy(() -> journal.lanes().find(lane.lane(), 1));
            }
            Files.copy(file, file.resolveSibling("2.lane"));
            Files.writeString(file.resolveSibling("2.lane"), whole);
            assertThatExceptionOfType(LaneFileDamagedException.class)
                    .isThrownBy(() -> journal.lanes().find(lane.lane(), 2))
                    .withMessageContaining("primary/users/1.lane");
            journal.lanes().forget(lane.lane());
            assertThat(journal.lanes().all()).isEmpty();
        }
    }
}
