package dev.flusso.journal.chronicle;

import static dev.flusso.journal.Samples.change;
import static dev.flusso.journal.Samples.lane;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.flusso.journal.Entry;
import dev.flusso.journal.Journal;
import dev.flusso.journal.JournalFullException;
import dev.flusso.journal.LaneName;
import dev.flusso.journal.LanePhase;
import dev.flusso.journal.Position;
import dev.flusso.journal.PositionGoneException;
import dev.flusso.journal.Recorded;
import dev.flusso.journal.Samples;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens when there is not room for everything. */
@SuppressWarnings("NullAway.Init")
class JournalLimitsTest {

    private static final String FILLER = "x".repeat(9_000);

    @TempDir
    Path directory;

    private ChronicleJournal open(long maxBytes, Duration retention) throws IOException {
        return ChronicleJournal.open(
                directory.resolve("journal"), Journals.options(maxBytes, 0, retention), InstantSource.system());
    }

    private static List<Position> fill(Journal journal, int segments) {
        var positions = new ArrayList<Position>();
        var until = (journal.appender().newest().index() >>> 32) + segments;
        while (journal.appender().newest().index() >>> 32 < until) {
            positions.add(Samples.append(journal.appender(), change(positions.size(), FILLER)));
        }
        return positions;
    }

    @Test
    void stopsAtMaxBytesAndGoesOnWhenSomethingWasConsumed() throws IOException {
        try (var journal = open(5 << 20, Duration.ofDays(1));
                var reader = journal.reader()) {
            journal.lanes().save(lane("slow", LanePhase.TAILING, Position.BEGINNING));
            var positions = new ArrayList<Position>();
            assertThatExceptionOfType(JournalFullException.class)
                    .isThrownBy(() -> {
                        while (true) {
                            positions.add(Samples.append(journal.appender(), change(positions.size(), FILLER)));
                        }
                    })
                    .withMessageContaining("'journal.max_bytes' is " + (5 << 20));
            assertThat(journal.bytes()).isLessThanOrEqualTo(5 << 20).isGreaterThan(4 << 20);
            assertThat(journal.appender().prune(journal.lanes().all())).isEmpty();
            assertThatExceptionOfType(JournalFullException.class)
                    .isThrownBy(() -> journal.appender().append(change(1, FILLER)));
            // the lane comes nearer
            journal.lanes().save(lane("slow", LanePhase.TAILING, positions.get(positions.size() / 2)));
            assertThat(journal.appender().prune(journal.lanes().all())).isEmpty();
            positions.add(Samples.append(journal.appender(), change(positions.size(), FILLER)));
            reader.seekAfter(positions.get(positions.size() / 2));
            assertThat(Journals.drain(reader))
                    .last()
                    .extracting(Recorded::position)
                    .isEqualTo(positions.get(positions.size() - 1));
            assertThatExceptionOfType(PositionGoneException.class).isThrownBy(() -> reader.seekAfter(positions.get(0)));
            assertThat(reader.oldest()).isGreaterThan(Position.BEGINNING);
            reader.seekAfter(reader.oldest());
            assertThat(reader.next()).isNotNull();
            reader.seekAfter(Position.BEGINNING);
            assertThat(reader.next()).isNotNull();
        }
    }

    @Test
    void leavesMinFreeBytesOnTheDisk() throws IOException {
        var free = Files.getFileStore(directory).getUsableSpace();
        var path = directory.resolve("journal");
        try (var journal = ChronicleJournal.open(
                path, Journals.options(64 << 20, 2 * free, Duration.ZERO), InstantSource.system())) {
            assertThatExceptionOfType(JournalFullException.class)
                    .isThrownBy(() -> journal.appender().append(change(1)))
                    .withMessageContaining("'journal.min_free_bytes' is " + 2 * free);
            assertThat(journal.appender().newest()).isEqualTo(Position.BEGINNING);
        }
        try (var journal = ChronicleJournal.open(
                path, Journals.options(64 << 20, free / 2, Duration.ZERO), InstantSource.system())) {
            assertThat(Samples.append(journal.appender(), change(1))).isGreaterThan(Position.BEGINNING);
        }
    }

