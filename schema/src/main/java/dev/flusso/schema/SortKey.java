package dev.flusso.schema;

/**
 * One column of an {@code order_by}.
 *
 * @param column the column of the joined table
 * @param descending largest first
 */
public record SortKey(String column, boolean descending, Place place) {}
