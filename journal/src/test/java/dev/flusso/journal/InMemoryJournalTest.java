package dev.flusso.journal;

import java.io.IOException;

class InMemoryJournalTest extends JournalContract {

    @Override
    protected Journal fresh() {
        return InMemoryJournal.create();
    }

    @Override
    protected Journal reopened(Journal journal) throws IOException {
        journal.close();
        return ((InMemoryJournal) journal).afterKill();
    }

    @Override
    protected Journal afterCrash(Journal journal) {
        return ((InMemoryJournal) journal).afterCrash();
    }
}
