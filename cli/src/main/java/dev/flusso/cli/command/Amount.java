package dev.flusso.cli.command;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Sizes and times as people say them. */
final class Amount {
    private static final String[] SIZES = {"B", "KiB", "MiB", "GiB", "TiB"};

    private Amount() {}

    /** {@code 1.5 GiB}; empty for an unknown size. */
    static String bytes(@Nullable Long bytes) {
        if (bytes == null) {
            return "";
        }
        var value = (double) bytes;
        var unit = 0;
        while (Math.abs(value) >= 1024 && unit < SIZES.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, SIZES[unit]);
    }

    /** {@code 0.4 s}, {@code 2 min 5 s}, {@code 3 h 20 min}, {@code 2 d 4 h}; empty for an unknown time. */
    static String duration(@Nullable Double seconds) {
        if (seconds == null) {
            return "";
        }
        return seconds < 10 ? String.format(Locale.ROOT, "%.1f s", seconds) : duration(Math.round(seconds));
    }

    /** Whole seconds. */
    static String duration(long seconds) {
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return two(seconds / 60, "min", seconds % 60, "s");
        }
        return seconds < 86_400
                ? two(seconds / 3600, "h", seconds % 3600 / 60, "min")
                : two(seconds / 86_400, "d", seconds % 86_400 / 3600, "h");
    }

    private static String two(long large, String largeUnit, long small, String smallUnit) {
        return large + " " + largeUnit + (small == 0 ? "" : " " + small + " " + smallUnit);
    }
}
