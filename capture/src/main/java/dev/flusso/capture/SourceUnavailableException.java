package dev.flusso.capture;

/** The source does not answer, or not any more; it is waited for. {@link Capture#step} never lets this one out. */
public final class SourceUnavailableException extends CaptureException {

    private static final long serialVersionUID = 1;

    public SourceUnavailableException(String message) {
        super(message);
    }

    public SourceUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public int exitCode() {
        return 1;
    }
}
