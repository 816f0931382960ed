package dev.flusso.cli.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;

/** {@code 2026-11-20T10:00:00.000Z INFO  lane live lane=primary/users}: for people. A stack trace follows an unexpected error only. */
final class TextLayout extends LayoutBase<ILoggingEvent> {
    static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final Pattern BARE = Pattern.compile("[^\\s\"=\\p{Cntrl}]+");

    private final boolean colours;

    TextLayout(boolean colours) {
        this.colours = colours;
    }

    @Override
    public String doLayout(ILoggingEvent event) {
        var line = LogLine.of(event);
        var text = new StringBuilder(160);
        text.append(TIME.format(Instant.ofEpochMilli(event.getTimeStamp()))).append(' ');
        appendLevel(text, event.getLevel());
        text.append(' ').append(escape(line.event()));
        line.values().forEach((key, value) -> append(text, key, LogLine.plain(value)));
        var ours = event.getLoggerName().startsWith("dev.flusso.");
        if (!ours || !event.getLevel().isGreaterOrEqual(Level.INFO)) {
            append(text, "logger", event.getLoggerName());
        }
        var thrown = event.getThrowableProxy();
        if (thrown != null) {
            append(text, "error", Causes.line(thrown));
        }
        text.append('\n');
        if (thrown != null && event.getLevel() == Level.ERROR) {
            text.append(ThrowableProxyUtil.asString(thrown)).append('\n');
        }
        return text.toString();
    }

    private void appendLevel(StringBuilder text, Level level) {
        var name = String.format("%-5s", level);
        if (!colours) {
            text.append(name);
            return;
        }
        var colour = switch (level.toInt()) {
            case Level.ERROR_INT -> "\u001b[1;31m";
            case Level.WARN_INT -> "\u001b[33m";
            case Level.INFO_INT -> "\u001b[32m";
            default -> "\u001b[2m";
        };
        text.append(colour).append(name).append("\u001b[0m");
    }

    private static void append(StringBuilder text, String key, String value) {
        text.append(' ').append(key).append('=');
        if (BARE.matcher(value).matches()) {
            text.append(value);
        } else {
            text.append('"')
                    .append(escape(value.replace("\\", "\\\\")).replace("\"", "\\\""))
                    .append('"');
        }
    }

    /** Nothing logged may begin a line of its own or steer the terminal. */
    private static String escape(String text) {
        if (text.chars().noneMatch(Character::isISOControl)) {
            return text;
        }
        var escaped = new StringBuilder(text.length() + 16);
        text.chars().forEach(c -> {
            switch (c) {
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                case '\t' -> escaped.append("\\t");
                default -> {
                    if (Character.isISOControl(c)) {
                        escaped.append(String.format("\\u%04x", c));
                    } else {
                        escaped.append((char) c);
                    }
                }
            }
        });
        return escaped.toString();
    }
}
