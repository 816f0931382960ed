package dev.flusso.worker.lane;

import dev.flusso.journal.Journal;
import dev.flusso.journal.LaneFile;
import dev.flusso.journal.LanePhase;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.Position;
import dev.flusso.journal.PositionGoneException;
import dev.flusso.journal.Seeding;
import dev.flusso.worker.SinkGeneration;
import dev.flusso.worker.SinkMemory;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Compares what a sink holds with what it acknowledged to us, so that an index that was deleted, or a sink restored from a backup, is
 * noticed.
 */
final class SinkWatch {

    /** What became of a generation. */
    enum Finding {
        AS_IT_WAS,
        /** It is not there. */
        GONE,
        /** Another index, or another copy of it, has its name. */
        REPLACED,
        /** It is the same, as it was some time ago. */
        OLDER
    }

    private SinkWatch() {}

    /**
     * Looks for a generation.
     *
     * @param saved its lane file as it was on disk before the sink was asked
     */
    static Finding find(LaneFile saved, List<SinkGeneration> generations) {
        var there = named(Notes.of(saved, Notes.INDEX), generations);
        if (there == null) {
            return Finding.GONE;
        }
        if (differs(Notes.of(saved, Notes.UUID), there.uuid())
                || differs(Notes.of(saved, Notes.HISTORY), there.history())) {
            return Finding.REPLACED;
        }
        var memory = there.memory() == null ? SinkMemory.NONE : there.memory();
        return memory.isOlderThan(Checkpoint.rememberedBy(saved)) ? Finding.OLDER : Finding.AS_IT_WAS;
    }

    /**
     * The file with which a generation goes back to an earlier place, since the sink forgot what came after it; null when that place
     * is not kept.
     */
    static @Nullable LaneFile rewound(Journal journal, LaneFile file, Position place) {
        try (var reader = journal.reader()) {
            if (place.isBefore(reader.oldest())) {
                return null;
            }
            reader.seekAfter(place);
        } catch (PositionGoneException e) {
            return null;
        }
        var notes = new TreeMap<>(file.notes());
        notes.remove(Notes.REMEMBERED);
        Sweep.NOTES.forEach(notes::remove); // the sink is as it was before: what asked for it is read again
        return LaneFiles.at(LaneFiles.with(file, notes), LanePhase.TAILING, place, Lsn.ZERO, Seeding.NONE);
    }

    static @Nullable SinkGeneration named(String name, List<SinkGeneration> generations) {
        for (var generation : generations) {
            if (generation.name().equals(name)) {
                return generation;
            }
        }
        return null;
    }

    private static boolean differs(String noted, String found) {
        return !noted.isEmpty() && !found.isEmpty() && !noted.equals(found);
    }
}
