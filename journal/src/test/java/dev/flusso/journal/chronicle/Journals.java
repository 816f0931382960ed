package dev.flusso.journal.chronicle;

import dev.flusso.journal.JournalOptions;
import dev.flusso.journal.Reader;
import dev.flusso.journal.Recorded;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** What tests of the engine share. */
final class Journals {

    /** Segments of one mebibyte, 64 of them, forced every 5 ms. */
    static final JournalOptions SMALL = options(64 << 20, 0, Duration.ZERO);

    private Journals() {}

    /** A writer on this machine. */
    static ChronicleJournal open(Path directory) throws IOException {
        return ChronicleJournal.open(directory, SMALL, InstantSource.system());
    }

    /** A writer on a machine that was started as {@code boot}. */
    static ChronicleJournal open(Path directory, String boot) throws IOException {
        return ChronicleJournal.open(directory, SMALL, new Machine(() -> boot, InstantSource.system(), Forcing.DISK));
    }

    static JournalOptions options(long maxBytes, long minFreeBytes, Duration retention) {
        return new JournalOptions(retention, maxBytes, minFreeBytes, 1 << 20, Duration.ofMillis(5));
    }

    /** Everything a reader finds from where it stands, asking again until even its rarest look has been taken. */
    static List<Recorded> drain(Reader reader) {
        var all = new ArrayList<Recorded>();
        for (var empty = 0; empty < 1100; ) {
            var next = reader.next();
            if (next == null) {
                empty++;
            } else {
                all.add(next);
                empty = 0;
            }
        }
        return all;
    }

    static void copy(Path from, Path to) throws IOException {
        try (var paths = Files.walk(from)) {
            paths.forEach(path -> {
                try {
                    var target = to.resolve(from.relativize(path).toString());
                    if (Files.isDirectory(path)) {
                        Files.createDirectories(target);
                    } else {
                        Files.copy(path, target);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
