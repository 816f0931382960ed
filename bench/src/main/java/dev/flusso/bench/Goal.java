package dev.flusso.bench;

import java.util.Locale;

/**
 * What a figure is to reach.
 *
 * @param kind what is held against {@code value}
 * @param value the bound, in the unit of what is held against it
 */
public record Goal(Kind kind, double value) {

    /** What is held against a goal's value. */
    public enum Kind {
        /** Ours divided by the limit, where more is better. */
        RATIO_AT_LEAST,
        /** Ours divided by the limit, where less is better. */
        RATIO_AT_MOST,
        /** Ours by itself. */
        OURS_AT_MOST,
        /** Nothing: the figure is told, not judged. */
        NONE
    }

    /** A figure nobody has set a goal for. */
    public static final Goal NONE = new Goal(Kind.NONE, 0);

    public static Goal ratioAtLeast(double value) {
        return new Goal(Kind.RATIO_AT_LEAST, value);
    }

    public static Goal ratioAtMost(double value) {
        return new Goal(Kind.RATIO_AT_MOST, value);
    }

    public static Goal atMost(double value) {
        return new Goal(Kind.OURS_AT_MOST, value);
    }

    /** Whether medians like these reach it. */
    public boolean isMet(double ours, double ratio) {
        return switch (kind) {
            case RATIO_AT_LEAST -> ratio >= value;
            case RATIO_AT_MOST -> ratio <= value;
            case OURS_AT_MOST -> ours <= value;
            case NONE -> true;
        };
    }

    @Override
    public String toString() {
        return switch (kind) {
            case RATIO_AT_LEAST -> String.format(Locale.ROOT, "ratio ≥ %s", Numbers.text(value));
            case RATIO_AT_MOST -> String.format(Locale.ROOT, "ratio ≤ %s", Numbers.text(value));
            case OURS_AT_MOST -> String.format(Locale.ROOT, "≤ %s", Numbers.text(value));
            case NONE -> "–";
        };
    }
}
