package dev.flusso.bench;

import java.util.Arrays;
import java.util.Locale;

/** Numbers as people read them, and their medians. */
public final class Numbers {

    private Numbers() {}

    /** The middle one; of two middle ones their mean. */
    public static double median(double[] values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("no values, expected at least one");
        }
        var sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** The value that {@code part} of all values do not exceed. */
    public static double quantile(double[] values, double part) {
        var sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.max(0, Math.ceil(part * sorted.length) - 1)];
    }

    /** Three digits that count: {@code 12,300}, {@code 45.6}, {@code 0.0789}. */
    public static String text(double value) {
        if (Double.isNaN(value)) {
            return "–";
        }
        double size = Math.abs(value);
        if (size >= 1000) {
            return String.format(Locale.ROOT, "%,d", Math.round(value));
        }
        int decimals = size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 || size == 0 ? 2 : 4;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
