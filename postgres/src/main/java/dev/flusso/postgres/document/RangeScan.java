package dev.flusso.postgres.document;

import dev.flusso.worker.Answer;
import dev.flusso.worker.Key;
import dev.flusso.worker.KeyRange;
import dev.flusso.worker.RowReader.IndexReader.ScanConsumer;
import dev.flusso.worker.Stamp;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * One pass over the documents of a range, through a cursor, in {@linkplain Portion portions}. Documents above the portion's limit are asked
 * for by their keys in between.
 */
final class RangeScan {

    /** Few at first, so that the first documents come soon. */
    private static final int FIRST_ROWS = 16;

    /** So many keys of documents that were withheld, or so many bytes of them, are asked for at once. */
    private static final int HELD_KEYS = 64;

    private static final long HELD_BYTES = 4L << 20;

    private final KeyRange range;
    private final Portion portion;
    private final DocumentFetch fetch;
    private final ScanConsumer each;
    private final List<Key> held = new ArrayList<>();
    private long heldBytes;
    private long largestHeld;
    private int sent;
    private int withheld;
    private long largest;

    RangeScan(KeyRange range, Portion portion, DocumentFetch fetch, ScanConsumer each) {
        this.range = range;
        this.portion = portion;
        this.fetch = fetch;
        this.each = each;
    }

    /**
     * Gives each answer to the consumer. Once.
     *
     * @param connection in a transaction
     * @param sql the range's statement for the portion
     */
    void run(Connection connection, String sql, CompiledIndex current) throws SQLException {
        try (var query = connection.prepareStatement(sql)) {
            int next = KeyArrays.setParts(query, 1, range.fromInclusive());
            KeyArrays.setParts(query, next, range.untilExclusive());
            query.setFetchSize(Math.min(FIRST_ROWS, portion.rows()));
            try (var rows = query.executeQuery()) {
                read(rows, connection, current);
            }
        }
        fetchHeld(connection, current);
        fetch.learn(portion, sent, withheld, largest);
    }

    private void read(ResultSet rows, Connection connection, CompiledIndex current) throws SQLException {
        Stamp stamp = null;
        String lastId = null;
        boolean unique = current.isKeyUnique();
        int parts = current.keyTypes().size();
        int fetched = Math.min(FIRST_ROWS, portion.rows());
        int inPortion = 0;
        while (rows.next()) {
            if (stamp == null) {
                current.check(rows.getString(8));
                stamp = Stamps.of(rows.getString(6), rows.getString(7));
            }
            var answer = AnswerRow.read(rows, AnswerRow.key(rows, 9, parts));
            var found = answer.document();
            if (!unique && found != null && found.id().equals(lastId)) {
                throw current.twice(answer.asked());
            }
            lastId = found == null ? null : found.id();
            if (fetch.isWithheld(answer)) {
                hold(answer, connection, current);
            } else {
                sent++;
                largest = Math.max(largest, found == null ? 0 : found.json().length);
                each.accept(stamp, answer);
            }
            if (++inPortion == fetched) {
                fetched = Math.min(portion.rows(), fetched * 2);
                rows.setFetchSize(fetched);
                inPortion = 0;
            }
        }
    }

    private void hold(Answer answer, Connection connection, CompiledIndex current) throws SQLException {
        withheld++;
        held.add(answer.asked());
        heldBytes += DocumentFetch.bytes(answer);
        largestHeld = Math.max(largestHeld, DocumentFetch.bytes(answer));
        if (held.size() >= HELD_KEYS || heldBytes >= HELD_BYTES) {
            fetchHeld(connection, current);
        }
    }

    private void fetchHeld(Connection connection, CompiledIndex current) throws SQLException {
        var open = List.copyOf(held);
        while (!open.isEmpty()) {
            var built = fetch.someLarger(connection, current, open, HELD_BYTES, Portion.of(largestHeld));
            for (var answer : built.answers()) {
                if (answer.document() != null) {
                    each.accept(built.stamp(), answer);
                }
            }
            open = DocumentFetch.unanswered(open, built);
        }
        held.clear();
        heldBytes = 0;
        largestHeld = 0;
    }
}
