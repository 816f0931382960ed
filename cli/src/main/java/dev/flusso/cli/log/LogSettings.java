package dev.flusso.cli.log;

import ch.qos.logback.classic.Level;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is logged, and in which form.
 *
 * <p>A plain level is that of flusso's own loggers; those of libraries are one step quieter, and Chronicle's only say errors. {@code
 * FLUSSO_LOG=info,journal=debug} sets a part: {@code journal} is {@code dev.flusso.journal}, {@code flusso} all of it, and a name with
 * a dot is taken as it is. Loggers that would print credentials are never more talkative than INFO.
 *
 * @param levels by logger name; {@link org.slf4j.Logger#ROOT_LOGGER_NAME} among them
 * @param format of each line
 * @param colours whether levels are coloured; text only
 */
public record LogSettings(Map<String, Level> levels, Format format, boolean colours) {
    private static final String OURS = "dev.flusso";
    private static final String ROOT = org.slf4j.Logger.ROOT_LOGGER_NAME;

    /** One line for people, or one JSON object. */
    public enum Format {
        TEXT,
        JSON
    }

    public LogSettings {
        levels = Map.copyOf(levels);
    }

    /**
     * As the variables say.
     *
     * @param plain the level when no variable gives one
     * @param colours whether a person reads this and likes colours
     * @throws IllegalArgumentException naming the variable, its value and what was expected
     */
    public static LogSettings from(Map<String, String> environment, Level plain, boolean colours) {
        var format = format(environment.getOrDefault("FLUSSO_LOG_FORMAT", ""));
        var own = environment.getOrDefault("FLUSSO_LOG", "");
        var asked = own.isBlank() ? fromRust(environment.getOrDefault("RUST_LOG", "")) : directives(own);
        var levels = new TreeMap<>(quiet(asked.getOrDefault("", plain)));
        asked.forEach((name, level) -> {
            if (!name.isEmpty()) {
                levels.put(name, level);
            }
        });
        levels.merge("org.apache.http", Level.INFO, LogSettings::quieter);
        return new LogSettings(levels, format, colours && format == Format.TEXT);
    }

    private static Map<String, Level> quiet(Level level) {
        return Map.of(ROOT, oneStepQuieter(level), OURS, level, "net.openhft", quieter(Level.ERROR, level));
    }

    private static Level oneStepQuieter(Level level) {
        return switch (level.toInt()) {
            case Level.TRACE_INT -> Level.DEBUG;
            case Level.DEBUG_INT -> Level.INFO;
            case Level.INFO_INT -> Level.WARN;
            default -> level;
        };
    }

    private static Level quieter(Level one, Level other) {
        return one.isGreaterOrEqual(other) ? one : other;
    }

    private static Format format(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "", "text" -> Format.TEXT;
            case "json" -> Format.JSON;
            default -> throw new IllegalArgumentException("FLUSSO_LOG_FORMAT is '" + text + "', expected text or json");
        };
    }

    /** By logger; the plain level under the empty name. */
    private static Map<String, Level> directives(String text) {
        var levels = new LinkedHashMap<String, Level>();
        for (var word : text.split(",", -1)) {
            var equals = word.indexOf('=');
            var name = equals < 0 ? "" : logger(word.substring(0, equals).strip());
            var level = level(word.substring(equals + 1).strip());
            if (level == null) {
                throw new IllegalArgumentException("FLUSSO_LOG is '" + text
                        + "', expected error, warn, info, debug, trace" + " or off, or a list like info,journal=debug");
            }
            levels.put(name, level);
        }
        return levels;
    }

    /** Only the plain level: the names are those of another program's parts. */
    private static Map<String, Level> fromRust(String text) {
        for (var word : text.split(",", -1)) {
            var level = level(word.strip());
            if (level != null) {
                return Map.of("", level);
            }
        }
        return Map.of();
    }

    private static String logger(String name) {
        if (name.equals("root")) {
            return ROOT;
        }
        if (name.equals("flusso")) {
            return OURS;
        }
        return name.contains(".") ? name : OURS + "." + name;
    }

    private static @Nullable Level level(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "error" -> Level.ERROR;
            case "warn" -> Level.WARN;
            case "info" -> Level.INFO;
            case "debug" -> Level.DEBUG;
            case "trace" -> Level.TRACE;
            case "off" -> Level.OFF;
            default -> null;
        };
    }
}