    @Test
    void aLaggardIsCutLooseSoThatTheOthersGoOn() throws IOException {
        try (var journal = open(6 << 20, Duration.ofDays(1));
                var laggard = journal.reader()) {
            journal.lanes().save(lane("slow", LanePhase.TAILING, Position.BEGINNING));
            journal.appender().append(change(0));
            assertThat(laggard.next()).isNotNull();
            var cut = new ArrayList<LaneName>();
            for (var n = 0; n < 3000; n++) {
                journal.lanes()
                        .save(lane("fast", LanePhase.TAILING, journal.appender().newest()));
                try {
                    journal.appender().append(change(n, FILLER));
                } catch (JournalFullException e) {
                    cut.addAll(journal.appender().prune(journal.lanes().all()));
                    journal.appender().append(change(n, FILLER));
                }
            }
            assertThat(cut).containsExactly(LaneName.parse("primary/slow"));
            assertThat(journal.bytes()).isLessThanOrEqualTo(6 << 20);
            assertThatExceptionOfType(PositionGoneException.class).isThrownBy(() -> Journals.drain(laggard));
            laggard.seekAfter(laggard.oldest());
            assertThat(Journals.drain(laggard))
                    .last()
                    .extracting(Recorded::position)
                    .isEqualTo(journal.appender().newest());
        }
    }

    @Test
    void oldEpochsGoWithTheirLastSegment() throws IOException {
        try (var journal = open(64 << 20, Duration.ZERO)) {
            fill(journal, 3);
            var last = journal.appender().newest();
            journal.appender().beginEpoch(Samples.SOURCE, Samples.gap(1));
            assertThat(journal.appender().prune(List.of())).isEmpty();
            try (var reader = journal.reader()) {
                // the new epoch's only segment and the one before it stay
                assertThat(reader.oldest().epoch()).isEqualTo(1);
                assertThat(Journals.drain(reader))
                        .last()
                        .extracting(Recorded::entry)
                        .isEqualTo(Samples.gap(1));
                fill(journal, 3);
                journal.appender().prune(List.of());
                assertThat(Files.exists(directory.resolve("journal/epoch-1"))).isFalse();
                assertThat(reader.oldest().epoch()).isEqualTo(2);
                assertThatExceptionOfType(PositionGoneException.class).isThrownBy(() -> reader.seekAfter(last));
            }
        }
    }

    @Test
    void knowsCoverageAndVisibilityWhenTheirSegmentsAreGone() throws IOException {
        try (var journal = open(64 << 20, Duration.ZERO)) {
            var coverage = Samples.coverage(3, Position.BEGINNING, "id");
            var at = Samples.append(journal.appender(), coverage);
            fill(journal, 4);
            journal.appender().prune(List.of());
            try (var reader = journal.reader()) {
                assertThat(reader.oldest()).isGreaterThan(at);
                assertThat(reader.coverageAt(reader.oldest())).contains(coverage);
                assertThat(reader.coverageAt(reader.newest())).contains(coverage);
                assertThat(reader.newestVisibility()).contains(new Recorded(at, coverage));
            }
        }
    }

    @Test
    void largeEntriesComeInPieces() throws IOException {
        var large = new ArrayList<Entry>();
        for (var bytes : new int[] {15_000, 16_384, 16_390, 40_000, 900_000, 3_000_000, 20_000_000}) {
            large.add(change(bytes, "é".repeat(bytes / 2)));
            large.add(change(1));
        }
        try (var journal = open(200 << 20, Duration.ZERO)) {
            large.forEach(journal.appender()::append);
            assertThatExceptionOfType(IllegalArgumentException.class)
                    .isThrownBy(() -> journal.appender().append(change(1, "x".repeat(65 << 20))))
                    .withMessageContaining("public.orders");
            journal.appender().append(change(2));
            large.add(change(2));
            try (var reader = journal.reader()) {
                assertThat(Journals.drain(reader)).extracting(Recorded::entry).containsExactlyElementsOf(large);
            }
        }
        try (var journal = open(200 << 20, Duration.ZERO);
                var reader = journal.reader()) {
            assertThat(Journals.drain(reader)).hasSize(large.size());
        }
    }

