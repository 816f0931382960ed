package dev.flusso.capture;

import dev.flusso.journal.Appender;
import dev.flusso.journal.Journal;
import dev.flusso.journal.JournalException;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets go of history that no lane needs: now and then, and more often while the journal waits for room. Capture's thread. */
final class Pruning {

    private static final Logger LOG = LoggerFactory.getLogger(Pruning.class);

    private final Journal journal;
    private final Appender appender;
    private final Troubles troubles;
    private final Every rarely;
    private final Every often;

    Pruning(Journal journal, Appender appender, Troubles troubles, LongSupplier nanos) {
        this.journal = journal;
        this.appender = appender;
        this.troubles = troubles;
        this.rarely = new Every(nanos, Duration.ofSeconds(5));
        this.often = new Every(nanos, Duration.ofSeconds(1));
    }

    /** For a journal that has room. */
    void nowAndThen() {
        if (rarely.isDue()) {
            prune();
        }
    }

    /** For a journal that has just become full: the next {@link #often} does it. */
    void soon() {
        often.now();
    }

    /** For a journal that waits for room. */
    void often() {
        if (often.isDue()) {
            prune();
        }
    }

    /** At once. A failure is noted, and it is tried again later. */
    void prune() {
        try {
            for (var lane : appender.prune(journal.lanes().all())) {
                LOG.warn("lane cut loose, its history no longer fits lane={}", lane);
            }
        } catch (JournalException | IOException e) {
            troubles.noted(e);
        }
    }
}
