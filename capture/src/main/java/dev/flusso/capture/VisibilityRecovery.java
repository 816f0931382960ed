package dev.flusso.capture;

import dev.flusso.journal.Entry;
import dev.flusso.journal.Journal;
import dev.flusso.journal.Position;
import dev.flusso.journal.PositionGoneException;
import dev.flusso.journal.Recorded;
import java.util.function.LongSupplier;

/**
 * Fills the visibility queue anew after a restart: from the newest entry that names a visible place, the commits behind it are read
 * again and wait to be seen.
 */
final class VisibilityRecovery {

    private final Journal journal;
    private final VisibilityQueue queue;

    VisibilityRecovery(Journal journal, VisibilityQueue queue) {
        this.journal = journal;
        this.queue = queue;
    }

    /** @param boundary above the ids of all that stands in the journal */
    void recover(LongSupplier boundary) {
        try (var reader = journal.reader()) {
            var newest = reader.newestVisibility();
            if (newest.isEmpty()) {
                if (!reader.newest().equals(Position.BEGINNING)) {
                    queue.unknown(boundary.getAsLong() - 1, reader.newest());
                }
                return;
            }
            var from = through(newest.get());
            try {
                reader.seekAfter(from);
            } catch (PositionGoneException e) {
                from = e.oldest();
                reader.seekAfter(from);
            }
            queue.startAt(from);
            for (var next = reader.next(); next != null; next = reader.next()) {
                if (next.entry() instanceof Entry.Commit commit) {
                    queue.committed(commit.transaction().xid(), next.position());
                }
            }
        }
    }

    private static Position through(Recorded recorded) {
        var entry = recorded.entry();
        if (entry instanceof Entry.Heartbeat heartbeat) {
            return heartbeat.visibleThrough();
        }
        if (entry instanceof Entry.Coverage coverage) {
            return coverage.visibleThrough();
        }
        if (entry instanceof Entry.Progress progress) {
            return progress.visibleThrough();
        }
        return Position.BEGINNING;
    }
}
