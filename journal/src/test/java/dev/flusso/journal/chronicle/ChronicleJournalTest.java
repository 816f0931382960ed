package dev.flusso.journal.chronicle;

import dev.flusso.journal.Journal;
import dev.flusso.journal.JournalContract;
import dev.flusso.journal.JournalOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;

class ChronicleJournalTest extends JournalContract {

    static final JournalOptions SMALL = new JournalOptions(Duration.ZERO, 64 << 20, 0, 1 << 20, Duration.ofMillis(5));

    @TempDir
    Path directory;

    private int boot;

    @Override
    protected Journal fresh() throws IOException {
        return open();
    }

    private Journal open() throws IOException {
        var id = "boot-" + boot;
        return ChronicleJournal.open(directory.resolve("journal"), SMALL, () -> id);
    }

    @Override
    protected Journal reopened(Journal journal) throws IOException {
        journal.close();
        return open();
    }

    @Override
    protected Journal afterCrash(Journal journal) throws IOException {
        ((ChronicleJournal) journal).abandon();
        boot++;
        return open();
    }
}
