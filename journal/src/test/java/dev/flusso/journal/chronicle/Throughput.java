package dev.flusso.journal.chronicle;

import dev.flusso.journal.JournalOptions;
import dev.flusso.journal.Samples;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/** Measures appending and tailing once, for people: {@code main <directory> [entries]}. */
final class Throughput {

    private Throughput() {}

    public static void main(String[] arguments) throws Exception {
        var entries = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1_000_000;
        for (var bytes : new int[] {10, 150, 950}) {
            for (var round = 0; round < 2; round++) {
                var directory = Files.createTempDirectory(Path.of(arguments[0]), "throughput");
                measure(directory, bytes, entries / Math.max(1, bytes / 100));
                Disk.deleteTree(directory);
            }
        }
    }

    private static void measure(Path directory, int bytes, int entries) throws Exception {
        var options = new JournalOptions(Duration.ZERO, 20L << 30, 0, 128 << 20, Duration.ofMillis(10));
        var entry = Samples.change(1, "x".repeat(bytes));
        var threads = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        try (var journal = ChronicleJournal.open(directory, options, InstantSource.system());
                var reader = journal.reader()) {
            var garbage = threads.getCurrentThreadAllocatedBytes();
            var begun = System.nanoTime();
            for (var n = 0; n < entries; n++) {
                journal.appender().append(entry);
            }
            var appended = System.nanoTime() - begun;
            var appendGarbage = threads.getCurrentThreadAllocatedBytes() - garbage;
            journal.appender().force();
            var forced = System.nanoTime() - begun;
            garbage = threads.getCurrentThreadAllocatedBytes();
            begun = System.nanoTime();
            var read = 0;
            while (read < entries) {
                if (reader.next() != null) {
                    read++;
                }
            }
            var tailed = System.nanoTime() - begun;
            var tailGarbage = threads.getCurrentThreadAllocatedBytes() - garbage;
            System.out.printf(
                    "text of %d bytes, %d entries, %d bytes on disk each: append %.0f/s (%.0f ns, %d B garbage), forced %.0f/s, tail %.0f/s (%.0f ns, %d B garbage)%n",
                    bytes,
                    entries,
                    journal.bytes() / entries,
                    entries * 1e9 / appended,
                    (double) appended / entries,
                    appendGarbage / entries,
                    entries * 1e9 / forced,
                    entries * 1e9 / tailed,
                    (double) tailed / entries,
                    tailGarbage / entries);
        }
    }
}
