package dev.flusso.postgres.inspect;

import dev.flusso.schema.Place;

/**
 * One thing to know of the database, or to mend in it.
 *
 * @param place where the file the user wrote asks for it
 * @param message what is so and what it leads to, one line
 * @param fix the SQL or the edit that mends it, a statement on each line; empty when there is nothing to mend
 */
public record DatabaseFinding(Severity severity, Place place, String message, String fix) {

    /** How bad it is. */
    public enum Severity {
        /** It will not run, or not be right. */
        ERROR,
        /** It will run, but worse, or with a risk. */
        WARNING,
        /** Good to know. */
        NOTE
    }
}
