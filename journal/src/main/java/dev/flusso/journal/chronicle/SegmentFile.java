package dev.flusso.journal.chronicle;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One segment's file, mapped for reading and walked record by record while somebody else may be appending to it. Knows the queue's
 * records and our frames inside them (both drawn in the package's page), but not what the frames say. One thread.
 *
 * <p>We walk the file ourselves instead of asking the library's tailer, because the tailer trusts what it finds: it serves torn
 * records, and stands still for ever before a lost page.
 */
final class SegmentFile implements Closeable {

    /** What {@link #step} came to. */
    enum Step {
        /** A frame whose checksum and number are right stands ready. */
        FRAME,
        /** Nothing more now; there may be later. */
        WAITING,
        /** The segment's end mark. */
        ENDED,
        /** What stands here cannot be read; the next step goes on behind it. */
        DAMAGED
    }

    static final int END_MARK = 0xC000_0000;

    private static final int NOT_COMPLETE = 0x8000_0000;
    private static final int METADATA = 0x4000_0000;
    private static final int LENGTH = 0x3FFF_FFFF;

    /** No record is longer: a quarter of the largest block. */
    private static final int MAX_RECORD_BYTES = 4 << 20;

    private static final long WINDOW_BYTES = 32L << 20;

    /** Bytes of a copy, at least. */
    private static final int COPY_BYTES = 1 << 20;

    private static final int PAGE_BYTES = 4096;

    private static final VarHandle WORD = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final Path path;
    private final CRC32C crc = new CRC32C();

    /** Opened anew when an interrupt of the reading thread closed it. */
    private FileChannel channel;

    private boolean closed;
    private @Nullable ByteBuffer window;

    /** What the next copy is made into. */
    private @Nullable ByteBuffer spare;

    /** The window is a copy, not a mapping. */
    private boolean copying;

    private long windowStart;
    private long windowEnd;

    /** Where the next record's header word stands. */
    private long offset;

    private int nextSeq;
    private byte[] frame = new byte[1024];
    private int frameLength;
    private long frameOffset;

    /** A frame was found behind damage: it is delivered by the step after the one that tells of the damage. */
    private boolean held;

    private String damage = "";

    private SegmentFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** Empty when there is no such file. */
    static Optional<SegmentFile> open(Path path) throws IOException {
        try {
            return Disk.uninterrupted(
                    () -> Optional.of(new SegmentFile(path, FileChannel.open(path, StandardOpenOption.READ))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    Path path() {
        return path;
    }

    /** Whether the file still has its name: retention may have deleted it under us. */
    boolean isThere() {
        return Files.exists(path);
    }

    /** The number the next frame must have. */
    int nextSeq() {
        return nextSeq;
    }

    /** Where the next record begins, in bytes from the file's start. */
    long offset() {
        return offset;
    }

    /** The frame of the last {@link Step#FRAME}: {@link #frameLength} bytes of this array, good until the next step. */
    byte[] frame() {
        return frame;
    }

    int frameLength() {
        return frameLength;
    }

    /** Where the record of the last frame begins. */
    long frameOffset() {
        return frameOffset;
    }

    /** What was wrong at the last {@link Step#DAMAGED}, for people. */
    String damage() {
        return damage;
    }

    /** Goes to the next frame. */
    Step step() {
        if (held) {
            held = false;
            return deliver();
        }
        while (true) {
            if (!mapped(offset, 4)) {
                return Step.WAITING;
            }
            var word = word(offset);
            if (word == END_MARK) {
                return Step.ENDED;
            }
            if (word == 0 || (word & NOT_COMPLETE) != 0) {
                return Step.WAITING;
            }
            var length = word & LENGTH;
            if (length > MAX_RECORD_BYTES || !mapped(offset, 4 + length)) {
                return damaged("a record of " + length + " bytes");
            }
            if ((word & METADATA) != 0) {
                offset = after(offset, length);
                continue;
            }
            var wrong = load(offset, length);
            if (wrong != null) {
                return damaged(wrong);
            }
            if (FrameReader.seq(frame) != nextSeq) {
                // frames were hidden from us, for instance by a flipped bit that made one look like the queue's own
                // record
                damage = "at byte " + offset + " of " + path + ": frame " + FrameReader.seq(frame) + ", expected "
                        + nextSeq;
                held = true;
                return Step.DAMAGED;
            }
            return deliver();
        }
    }

    private Step deliver() {
        frameOffset = offset;
        nextSeq = FrameReader.seq(frame) + 1;
        offset = after(offset, frameLength);
        return Step.FRAME;
    }

    /** Looks behind a place that cannot be read for the next frame that can. */
    private Step damaged(String what) {
        damage = "at byte " + offset + " of " + path + ": " + what;
        var found = frameAfter(offset + 4);
        if (found < 0) {
            // Nothing readable follows: stand at the end, where more may be appended one day.
            offset = -1 - found;
        } else {
            offset = found;
            held = true;
        }
        return Step.DAMAGED;
    }

    /**
     * When the reader has waited at a place for long: whether there is a frame further on, which proves that what stands here is not
     * merely unfinished. Then the next {@link #step} says {@link Step#DAMAGED}.
     */
    boolean isHole() {
        if (held || !mapped(offset, 4) || frameAfter(offset + 4) < 0 || !mapped(offset, 4)) {
            return false;
        }
        // What was found may have been appended while we looked; then what stands here was completed before it.
        var word = word(offset);
        return word == 0 || (word & NOT_COMPLETE) != 0;
    }

    /** As {@link #step} when {@link #isHole} said so. */
    Step skipHole() {
        return damaged("no record, though others follow");
    }

    /** The offset of the next good frame's record at or after {@code from}, loaded; or {@code -1 - end} when there is none. */
    private long frameAfter(long from) {
        // The writer may give back what it had reserved, also while we look: beyond the file's end a mapping must not
        // be touched,
        // so this far ahead a copy is looked at.
        unmap();
        copying = true;
        try {
            return frameInCopyAfter(from);
        } finally {
            copying = false;
            unmap();
        }
    }

    private long frameInCopyAfter(long from) {
        var lastUsed = from;
        for (var at = from; mapped(at, 4); at += 4) {
            var word = word(at);
            if (word == 0) {
                continue;
            }
            lastUsed = at + 4;
            if ((word & (NOT_COMPLETE | METADATA)) == 0
                    && word >= FrameWriter.HEAD_BYTES
                    && word <= MAX_RECORD_BYTES
                    && mapped(at, 4 + word)
                    && looksLikeFrame(at + 4)
                    && load(at, word) == null
                    && Integer.compareUnsigned(FrameReader.seq(frame), nextSeq) >= 0) {
                return at;
            }
        }
        return -1 - lastUsed;
    }

    private boolean looksLikeFrame(long at) {
        var buffer = window();
        var relative = (int) (at - windowStart);
        return FrameType.isKnown(buffer.get(relative + 4) & 0xFF) && buffer.get(relative + 5) == FrameWriter.VERSION;
    }

    /** Copies a record's frame out and checks it; null when it is good. */
    private @Nullable String load(long at, int length) {
        if (length < FrameWriter.HEAD_BYTES) {
            return "a frame of " + length + " bytes, expected at least " + FrameWriter.HEAD_BYTES;
        }
        if (frame.length < length) {
            frame = new byte[Math.max(length, Math.min(2 * frame.length, MAX_RECORD_BYTES))];
        }
        window().get((int) (at + 4 - windowStart), frame, 0, length);
        frameLength = length;
        crc.reset();
        crc.update(frame, 4, length - 4);
        var found = (int) crc.getValue();
        var written = checksum(frame);
        return found == written ? null : "checksum %08x, expected %08x".formatted(found, written);
    }

    private static int checksum(byte[] frame) {
        return (frame[0] & 0xFF) | ((frame[1] & 0xFF) << 8) | ((frame[2] & 0xFF) << 16) | ((frame[3] & 0xFF) << 24);
    }

    private static long after(long at, int length) {
        return (at + 4 + length + 3) & ~3L;
    }

    private int word(long at) {
        var relative = (int) (at - windowStart);
        return copying ? window().getInt(relative) : (int) WORD.getVolatile(window(), relative);
    }

    private ByteBuffer window() {
        var mapped = window;
        if (mapped == null) {
            throw new IllegalStateException("nothing of " + path + " is mapped");
        }
        return mapped;
    }

    /** Makes a stretch of the file readable; false when the file ends before it does. */
    private boolean mapped(long from, int bytes) {
        if (from >= windowStart && from + bytes <= windowEnd) {
            return true;
        }
        try {
            return remapped(from, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path, e);
        }
    }

    private boolean remapped(long from, int bytes) throws IOException {
        return Disk.uninterrupted(() -> {
            if (closed) {
                throw new IOException("a segment was read after it was closed");
            }
            if (!channel.isOpen()) {
                channel = FileChannel.open(path, StandardOpenOption.READ);
            }
            var size = channel.size();
            if (from + bytes > size) {
                return false;
            }
            unmap();
            var start = from & -PAGE_BYTES;
            if (copying) {
                return copied(start, from + bytes);
            }
            var end = Math.min(size, start + WINDOW_BYTES);
            MappedByteBuffer mapped;
            try {
                mapped = channel.map(FileChannel.MapMode.READ_ONLY, start, end - start);
            } catch (IOException e) {
                if (channel.isOpen() && channel.size() < size) {
                    return remapped(from, bytes); // cut back between the two looks at it
                }
                throw e;
            }
            mapped.order(ByteOrder.LITTLE_ENDIAN);
            window = mapped;
            windowStart = start;
            windowEnd = end;
            return true;
        });
    }

    private boolean copied(long start, long until) throws IOException {
        var copy = spare;
        if (copy == null || copy.capacity() < until - start) {
            copy = ByteBuffer.allocate((int) Math.max(COPY_BYTES, until - start))
                    .order(ByteOrder.LITTLE_ENDIAN);
            spare = copy;
        }
        copy.clear();
        var read = 0;
        while (copy.hasRemaining() && read >= 0) {
            read = channel.read(copy, start + copy.position());
        }
        var end = start + copy.position();
        if (until > end) {
            return false;
        }
        window = copy;
        windowStart = start;
        windowEnd = end;
        return true;
    }

    private void unmap() {
        ByteBuffer old = window;
        window = null;
        windowStart = 0;
        windowEnd = 0;
        if (old instanceof MappedByteBuffer) {
            Chronicle.unmap(old);
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        unmap();
        channel.close();
    }
}
