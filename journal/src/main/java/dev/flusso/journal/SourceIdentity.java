package dev.flusso.journal;

/**
 * Whose changes a journal holds.
 *
 * @param systemIdentifier the cluster's, from {@code pg_control_system()}
 * @param database the database's name
 * @param slot the replication slot's name
 * @param timeline the timeline of the newest entries
 */
public record SourceIdentity(String systemIdentifier, String database, String slot, int timeline) {

    /** The same source, seen on another timeline. */
    public SourceIdentity on(int newTimeline) {
        return new SourceIdentity(systemIdentifier, database, slot, newTimeline);
    }
}
