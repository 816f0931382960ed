package dev.flusso.capture;

/** What can end or interrupt capture. The caller chooses by the permitted kinds; only one of them is worth another try. */
public abstract sealed class CaptureException extends RuntimeException
        permits GapForbiddenException,
                SlotHeldElsewhereException,
                SourceNotUsableException,
                SourceUnavailableException,
                StreamBrokenException {

    private static final long serialVersionUID = 1;

    CaptureException(String message) {
        super(message);
    }

    CaptureException(String message, Throwable cause) {
        super(message, cause);
    }

    /** What the process ends with when nobody catches this; of those capture throws itself: 4, 6 or 7. */
    public abstract int exitCode();
}
