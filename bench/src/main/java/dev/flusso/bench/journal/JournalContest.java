package dev.flusso.bench.journal;

import dev.flusso.bench.Contest;
import dev.flusso.bench.Goal;
import dev.flusso.bench.Reading;
import dev.flusso.bench.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Appending with the disk forced every 10 ms, beside a plain file that is; and what appending and passing an entry leave to collect. */
public final class JournalContest implements Contest {

    private static final int[] SIZES = {60, 200, 1_000};

    private @Nullable Path folder;
    private int entries;
    private int run;

    @Override
    public String name() {
        return "journal";
    }

    @Override
    public void prepare(Settings settings) throws IOException {
        folder = Scratch.make();
        entries = settings.scaled(1_000_000, 50_000);
        for (var bytes : SIZES) { // the compilers of this JVM
            journal(bytes, entries / 4);
            plainFile(bytes, entries / 4);
        }
    }

    @Override
    public List<Reading> round() throws IOException {
        var readings = new ArrayList<Reading>();
        for (var bytes : SIZES) {
            var limit = plainFile(bytes, entries);
            var ours = journal(bytes, entries);
            readings.add(Reading.beside(
                    "append of " + bytes + " bytes, on disk every 10 ms",
                    "entries/s",
                    "a plain file, fdatasync every 10 ms",
                    limit,
                    ours.perSecond(),
                    Goal.ratioAtLeast(0.6)));
            readings.add(Reading.alone(
                    "garbage of an append of " + bytes + " bytes", "B", ours.appendGarbage(), Goal.atMost(0.5)));
            readings.add(Reading.alone(
                    "garbage of passing an entry of " + bytes + " bytes", "B", ours.stepGarbage(), Goal.atMost(0.5)));
            readings.add(Reading.alone("passing an entry of " + bytes + " bytes", "ns", ours.stepNanos(), Goal.NONE));
        }
        return readings;
    }

    /**
     * What came of writing and then reading so many entries.
     *
     * @param perSecond appended, until all of it was on disk
     * @param appendGarbage bytes allocated by the appending thread for each
     */
    private record Pass(double perSecond, double appendGarbage, double stepNanos, double stepGarbage) {}

    private Pass journal(int bytes, int count) throws IOException {
        var directory = next();
        var entry = Entries.of(bytes);
        try (var journal = Entries.journal(directory);
                var reader = journal.reader()) {
            var appender = journal.appender();
            appender.append(entry); // begins the segment
            long garbage = allocated();
            long start = System.nanoTime();
            for (int i = 0; i < count; i++) {
                appender.append(entry);
            }
            garbage = allocated() - garbage;
            appender.force();
            long nanos = System.nanoTime() - start;

            reader.advance(); // opens it
            long stepGarbage = allocated();
            long stepStart = System.nanoTime();
            long names = 0;
            for (int i = 0; i < count; i++) {
                if (!reader.advance()) {
                    throw new IllegalStateException("only " + i + " of " + count + " entries can be read");
                }
                names += reader.table().name().length();
            }
            long stepNanos = System.nanoTime() - stepStart;
            stepGarbage = allocated() - stepGarbage;
            if (names != 6L * count) {
                throw new IllegalStateException("other entries were read than were written");
            }
            return new Pass(
                    count * 1e9 / nanos,
                    (double) garbage / count,
                    (double) stepNanos / count,
                    (double) stepGarbage / count);
        } finally {
            Scratch.delete(directory);
        }
    }

    private double plainFile(int bytes, int count) throws IOException {
        var directory = next();
        Files.createDirectory(directory);
        var record = new byte[bytes - 8];
        try (var file = new PlainFile(directory.resolve("file"))) {
            long start = System.nanoTime();
            for (int i = 0; i < count; i++) {
                file.append(record);
            }
            file.force();
            return count * 1e9 / (System.nanoTime() - start);
        } finally {
            Scratch.delete(directory);
        }
    }

    private static long allocated() {
        return ManagementFactory.getPlatformMXBean(com.sun.management.ThreadMXBean.class)
                .getCurrentThreadAllocatedBytes();
    }

    private Path next() {
        var made = folder;
        if (made == null) {
            throw new IllegalStateException("not prepared");
        }
        return made.resolve("run-" + ++run);
    }

    @Override
    public void close() {
        if (folder != null) {
            try {
                Scratch.delete(folder);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot delete " + folder, e);
            }
        }
    }
}
