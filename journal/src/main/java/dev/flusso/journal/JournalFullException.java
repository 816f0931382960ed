package dev.flusso.journal;

/** There is no room for another entry, by configuration or on the disk. Nothing was appended; the same append may succeed later. */
public final class JournalFullException extends JournalException {

    private static final long serialVersionUID = 1;

    public JournalFullException(String message) {
        super(message);
    }
}
