package dev.flusso.journal;

/** Something in the journal's directory is not what the engine wrote; the message names file, place, expected and found. */
public final class JournalDamagedException extends JournalException {

    private static final long serialVersionUID = 1;

    public JournalDamagedException(String message) {
        super(message);
    }

    public JournalDamagedException(String message, Throwable cause) {
        super(message, cause);
    }
}
