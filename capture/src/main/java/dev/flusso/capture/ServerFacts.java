package dev.flusso.capture;

import dev.flusso.journal.Lsn;
import dev.flusso.journal.SourceIdentity;

/**
 * What a server says of itself when a session begins.
 *
 * @param systemIdentifier the cluster's, in decimal
 * @param database the database's name
 * @param version {@code server_version_num}, such as 160004
 * @param timelines its timeline and the earlier ones
 * @param end where its write-ahead log ended when it was asked
 */
public record ServerFacts(String systemIdentifier, String database, int version, Timelines timelines, Lsn end) {

    /** Whose changes come through this slot. */
    public SourceIdentity identity(String slot) {
        return new SourceIdentity(systemIdentifier, database, slot, timelines.current());
    }
}
