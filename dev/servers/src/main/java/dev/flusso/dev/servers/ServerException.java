package dev.flusso.dev.servers;

/** A server or process of the test bed did not do what it was asked; the message says what, where and why. */
public final class ServerException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public ServerException(String message) {
        super(message);
    }

    public ServerException(String message, Throwable cause) {
        super(message, cause);
    }
}
