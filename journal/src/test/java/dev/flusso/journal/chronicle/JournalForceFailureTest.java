package dev.flusso.journal.chronicle;

import static dev.flusso.journal.Samples.change;
import static dev.flusso.journal.Samples.commit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.flusso.journal.Entry;
import dev.flusso.journal.JournalDamagedException;
import dev.flusso.journal.JournalInspection.Check;
import dev.flusso.journal.JournalOptions;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.Position;
import dev.flusso.journal.Recorded;
import dev.flusso.journal.Samples;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The disk refuses {@code fdatasync}. The kernel then calls the pages clean, so that what was written can be read until it forgets it,
 * and every later call succeeds without writing: nothing of it may be acknowledged, now or after a restart.
 */
@DisplayName("P1: after a failed force nothing more is acknowledged on that file")
@SuppressWarnings("NullAway.Init")
class JournalForceFailureTest {

    private static final String BOOT = "one boot";

    @TempDir
    Path directory;

    private Path path;
    private volatile boolean broken;
    private final Forcing disk = (channel, file) -> {
        if (broken) {
            throw new IOException("Input/output error");
        }
        Forcing.DISK.force(channel, file);
    };

    private final List<Recorded> forced = new ArrayList<>();

    private final List<Recorded> unforced = new ArrayList<>();

    @BeforeEach
    void name() {
        path = directory.resolve("journal");
    }

    /** Forced only when the test says so. */
    private ChronicleJournal open(String boot) throws IOException {
        var options = new JournalOptions(Duration.ZERO, 64 << 20, 0, 1 << 20, Duration.ofHours(1));
        return ChronicleJournal.open(path, options, new Machine(() -> boot, InstantSource.system(), disk));
    }

    private static void append(ChronicleJournal journal, List<Recorded> to, int from, int count) {
        for (var n = from; n < from + count; n++) {
            var entry = n % 3 == 2 ? commit(n) : change(n, "x".repeat(n % 900));
            to.add(new Recorded(Samples.append(journal.appender(), entry), entry));
        }
    }

    private static Position last(List<Recorded> entries) {
        return entries.get(entries.size() - 1).position();
    }

    /** Forces some entries, fails to force more, and dies of it. */
    private void breaks(int good, int bad) throws IOException {
        var journal = open(BOOT);
        append(journal, forced, 0, good);
        journal.appender().force();
        broken = true;
        append(journal, unforced, good, bad);
        assertThatExceptionOfType(JournalDamagedException.class)
                .isThrownBy(() -> journal.appender().force())
                .withMessageContaining("could not be forced to disk")
                .withMessageContaining("Input/output error")
                .withMessageContaining("restart capture");
        broken = false;
        assertThatExceptionOfType(JournalDamagedException.class)
                .as("though forcing would succeed again")
                .isThrownBy(() -> journal.appender().durable());
        assertThatExceptionOfType(JournalDamagedException.class)
                .isThrownBy(() -> journal.appender().force());
        assertThatExceptionOfType(JournalDamagedException.class)
                .isThrownBy(() -> journal.appender().append(change(1)));
        assertThatExceptionOfType(JournalDamagedException.class)
                .isThrownBy(() -> journal.appender().prune(List.of()));
        assertThatExceptionOfType(JournalDamagedException.class).isThrownBy(journal::close);
    }

    @Test
    void aNewEpochBeginsBehindWhatWasForced() throws IOException {
        breaks(40, 30);
        try (var journal = open(BOOT)) {
            assertThat(journal.appender().newest()).isEqualTo(last(forced));
            assertThat(journal.appender().durable()).isEqualTo(last(forced));
            assertThat(journal.appender().complete()).isEqualTo(completeAt(forced));
            var again = new ArrayList<Recorded>();
            append(journal, again, 40, 30);
            assertThat(again.get(0).position().epoch()).isEqualTo(last(forced).epoch() + 1);
            journal.appender().force();
            assertThat(journal.appender().durable()).isEqualTo(last(again));
        }
        assertThat(path.resolve("doubt")).doesNotExist();
        try (var journal = open(BOOT)) {
            assertThat(journal.appender().newest().epoch())
                    .as("once only")
                    .isEqualTo(last(forced).epoch() + 1);
        }
    }

    private static Lsn completeAt(List<Recorded> entries) {
        return entries.stream()
                .map(Recorded::entry)
                .filter(entry -> entry.kind() == Entry.Kind.COMMIT)
                .reduce((first, second) -> second)
                .orElseThrow()
                .lsn();
    }

