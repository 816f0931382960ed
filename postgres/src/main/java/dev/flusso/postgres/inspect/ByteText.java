package dev.flusso.postgres.inspect;

import java.util.Locale;

/** Amounts of bytes for people. */
final class ByteText {

    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

    private ByteText() {}

    /** {@code 512 B}, {@code 1.5 KiB}. */
    static String of(long bytes) {
        double amount = bytes;
        int unit = 0;
        while (amount >= 1024 && unit < UNITS.length - 1) {
            amount /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", amount, UNITS[unit]);
    }
}
