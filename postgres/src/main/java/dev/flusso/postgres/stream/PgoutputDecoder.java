package dev.flusso.postgres.stream;

import dev.flusso.capture.StreamEvent;
import dev.flusso.capture.Tuple;
import dev.flusso.journal.Entry;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.TableName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;

/** Makes events of pgoutput's messages; the format is drawn in this package's doc. Keeps nothing between messages. */
final class PgoutputDecoder {

    /** 2000-01-01T00:00Z in microseconds since 1970. */
    private static final long POSTGRES_EPOCH_MICROS = 946_684_800_000_000L;

    private PgoutputDecoder() {}

    /**
     * @param message from the tag on, backed by an array of its own: values are decoded from it later
     * @param lsn where the server says the message's record lies; 0 for a relation
     */
    static StreamEvent decode(ByteBuffer message, Lsn lsn) {
        var tag = (char) message.get();
        return switch (tag) {
            case 'B' ->
                new StreamEvent.Begin(
                        Lsn.of(message.getLong()), message.getLong() + POSTGRES_EPOCH_MICROS, message.getInt());
            case 'C' -> commit(message);
            case 'R' -> relation(message);
            case 'I' -> insert(message, lsn);
            case 'U' -> update(message, lsn);
            case 'D' -> delete(message, lsn);
            case 'T' -> truncate(message, lsn);
            case 'M' -> message(message);
            case 'Y', 'O' -> new StreamEvent.Other(tag);
            default ->
                throw new IllegalStateException("pgoutput sent a message of the unknown kind '" + tag + "' at " + lsn
                        + ", expected one of protocol version 1");
        };
    }

    private static StreamEvent commit(ByteBuffer message) {
        message.get(); // flags, none are defined
        return new StreamEvent.Commit(Lsn.of(message.getLong()), Lsn.of(message.getLong()));
    }

    private static StreamEvent relation(ByteBuffer message) {
        var oid = message.getInt();
        var schema = text(message);
        var name = text(message);
        var identity = (char) message.get();
        var count = message.getShort();
        var columns = new ArrayList<StreamEvent.Column>(count);
        for (var i = 0; i < count; i++) {
            var flags = message.get();
            var column = text(message);
            var type = message.getInt();
            message.getInt(); // typmod
            columns.add(new StreamEvent.Column(column, (flags & 1) != 0, type));
        }
        // pgoutput leaves out the name of pg_catalog
        return new StreamEvent.Relation(
                oid, TableName.of(schema.isEmpty() ? "pg_catalog" : schema, name), identity, columns);
    }

    private static StreamEvent insert(ByteBuffer message, Lsn lsn) {
        var oid = message.getInt();
        expect(message, 'N', lsn);
        return new StreamEvent.Row(lsn, Entry.Operation.INSERT, oid, null, false, tuple(message, lsn));
    }

    private static StreamEvent update(ByteBuffer message, Lsn lsn) {
        var oid = message.getInt();
        var kind = (char) message.get();
        if (kind == 'N') {
            return new StreamEvent.Row(lsn, Entry.Operation.UPDATE, oid, null, false, tuple(message, lsn));
        }
        var isKey = isKey(kind, lsn);
        var before = tuple(message, lsn);
        expect(message, 'N', lsn);
        return new StreamEvent.Row(lsn, Entry.Operation.UPDATE, oid, before, isKey, tuple(message, lsn));
    }

    private static StreamEvent delete(ByteBuffer message, Lsn lsn) {
        var oid = message.getInt();
        var isKey = isKey((char) message.get(), lsn);
        return new StreamEvent.Row(lsn, Entry.Operation.DELETE, oid, tuple(message, lsn), isKey, null);
    }

    private static StreamEvent truncate(ByteBuffer message, Lsn lsn) {
        var count = message.getInt();
        message.get(); // CASCADE, RESTART IDENTITY
        var oids = new ArrayList<Integer>(count);
        for (var i = 0; i < count; i++) {
            oids.add(message.getInt());
        }
        return new StreamEvent.Truncate(lsn, oids);
    }

    private static StreamEvent message(ByteBuffer message) {
        message.get(); // whether it is transactional; the reader sees whether a transaction is open
        var lsn = Lsn.of(message.getLong());
        var prefix = text(message);
        var content = new byte[message.getInt()];
        message.get(content);
        return new StreamEvent.Message(lsn, prefix, new String(content, StandardCharsets.UTF_8));
    }

    private static Tuple tuple(ByteBuffer message, Lsn lsn) {
        var count = message.getShort();
        var starts = new int[count];
        var lengths = new int[count];
        for (var i = 0; i < count; i++) {
            var kind = (char) message.get();
            switch (kind) {
                case 'n' -> lengths[i] = Tuple.NULL;
                case 'u' -> lengths[i] = Tuple.UNCHANGED;
                case 't' -> {
                    lengths[i] = message.getInt();
                    starts[i] = message.arrayOffset() + message.position();
                    message.position(message.position() + lengths[i]);
                }
                default ->
                    throw new IllegalStateException("pgoutput sent a column of the unknown kind '" + kind + "' at "
                            + lsn + ", expected n, u or t");
            }
        }
        return new Tuple(message.array(), starts, lengths);
    }

    private static boolean isKey(char kind, Lsn lsn) {
        if (kind != 'K' && kind != 'O') {
            throw new IllegalStateException(
                    "pgoutput sent an old row of the unknown kind '" + kind + "' at " + lsn + ", expected K or O");
        }
        return kind == 'K';
    }

    private static void expect(ByteBuffer message, char expected, Lsn lsn) {
        var kind = (char) message.get();
        if (kind != expected) {
            throw new IllegalStateException("pgoutput sent '" + kind + "' at " + lsn + ", expected '" + expected + "'");
        }
    }

    private static String text(ByteBuffer message) {
        var begin = message.position();
        while (message.get() != 0) {
            // to the zero byte
        }
        var length = message.position() - 1 - begin;
        return new String(message.array(), message.arrayOffset() + begin, length, StandardCharsets.UTF_8);
    }
}