    @Test
    void readersCrossOverWithoutAGap() throws IOException {
        try (var worker = ChronicleJournal.openReadOnly(path, () -> BOOT);
                var ahead = worker.reader();
                var behind = worker.reader()) {
            breaks(40, 30);
            assertThat(Journals.drain(ahead)).hasSize(70);
            behind.seekAfter(forced.get(20).position());
            for (var n = 0; n < 30; n++) {
                assertThat(behind.next()).isNotNull();
            }
            forgets(last(forced));
            var again = new ArrayList<Recorded>();
            try (var journal = open(BOOT)) {
                append(journal, again, 40, 30);
                assertThat(Journals.drain(ahead)).containsExactlyElementsOf(again);
                assertThat(Journals.drain(behind)).endsWith(again.toArray(Recorded[]::new));
                try (var fresh = worker.reader()) {
                    assertThat(Journals.drain(fresh))
                            .startsWith(forced.toArray(Recorded[]::new))
                            .endsWith(again.toArray(Recorded[]::new))
                            .noneMatch(recorded -> recorded.entry().kind() == Entry.Kind.GAP);
                    fresh.seekAfter(last(unforced));
                    assertThat(Journals.drain(fresh)).containsExactlyElementsOf(again);
                }
            }
        }
    }

    @Test
    void aReaderWaitsForTheWriterWhenTheKernelForgetsThePages() throws IOException {
        breaks(40, 30);
        forgets(last(forced));
        try (var worker = ChronicleJournal.openReadOnly(path, () -> BOOT);
                var reader = worker.reader()) {
            assertThat(Journals.drain(reader)).containsExactlyElementsOf(forced);
            var again = new ArrayList<Recorded>();
            try (var journal = open(BOOT)) {
                append(journal, again, 40, 30);
                assertThat(Journals.drain(reader)).containsExactlyElementsOf(again);
            }
        }
    }

    /** The kernel drops its copy of the pages behind a position: the disk's, which were never written, come up again. */
    private void forgets(Position position) throws IOException {
        var segment = new Layout(path).segment(position.epoch(), (int) (position.index() >>> 32));
        long from;
        try (var cursor = SegmentCursor.open(segment).orElseThrow()) {
            do {
                assertThat(cursor.step()).isEqualTo(SegmentCursor.Step.ENTRY);
            } while (!cursor.position().equals(position));
            from = cursor.file().offset();
        }
        try (var file = new RandomAccessFile(segment.path().toFile(), "rw")) {
            file.seek(from);
            file.write(new byte[(int) (file.length() - from)]);
        }
    }

    @Test
    void whatWasNeverForcedIsNotTrustedAcrossSegments() throws IOException {
        breaks(2000, 2600);
        assertThat(last(unforced).index() >>> 32).isGreaterThan(last(forced).index() >>> 32);
        try (var journal = open(BOOT)) {
            assertThat(journal.appender().newest()).isEqualTo(last(forced));
        }
        var counts = new EnumMap<Check, Integer>(Check.class);
        ChronicleJournal.inspect(path).verify(finding -> counts.merge(finding.check(), 1, Integer::sum));
        assertThat(counts).containsOnlyKeys(Check.GOOD, Check.LEFT_BY_CRASH).containsEntry(Check.GOOD, forced.size());
    }

    @Test
    void aFailureAtTheStartTrustsNothingThatMayNotBeOnDisk() throws IOException {
        var killed = open(BOOT);
        append(killed, forced, 0, 40);
        killed.appender().force();
        append(killed, unforced, 40, 10);
        killed.abandon();
        broken = true;
        assertThatIOException().isThrownBy(() -> open(BOOT)).withMessage("Input/output error");
        broken = false;
        try (var journal = open(BOOT)) {
            assertThat(journal.appender().newest())
                    .as("nobody knows any more what had been forced")
                    .isEqualTo(Position.BEGINNING);
            assertThat(journal.appender().complete()).isEqualTo(Lsn.ZERO);
            assertThat(Samples.append(journal.appender(), change(1)).epoch()).isEqualTo(2);
        }
    }

    @Test
    void aTornNoteTrustsNothingEither() throws IOException {
        breaks(40, 30);
        try (var note = new RandomAccessFile(path.resolve("doubt").toFile(), "rw")) {
            note.setLength(4);
        }
        try (var journal = open(BOOT)) {
            assertThat(journal.appender().newest()).isEqualTo(Position.BEGINNING);
        }
    }

    @Test
    void afterTheMachineWasRestartedTheDiskIsBelieved() throws IOException {
        breaks(40, 30);
        try (var journal = open("another boot")) {
            assertThat(journal.appender().newest()).isEqualTo(last(forced));
            assertThat(Samples.append(journal.appender(), change(1)).epoch()).isEqualTo(2);
        }
        assertThat(path.resolve("doubt")).doesNotExist();
    }
}
