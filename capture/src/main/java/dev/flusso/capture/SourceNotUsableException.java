package dev.flusso.capture;

/** The source is there but must be changed by a person before it can be used; the message says how, in SQL where SQL helps. */
public final class SourceNotUsableException extends CaptureException {

    private static final long serialVersionUID = 1;

    public SourceNotUsableException(String message) {
        super(message);
    }

    public SourceNotUsableException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public int exitCode() {
        return 4;
    }
}
