package dev.flusso.capture;

import dev.flusso.journal.Gap;

/** Continuation cannot be proven and {@code source.on_gap = "stop"} forbids to heal; nothing was written about it. */
public final class GapForbiddenException extends CaptureException {

    private static final long serialVersionUID = 1;

    /** What happened. */
    private final transient Gap gap;

    public GapForbiddenException(Gap gap) {
        super("changes may be missing (" + gap.reason() + "): " + gap.detail()
                + "; 'source.on_gap' is \"stop\": start once with on_gap = \"heal\" to rebuild what this concerns");
        this.gap = gap;
    }

    public Gap gap() {
        return gap;
    }

    @Override
    public int exitCode() {
        return 6;
    }
}
