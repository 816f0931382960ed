package dev.flusso.schema;

import java.util.List;

/**
 * When a root row counts as deleted: its column is true, or non-null when it is not boolean, or non-zero when it is a number, and
 * every {@code when} is true.
 *
 * @param column a column of the root table ({@code field} is already turned into its column)
 */
public record SoftDelete(String column, List<Filter> when, Place place) {
    public SoftDelete {
        when = List.copyOf(when);
    }
}