    @Test
    void filesMapsAndMemoryStayFlatOverManySegments() throws IOException {
        try (var journal = ChronicleJournal.open(
                        directory.resolve("journal"),
                        Journals.options(2 << 20, 0, Duration.ZERO),
                        InstantSource.system());
                var reader = journal.reader()) {
            var before = 0L;
            var memory = Memory.now();
            var segments = 0;
            var last = 0L;
            for (var n = 0; segments < Integer.getInteger("flusso.segments", 500); n++) {
                var position = Samples.append(journal.appender(), change(n, "x".repeat(60_000)));
                assertThat(reader.next())
                        .isNotNull()
                        .extracting(Recorded::position)
                        .isEqualTo(position);
                if (position.index() >>> 32 != last) {
                    last = position.index() >>> 32;
                    segments++;
                    journal.lanes().save(lane("a", LanePhase.TAILING, position));
                    journal.appender().prune(journal.lanes().all());
                    if (segments == 50) {
                        before = openFiles(journal);
                        memory = Memory.now();
                    }
                }
            }
            assertThat(openFiles(journal)).isLessThanOrEqualTo(before + 3);
            assertThat(journal.bytes()).isLessThanOrEqualTo(2 << 20);
            Memory.now().assertFlatSince(memory);
        }
    }

    /**
     * What of this process is in memory. A segment is 1 MiB: those 450 kept would show in {@code file}, what is allocated for each of
     * them outside the heap in {@code anonymous}.
     *
     * @param file pages of files, or -1 where the system does not tell
     * @param anonymous all others, the heap's among them
     */
    private record Memory(long file, long anonymous, long heapUsed, long heapCommitted) {

        private static final Path STATUS = Path.of("/proc/self/status");
        private static final long SLACK = 64 << 20;

        static Memory now() throws IOException {
            var heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
            var known = Files.isReadable(STATUS);
            return new Memory(
                    known ? bytes("RssFile:") : -1,
                    known ? bytes("RssAnon:") : -1,
                    heap.getUsed(),
                    heap.getCommitted());
        }

        private static long bytes(String name) throws IOException {
            for (var line : Files.readAllLines(STATUS)) {
                if (line.startsWith(name)) {
                    return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
                }
            }
            return -1;
        }

        void assertFlatSince(Memory before) {
            if (file < 0) {
                System.err.println("SKIPPED part of JournalLimitsTest.filesMapsAndMemoryStayFlatOverManySegments: "
                        + STATUS + " does not tell what is in memory");
                return;
            }
            System.out.println("JournalLimitsTest memory before " + before + ", after " + this);
            assertThat(file).as("pages of files").isLessThan(before.file + SLACK);
            // the heap may come to use what it had not touched
            assertThat(anonymous)
                    .as("other pages")
                    .isLessThan(before.anonymous + SLACK + Math.max(0, heapCommitted - before.heapUsed));
        }
    }

    /** Open descriptors and maps of the journal's files. */
    private static long openFiles(ChronicleJournal journal) throws IOException {
        var root = journal.layout().root().toString();
        var maps = Files.readAllLines(Path.of("/proc/self/maps")).stream()
                .filter(line -> line.contains(root))
                .count();
        var descriptors = 0L;
        try (var list = Files.list(Path.of("/proc/self/fd"))) {
            for (var descriptor : (Iterable<Path>) list::iterator) {
                try {
                    descriptors += Files.readSymbolicLink(descriptor).toString().contains(root) ? 1 : 0;
                } catch (IOException e) {
                    // that of this very list, or closed meanwhile
                }
            }
        }
        return maps + descriptors;
    }

    @Test
    void survivesAFullDisk() throws Exception {
        var script = "mount -t tmpfs -o size=12m tmpfs \"$0\" && exec \"$@\"";
        var place = Files.createDirectory(directory.resolve("small"));
        var isolated = List.of("unshare", "-rm", "sh", "-c", script, place.toString());
        var probe = new ArrayList<>(isolated);
        probe.add("true");
        if (new ProcessBuilder(probe).start().waitFor() != 0) {
            System.err.println("SKIPPED JournalLimitsTest.survivesAFullDisk: unshare and mount are not allowed here");
            abort("unshare and mount are not allowed here");
        }
        try (var child = Child.start(isolated, "fill", place.resolve("journal").toString())) {
            assertThat(child.line()).startsWith("FULL ").contains("disk");
            assertThat(child.line()).isEqualTo("READABLE");
            assertThat(child.line()).isEqualTo("APPENDED");
            assertThat(child.line()).isEqualTo("READABLE");
            assertThat(child.exit()).isZero();
        }
    }
}
