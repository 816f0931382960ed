package dev.flusso.bench.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/** The least one could do: length, checksum and bytes into one file, {@code fdatasync} when the oldest of them is 10 ms old. */
final class PlainFile implements Closeable {

    private static final long INTERVAL_NANOS = 10_000_000;

    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(64 << 10);
    private final CRC32C crc = new CRC32C();
    private long syncedAtNanos = System.nanoTime();

    PlainFile(Path file) throws IOException {
        this.channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    void append(byte[] record) throws IOException {
        if (buffer.remaining() < record.length + 8) {
            write();
        }
        crc.reset();
        crc.update(record, 0, record.length);
        buffer.putInt(record.length).putInt((int) crc.getValue()).put(record);
        if (System.nanoTime() - syncedAtNanos >= INTERVAL_NANOS) {
            force();
        }
    }

    void force() throws IOException {
        write();
        channel.force(false);
        syncedAtNanos = System.nanoTime();
    }

    private void write() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
