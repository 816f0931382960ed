package dev.flusso.postgres.capture;

import dev.flusso.journal.LaneFile;
import dev.flusso.journal.LaneName;
import dev.flusso.journal.LanePhase;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.Needs;
import dev.flusso.journal.Position;
import dev.flusso.journal.Seeding;
import java.time.Instant;
import java.util.TreeMap;

/** Lane files as a worker would write them. */
final class Lanes {

    private Lanes() {}

    static LaneFile tailing(LaneName lane, Needs needs, Position position) {
        return new LaneFile(
                lane,
                1,
                LanePhase.TAILING,
                position,
                Lsn.ZERO,
                Seeding.NONE,
                0,
                0,
                needs,
                "",
                new TreeMap<>(),
                Instant.EPOCH);
    }
}
