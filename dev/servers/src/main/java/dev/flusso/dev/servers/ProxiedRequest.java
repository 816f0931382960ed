package dev.flusso.dev.servers;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** An HTTP request as a {@link FaultProxy} has read it, for rules to look at. */
public final class ProxiedRequest {

    private final HttpMessage message;

    ProxiedRequest(HttpMessage message) {
        this.message = message;
    }

    public String method() {
        return message.word(0);
    }

    /** Path without the query. */
    public String path() {
        return message.word(1).replaceFirst("\\?.*", "");
    }

    /** What follows the question mark, still encoded; empty when there is none. */
    public String query() {
        var question = message.word(1).indexOf('?');
        return question < 0 ? "" : message.word(1).substring(question + 1);
    }

    /** By name, whatever its case. */
    public Optional<String> header(String name) {
        return message.header(name);
    }

    public Map<String, String> headers() {
        return message.headers();
    }

    public int bodyBytes() {
        return message.bodyBytes();
    }

    /** The body as UTF-8, unpacked when it was gzipped. */
    public String text() {
        return new String(unpackedBody(), StandardCharsets.UTF_8);
    }

    public boolean isBulk() {
        return path().endsWith("/_bulk");
    }

    byte[] unpackedBody() {
        if (header("Content-Encoding").filter("gzip"::equalsIgnoreCase).isEmpty()) {
            return message.body();
        }
        try (var unpacked = new GZIPInputStream(new ByteArrayInputStream(message.body()))) {
            return unpacked.readAllBytes();
        } catch (IOException e) {
            throw new ServerException("body of " + this + " says it is gzipped and cannot be unpacked: " + e, e);
        }
    }

    HttpMessage message() {
        return message;
    }

    @Override
    public String toString() {
        return method() + " " + message.word(1);
    }
}
