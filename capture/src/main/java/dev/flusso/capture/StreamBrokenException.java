package dev.flusso.capture;

import dev.flusso.journal.Gap;

/**
 * The slot can never again be read to its end: it was invalidated, or its publication was dropped under it. {@link Capture#step}
 * never lets this one out, it makes a gap of it.
 */
public final class StreamBrokenException extends CaptureException {

    private static final long serialVersionUID = 1;

    private final Gap.Reason reason;

    public StreamBrokenException(Gap.Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public StreamBrokenException(Gap.Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Gap.Reason reason() {
        return reason;
    }

    @Override
    public int exitCode() {
        return 1;
    }
}
