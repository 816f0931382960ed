package dev.flusso.cli.inspect;

import dev.flusso.journal.Journal;
import dev.flusso.journal.LaneName;
import dev.flusso.journal.Lsn;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A lane's place by its lane file, which the worker writes when everything up to that place is settled. */
final class JournalPlace implements LanePlace {

    private static final long LOOK_MILLIS = 100;

    private final Journal journal;
    private final LaneName lane;
    private final int generation;

    JournalPlace(Journal journal, LaneName lane, int generation) {
        this.journal = journal;
        this.lane = lane;
        this.generation = generation;
    }

    /** Whether there is a file to look at. */
    boolean isKnown() {
        return !place().equals(Lsn.ZERO);
    }

    private Lsn place() {
        try {
            return journal.lanes()
                    .find(lane, generation)
                    .map(file -> file.lsn())
                    .orElse(Lsn.ZERO);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean awaitPassed(Lsn written, long deadlineNanos) {
        try {
            while (written.isAfter(place())) {
                if (System.nanoTime() - deadlineNanos > 0) {
                    return false;
                }
                Thread.sleep(LOOK_MILLIS);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
