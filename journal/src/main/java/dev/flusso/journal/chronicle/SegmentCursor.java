package dev.flusso.journal.chronicle;

import dev.flusso.journal.Entry;
import dev.flusso.journal.JournalDamagedException;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.Position;
import dev.flusso.journal.Recorded;
import dev.flusso.journal.TableName;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Walks the entries of one segment: takes the head off, puts pieces together, leaves out what a killed writer did not finish. One
 * thread.
 */
final class SegmentCursor implements Closeable {

    /** What {@link #step} came to. */
    enum Step {
        ENTRY,
        WAITING,
        ENDED,
        DAMAGED
    }

    private final Layout.Segment segment;
    private final SegmentFile file;
    private final FrameReader decoder = new FrameReader();
    private @Nullable SegmentHead head;

    private byte[] bytes = new byte[0];
    private int length;
    /** The number of the entry, or of the first frame that cannot be read. */
    private int seq;

    /** The whole that pieces are being put together to; null between wholes. */
    private byte @Nullable [] whole;

    private int wholeFilled;
    private int wholeSeq;

    private SegmentCursor(Layout.Segment segment, SegmentFile file) {
        this.segment = segment;
        this.file = file;
    }

    /** Empty when there is no such file, or its head is not complete yet. */
    static Optional<SegmentCursor> open(Layout.Segment segment) throws IOException {
        var file = SegmentFile.open(segment.path());
        if (file.isEmpty()) {
            return Optional.empty();
        }
        var cursor = new SegmentCursor(segment, file.get());
        try {
            if (cursor.readHead()) {
                return Optional.of(cursor);
            }
            cursor.close();
            return Optional.empty();
        } catch (RuntimeException | IOException e) {
            cursor.close();
            throw e;
        }
    }

    private boolean readHead() {
        var step = frame();
        if (step == SegmentFile.Step.FRAME && FrameReader.type(bytes) == FrameType.HEAD) {
            try {
                head = decoder.head(bytes, length);
                return true;
            } catch (FrameReader.UnreadableFrameException e) {
                throw unreadable(e);
            }
        }
        // Damaged, or not a head: what follows can still be read, only without it.
        return step == SegmentFile.Step.DAMAGED || step == SegmentFile.Step.FRAME;
    }

    Layout.Segment segment() {
        return segment;
    }

    /** What the segment begins with; empty when that is damaged. */
    Optional<SegmentHead> head() {
        return Optional.ofNullable(head);
    }

    SegmentFile file() {
        return file;
    }

    /** Goes to the next entry. */
    Step step() {
        while (true) {
            switch (frame()) {
                case WAITING -> {
                    return Step.WAITING;
                }
                case ENDED -> {
                    return Step.ENDED;
                }
                case DAMAGED -> {
                    return Step.DAMAGED;
                }
                case FRAME -> {
                    if (type() != FrameType.HEAD) {
                        // or something of another release, which must not be passed over: decoding it will say so
                        return Step.ENTRY;
                    }
                }
            }
        }
    }

    /** As {@link #step} after {@link SegmentFile#isHole}. */
    Step skipHole() {
        whole = null;
        seq = file.nextSeq();
        file.skipHole();
        return Step.DAMAGED;
    }

    /** Where the entry stands, or the first frame that cannot be read. */
    Position position() {
        return at(seq);
    }

    /** The {@link Position#index} of that. */
    long index() {
        return index(seq);
    }

    /** What the next frame's position would be. */
    Position nextPosition() {
        return at(file.nextSeq());
    }

    int type() {
        return FrameReader.type(bytes);
    }

    Lsn lsn() {
        return FrameReader.lsn(bytes);
    }

    long lsnValue() {
        return FrameReader.lsnValue(bytes);
    }

    /** Passes when the entry is of a kind and version this release knows; makes no garbage. */
    void checkKnown() {
        try {
            FrameReader.checkKnown(bytes);
        } catch (FrameReader.UnreadableFrameException e) {
            throw unreadable(e);
        }
    }

    /** The table of a change; makes no garbage when it is the one before again. */
    TableName table() {
        try {
            return decoder.table(bytes, length);
        } catch (FrameReader.UnreadableFrameException e) {
            throw unreadable(e);
        }
    }

    /** How many bytes the entry's frame has. */
    int frameBytes() {
        return length;
    }

    Entry entry() {
        try {
            return decoder.entry(bytes, length);
        } catch (FrameReader.UnreadableFrameException e) {
            throw unreadable(e);
        }
    }

    Recorded recorded() {
        return new Recorded(position(), entry());
    }

    private JournalDamagedException unreadable(FrameReader.UnreadableFrameException e) {
        return new JournalDamagedException(
                "cannot read the entry at " + position() + " in " + file.path() + ": " + e.getMessage(), e);
    }

    /** The next whole frame, put together if it came in pieces. */
    private SegmentFile.Step frame() {
        while (true) {
            var expected = file.nextSeq();
            var step = file.step();
            if (step == SegmentFile.Step.DAMAGED) {
                whole = null;
                seq = expected;
                return step;
            }
            if (step != SegmentFile.Step.FRAME) {
                return step;
            }
            bytes = file.frame();
            length = file.frameLength();
            seq = FrameReader.seq(bytes);
            if (FrameReader.version(bytes) == FrameWriter.VERSION && type() == FrameType.PIECE) {
                if (piece()) {
                    return SegmentFile.Step.FRAME;
                }
            } else {
                whole = null;
                return SegmentFile.Step.FRAME;
            }
        }
    }

    /** Adds a piece to its whole; true when that was the last one. */
    private boolean piece() {
        try {
            var total = decoder.pieceOf(bytes, length);
            var offset = decoder.pieceOffset();
            var count = length - decoder.pieceStart();
            if (offset == 0) {
                whole = new byte[total];
                wholeFilled = 0;
                wholeSeq = seq;
            }
            var assembled = whole;
            if (assembled == null || assembled.length != total || offset != wholeFilled || count > total - offset) {
                whole = null; // its beginning was lost to damage, which was told already
                return false;
            }
            System.arraycopy(bytes, decoder.pieceStart(), assembled, offset, count);
            wholeFilled += count;
            if (wholeFilled < total) {
                return false;
            }
            bytes = assembled;
            length = total;
            seq = wholeSeq;
            whole = null;
            return true;
        } catch (FrameReader.UnreadableFrameException e) {
            throw unreadable(e);
        }
    }

    private Position at(int number) {
        return new Position(segment.epoch(), index(number));
    }

    private long index(int number) {
        return ((long) segment.number() << 32) | Integer.toUnsignedLong(number);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
