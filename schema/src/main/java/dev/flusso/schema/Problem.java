package dev.flusso.schema;

/**
 * One thing that is wrong in what the user wrote.
 *
 * @param message what was found and what was expected, on one line, without the place; never holds a secret
 */
public record Problem(Place place, String message) {

    /** {@code users.schema.yml:12:5: unknown key 'colum' …}. */
    @Override
    public String toString() {
        return place + ": " + message;
    }
}
