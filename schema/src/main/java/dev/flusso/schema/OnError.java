package dev.flusso.schema;

/** What becomes of a document the sink rejects. */
public enum OnError {
    /** Its lane stops and tries it again. */
    STOP,
    /** It is put away as a dead letter. */
    SKIP
}
