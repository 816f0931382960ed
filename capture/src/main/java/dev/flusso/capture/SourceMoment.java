package dev.flusso.capture;

import dev.flusso.journal.Lsn;

/**
 * One look at the server.
 *
 * @param snapshot what is visible
 * @param end where the log ended, looked at after the snapshot was taken
 */
public record SourceMoment(Snapshot snapshot, Lsn end) {}
