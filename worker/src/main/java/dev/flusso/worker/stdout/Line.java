package dev.flusso.worker.stdout;

import dev.flusso.worker.DocumentWrite;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** One document on the pipe, with its line feed. */
final class Line {

    /** Of the form drawn in the package's documentation. */
    private static final int VERSION = 1;

    private static final DateTimeFormatter MILLIS = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private Line() {}

    static byte[] of(String sink, Instant now, long sequence, String index, DocumentWrite write) {
        var head = new StringBuilder(160)
                .append("{\"sink\":")
                .append(JsonText.quoted(sink))
                .append(",\"version\":")
                .append(VERSION)
                .append(",\"ts\":\"")
                .append(MILLIS.format(now))
                .append("\",\"seq\":")
                .append(sequence)
                .append(",\"index\":")
                .append(JsonText.quoted(index))
                .append(write instanceof DocumentWrite.Upsert ? ",\"op\":\"upsert\"" : ",\"op\":\"delete\"")
                .append(",\"id\":")
                .append(JsonText.quoted(write.id()));
        if (!(write instanceof DocumentWrite.Upsert upsert)) {
            return head.append("}\n").toString().getBytes(StandardCharsets.UTF_8);
        }
        head.append(",\"meta\":{\"fields\":")
                .append(JsonText.fields(upsert.json()))
                .append(",\"bytes\":")
                .append(upsert.json().length)
                .append("},\"document\":");
        var bytes = head.toString().getBytes(StandardCharsets.UTF_8);
        var line = new ByteArrayOutputStream(bytes.length + upsert.json().length + 2);
        line.writeBytes(bytes);
        line.writeBytes(upsert.json());
        line.write('}');
        line.write('\n');
        return line.toByteArray();
    }
}
