package dev.flusso.cli.metric;

import java.util.Locale;

/** The steps on the way of a change. */
public enum Stage {
    /** From the WAL to the appended entry. */
    CAPTURE,
    /** From the appended entry to the durable one, and to the lane that reads it. */
    JOURNAL,
    /** From the change to the documents it touches. */
    RESOLVE,
    /** From the document's key to its text. */
    BUILD,
    /** From the text to the settled write. */
    WRITE;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
