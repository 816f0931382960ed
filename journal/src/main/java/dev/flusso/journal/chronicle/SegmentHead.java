package dev.flusso.journal.chronicle;

import dev.flusso.journal.Lsn;
import dev.flusso.journal.Position;
import dev.flusso.journal.Recorded;
import org.jspecify.annotations.Nullable;

/**
 * What a segment begins with: all that one would otherwise have to look for in the segments before it.
 *
 * @param previous the newest entry before this segment, in whatever epoch; {@link Position#BEGINNING} in the very first one. By it a
 *     reader proves that it has missed nothing
 * @param complete the source's place the newest commit or progress before this segment names
 * @param newestMicros the latest time any entry before this segment names, in microseconds since 1970; {@link Long#MIN_VALUE} if none
 * @param coverage the coverage in force; null when there is none in this epoch
 * @param visibility the newest entry with a {@code visibleThrough}; null when there is none in this epoch
 */
record SegmentHead(
        Position previous,
        Lsn complete,
        long newestMicros,
        @Nullable Recorded coverage,
        @Nullable Recorded visibility) {

    /** Before anything at all. */
    static final SegmentHead FIRST = new SegmentHead(Position.BEGINNING, Lsn.ZERO, Long.MIN_VALUE, null, null);
}
