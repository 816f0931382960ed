package dev.flusso.capture;

import dev.flusso.journal.Cell;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row as the stream sent it. Columns are decoded when they are asked for: most never are, the journal keeps keys.
 */
public final class Tuple {

    /** In place of a length: SQL NULL. */
    public static final int NULL = -1;

    /** In place of a length: a large value that was not sent again. */
    public static final int UNCHANGED = -2;

    private final byte[] bytes;
    private final int[] starts;
    private final int[] lengths;

    /**
     * A row in a message.
     *
     * @param bytes where the values lie; not copied, must not change afterwards
     * @param starts where each column's value begins
     * @param lengths how long each is in bytes, or {@link #NULL} or {@link #UNCHANGED}
     */
    public Tuple(byte[] bytes, int[] starts, int[] lengths) {
        if (starts.length != lengths.length) {
            throw new IllegalArgumentException(starts.length + " starts, " + lengths.length + " lengths");
        }
        this.bytes = bytes;
        this.starts = starts;
        this.lengths = lengths;
    }

    /** A row of texts; null is NULL. */
    public static Tuple of(@Nullable String... values) {
        var starts = new int[values.length];
        var lengths = new int[values.length];
        var all = new StringBuilder();
        var at = 0;
        for (var i = 0; i < values.length; i++) {
            var value = values[i];
            starts[i] = at;
            lengths[i] = value == null ? NULL : value.getBytes(StandardCharsets.UTF_8).length;
            if (value != null) {
                all.append(value);
                at += lengths[i];
            }
        }
        return new Tuple(all.toString().getBytes(StandardCharsets.UTF_8), starts, lengths);
    }

    /** How many columns it has. */
    public int size() {
        return lengths.length;
    }

    /** What was sent for the column, counted from 0. */
    public Cell.Value value(int column) {
        var length = lengths[column];
        if (length == NULL) {
            return Cell.NULL;
        }
        if (length == UNCHANGED) {
            return Cell.UNCHANGED;
        }
        return new Cell.Value.Text(new String(bytes, starts[column], length, StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        List<String> values = new ArrayList<>();
        for (var i = 0; i < size(); i++) {
            values.add(value(i).toString());
        }
        return values.toString();
    }
}
