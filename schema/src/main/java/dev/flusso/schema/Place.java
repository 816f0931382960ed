package dev.flusso.schema;

/**
 * Where something stands in a file the user wrote.
 *
 * @param file the file as the user named it, with forward slashes
 * @param line from 1; 0 when only the file is known
 * @param column from 1; 0 when only the line or the file is known
 */
public record Place(String file, int line, int column) {

    /** {@code users.schema.yml:12:5}, the form editors and terminals jump to. */
    @Override
    public String toString() {
        if (line == 0) {
            return file;
        }
        return column == 0 ? file + ":" + line : file + ":" + line + ":" + column;
    }
}
