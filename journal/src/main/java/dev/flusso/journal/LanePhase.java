package dev.flusso.journal;

/** How far a generation of a lane has come, as its file keeps it. */
public enum LanePhase {
    /** Waits for the stream to cover what it needs; holds no place in the journal yet. */
    WAITING(false),
    /** Reads the tables; tails from its noted position once that is done. */
    SEEDING(true),
    /** Seeded; reads the journal from its position on. */
    TAILING(true),
    /** Served as it is: its statement can no longer run, a newer generation is being built. Needs nothing any more. */
    FROZEN(false),
    /** Cut loose by retention or a gap: what it needs is no longer kept, so it must be seeded anew. */
    LOST(false);

    private final boolean holdsHistory;

    LanePhase(boolean holdsHistory) {
        this.holdsHistory = holdsHistory;
    }

    /** Whether the journal must keep what stands after the lane's position. */
    public boolean holdsHistory() {
        return holdsHistory;
    }
}
