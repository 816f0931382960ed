package dev.flusso.journal.chronicle;

import dev.flusso.journal.Cell;
import dev.flusso.journal.Entry;
import dev.flusso.journal.Image;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.Position;
import dev.flusso.journal.Recorded;
import dev.flusso.journal.TableName;
import dev.flusso.journal.Transaction;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.SortedSet;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Turns entries into frames, as drawn in the package's page. Reuses one buffer: what {@link #bytes} returns is good until the next
 * {@code begin}. One thread.
 */
final class FrameWriter {

    static final int VERSION = 1;
    static final int HEAD_BYTES = 18;
    static final int MAX_FRAME_BYTES = 64 << 20;

    private static final int SEQ_AT = 6;
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** Above this the buffer is not kept from one frame to the next. */
    private static final int KEPT_BYTES = 1 << 20;

    private final CRC32C crc = new CRC32C();
    private byte[] buffer = new byte[1024];
    private int length;

    /** The frame's bytes are the first {@link #length} of these. */
    byte[] bytes() {
        return buffer;
    }

    int length() {
        return length;
    }

    /** A whole frame but for {@link #seal}. */
    void entry(Entry entry) {
        begin(FrameType.of(entry.kind()), entry.lsn());
        try {
            payload(entry);
        } catch (FrameTooLargeException e) {
            throw new IllegalArgumentException(tooLarge(entry), e);
        }
    }

    /** The first frame of a segment but for {@link #seal}. */
    void head(SegmentHead head) {
        begin(FrameType.HEAD, head.complete());
        position(head.previous());
        signed(head.newestMicros());
        nested(head.coverage());
        nested(head.visibility());
    }

    /** A piece of another frame but for {@link #seal}. */
    void piece(Lsn lsn, int totalBytes, int offset, byte[] whole, int count) {
        begin(FrameType.PIECE, lsn);
        unsigned(totalBytes);
        unsigned(offset);
        room(count);
        System.arraycopy(whole, offset, buffer, length, count);
        length += count;
    }

    /** Numbers the frame and puts its checksum in front. */
    void seal(int seq) {
        seal(buffer, length, seq, crc);
    }

    static void seal(byte[] frame, int length, int seq, CRC32C crc) {
        INT.set(frame, SEQ_AT, seq);
        crc.reset();
        crc.update(frame, 4, length - 4);
        INT.set(frame, 0, (int) crc.getValue());
    }

    private void begin(int type, Lsn lsn) {
        if (buffer.length > KEPT_BYTES) {
            buffer = new byte[1024];
        }
        length = HEAD_BYTES;
        buffer[4] = (byte) type;
        buffer[5] = VERSION;
        LONG.set(buffer, 10, lsn.value());
    }

    private void payload(Entry entry) {
        switch (entry.kind()) {
            case CHANGE -> change((Entry.Change) entry);
            case TRUNCATE -> {
                var truncate = (Entry.Truncate) entry;
                transaction(truncate.transaction(), truncate.lsn());
                tables(truncate.tables());
                tables(truncate.leavesOf());
            }
            case COMMIT -> {
                var commit = (Entry.Commit) entry;
                transaction(commit.transaction(), commit.lsn());
                unsigned(commit.changes());
            }
            case PROGRESS -> position(((Entry.Progress) entry).visibleThrough());
            case HEARTBEAT -> {
                var heartbeat = (Entry.Heartbeat) entry;
                position(heartbeat.visibleThrough());
                instant(heartbeat.emittedAt());
            }
            case COVERAGE -> coverage((Entry.Coverage) entry);
            case CATALOG_CHANGE -> {
                var change = (Entry.CatalogChange) entry;
                table(change.table());
                text(change.detail());
            }
            case GAP -> {
                var gap = ((Entry.Missing) entry).gap();
                put(GapCodes.code(gap.reason()));
                tables(gap.tables());
                text(gap.detail());
            }
        }
    }

    private void change(Entry.Change change) {
        put(
                switch (change.operation()) {
                    case INSERT -> 0;
                    case UPDATE -> 1;
                    case DELETE -> 2;
                });
        transaction(change.transaction(), change.lsn());
        table(change.table());
        image(change.before());
        image(change.after());
    }

    private void coverage(Entry.Coverage coverage) {
        position(coverage.visibleThrough());
        unsigned(coverage.tables().size());
        coverage.tables().forEach((table, carried) -> {
            table(table);
            texts(carried.after());
            texts(carried.before());
        });
    }

    private void transaction(Transaction transaction, Lsn lsn) {
        unsigned(transaction.timeline());
        unsigned(transaction.xid());
        signed(transaction.commitLsn().value() - lsn.value());
        signed(transaction.committedMicros());
    }

    private void image(Image image) {
        var cells = image.cells();
        unsigned(cells.size());
        for (var i = 0; i < cells.size(); i++) {
            cell(cells.get(i));
        }
    }

    private void cell(Cell cell) {
        var identity = cell.identity() ? 4 : 0;
        if (cell.value() instanceof Cell.Value.Text text) {
            put(identity | 1);
            text(cell.column());
            text(text.text());
        } else {
            put(identity | (cell.value() instanceof Cell.Value.Null ? 0 : 2));
            text(cell.column());
        }
    }

