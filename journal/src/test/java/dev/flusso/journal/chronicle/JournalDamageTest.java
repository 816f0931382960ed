package dev.flusso.journal.chronicle;

import static dev.flusso.journal.Samples.change;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.journal.Entry;
import dev.flusso.journal.Gap;
import dev.flusso.journal.Position;
import dev.flusso.journal.Recorded;
import dev.flusso.journal.Samples;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One byte is not what it was: nothing wrong is delivered, and nothing is left out without saying so. */
class JournalDamageTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private final TreeMap<Position, Entry> written = new TreeMap<>();

    @SuppressWarnings("NullAway.Init")
    private Path journal;

    @BeforeEach
    void threeSegments() throws IOException {
        journal = directory.resolve("journal");
        try (var open = Journals.open(journal)) {
            for (var n = 0; written.isEmpty() || written.lastKey().index() >>> 32 < 2; n++) {
                var entry = change(n, "x".repeat(n % 700));
                written.put(Samples.append(open.appender(), entry), entry);
            }
            for (var n = 0; n < 100; n++) {
                written.put(Samples.append(open.appender(), change(n)), change(n));
            }
        }
    }

    private Layout.Segment segment(int number) {
        return new Layout(journal).segment(1, number);
    }

    /** Where the record of an entry begins in its file. */
    private long offset(Position position) throws IOException {
        try (var file = SegmentFile.open(
                        segment((int) (position.index() >>> 32)).path())
                .orElseThrow()) {
            while (true) {
                assertThat(file.step()).isEqualTo(SegmentFile.Step.FRAME);
                if (FrameReader.seq(file.frame()) == (int) position.index()) {
                    return file.frameOffset();
                }
            }
        }
    }

    private static void flip(Path file, long at, int mask) throws IOException {
        try (var open = new RandomAccessFile(file.toFile(), "rw")) {
            open.seek(at);
            var was = open.read();
            open.seek(at);
            open.write(was ^ mask);
        }
    }

    private List<Recorded> readAll() throws IOException {
        try (var open = ChronicleJournal.openReadOnly(journal);
                var reader = open.reader()) {
            return Journals.drain(reader);
        }
    }

    /** Whatever was read is right; whatever is missing has a gap in its place, unless it is the journal's very end. */
    private void check(String what, List<Recorded> read) {
        var expected = new ArrayList<>(written.entrySet());
        var at = 0;
        var gap = false;
        for (var recorded : read) {
            if (recorded.entry() instanceof Entry.Missing missing) {
                assertThat(missing.gap().reason()).as(what).isEqualTo(Gap.Reason.JOURNAL_DAMAGED);
                assertThat(missing.gap().tables()).as(what).isEmpty();
                gap = true;
                continue;
            }
            while (!expected.get(at).getKey().equals(recorded.position())) {
                assertThat(gap)
                        .as(what + ": " + expected.get(at).getKey() + " is missing without a gap")
                        .isTrue();
                at++;
            }
            assertThat(recorded.entry()).as(what).isEqualTo(expected.get(at).getValue());
            at++;
            gap = false;
        }
        if (at < expected.size() && !gap) {
            assertThat(expected.get(at).getKey().index() >>> 32)
                    .as(
                            what + ": the end is missing, without a gap, from %s on",
                            expected.get(at).getKey())
                    .isEqualTo(2);
        }
    }

    private Position entry(int number) {
        return List.copyOf(written.keySet()).get(number);
    }

    private void expectGapFor(Position lost, List<Recorded> read) {
        check("gap at " + lost, read);
        assertThat(read).hasSize(written.size());
        assertThat(read.stream().filter(recorded -> recorded.entry().kind() == Entry.Kind.GAP))
                .singleElement()
                .extracting(Recorded::position)
                .isEqualTo(lost);
    }

    @Test
    void aFlippedChecksumBecomesAGap() throws IOException {
        var lost = entry(200);
        flip(segment(0).path(), offset(lost) + 4, 0x10);
        expectGapFor(lost, readAll());
    }

    @Test
    void aFlippedByteOfAnEntryBecomesAGap() throws IOException {
        var lost = entry(written.size() - 500);
        flip(segment((int) (lost.index() >>> 32)).path(), offset(lost) + 30, 0x01);
        expectGapFor(lost, readAll());
    }

    @Test
    void aFlippedLengthBecomesAGap() throws IOException {
        for (var mask : new int[] {0x01, 0x20}) {
            var lost = entry(300);
            var offset = offset(lost);
            flip(segment(0).path(), offset, mask);
            expectGapFor(lost, readAll());
            flip(segment(0).path(), offset, mask);
        }
        assertThat(readAll()).hasSize(written.size());
    }

    @Test
    void aRecordMadeToLookUnfinishedBecomesAGap() throws IOException {
        for (var lost : List.of(entry(300), entry(written.size() - 50))) {
            var file = segment((int) (lost.index() >>> 32)).path();
            var offset = offset(lost);
            for (var mask : new int[] {0x80, 0x40}) {
                flip(file, offset + 3, mask);
                check("unfinished " + lost, readAll());
                assertThat(readAll()).anyMatch(recorded -> recorded.entry().kind() == Entry.Kind.GAP);
                flip(file, offset + 3, mask);
            }
        }
    }

    @Test
    void aLostPageBecomesAGap() throws IOException {
        var page = offset(entry(300)) / 4096 * 4096;
        try (var file = new RandomAccessFile(segment(0).path().toFile(), "rw")) {
            file.seek(page);
            file.write(new byte[4096]);
        }
        var read = readAll();
        check("lost page", read);
        assertThat(read.stream().filter(recorded -> recorded.entry().kind() == Entry.Kind.GAP))
                .hasSize(1);
        seekEach(read);
    }

    @Test
    void aLostTailOfASegmentBecomesAGap() throws IOException {
        var from = offset(entry(300)) + 7;
        try (var file = new RandomAccessFile(segment(0).path().toFile(), "rw")) {
            file.setLength(from);
        }
        var read = readAll();
        check("lost tail", read);
        assertThat(read.stream().filter(recorded -> recorded.entry().kind() == Entry.Kind.GAP))
                .hasSize(1);
        assertThat(read.get(read.size() - 1).position()).isEqualTo(written.lastKey());
        seekEach(read);
    }

    /** Whatever position was delivered, the one delivered after it follows when it is sought. */
    private void seekEach(List<Recorded> read) throws IOException {
        try (var open = ChronicleJournal.openReadOnly(journal);
                var reader = open.reader()) {
            for (var n = 200; n < 400; n++) {
                reader.seekAfter(read.get(n).position());
                var next = reader.next();
                for (var empty = 0; next == null && empty < 1100; empty++) {
                    next = reader.next();
                }
                assertThat(next).as("after %s", read.get(n).position()).isEqualTo(read.get(n + 1));
            }
        }
    }

    @Test
    void aDamagedHeadBecomesAGap() throws IOException {
        try (var file = SegmentFile.open(segment(1).path()).orElseThrow()) {
            file.step();
            flip(segment(1).path(), file.frameOffset() + 12, 0x04);
        }
        var read = readAll();
        check("head", read);
        assertThat(read).hasSize(written.size() + 1);
    }

    @Test
    void aMissingSegmentBecomesAGap() throws IOException {
        assertThat(segment(1).path().toFile().delete()).isTrue();
        var read = readAll();
        check("segment", read);
        assertThat(read.get(read.size() - 1).position()).isEqualTo(written.lastKey());
    }

    @Test
    void theSamePlacesCanBeSoughtAroundAGap() throws IOException {
        var lost = entry(200);
        flip(segment(0).path(), offset(lost) + 40, 0x10);
        try (var open = ChronicleJournal.openReadOnly(journal);
                var reader = open.reader()) {
            reader.seekAfter(entry(199));
            var gap = Objects.requireNonNull(reader.next());
            assertThat(gap.entry().kind()).isEqualTo(Entry.Kind.GAP);
            assertThat(reader.next()).isNotNull().extracting(Recorded::position).isEqualTo(entry(201));
            reader.seekAfter(gap.position());
            assertThat(reader.next()).isNotNull().extracting(Recorded::position).isEqualTo(entry(201));
            reader.seekAfter(entry(201));
            assertThat(reader.next()).isNotNull().extracting(Recorded::position).isEqualTo(entry(202));
        }
    }

    @Test
    void theWriterGoesOnBehindDamage() throws IOException {
        var lost = entry(written.size() - 20);
        flip(segment(2).path(), offset(lost) + 25, 0x10);
        try (var open = Journals.open(journal)) {
            assertThat(open.appender().newest()).isEqualTo(written.lastKey());
            written.put(Samples.append(open.appender(), change(7)), change(7));
            expectGapFor(lost, readAll());
        }
    }

    @Test
    void nothingWrongIsEverDeliveredWhicheverByteIsFlipped() throws IOException {
        var seed = Long.getLong("flusso.seed", System.nanoTime());
        System.out.println("JournalDamageTest seed " + seed + " (-Dflusso.seed)");
        var random = new Random(seed);
        for (var n = 0; n < 40; n++) {
            var number = random.nextInt(3);
            long used;
            try (var file = SegmentFile.open(segment(number).path()).orElseThrow()) {
                while (file.step() == SegmentFile.Step.FRAME) {
                    // to the end
                }
                used = file.offset();
            }
            var at = random.nextInt((int) used);
            var mask = 1 << random.nextInt(8);
            flip(segment(number).path(), at, mask);
            check("seed " + seed + ": byte " + at + " of segment " + number + " ^ " + mask, readAll());
            flip(segment(number).path(), at, mask);
        }
    }
}
