package dev.flusso.schema.parse;

import dev.flusso.schema.Literal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

/** Durations and sizes, each with its unit, and the way back to text. */
final class Quantities {

    private static final String DURATION = "\"0\" or a duration such as \"500ms\", \"5s\", \"10m\", \"24h\" or \"7d\"";
    private static final String SIZE = "a number of bytes or a size such as \"512MiB\" (units B, KiB, MiB, GiB)";
    private static final Pattern DURATION_TEXT = Pattern.compile("([0-9]{1,9})\\s*(ms|s|m|h|d)");
    private static final Pattern SIZE_TEXT = Pattern.compile("([0-9]{1,19})\\s*(B|KiB|MiB|GiB)");
    private static final Map<String, Long> MILLIS =
            Map.of("ms", 1L, "s", 1000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);
    private static final Map<String, Long> BYTES = Map.of("B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30);

    private Quantities() {}

    static Duration duration(Table table, String key, Duration fallback, Duration least, Duration most) {
        var found = table.node(key);
        if (found == null) {
            return fallback;
        }
        var typed = Table.text(found).map(String::strip).orElse("");
        if (typed.equals("0") && least.isZero()) {
            return Duration.ZERO;
        }
        var match = DURATION_TEXT.matcher(typed);
        if (!match.matches()) {
            table.wrong(key, found, least.isZero() ? DURATION : DURATION.substring("\"0\" or ".length()));
            return fallback;
        }
        var duration = Duration.ofMillis(
                Math.multiplyExact(Long.parseLong(match.group(1)), MILLIS.getOrDefault(match.group(2), 1L)));
        if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
            table.wrong(key, found, "a duration from \"" + text(least) + "\" to \"" + text(most) + "\"");
            return fallback;
        }
        return duration;
    }

    /** The shortest way to write a duration of whole milliseconds. */
    static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis == 0) {
            return "0";
        }
        if (millis % 1000 != 0) {
            return millis + "ms";
        }
        long seconds = millis / 1000;
        if (seconds % 3600 == 0) {
            return seconds / 3600 + "h";
        }
        return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }

    /** A size in bytes. */
    static long size(Table table, String key, long fallback, long least, long most) {
        var found = table.node(key);
        if (found == null) {
            return fallback;
        }
        BigInteger bytes;
        if (found instanceof Node.Scalar scalar && scalar.value() instanceof Literal.Whole whole) {
            bytes = whole.value();
        } else {
            var match = SIZE_TEXT.matcher(Table.text(found).map(String::strip).orElse(""));
            if (!match.matches()) {
                table.wrong(key, found, SIZE);
                return fallback;
            }
            bytes = new BigInteger(match.group(1)).multiply(BigInteger.valueOf(BYTES.getOrDefault(match.group(2), 1L)));
        }
        if (bytes.compareTo(BigInteger.valueOf(least)) < 0 || bytes.compareTo(BigInteger.valueOf(most)) > 0) {
            table.wrong(key, found, "a size from " + bytesText(least) + " to " + bytesText(most));
            return fallback;
        }
        return bytes.longValueExact();
    }

    private static String bytesText(long bytes) {
        if (bytes >= 1 << 30 && bytes % (1 << 30) == 0) {
            return (bytes >> 30) + "GiB";
        }
        if (bytes >= 1 << 20 && bytes % (1 << 20) == 0) {
            return (bytes >> 20) + "MiB";
        }
        return bytes >= 1 << 10 && bytes % (1 << 10) == 0 ? (bytes >> 10) + "KiB" : bytes + "B";
    }
}
