package dev.flusso.postgres.connect;

/** The settings do not say how to reach a database. The message never holds a password. */
public final class ConnectionSettingsException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public ConnectionSettingsException(String message) {
        super(message);
    }
}
