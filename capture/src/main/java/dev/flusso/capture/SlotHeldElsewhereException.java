package dev.flusso.capture;

/** Another process reads the slot; the message names its backend. */
public final class SlotHeldElsewhereException extends CaptureException {

    private static final long serialVersionUID = 1;

    public SlotHeldElsewhereException(String message) {
        super(message);
    }

    @Override
    public int exitCode() {
        return 7;
    }
}
