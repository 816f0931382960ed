package dev.flusso.dev.servers;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One HTTP/1.1 request or response, read whole.
 *
 * <pre>
 * start line CRLF (name ":" value CRLF)* CRLF body
 * body: Content-Length bytes, or with Transfer-Encoding: chunked  (hex length CRLF bytes CRLF)* "0" CRLF trailers CRLF
 * </pre>
 */
final class HttpMessage {

    private static final int LONGEST_LINE = 64 * 1024;

    private final String startLine;
    private final SortedMap<String, String> headers;
    private final byte[] body;
    private final boolean withoutBody;

    private HttpMessage(String startLine, Map<String, String> headers, byte[] body, boolean withoutBody) {
        this.startLine = startLine;
        this.headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        this.headers.putAll(headers);
        this.body = body;
        this.withoutBody = withoutBody;
    }

    static HttpMessage of(String startLine, Map<String, String> headers, byte[] body) {
        return new HttpMessage(startLine, headers, body, false);
    }

    /** The next request, or empty when the client has closed; {@code replies} gets a 100 when the client waits for one. */
    static Optional<HttpMessage> readRequest(InputStream in, OutputStream replies) throws IOException {
        var startLine = line(in);
        if (startLine.isEmpty()) {
            return Optional.empty();
        }
        var headers = headers(in);
        if (headers.remove("Expect") != null) {
            replies.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        }
        // Offers of another protocol are between the client and this proxy.
        headers.keySet().removeAll(List.of("Upgrade", "HTTP2-Settings"));
        if (!headers.getOrDefault("Connection", "").equalsIgnoreCase("close")) {
            headers.remove("Connection");
        }
        return Optional.of(new HttpMessage(startLine.get(), headers, body(in, headers, false), false));
    }

    /** The response to a request of {@code method}. */
    static HttpMessage readResponse(InputStream in, String method) throws IOException {
        while (true) {
            var startLine = line(in).orElseThrow(() -> new EOFException("connection ended before the response"));
            var headers = headers(in);
            var status = status(startLine);
            if (status >= 200) {
                var withoutBody = method.equals("HEAD") || status == 204 || status == 304;
                var body = withoutBody ? new byte[0] : body(in, headers, true);
                return new HttpMessage(startLine, headers, body, withoutBody);
            }
        }
    }

    void writeTo(OutputStream out) throws IOException {
        var head = new StringBuilder(startLine).append("\r\n");
        var own = new TreeMap<>(headers);
        if (!withoutBody) {
            own.remove("Transfer-Encoding");
            if (body.length > 0 || headers.containsKey("Content-Length") || headers.containsKey("Transfer-Encoding")) {
                own.put("Content-Length", Integer.toString(body.length));
            }
        }
        own.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        head.append("\r\n");
        var all = new ByteArrayOutputStream(head.length() + body.length);
        all.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        all.writeBytes(body);
        all.writeTo(out); // one write, so that head and body share a packet
        out.flush();
    }

    /** The words of the start line, such as GET, /_bulk, HTTP/1.1. */
    String word(int number) {
        var words = startLine.split(" ", 3);
        return number < words.length ? words[number] : "";
    }

    int status() {
        return status(startLine);
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    Map<String, String> headers() {
        return Collections.unmodifiableSortedMap(headers);
    }

    byte[] body() {
        return body.clone();
    }

    int bodyBytes() {
        return body.length;
    }

    /** The same with another body and without the named headers. */
    HttpMessage with(byte[] newBody, String... withoutHeaders) {
        var message = new HttpMessage(startLine, headers, newBody, false);
        for (var name : withoutHeaders) {
            message.headers.remove(name);
        }
        message.headers.put("Content-Length", Integer.toString(newBody.length));
        return message;
    }

    boolean endsConnection() {
        return header("Connection").filter("close"::equalsIgnoreCase).isPresent()
                || startLine.startsWith("HTTP/1.0")
                || startLine.endsWith("HTTP/1.0");
    }

    private static int status(String startLine) {
        var words = startLine.split(" ", 3);
        return words.length > 1 ? Integer.parseInt(words[1]) : 0;
    }

    private static Map<String, String> headers(InputStream in) throws IOException {
        var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        while (true) {
            var line = line(in).orElseThrow(() -> new EOFException("connection ended within headers"));
            if (line.isEmpty()) {
                return headers;
            }
            var colon = line.indexOf(':');
            if (colon < 1) {
                throw new IOException("header line '" + line + "' has no name");
            }
            headers.merge(
                    line.substring(0, colon), line.substring(colon + 1).strip(), (one, other) -> one + ", " + other);
        }
    }

    private static byte[] body(InputStream in, Map<String, String> headers, boolean mayEndWithConnection)
            throws IOException {
        if (headers.getOrDefault("Transfer-Encoding", "")
                .toLowerCase(Locale.ROOT)
                .contains("chunked")) {
            return chunks(in);
        }
        var length = headers.get("Content-Length");
        if (length != null) {
            return exactly(in, Integer.parseInt(length));
        }
        return mayEndWithConnection ? in.readAllBytes() : new byte[0];
    }

    private static byte[] chunks(InputStream in) throws IOException {
        var body = new ByteArrayOutputStream();
        while (true) {
            var line = line(in).orElseThrow(() -> new EOFException("connection ended between chunks"));
            var length = Integer.parseInt(line.replaceFirst(";.*", "").strip(), 16);
            if (length == 0) {
                headers(in); // trailers
                return body.toByteArray();
            }
            body.writeBytes(exactly(in, length));
            line(in);
        }
    }

    private static byte[] exactly(InputStream in, int length) throws IOException {
        var bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("connection ended after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    /** A line without its end, or empty at the end of the stream. */
    private static Optional<String> line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (var next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                if (line.isEmpty()) {
                    return Optional.empty();
                }
                throw new EOFException("connection ended within line '" + line + "'");
            }
            if (line.length() == LONGEST_LINE) {
                throw new IOException("line longer than " + LONGEST_LINE + " bytes");
            }
            line.append((char) next);
        }
        if (!line.isEmpty() && line.charAt(line.length() - 1) == '\r') {
            line.setLength(line.length() - 1);
        }
        return Optional.of(line.toString());
    }
}
