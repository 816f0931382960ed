package dev.flusso.cli.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object a line, for machines: {@code ts}, {@code level}, {@code event}, the event's own values, {@code logger}, {@code
 * thread}, and with an exception {@code error} and, at ERROR, {@code stack}. A value named like one of these gets a trailing
 * underscore.
 */
final class JsonLayout extends LayoutBase<ILoggingEvent> {
    private static final Set<String> OURS = Set.of("ts", "level", "event", "logger", "thread", "error", "stack");
    private static final JsonFactory JSON = new JsonFactory();

    @Override
    public String doLayout(ILoggingEvent event) {
        var text = new StringWriter(256);
        try (var json = JSON.createGenerator(text)) {
            write(json, event);
        } catch (IOException e) {
            throw new UncheckedIOException("a string cannot be written to", e);
        }
        return text.append('\n').toString();
    }

    private static void write(JsonGenerator json, ILoggingEvent event) throws IOException {
        var line = LogLine.of(event);
        json.writeStartObject();
        json.writeStringField("ts", TextLayout.TIME.format(Instant.ofEpochMilli(event.getTimeStamp())));
        json.writeStringField("level", event.getLevel().toString());
        json.writeStringField("event", line.event());
        for (var entry : line.values().entrySet()) {
            var key = OURS.contains(entry.getKey()) ? entry.getKey() + "_" : entry.getKey();
            json.writeFieldName(key);
            writeValue(json, entry.getValue());
        }
        json.writeStringField("logger", event.getLoggerName());
        json.writeStringField("thread", event.getThreadName());
        var thrown = event.getThrowableProxy();
        if (thrown != null) {
            json.writeStringField("error", Causes.line(thrown));
            if (event.getLevel() == Level.ERROR) {
                json.writeStringField("stack", ThrowableProxyUtil.asString(thrown));
            }
        }
        json.writeEndObject();
    }

    private static void writeValue(JsonGenerator json, @Nullable Object value) throws IOException {
        if (value == null) {
            json.writeNull();
        } else if (value instanceof Integer
                || value instanceof Long
                || value instanceof Short
                || value instanceof Byte) {
            json.writeNumber(((Number) value).longValue());
        } else if (value instanceof Double number && Double.isFinite(number)) {
            json.writeNumber(number);
        } else if (value instanceof BigDecimal number) {
            json.writeNumber(number);
        } else if (value instanceof Boolean bool) {
            json.writeBoolean(bool);
        } else {
            json.writeString(LogLine.plain(value));
        }
    }
}
