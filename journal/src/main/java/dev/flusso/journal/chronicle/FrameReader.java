package dev.flusso.journal.chronicle;

import dev.flusso.journal.Cell;
import dev.flusso.journal.Entry;
import dev.flusso.journal.Gap;
import dev.flusso.journal.Image;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.Position;
import dev.flusso.journal.Recorded;
import dev.flusso.journal.TableCoverage;
import dev.flusso.journal.TableName;
import dev.flusso.journal.Transaction;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Turns frames whose checksum is right into entries again. One thread. */
final class FrameReader {

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** Names come again and again: the newest few are kept instead of being made anew. A power of two. */
    private static final int KEPT_NAMES = 512;

    private static final int LONGEST_KEPT_NAME = 64;

    private final @Nullable String[] names = new @Nullable String[KEPT_NAMES];
    private final byte[][] nameBytes = new byte[KEPT_NAMES][];

    /** The changes of a transaction come one after another, and often those of a table. */
    private @Nullable Transaction lastTransaction;

    private @Nullable TableName lastTable;
    private byte[] frame = new byte[0];
    private int at;
    private int limit;

    /** The frame's checksum is right and yet it makes no sense: it was written by something newer. */
    static final class UnreadableFrameException extends Exception {

        private static final long serialVersionUID = 1;

        UnreadableFrameException(String message) {
            super(message);
        }
    }

    static int type(byte[] frame) {
        return frame[4] & 0xFF;
    }

    static int version(byte[] frame) {
        return frame[5] & 0xFF;
    }

    static int seq(byte[] frame) {
        return (int) INT.get(frame, 6);
    }

    static Lsn lsn(byte[] frame) {
        return Lsn.of(lsnValue(frame));
    }

    static long lsnValue(byte[] frame) {
        return (long) LONG.get(frame, 10);
    }

    /** Passes when the frame is of a type and version this release knows. */
    static void checkKnown(byte[] bytes) throws UnreadableFrameException {
        if (version(bytes) != FrameWriter.VERSION || !FrameType.isKnown(type(bytes))) {
            throw new UnreadableFrameException("it has type " + type(bytes) + " in version " + version(bytes)
                    + ", expected version " + FrameWriter.VERSION + ": it was written by another release of flusso");
        }
    }

    /** The table of a change, without the rest of it. */
    TableName table(byte[] bytes, int length) throws UnreadableFrameException {
        begin(bytes, length);
        if (type(bytes) != FrameType.CHANGE) {
            throw new IllegalStateException("a frame of type " + type(bytes) + " is of no one table");
        }
        try { // not guarded(): a step over an entry leaves nothing to collect
            take();
            count();
            unsigned();
            unsigned();
            unsigned();
            return table();
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw undecodable(e);
        }
    }

    private static UnreadableFrameException undecodable(RuntimeException e) {
        return new UnreadableFrameException("its content cannot be decoded (" + e.getMessage() + ")");
    }

    Entry entry(byte[] bytes, int length) throws UnreadableFrameException {
        begin(bytes, length);
        return guarded(() -> payload(type(bytes), lsn(bytes)));
    }

    SegmentHead head(byte[] bytes, int length) throws UnreadableFrameException {
        begin(bytes, length);
        return guarded(() -> new SegmentHead(position(), lsn(bytes), signed(), nested(), nested()));
    }

    /** How many bytes the whole has of which this frame is a piece; {@link #pieceOffset} and {@link #pieceStart} are next. */
    int pieceOf(byte[] bytes, int length) throws UnreadableFrameException {
        begin(bytes, length);
        return guarded(this::count);
    }

    int pieceOffset() throws UnreadableFrameException {
        return guarded(this::count);
    }

    /** Where in the frame the piece's own bytes begin; they end with the frame. */
    int pieceStart() {
        return at;
    }

    private interface Decoding<T> {
        T run() throws UnreadableFrameException;
    }

    private <T> T guarded(Decoding<T> decoding) throws UnreadableFrameException {
        try {
            return decoding.run();
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw undecodable(e);
        }
    }

    private void begin(byte[] bytes, int length) throws UnreadableFrameException {
        checkKnown(bytes);
        frame = bytes;
        at = FrameWriter.HEAD_BYTES;
        limit = length;
    }

    private Entry payload(int type, Lsn lsn) throws UnreadableFrameException {
        return switch (type) {
            case FrameType.CHANGE -> change(lsn);
            case FrameType.TRUNCATE -> new Entry.Truncate(transaction(lsn), lsn, tables(), tables());
            case FrameType.COMMIT -> new Entry.Commit(transaction(lsn), lsn, unsigned());
            case FrameType.PROGRESS -> new Entry.Progress(lsn, position());
            case FrameType.HEARTBEAT -> {
                var visibleThrough = position();
                yield new Entry.Heartbeat(lsn, Instant.ofEpochSecond(signed(), unsigned()), visibleThrough);
            }
            case FrameType.COVERAGE -> coverage(lsn);
            case FrameType.CATALOG_CHANGE -> new Entry.CatalogChange(lsn, table(), text());
            case FrameType.GAP -> gap(lsn);
            default -> throw new UnreadableFrameException("its type is " + type + ", expected an entry");
        };
    }

