package dev.flusso.capture;

import dev.flusso.journal.Lsn;
import org.jspecify.annotations.Nullable;

/**
 * The committed changes of the source, transaction after transaction in the order of their commits. One thread, but for
 * {@link #close}.
 *
 * <p>The server hears from the stream often enough to keep it, also while nobody polls: the stream has a thread for that.
 */
public interface ChangeStream extends AutoCloseable {

    /**
     * The next event, or null when none has arrived. Waits for at most a few milliseconds.
     *
     * @throws SourceUnavailableException when the connection broke
     * @throws StreamBrokenException when the slot can never be read on
     */
    @Nullable
    StreamEvent poll();

    /**
     * The place up to which everything was handed out, if no transaction is open after {@link #poll} has returned null. Grows also
     * with traffic that does not concern us.
     */
    Lsn received();

    /**
     * Tells the server that everything before {@code lsn} need not be sent again; it hears of it within a second. Never goes back.
     */
    void acknowledge(Lsn lsn);

    /** Sends the last acknowledgement and leaves the slot. Any thread, more than once. */
    @Override
    void close();
}
