package dev.flusso.worker;

import dev.flusso.schema.Place;

/**
 * The database is not as a schema needs it: a table or column is missing, of another type, or may not be read. The lane is blocked and
 * tries again; the message names the schema's file, line and column and what to do.
 */
public final class DriftException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Place place;

    public DriftException(Place place, String message) {
        super(place + ": " + message);
        this.place = place;
    }

    public DriftException(Place place, String message, Throwable cause) {
        super(place + ": " + message, cause);
        this.place = place;
    }

    /** Where in the schema file the thing is named that the database does not have. */
    public Place place() {
        return place;
    }
}
