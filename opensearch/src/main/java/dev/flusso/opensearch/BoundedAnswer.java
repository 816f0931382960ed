package dev.flusso.opensearch;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.http.ContentTooLongException;
import org.apache.http.nio.ContentDecoder;
import org.apache.http.nio.IOControl;
import org.opensearch.client.HeapBufferedAsyncResponseConsumer;

/**
 * Keeps an answer in memory, up to a limit. The client's own consumer holds the limit against the length that an answer gives
 * beforehand; this one also against what comes of an answer without a length. One I/O thread.
 */
final class BoundedAnswer extends HeapBufferedAsyncResponseConsumer {

    private final int mostBytes;
    private long received;

    BoundedAnswer(int mostBytes) {
        super(mostBytes);
        this.mostBytes = mostBytes;
    }

    @Override
    protected void onContentReceived(ContentDecoder decoder, IOControl control) throws IOException {
        super.onContentReceived(new Counted(decoder), control);
    }

    private final class Counted implements ContentDecoder {

        private final ContentDecoder decoder;

        Counted(ContentDecoder decoder) {
            this.decoder = decoder;
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            int read = decoder.read(target);
            if (read > 0) {
                received += read;
                if (received > mostBytes) {
                    throw new ContentTooLongException("the answer is longer than " + mostBytes + " bytes");
                }
            }
            return read;
        }

        @Override
        public boolean isCompleted() {
            return decoder.isCompleted();
        }
    }
}
