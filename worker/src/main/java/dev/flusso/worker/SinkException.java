package dev.flusso.worker;

/** A whole request to the sink failed. */
public final class SinkException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** What to make of it. */
    public enum Kind {
        /** Away, refusing, too slow, 429, 502, 503, 504: try again with back-off. */
        UNAVAILABLE,
        /** 401 or 403: credentials or rights; an operator must act; keep trying slowly. */
        FORBIDDEN,
        /** The index is write-blocked (disk flood stage, read-only): an operator must act; keep trying slowly. */
        READ_ONLY,
        /** The index is not there any more: its generation must be built anew. */
        INDEX_MISSING,
        /** The sink refuses what we ask of it for a reason that trying again does not change (a setting, a mapping, a limit). */
        REFUSED,
        /** The sink has forgotten what it had acknowledged: it was restored from a backup. */
        OLDER,
        /** Nobody reads the pipe any more. */
        CLOSED
    }

    private final Kind kind;

    public SinkException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public SinkException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
