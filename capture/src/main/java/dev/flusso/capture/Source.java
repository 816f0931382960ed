package dev.flusso.capture;

import dev.flusso.journal.Lsn;
import dev.flusso.journal.Needs;
import java.util.List;
import java.util.Optional;

/**
 * The database, for everything but the changes themselves: one source, one slot, one publication. One thread, but for {@link #close}.
 *
 * <p>Any method may throw {@link SourceUnavailableException} when the server is away or stops answering; call {@link #connect} again
 * then. Nothing here waits longer than a minute.
 */
public interface Source extends AutoCloseable {

    /** The slot's name. */
    String slotName();

    /**
     * Opens a session, a new one if there was one, and looks at the server.
     *
     * @throws SourceNotUsableException for a wrong password, missing rights, or a {@code wal_level} below logical
     */
    ServerFacts connect();

    /**
     * Brings replica identity and publication to what {@code needs} ask for, as far as the configuration and the role's rights allow;
     * what is already right is left alone. Identity comes first; a table whose identity is unusable is never published.
     *
     * @throws SourceNotUsableException when there is no publication and it may not be created; nothing was changed
     */
    Provisioned provision(Needs needs);

    /** Reads the catalog without changing anything. */
    Catalog catalog(Needs needs);

    /** The slot; empty when there is none of that name. */
    Optional<SlotState> slot();

    /**
     * Drops the slot; nothing happens when there is none.
     *
     * @throws SlotHeldElsewhereException when somebody reads it now
     */
    void dropSlot();

    /** Begins to make the slot. Not while there is one. */
    SlotCreation createSlot();

    /**
     * Begins to read the slot.
     *
     * @param from commits that end at or before it are not sent; raised by the server to what was acknowledged
     * @throws SlotHeldElsewhereException when somebody else reads it now
     * @throws StreamBrokenException when it can never be read again
     */
    ChangeStream stream(Lsn from);

    /** What is visible now. */
    SourceMoment moment();

    /**
     * An id above that of every transaction that has written anything so far. A snapshot's xmax is not: it lies behind the last one that
     * is finished. Costs the server an id, so it is not asked all the time.
     */
    long boundary();

    /** The transactions under way whose id is below {@code xid}, each with who runs it; at most ten. */
    List<Blocker> transactionsBefore(long xid);

    /** Puts a message of ours into the log; it comes back through the stream as {@link StreamEvent.Message}. */
    void emit(String prefix, String content);

    /** Closes the sessions; streams and slot creations are closed on their own. Any thread. */
    @Override
    void close();
}
