package dev.flusso.worker;

import dev.flusso.journal.Position;

/**
 * What a sink remembers of a generation.
 *
 * @param position everything up to it was settled
 * @param highestVersion the highest version written
 * @param number how often it was told; an older copy of the sink was told less often, also while position and version stand still
 * @param state a word for people: seeding, live, unseeded, …
 */
public record SinkMemory(Position position, long highestVersion, long number, String state) {

    /** What a sink remembers that was told nothing. */
    public static final SinkMemory NONE = new SinkMemory(Position.BEGINNING, 0, 0, "");

    /** The state of a generation that does not have all rows yet. */
    public static final String SEEDING = "seeding";

    /** Whether a sink that remembers this has forgotten something it had acknowledged. */
    public boolean isOlderThan(SinkMemory acknowledged) {
        return position.isBefore(acknowledged.position)
                || highestVersion < acknowledged.highestVersion
                || number < acknowledged.number;
    }
}
