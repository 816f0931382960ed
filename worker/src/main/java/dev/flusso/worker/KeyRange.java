package dev.flusso.worker;

import org.jspecify.annotations.Nullable;

/**
 * A stretch of a root table in the order of its primary key, as the database orders it.
 *
 * @param fromInclusive its first key; null for the table's beginning
 * @param untilExclusive the first key after it; null for the table's end
 */
public record KeyRange(
        @Nullable Key fromInclusive, @Nullable Key untilExclusive) {

    /** The whole table. */
    public static final KeyRange ALL = new KeyRange(null, null);
}
