package dev.flusso.journal.chronicle;

import dev.flusso.journal.Journal;
import dev.flusso.journal.JournalContract;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init")
class ChronicleJournalTest extends JournalContract {

    @TempDir
    Path directory;

    private int boot;

    @Override
    protected Journal fresh() throws IOException {
        return open();
    }

    private Journal open() throws IOException {
        var id = "boot-" + boot;
        return Journals.open(directory.resolve("journal"), id);
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
