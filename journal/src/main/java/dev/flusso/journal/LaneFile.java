package dev.flusso.journal;

import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a worker leaves beside the journal about one generation of a lane. Written by the worker (synced, replaced atomically), read by
 * capture, by retention and by whoever wants to look.
 *
 * @param lane which lane
 * @param generation which generation of its index, 1 or more
 * @param phase how far it has come
 * @param position everything up to and including this entry is settled in the sink; {@link Position#BEGINNING} while it has no place
 * @param lsn the source's place at that entry
 * @param seeding its progress while {@link LanePhase#SEEDING}, and while all documents are being built anew in place; else
 *     {@link Seeding#NONE}
 * @param highestVersion the highest version ever written to the generation; 0 when none was
 * @param deadLetters how many documents were put away
 * @param needs which tables and columns the stream must carry for it
 * @param compiledSchema the generation's schema in the lock's form; opaque here
 * @param notes the worker's own remarks (index name, its UUID, …); opaque here, keys sorted
 * @param writtenAt when the file was written, by the worker's clock
 */
public record LaneFile(
        LaneName lane,
        int generation,
        LanePhase phase,
        Position position,
        Lsn lsn,
        Seeding seeding,
        long highestVersion,
        long deadLetters,
        Needs needs,
        String compiledSchema,
        SortedMap<String, String> notes,
        Instant writtenAt) {

    public LaneFile {
        if (generation < 1) {
            throw new IllegalArgumentException(lane + " has no generation " + generation + ", expected 1 or more");
        }
        if (highestVersion < 0 || deadLetters < 0) {
            throw new IllegalArgumentException(
                    lane + ": version " + highestVersion + " or letters " + deadLetters + " below 0");
        }
        notes = Collections.unmodifiableSortedMap(new TreeMap<>(notes));
    }

    /** Whether the journal must keep what stands after {@link #position}. */
    public boolean holdsHistory() {
        return phase.holdsHistory();
    }
}
