package dev.flusso.worker.stdout;

import dev.flusso.schema.IndexConfig;
import dev.flusso.schema.SinkConfig;
import dev.flusso.schema.lock.IndexHash;
import dev.flusso.worker.DocumentWrite;
import dev.flusso.worker.Outcome;
import dev.flusso.worker.Sink;
import dev.flusso.worker.SinkException;
import dev.flusso.worker.SinkException.Kind;
import dev.flusso.worker.SinkGeneration;
import dev.flusso.worker.SinkIndex;
import dev.flusso.worker.SinkMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.WritableByteChannel;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A sink that writes each document as a line, drawn in the package's documentation, through a channel: unlike a {@code PrintStream} it
 * tells when nobody reads any more. Then every write fails with {@link Kind#CLOSED}.
 *
 * <p>Any thread; lines of different indexes do not mix. {@code write} blocks while the reader is slow, and completes on the calling
 * thread. There are no versions to compare: what is written twice stands there twice.
 */
public final class StdoutSink implements Sink {

    private static final int BUFFER_BYTES = 64 << 10;
    private static final int BATCH_SIZE = 1000;
    private static final long MAX_BYTES = 1 << 20;
    private static final long MAX_DOCUMENT_BYTES = 32 << 20;
    private static final Outcome WRITTEN = new Outcome.Written();

    private final SinkConfig.Stdout config;
    private final WritableByteChannel channel;
    private final InstantSource clock;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private long sequence;

    /** The byte the channel took last. */
    private byte last = '\n';

    /** Whether a failure has left part of an object in the channel. */
    private boolean torn;

    private @Nullable IOException broken;

    private StdoutSink(SinkConfig.Stdout config, WritableByteChannel channel, InstantSource clock) {
        this.config = config;
        this.channel = channel;
        this.clock = clock;
    }

    /** Writes to {@code channel}, which must block, from now on; closing the sink closes it. */
    public static StdoutSink open(SinkConfig.Stdout config, WritableByteChannel channel, InstantSource clock) {
        return new StdoutSink(config, channel, clock);
    }

    @Override
    public String name() {
        return config.name();
    }

    @Override
    public long maxDocumentBytes() {
        return MAX_DOCUMENT_BYTES;
    }

    @Override
    public int inFlight() {
        return 1;
    }

    @Override
    public int batchSize() {
        return BATCH_SIZE;
    }

    @Override
    public long maxBytes() {
        return MAX_BYTES;
    }

    @Override
    public int maxRetries() {
        return 0;
    }

    @Override
    public SinkIndex index(IndexConfig index) {
        return new Pipe(index.name(), IndexHash.of(index.schema(), config));
    }

    @Override
    public synchronized void close() throws IOException {
        channel.close();
    }

    private synchronized List<Outcome> write(String index, List<DocumentWrite> writes) {
        if (broken != null) {
            throw closed(broken);
        }
        try {
            if (torn) {
                buffer.put((byte) '\n');
                torn = false;
            }
            var outcomes = new ArrayList<Outcome>(writes.size());
            for (var write : writes) {
                var line = Line.of(config.name(), clock.instant(), sequence + 1, index, write);
                put(config.pretty() ? JsonText.indented(line) : line);
                sequence++;
                outcomes.add(WRITTEN);
            }
            flush();
            return outcomes;
        } catch (IOException e) {
            buffer.clear();
            torn = config.pretty() || last != '\n';
            throw failure(e);
        }
    }

    private void put(byte[] line) throws IOException {
        if (line.length > buffer.remaining()) {
            flush();
        }
        if (line.length > buffer.remaining()) {
            drain(ByteBuffer.wrap(line));
        } else {
            buffer.put(line);
        }
    }

    private void flush() throws IOException {
        buffer.flip();
        drain(buffer);
        buffer.clear();
    }

    private void drain(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            if (channel.write(bytes) > 0) {
                last = bytes.get(bytes.position() - 1);
            }
        }
    }

    private SinkException failure(IOException e) {
        if (e instanceof ClosedByInterruptException) {
            return new SinkException(Kind.UNAVAILABLE, "sink '" + config.name() + "': interrupted while writing", e);
        }
        var message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        if (e instanceof ClosedChannelException || message.contains("pipe") || message.contains("connection reset")) {
            broken = e;
            return closed(e);
        }
        // a full disk behind a redirection, say: there may be room again
        return new SinkException(Kind.UNAVAILABLE, "sink '" + config.name() + "' cannot be written to: " + e, e);
    }

    private SinkException closed(IOException cause) {
        return new SinkException(Kind.CLOSED, "nobody reads sink '" + config.name() + "' any more", cause);
    }

    /** One index on the pipe. It has one generation, number 1, always there and always served. */
    private final class Pipe implements SinkIndex {
        private final String index;
        private final String hash;

        Pipe(String index, String hash) {
            this.index = index;
            this.hash = hash;
        }

        @Override
        public String hash() {
            return hash;
        }

        @Override
        public String generationName(int number) {
            return index;
        }

        @Override
        public boolean hasGenerations() {
            return false;
        }

        @Override
        public List<SinkGeneration> generations() {
            return List.of(create(1));
        }

        @Override
        public SinkGeneration create(int number) {
            return new SinkGeneration(index, hash(), number, "", "", true, null);
        }

        @Override
        public CompletableFuture<List<Outcome>> write(String generation, List<DocumentWrite> writes) {
            try {
                return CompletableFuture.completedFuture(StdoutSink.this.write(index, writes));
            } catch (SinkException e) {
                return CompletableFuture.failedFuture(e);
            }
        }

        @Override
        public void endSeeding(String generation) {}

        @Override
        public CompletableFuture<Void> refresh(String generation) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void serve(String generation) {}

        @Override
        public void drop(String generation) {}

        @Override
        public void remember(String generation, SinkMemory acknowledged, SinkMemory memory) {}
    }
}
