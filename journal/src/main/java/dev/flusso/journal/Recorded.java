package dev.flusso.journal;

/**
 * An entry and where it stands.
 *
 * @param position its place
 * @param entry what it says
 */
public record Recorded(Position position, Entry entry) {}
