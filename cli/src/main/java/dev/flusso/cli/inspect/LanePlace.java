package dev.flusso.cli.inspect;

import dev.flusso.journal.Lsn;

/** How far a lane has come. */
interface LanePlace {

    /**
     * Waits until everything committed before {@code written} is settled in the sink; false when it was not in time, or nobody can
     * tell.
     */
    boolean awaitPassed(Lsn written, long deadlineNanos);
}
