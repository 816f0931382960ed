package dev.flusso.capture;

import dev.flusso.journal.Lsn;
import java.util.Optional;

/** A slot being made. It can take as long as the longest transaction that was writing when it began. */
public interface SlotCreation extends AutoCloseable {

    /**
     * The place from which the slot will send; empty while it is being made. Never waits.
     *
     * @throws SourceNotUsableException when it may not be made
     * @throws SourceUnavailableException when the connection broke; there is no slot then
     */
    Optional<Lsn> done();

    /** Gives it up when it is not done: no slot is left. Never waits. */
    @Override
    void close();
}