    private void nested(@Nullable Recorded recorded) {
        if (recorded == null) {
            put(0);
            return;
        }
        put(FrameType.of(recorded.entry().kind()));
        position(recorded.position());
        fixed(recorded.entry().lsn().value());
        payload(recorded.entry());
    }

    private void tables(SortedSet<TableName> tables) {
        unsigned(tables.size());
        tables.forEach(this::table);
    }

    private void table(TableName table) {
        text(table.schema());
        text(table.name());
    }

    private void texts(Collection<String> texts) {
        unsigned(texts.size());
        texts.forEach(this::text);
    }

    private void position(Position position) {
        unsigned(position.epoch());
        unsigned(position.index() >>> 32);
        unsigned(position.index() & 0xFFFF_FFFFL);
    }

    private void instant(Instant time) {
        var seconds = time.getEpochSecond();
        var nanos = time.getNano();
        signed(seconds);
        unsigned(nanos);
    }

    private void put(int value) {
        room(1);
        buffer[length++] = (byte) value;
    }

    private void fixed(long value) {
        room(8);
        LONG.set(buffer, length, value);
        length += 8;
    }

    private void signed(long value) {
        unsigned((value << 1) ^ (value >> 63));
    }

    private void unsigned(long value) {
        room(10);
        var rest = value;
        while ((rest & ~0x7FL) != 0) {
            buffer[length++] = (byte) ((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        buffer[length++] = (byte) rest;
    }

    /** UTF-8 without an array in between. An unpaired surrogate, which no database sends, becomes a question mark. */
    private void text(String text) {
        var chars = text.length();
        var bytes = utf8Bytes(text);
        unsigned(bytes);
        room(bytes);
        var at = length;
        for (var i = 0; i < chars; i++) {
            var c = text.charAt(i);
            if (c < 0x80) {
                buffer[at++] = (byte) c;
            } else if (c < 0x800) {
                buffer[at++] = (byte) (0xC0 | (c >> 6));
                buffer[at++] = (byte) (0x80 | (c & 0x3F));
            } else if (!Character.isSurrogate(c)) {
                buffer[at++] = (byte) (0xE0 | (c >> 12));
                buffer[at++] = (byte) (0x80 | ((c >> 6) & 0x3F));
                buffer[at++] = (byte) (0x80 | (c & 0x3F));
            } else if (isPair(text, i)) {
                var point = Character.toCodePoint(c, text.charAt(++i));
                buffer[at++] = (byte) (0xF0 | (point >> 18));
                buffer[at++] = (byte) (0x80 | ((point >> 12) & 0x3F));
                buffer[at++] = (byte) (0x80 | ((point >> 6) & 0x3F));
                buffer[at++] = (byte) (0x80 | (point & 0x3F));
            } else {
                buffer[at++] = '?';
            }
        }
        length = at;
    }

    private static int utf8Bytes(String text) {
        var chars = text.length();
        var bytes = (long) chars;
        for (var i = 0; i < chars; i++) {
            var c = text.charAt(i);
            if (c >= 0x80) {
                if (c < 0x800) {
                    bytes++;
                } else if (!Character.isSurrogate(c)) {
                    bytes += 2;
                } else if (isPair(text, i)) {
                    bytes += 2;
                    i++;
                }
            }
        }
        if (bytes > MAX_FRAME_BYTES) {
            throw new FrameTooLargeException(bytes);
        }
        return (int) bytes;
    }

    private static boolean isPair(String text, int i) {
        return Character.isHighSurrogate(text.charAt(i))
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
    }

    private void room(int bytes) {
        var needed = (long) length + bytes;
        if (needed > buffer.length) {
            if (needed > MAX_FRAME_BYTES) {
                throw new FrameTooLargeException(needed);
            }
            buffer = Arrays.copyOf(buffer, (int) Math.min(MAX_FRAME_BYTES, Math.max(needed, 2L * buffer.length)));
        }
    }

    private static String tooLarge(Entry entry) {
        var bytes = entry instanceof Entry.Change change
                ? bytes(change.before()) + bytes(change.after())
                : MAX_FRAME_BYTES + 1L;
        var what = entry instanceof Entry.Change change
                ? change.operation() + " of " + change.table()
                : entry.kind().toString();
        return "a " + what + " at " + entry.lsn() + " takes more than " + bytes
                + " bytes of key and reference columns, at most " + MAX_FRAME_BYTES + " fit into the journal";
    }

    private static long bytes(Image image) {
        return image.cells().stream()
                .mapToLong(cell -> cell.value() instanceof Cell.Value.Text text
                        ? text.text().length()
                        : 0)
                .sum();
    }

    /** Left the buffer's bound while encoding. */
    private static final class FrameTooLargeException extends RuntimeException {

        private static final long serialVersionUID = 1;

        FrameTooLargeException(long bytes) {
            super("a frame of " + bytes + " bytes or more");
        }
    }
}
