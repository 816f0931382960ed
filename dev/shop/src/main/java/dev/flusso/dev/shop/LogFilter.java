package dev.flusso.dev.shop;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Makes a process' log readable beside other things: no dates, and what is said again and again is said once in a while. */
final class LogFilter {

    private static final Pattern LINE =
            Pattern.compile("^\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z (ERROR|WARN|INFO|DEBUG|TRACE) +(.*)$");
    private static final Pattern VARYING = Pattern.compile("[0-9a-fA-F]*\\d[0-9a-fA-F]*");
    private static final long AGAIN_NANOS = 20_000_000_000L;

    private final Map<String, Long> said = new HashMap<>();

    /**
     * One line as it is to be shown.
     *
     * @param colour by its level
     */
    record Shown(Colour colour, String text) {}

    /**
     * What is to be shown of a line; nothing when the same was said less than 20 seconds ago, be it with other numbers.
     *
     * @param nowNanos as of {@link System#nanoTime}
     */
    synchronized Optional<Shown> show(String line, long nowNanos) {
        var parts = LINE.matcher(line);
        if (!parts.matches()) {
            return line.isBlank() ? Optional.empty() : Optional.of(new Shown(Colour.DIM, line));
        }
        var level = parts.group(1);
        var text = parts.group(2);
        var again = said.get(kind(text));
        if (again != null && nowNanos - again < AGAIN_NANOS) {
            return Optional.empty();
        }
        said.put(kind(text), nowNanos);
        return switch (level) {
            case "ERROR" -> Optional.of(new Shown(Colour.RED, level + " " + text));
            case "WARN" -> Optional.of(new Shown(Colour.YELLOW, text));
            default -> Optional.of(new Shown(Colour.DIM, text));
        };
    }

    private static String kind(String text) {
        return VARYING.matcher(text).replaceAll("#");
    }
}
