package dev.flusso.worker;

import java.util.List;

/**
 * The values of one row's key columns, each in Postgres' text form, in the order of the columns. Two keys that differ here may be the
 * same key to the database (citext, {@code 1.5} and {@code 1.50}); only the database compares them.
 *
 * @param parts one for each column, none null
 */
public record Key(List<String> parts) {

    public Key {
        parts = List.copyOf(parts);
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("a key needs at least one part");
        }
    }

    public static Key of(String... parts) {
        return new Key(List.of(parts));
    }

    @Override
    public String toString() {
        return String.join(":", parts);
    }
}
