package dev.flusso.bench.journal;

import dev.flusso.journal.Cell;
import dev.flusso.journal.Entry;
import dev.flusso.journal.Image;
import dev.flusso.journal.JournalOptions;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.TableName;
import dev.flusso.journal.Transaction;
import dev.flusso.journal.chronicle.ChronicleJournal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/** Entries of a given size, and the journal they go into. */
final class Entries {

    private Entries() {}

    /** A change that takes so many bytes in the journal, 56 or more, give or take one. */
    static Entry.Change of(int bytes) {
        var overhead = 56;
        if (bytes < overhead) {
            throw new IllegalArgumentException("an entry of " + bytes + " bytes, expected at least " + overhead);
        }
        return new Entry.Change(
                new Transaction(1, 7_000_000, Lsn.of(50_000_000_100L), 1_780_000_000_000_000L),
                Lsn.of(50_000_000_000L),
                Entry.Operation.INSERT,
                TableName.of("public", "orders"),
                Image.NONE,
                Image.of(Cell.text("id", "1" + "x".repeat(bytes - overhead), true)));
    }

    /** One that keeps no consumed history and is forced every 10 ms. */
    static ChronicleJournal journal(Path directory) throws IOException {
        return ChronicleJournal.open(
                directory,
                new JournalOptions(Duration.ZERO, 16L << 30, 0, 128 << 20, Duration.ofMillis(10)),
                InstantSource.system());
    }
}
