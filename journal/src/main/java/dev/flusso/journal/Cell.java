package dev.flusso.journal;

/**
 * One column of a row as the stream carried it. A column the stream did not carry has no cell at all: absent, NULL and
 * unchanged-and-not-sent are three different things.
 *
 * @param column the column's name as the catalog spells it
 * @param value what was carried
 * @param identity whether the column belongs to the table's replica identity as it was when the row was written. An UPDATE that
 *     carries no image before it left all of its identity columns as they were
 */
public record Cell(String column, Value value, boolean identity) {

    /** What the stream says of a column. */
    public sealed interface Value {

        /** A value in Postgres' text form. */
        record Text(String text) implements Value {}

        /** SQL NULL. */
        record Null() implements Value {}

        /** A large value the UPDATE did not touch; Postgres does not send it again. */
        record Unchanged() implements Value {}
    }

    /** The one NULL. */
    public static final Value NULL = new Value.Null();

    /** The one unchanged large value. */
    public static final Value UNCHANGED = new Value.Unchanged();

    public Cell {
        if (column.isEmpty()) {
            throw new IllegalArgumentException("a cell needs its column's name");
        }
    }

    public static Cell text(String column, String text, boolean identity) {
        return new Cell(column, new Value.Text(text), identity);
    }

    public static Cell ofNull(String column, boolean identity) {
        return new Cell(column, NULL, identity);
    }

    public static Cell unchanged(String column, boolean identity) {
        return new Cell(column, UNCHANGED, identity);
    }
}
