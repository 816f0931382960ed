package dev.flusso.journal;

/** What can go wrong with a journal. The caller chooses by the permitted kinds. */
public abstract sealed class JournalException extends RuntimeException
        permits HeldElsewhereException,
                JournalDamagedException,
                JournalFullException,
                PositionGoneException,
                LaneFileDamagedException {

    private static final long serialVersionUID = 1;

    JournalException(String message) {
        super(message);
    }

    JournalException(String message, Throwable cause) {
        super(message, cause);
    }
}
