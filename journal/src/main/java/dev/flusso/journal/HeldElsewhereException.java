package dev.flusso.journal;

/** Somebody else holds the journal or the lane; the message names them. Exit code 7. */
public final class HeldElsewhereException extends JournalException {

    private static final long serialVersionUID = 1;

    public HeldElsewhereException(String message) {
        super(message);
    }
}
