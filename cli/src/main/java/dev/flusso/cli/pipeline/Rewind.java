package dev.flusso.cli.pipeline;

import dev.flusso.cli.command.StartFrom;
import dev.flusso.journal.Journal;
import dev.flusso.journal.LaneFile;
import dev.flusso.journal.LaneName;
import dev.flusso.journal.LanePhase;
import dev.flusso.journal.Ownership;
import dev.flusso.journal.Position;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends lanes back to an earlier place in the journal, before they start: what stands after it is done again, which harms nothing. */
final class Rewind {

    private static final Logger LOG = LoggerFactory.getLogger(Rewind.class);

    private Rewind() {}

    /**
     * Durable on return. A lane that is not seeded yet, or stands before the place, is left where it is.
     *
     * @throws dev.flusso.journal.HeldElsewhereException when another worker runs one of them; none is moved then
     * @throws dev.flusso.journal.PositionGoneException when the place is no longer kept; it names the oldest usable one
     */
    static void to(StartFrom from, Journal journal, List<LaneName> lanes) throws IOException {
        var held = new ArrayList<Ownership>();
        try {
            for (var lane : lanes) {
                held.add(journal.lanes().own(lane));
            }
            var place = place(from, journal);
            for (var lane : lanes) {
                for (var file : journal.lanes().of(lane)) {
                    rewind(journal, file, place);
                }
            }
        } finally {
            for (var ownership : held) {
                ownership.close();
            }
        }
    }

    private static Position place(StartFrom from, Journal journal) {
        try (var reader = journal.reader()) {
            if (from instanceof StartFrom.After after) {
                reader.seekAfter(after.position());
                return after.position();
            }
            if (from instanceof StartFrom.Since since) {
                reader.seekTo(since.time());
                return reader.position();
            }
            return reader.oldest();
        }
    }

    private static void rewind(Journal journal, LaneFile file, Position place) throws IOException {
        if (file.phase() != LanePhase.TAILING || !place.isBefore(file.position())) {
            LOG.info("not rewound lane={} generation={} at={}", file.lane(), file.generation(), file.position());
            return;
        }
        journal.lanes()
                .save(new LaneFile(
                        file.lane(),
                        file.generation(),
                        file.phase(),
                        place,
                        file.lsn(),
                        file.seeding(),
                        file.highestVersion(),
                        file.deadLetters(),
                        file.needs(),
                        file.compiledSchema(),
                        file.notes(),
                        file.writtenAt()));
        LOG.info("rewound lane={} generation={} from={} to={}", file.lane(), file.generation(), file.position(), place);
    }
}
