package dev.flusso.schema;

/** What is done to a string on its way into the document, in the order listed. */
public enum Transform {
    LOWERCASE,
    /** Takes white space off both ends. */
    TRIM
}
