package dev.flusso.journal;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The transaction a change was committed by.
 *
 * @param timeline the timeline of the write-ahead log it was committed on, 1 or more
 * @param xid its id in 64 bits (as of Postgres type xid8), so that ids are comparable across wrap-around
 * @param commitLsn where its commit record begins
 * @param committedMicros its commit time, in microseconds since 1970-01-01T00:00Z by the server's clock
 */
public record Transaction(int timeline, long xid, Lsn commitLsn, long committedMicros) {

    public Transaction {
        if (timeline < 1) {
            throw new IllegalArgumentException("no such timeline: " + timeline);
        }
    }

    public Instant committedAt() {
        return Instant.EPOCH.plus(committedMicros, ChronoUnit.MICROS);
    }
}
