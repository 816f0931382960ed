package dev.flusso.schema;

/**
 * Where something stands in a file the user wrote.
 *
 * @param file the file as the user named it, with forward slashes
 * @param line from 1; 0 when only the file is known
 * @param column from 1; 0 when only the line or the file is known
 */
public record Place(String file, int line, int column) {

    public Place {
        if (line < 0 || column < 0 || (line == 0 && column > 0)) {
            throw new IllegalArgumentException("not a place: line " + line + ", column " + column + " of " + file);
        }
    }

    /** Somewhere in a file. */
    public static Place in(String file) {
        return new Place(file, 0, 0);
    }

    /**
     * The same place as seen from elsewhere. The model's places are relative to the config file's directory, so that a lock is the
     * same wherever it is made; people want to see them from where they stand.
     *
     * @param directory with or without a slash at the end; empty for no change
     */
    public Place under(String directory) {
        if (directory.isEmpty() || file.startsWith("/")) {
            return this;
        }
        return new Place(directory.endsWith("/") ? directory + file : directory + "/" + file, line, column);
    }

    /** {@code users.schema.yml:12:5}, the form editors and terminals jump to. */
    @Override
    public String toString() {
        if (line == 0) {
            return file;
        }
        return column == 0 ? file + ":" + line : file + ":" + line + ":" + column;
    }
}
