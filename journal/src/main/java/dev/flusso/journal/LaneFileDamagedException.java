package dev.flusso.journal;

/** A lane file cannot be read; the message names the file, what was found and what to do. */
public final class LaneFileDamagedException extends JournalException {

    private static final long serialVersionUID = 1;

    public LaneFileDamagedException(String message, Throwable cause) {
        super(message, cause);
    }
}
