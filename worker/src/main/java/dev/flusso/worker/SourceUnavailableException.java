package dev.flusso.worker;

/** The database cannot be asked now: away, restarting, refusing, too slow. The same call may succeed later. */
public final class SourceUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public SourceUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
