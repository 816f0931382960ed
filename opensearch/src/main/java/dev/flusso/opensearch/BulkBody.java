package dev.flusso.opensearch;

import dev.flusso.worker.DocumentWrite;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.http.entity.AbstractHttpEntity;
import org.apache.http.nio.ContentEncoder;
import org.apache.http.nio.IOControl;
import org.apache.http.nio.entity.HttpAsyncContentProducer;

/**
 * The body of a bulk request. The documents' bytes go from where they are into the connection's buffer; only the lines about them are made
 * here:
 *
 * <pre>
 * {"index":{"_id":"1","version":281474976710661,"version_type":"external_gte"}}\n
 * …the document's bytes…\n
 * {"delete":{"_id":"2","version":281474976710661,"version_type":"external_gte"}}\n
 * </pre>
 *
 * <p>OpenSearch heeds {@code require_alias} for index and update requests, not for deletes: a body of nothing but deletes with versions
 * would create an index that is not there. Such a body therefore ends in a {@link #hasGuard guard}, an update that changes nothing:
 *
 * <pre>
 * {"update":{"_id":"2"}}\n
 * {"doc":{}}\n
 * </pre>
 *
 * <p>Sent once by one I/O thread.
 */
final class BulkBody extends AbstractHttpEntity implements HttpAsyncContentProducer {

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] INDEX = "{\"index\":{\"_id\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DELETE = "{\"delete\":{\"_id\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] UPDATE = "{\"update\":{\"_id\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NOTHING = "\"}}\n{\"doc\":{}}\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] VERSION = "\",\"version\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = ",\"version_type\":\"external_gte\"}}\n".getBytes(StandardCharsets.US_ASCII);

    /** All lines that are not documents, one behind the other; each document's final line feed begins the next line. */
    private byte[] lines;

    private int filled;
    private final ByteBuffer[] segments;
    private final long length;
    private final boolean guarded;
    private int sending;

    private BulkBody(List<DocumentWrite> writes) {
        this.lines = new byte[Math.max(128, writes.size() * 112)];
        var ends = new int[writes.size()];
        var documents = new byte[writes.size()][];
        var count = 0;
        for (var write : writes) {
            if (write instanceof DocumentWrite.Upsert upsert) {
                line(INDEX, write);
                documents[count] = upsert.json();
                ends[count++] = filled;
                put((byte) '\n');
            } else {
                line(DELETE, write);
            }
        }
        this.guarded = count == 0 && !writes.isEmpty();
        if (guarded) {
            put(UPDATE);
            putEscaped(writes.get(0).id());
            put(NOTHING);
        }
        this.segments = new ByteBuffer[2 * count + 1];
        var begin = 0;
        var total = 0L;
        for (var i = 0; i < count; i++) {
            segments[2 * i] = ByteBuffer.wrap(lines, begin, ends[i] - begin).slice();
            segments[2 * i + 1] = ByteBuffer.wrap(documents[i]);
            total += documents[i].length;
            begin = ends[i];
        }
        segments[2 * count] = ByteBuffer.wrap(lines, begin, filled - begin).slice();
        this.length = total + filled;
        setContentType("application/x-ndjson");
    }

    /** The body for these writes, each document of which {@link #isOneLine}. */
    static BulkBody of(List<DocumentWrite> writes) {
        return new BulkBody(writes);
    }

    /** Whether a document can be sent: what follows a line feed would be taken for another action. */
    static boolean isOneLine(DocumentWrite write) {
        if (write instanceof DocumentWrite.Upsert upsert) {
            for (var b : upsert.json()) {
                if (b == '\n') {
                    return false;
                }
            }
        }
        return true;
    }

    /** Whether the answer has one more item than there are writes, about nothing. */
    boolean hasGuard() {
        return guarded;
    }

    private void line(byte[] begin, DocumentWrite write) {
        put(begin);
        putEscaped(write.id());
        put(VERSION);
        put(Long.toString(write.version()).getBytes(StandardCharsets.US_ASCII));
        put(END);
    }

    private void putEscaped(String id) {
        for (var b : id.getBytes(StandardCharsets.UTF_8)) {
            if (b == '"' || b == '\\') {
                put((byte) '\\');
                put(b);
            } else if (b >= 0 && b < 0x20) {
                put((byte) '\\');
                put((byte) 'u');
                put((byte) '0');
                put((byte) '0');
                put(HEX[b >> 4]);
                put(HEX[b & 15]);
            } else {
                put(b);
            }
        }
    }

    private void put(byte[] bytes) {
        reserve(bytes.length);
        System.arraycopy(bytes, 0, lines, filled, bytes.length);
        filled += bytes.length;
    }

    private void put(byte b) {
        reserve(1);
        lines[filled++] = b;
    }

    private void reserve(int more) {
        if (filled + more > lines.length) {
            lines = Arrays.copyOf(lines, Math.max(2 * lines.length, filled + more));
        }
    }

    @Override
    public void produceContent(ContentEncoder encoder, IOControl control) throws IOException {
        while (sending < segments.length) {
            var segment = segments[sending];
            encoder.write(segment);
            if (segment.hasRemaining()) {
                return; // the connection takes no more now and asks again
            }
            sending++;
        }
        encoder.complete();
    }

    @Override
    public void close() {
        sending = 0;
        for (var segment : segments) {
            segment.rewind();
        }
    }

    @Override
    public boolean isRepeatable() {
        return true;
    }

    @Override
    public boolean isStreaming() {
        return false;
    }

    @Override
    public long getContentLength() {
        return length;
    }

    /** Only for compression, which reads the body on its own way. */
    @Override
    public InputStream getContent() {
        return new SegmentStream(segments);
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        for (var segment : segments) {
            out.write(segment.array(), segment.arrayOffset(), segment.limit());
        }
    }

    /** The segments one after the other. */
    private static final class SegmentStream extends InputStream {
        private final ByteBuffer[] segments;
        private int current;
        private int offset;

        SegmentStream(ByteBuffer[] segments) {
            this.segments = segments;
        }

        @Override
        public int read() {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int at, int most) {
            if (most == 0) {
                return 0;
            }
            while (current < segments.length) {
                var segment = segments[current];
                var left = segment.limit() - offset;
                if (left > 0) {
                    var taken = Math.min(left, most);
                    System.arraycopy(segment.array(), segment.arrayOffset() + offset, target, at, taken);
                    offset += taken;
                    return taken;
                }
                current++;
                offset = 0;
            }
            return -1;
        }
    }
}
