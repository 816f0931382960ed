package dev.flusso.cli.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.helpers.MessageFormatter;

/**
 * A logged event taken apart: what happened, and its values by name.
 *
 * @param event the message without its {@code key={}} parts, the other placeholders filled in
 * @param values in the order of the message; null is a value that was null
 */
record LogLine(String event, Map<String, @Nullable Object> values) {
    private static final Pattern PLACEHOLDER = Pattern.compile("(?:(?<=^|\\s)([A-Za-z_][A-Za-z0-9_.]*)=)?\\{}");

    static LogLine of(ILoggingEvent event) {
        var template = event.getMessage() == null ? "" : event.getMessage();
        var values = new LinkedHashMap<String, @Nullable Object>();
        var text = template.contains("\\{")
                ? event.getFormattedMessage()
                : text(template, arguments(event.getArgumentArray()), values);
        var pairs = event.getKeyValuePairs();
        if (pairs != null) {
            pairs.forEach(pair -> values.put(pair.key, pair.value));
        }
        return new LogLine(text, values);
    }

    private static List<@Nullable Object> arguments(@Nullable Object @Nullable [] array) {
        var list = new ArrayList<@Nullable Object>();
        if (array != null) {
            for (var argument : array) {
                list.add(argument);
            }
        }
        return list;
    }

    private static String text(
            String template, List<@Nullable Object> arguments, Map<String, @Nullable Object> values) {
        var text = new StringBuilder();
        var matcher = PLACEHOLDER.matcher(template);
        var after = 0;
        var next = 0;
        while (matcher.find() && next < arguments.size()) {
            text.append(template, after, matcher.start());
            after = matcher.end();
            var argument = arguments.get(next++);
            var key = matcher.group(1);
            if (key == null) {
                text.append(plain(argument));
            } else {
                values.put(key, argument);
                // the blank before the key goes with it
                var length = text.length();
                if (length > 0 && text.charAt(length - 1) == ' ') {
                    text.setLength(length - 1);
                }
            }
        }
        return text.append(template, after, template.length()).toString().strip();
    }

    /** As slf4j prints an argument: arrays by their elements, and one whose toString fails does not fail the logging. */
    static String plain(@Nullable Object argument) {
        var message = MessageFormatter.format("{}", argument).getMessage();
        return message == null ? "" : message;
    }
}
