package dev.flusso.capture;

/** Where capture stands; the transitions are drawn at {@link Capture}. */
public enum CapturePhase {
    /** No session; the server is waited for. */
    CONNECTING,
    /** Looks at slot, journal, publication and tables. */
    PROVISIONING,
    /** Waits until the slot is made. */
    CREATING_SLOT,
    /** Reads changes. */
    STREAMING,
    /** The journal has no room: connected, but neither reads nor acknowledges. */
    FULL,
    /** Closed, or ended by an exception. */
    ENDED
}
