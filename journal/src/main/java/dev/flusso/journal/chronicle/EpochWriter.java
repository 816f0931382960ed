package dev.flusso.journal.chronicle;

import dev.flusso.journal.JournalFullException;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.util.zip.CRC32C;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;
import net.openhft.chronicle.wire.Wire;
import org.jspecify.annotations.Nullable;

/**
 * Appends frames to the segments of one epoch, never to a segment that was there before it was opened: what a killed writer left at
 * an end stays as it is. One thread.
 */
final class EpochWriter implements Closeable {

    private static final long MILLIS_IN_SEGMENT = Layout.SECONDS_IN_SEGMENT_NAME * 1000L;
    private static final int SMALLEST_BLOCK = 128 << 10;
    private static final int LARGEST_BLOCK = 16 << 20;

    /** Room for what the queue itself writes between two of our frames: at most two of its index pages, and headers. */
    private static final int SLACK_BYTES = 96 << 10;

    private final Layout layout;
    private final int epoch;
    private final int blockBytes;
    private final ChronicleQueue queue;
    private final Room room;
    private final Reservation reservation;
    private final CRC32C crc = new CRC32C();
    private final FrameWriter pieces = new FrameWriter();

    /** The segment appended to; what the queue takes for the hour. The queue asks for it in this thread and in its own. */
    private volatile int segment;

    /** {@link #segment} and its file. */
    private volatile Layout.Segment current;

    private @Nullable ExcerptAppender appender;

    /** Whether {@link #segment} was begun. */
    private boolean begun;

    private int nextSeq;
    private long usedBytes;
    private long reservedBytes;

    EpochWriter(Layout layout, int epoch, int lastSegment, long segmentBytes, Room room, Reservation reservation)
            throws IOException {
        this.layout = layout;
        this.epoch = epoch;
        this.segment = Math.max(lastSegment, 0);
        this.room = room;
        this.reservation = reservation;
        this.blockBytes = blockBytes(segmentBytes);
        var directory = layout.epoch(epoch);
        Disk.makeDirectories(directory);
        Chronicle.unlock(directory);
        this.queue = SingleChronicleQueueBuilder.binary(directory)
                .rollCycle(RollCycles.FAST_HOURLY)
                .timeProvider(() -> segment * MILLIS_IN_SEGMENT)
                .blockSize(blockBytes)
                .timeoutMS(2_000)
                .build();
        this.segment = lastSegment + 1;
        this.current = layout.segment(epoch, segment);
    }

    private static int blockBytes(long segmentBytes) {
        var block = Long.highestOneBit(segmentBytes / 8);
        return (int) Math.max(SMALLEST_BLOCK, Math.min(LARGEST_BLOCK, block));
    }

    /** The segment appended to now or by the next append. */
    Layout.Segment segment() {
        var present = current;
        if (present.number() != segment) {
            present = layout.segment(epoch, segment);
            current = present;
        }
        return present;
    }

    boolean isBegun() {
        return begun;
    }

    /** The number the next frame gets. */
    int nextSeq() {
        return nextSeq;
    }

    /** How much of the segment is used, in bytes. */
    long usedBytes() {
        return usedBytes;
    }

    /** How much of the disk the segment has taken or reserved, in bytes. */
    long reservedBytes() {
        return Math.max(usedBytes, reservedBytes);
    }

    /** What {@link #begin} takes of the disk at least. */
    long bytesToBegin(int headFrameBytes) {
        return roundUp(2L * SLACK_BYTES + withOverhead(headFrameBytes));
    }

    /** Ends the segment; the next one is begun by {@link #begin}. */
    void finish() {
        if (begun) {
            var ended = segment;
            segment = ended + 1;
            begun = false;
        }
    }

    /**
     * Begins the segment with its head.
     *
     * @throws JournalFullException when the disk has no room; then nothing was begun
     */
    void begin(FrameWriter head) throws IOException {
        var bytes = bytesToBegin(head.length());
        // The library's appender looks for the newest file when it is made, and would wait for ours to get its header.
        appender();
        var file = segment().path();
        try (var fresh = new RandomAccessFile(file.toFile(), "rw")) {
            fresh.setLength(0);
        }
        if (!reservation.reserve(file, 0, bytes)) {
            Files.deleteIfExists(file);
            throw room.diskFull(bytes);
        }
        nextSeq = 0;
        usedBytes = 0;
        reservedBytes = bytes;
        begun = true;
        write(head);
    }

    /**
     * Makes sure the frame fits into what is reserved.
     *
     * @throws JournalFullException when there is no room; then nothing was appended
     */
    void reserve(int frameBytes, long taken) throws IOException {
        var needed = usedBytes + SLACK_BYTES + withOverhead(frameBytes);
        if (needed <= reservedBytes) {
            return;
        }
        var until = roundUp(needed);
        room.require(taken, until - reservedBytes);
        if (!reservation.reserve(segment().path(), reservedBytes, until)) {
            throw room.diskFull(until - reservedBytes);
        }
        reservedBytes = until;
    }

    /** Appends a frame, in pieces if it is large; returns the number of the first. Room must have been reserved. */
    int write(FrameWriter frame) {
        var first = nextSeq;
        if (frame.length() <= largestRecord()) {
            frame.seal(first);
            record(frame.bytes(), frame.length());
            return first;
        }
        frame.seal(first);
        var whole = frame.bytes();
        var lsn = FrameReader.lsn(whole);
        for (var offset = 0; offset < frame.length(); offset += largestRecord()) {
            pieces.piece(lsn, frame.length(), offset, whole, Math.min(largestRecord(), frame.length() - offset));
            FrameWriter.seal(pieces.bytes(), pieces.length(), nextSeq, crc);
            record(pieces.bytes(), pieces.length());
        }
        return first;
    }

    private void record(byte[] bytes, int length) {
        var out = appender();
        var context = out.writingDocument();
        var done = false;
        try {
            wire(context).bytes().write(bytes, 0, length);
            done = true;
        } finally {
            if (!done) {
                context.rollbackOnClose();
            }
            context.close();
        }
        var index = out.lastIndexAppended();
        var expected = ((long) segment << 32) | nextSeq;
        if (index != expected) {
            throw new IllegalStateException("the engine appended at %x, expected %x".formatted(index, expected));
        }
        nextSeq++;
        usedBytes = wire(out).bytes().writePosition();
    }

    private ExcerptAppender appender() {
        var present = appender;
        if (present == null) {
            present = queue.createAppender();
            present.singleThreadedCheckDisabled(true);
            appender = present;
        }
        return present;
    }

    private static Wire wire(DocumentContext context) {
        var wire = context.wire();
        if (wire == null) {
            throw new IllegalStateException("the engine gave nothing to write to");
        }
        return wire;
    }

    private static Wire wire(ExcerptAppender appender) {
        var wire = appender.wire();
        if (wire == null) {
            throw new IllegalStateException("the engine has no file open");
        }
        return wire;
    }

    private int largestRecord() {
        return blockBytes / 8;
    }

    private long withOverhead(int frameBytes) {
        return frameBytes + 64L * (1 + frameBytes / largestRecord());
    }

    private long roundUp(long bytes) {
        return (bytes + blockBytes - 1) / blockBytes * blockBytes;
    }

    /** After segments were deleted. */
    void refresh() {
        queue.refreshDirectoryListing();
    }

    @Override
    public void close() throws IOException {
        if (appender != null) {
            appender.close();
        }
        queue.close();
    }
}