    private Entry change(Lsn lsn) throws UnreadableFrameException {
        var code = take();
        var operation = switch (code) {
            case 0 -> Entry.Operation.INSERT;
            case 1 -> Entry.Operation.UPDATE;
            case 2 -> Entry.Operation.DELETE;
            default -> throw new UnreadableFrameException("its operation is " + code + ", expected 0 to 2");
        };
        return new Entry.Change(transaction(lsn), lsn, operation, table(), image(), image());
    }

    private Entry coverage(Lsn lsn) {
        var visibleThrough = position();
        var tables = new TreeMap<TableName, TableCoverage>();
        for (var n = count(); n > 0; n--) {
            tables.put(table(), new TableCoverage(texts(), texts()));
        }
        return new Entry.Coverage(lsn, visibleThrough, tables);
    }

    private Entry gap(Lsn lsn) throws UnreadableFrameException {
        var code = take();
        var reason = GapCodes.reason(code);
        if (reason.isEmpty()) {
            throw new UnreadableFrameException("its gap has reason " + code + ", which this release does not know");
        }
        return new Entry.Missing(lsn, new Gap(reason.get(), tables(), text()));
    }

    private Transaction transaction(Lsn lsn) {
        var timeline = count();
        var xid = unsigned();
        var commitLsn = signed() + lsn.value();
        var micros = signed();
        var known = lastTransaction;
        if (known == null
                || known.xid() != xid
                || known.timeline() != timeline
                || known.commitLsn().value() != commitLsn
                || known.committedMicros() != micros) {
            known = new Transaction(timeline, xid, Lsn.of(commitLsn), micros);
            lastTransaction = known;
        }
        return known;
    }

    private Image image() {
        var cells = count();
        if (cells == 0) {
            return Image.NONE;
        }
        var carried = new Cell[cells];
        for (var i = 0; i < cells; i++) {
            var flags = take();
            var identity = (flags & 4) != 0;
            var column = name();
            carried[i] = switch (flags & 3) {
                case 0 -> Cell.ofNull(column, identity);
                case 1 -> Cell.text(column, text(), identity);
                case 2 -> Cell.unchanged(column, identity);
                default -> throw new IllegalArgumentException("cell flags " + flags);
            };
        }
        return Image.of(carried);
    }

    private @Nullable Recorded nested() throws UnreadableFrameException {
        var type = take();
        if (type == 0) {
            return null;
        }
        var position = position();
        var lsn = Lsn.of(fixed());
        return new Recorded(position, payload(type, lsn));
    }

    private SortedSet<TableName> tables() {
        var tables = new TreeSet<TableName>();
        for (var n = count(); n > 0; n--) {
            tables.add(table());
        }
        return tables;
    }

    private TableName table() {
        var schema = name();
        var name = name();
        var known = lastTable;
        if (known == null || !known.name().equals(name) || !known.schema().equals(schema)) {
            known = TableName.of(schema, name);
            lastTable = known;
        }
        return known;
    }

    private SortedSet<String> texts() {
        var texts = new TreeSet<String>();
        for (var n = count(); n > 0; n--) {
            texts.add(name());
        }
        return texts;
    }

    private Position position() {
        var epoch = count();
        var segment = unsigned();
        return new Position(epoch, (segment << 32) | unsigned());
    }

    private int take() {
        if (at >= limit) {
            throw new IndexOutOfBoundsException("it ends at byte " + limit);
        }
        return frame[at++] & 0xFF;
    }

    private long fixed() {
        if (limit - at < 8) {
            throw new IndexOutOfBoundsException("it ends at byte " + limit);
        }
        at += 8;
        return (long) LONG.get(frame, at - 8);
    }

    private long signed() {
        var value = unsigned();
        return (value >>> 1) ^ -(value & 1);
    }

    private int count() {
        var value = unsigned();
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a count of " + Long.toUnsignedString(value));
        }
        return (int) value;
    }

    private long unsigned() {
        var value = 0L;
        for (var shift = 0; shift < 64; shift += 7) {
            var next = take();
            value |= (long) (next & 0x7F) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number of more than ten bytes");
    }

    private String text() {
        var length = span();
        var text = new String(frame, at, length, StandardCharsets.UTF_8);
        at += length;
        return text;
    }

    /** As {@link #text}, for what is likely to come again. */
    private String name() {
        var length = span();
        if (length > LONGEST_KEPT_NAME) {
            var text = new String(frame, at, length, StandardCharsets.UTF_8);
            at += length;
            return text;
        }
        var hash = length;
        for (var i = at; i < at + length; i++) {
            hash = 31 * hash + frame[i];
        }
        var slot = (hash ^ (hash >>> 15)) & (KEPT_NAMES - 1);
        var known = names[slot];
        if (known == null || !Arrays.equals(nameBytes[slot], 0, nameBytes[slot].length, frame, at, at + length)) {
            known = new String(frame, at, length, StandardCharsets.UTF_8);
            names[slot] = known;
            nameBytes[slot] = Arrays.copyOfRange(frame, at, at + length);
        }
        at += length;
        return known;
    }

    private int span() {
        var length = count();
        if (length > limit - at) {
            throw new IndexOutOfBoundsException("a text of " + length + " bytes with " + (limit - at) + " left");
        }
        return length;
    }
}
