package dev.flusso.postgres.document;

import dev.flusso.schema.Literal;

/** JSON text known before any row is read. */
final class JsonText {

    private JsonText() {}

    /** A string. */
    static String quoted(String text) {
        return new Literal.Text(text).json();
    }
}
