package dev.flusso.postgres.inspect;

/** The database cannot be asked at all: away, refusing, or broken off meanwhile. The message names where and what to do. */
public final class DatabaseUnusableException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public DatabaseUnusableException(String message, Throwable cause) {
        super(message, cause);
    }
}
