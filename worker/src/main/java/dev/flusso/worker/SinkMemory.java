package dev.flusso.worker;

import dev.flusso.journal.Position;

/**
 * What a sink remembers of a generation.
 *
 * @param position everything up to it was settled
 * @param highestVersion the highest version written
 * @param state a word for people: seeding, live, unseeded, …
 */
public record SinkMemory(Position position, long highestVersion, String state) {}
