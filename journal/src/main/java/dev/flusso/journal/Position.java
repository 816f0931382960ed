package dev.flusso.journal;

import java.util.regex.Pattern;

/**
 * The place of one entry in the journal. Ordered as the entries are, printable, and opaque: only the engine knows what the two
 * numbers mean, so a journal kept elsewhere can number its entries in its own way.
 *
 * <p>As text: {@code 3-0000000200000017}, the epoch in decimal and the index in sixteen hexadecimal digits.
 *
 * @param epoch which continuous run of the journal; grows when a new run begins, 1 or more for an entry
 * @param index the engine's own number inside the epoch, 0 or more
 */
public record Position(int epoch, long index) implements Comparable<Position> {

    /** Before the first entry of any journal; no entry stands here. */
    public static final Position BEGINNING = new Position(0, 0);

    private static final Pattern FORM = Pattern.compile("(\\d{1,10})-([0-9a-fA-F]{16})");

    public Position {
        if (epoch < 0 || index < 0) {
            throw new IllegalArgumentException("no such position: epoch " + epoch + ", index " + index);
        }
    }

    /** Reads what {@link #toString} prints; anything else is refused. */
    public static Position parse(String text) {
        var matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a journal position, expected a form like 3-0000000200000017");
        }
        try {
            return new Position(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2), 16));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is not a journal position: a number is too large", e);
        }
    }

    public boolean isAfter(Position other) {
        return compareTo(other) > 0;
    }

    public boolean isBefore(Position other) {
        return compareTo(other) < 0;
    }

    @Override
    public int compareTo(Position other) {
        var byEpoch = Integer.compare(epoch, other.epoch);
        return byEpoch != 0 ? byEpoch : Long.compare(index, other.index);
    }

    @Override
    public String toString() {
        return epoch + "-" + String.format("%016x", index);
    }
}
