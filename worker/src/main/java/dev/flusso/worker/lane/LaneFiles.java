package dev.flusso.worker.lane;

import dev.flusso.journal.LaneFile;
import dev.flusso.journal.LanePhase;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.Needs;
import dev.flusso.journal.Position;
import dev.flusso.journal.Seeding;
import java.time.Instant;
import java.util.SortedMap;

/** A lane file with some of it changed. */
final class LaneFiles {

    private LaneFiles() {}

    static LaneFile with(LaneFile file, SortedMap<String, String> notes) {
        return new LaneFile(
                file.lane(),
                file.generation(),
                file.phase(),
                file.position(),
                file.lsn(),
                file.seeding(),
                file.highestVersion(),
                file.deadLetters(),
                file.needs(),
                file.compiledSchema(),
                notes,
                file.writtenAt());
    }

    static LaneFile with(LaneFile file, Needs needs, String compiledSchema) {
        return new LaneFile(
                file.lane(),
                file.generation(),
                file.phase(),
                file.position(),
                file.lsn(),
                file.seeding(),
                file.highestVersion(),
                file.deadLetters(),
                needs,
                compiledSchema,
                file.notes(),
                file.writtenAt());
    }

    static LaneFile at(LaneFile file, LanePhase phase, Position position, Lsn lsn, Seeding seeding) {
        return new LaneFile(
                file.lane(),
                file.generation(),
                phase,
                position,
                lsn,
                seeding,
                file.highestVersion(),
                file.deadLetters(),
                file.needs(),
                file.compiledSchema(),
                file.notes(),
                file.writtenAt());
    }

    static LaneFile now(LaneFile file, Checkpoint.Progress progress, int deadLetters, Instant at) {
        return new LaneFile(
                file.lane(),
                file.generation(),
                file.phase(),
                progress.position(),
                progress.lsn(),
                progress.seeding(),
                progress.highestVersion(),
                deadLetters,
                file.needs(),
                file.compiledSchema(),
                file.notes(),
                at);
    }
}
