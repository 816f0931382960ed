package dev.flusso.journal.chronicle;

import dev.flusso.journal.Entry;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** When an entry happened, by whatever clock it names. */
final class Times {

    /** The entry names no time. */
    static final long NONE = Long.MIN_VALUE;

    private Times() {}

    /** Microseconds since 1970, or {@link #NONE}. */
    static long micros(Entry entry) {
        return switch (entry.kind()) {
            case CHANGE -> ((Entry.Change) entry).transaction().committedMicros();
            case TRUNCATE -> ((Entry.Truncate) entry).transaction().committedMicros();
            case COMMIT -> ((Entry.Commit) entry).transaction().committedMicros();
            case HEARTBEAT -> micros(((Entry.Heartbeat) entry).emittedAt());
            case PROGRESS, COVERAGE, CATALOG_CHANGE, GAP -> NONE;
        };
    }

    static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }
}
