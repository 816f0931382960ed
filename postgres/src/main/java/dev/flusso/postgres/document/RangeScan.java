package dev.flusso.postgres.document;

import dev.flusso.worker.Answer;
import dev.flusso.worker.KeyRange;
import dev.flusso.worker.RowReader.IndexReader.ScanConsumer;
import dev.flusso.worker.Stamp;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * One pass over the documents of a range, through a cursor: what is in memory is one portion, whose rows are counted so that their
 * bytes stay near a few mebibytes. A portion grows slowly and shrinks at once.
 */
final class RangeScan {

    private static final int FIRST_ROWS = 16;
    private static final int MOST_ROWS = 256;
    private static final long PORTION_BYTES = 4L << 20;

    private final KeyRange range;
    private final ScanConsumer each;
    private boolean delivered;

    RangeScan(KeyRange range, ScanConsumer each) {
        this.range = range;
        this.each = each;
    }

    /**
     * Gives each answer to the consumer.
     *
     * @param connection in a transaction
     * @return an answer whose key an earlier one had too, at which the scan ended
     */
    Optional<Answer> run(Connection connection, String sql, CompiledIndex current) throws SQLException {
        try (var query = connection.prepareStatement(sql)) {
            int next = KeyArrays.setParts(query, 1, range.fromInclusive());
            KeyArrays.setParts(query, next, range.untilExclusive());
            query.setFetchSize(FIRST_ROWS);
            try (var rows = query.executeQuery()) {
                return read(rows, current);
            }
        }
    }

    private Optional<Answer> read(ResultSet rows, CompiledIndex current) throws SQLException {
        Stamp stamp = null;
        String lastId = null;
        boolean unique = current.isKeyUnique();
        int parts = current.keyTypes().size();
        int portion = FIRST_ROWS;
        int inPortion = 0;
        long largest = 1;
        while (rows.next()) {
            if (stamp == null) {
                current.check(rows.getString(8));
                stamp = Stamps.of(rows.getString(6), rows.getString(7));
            }
            var answer = AnswerRow.read(rows, AnswerRow.key(rows, 9, parts));
            var found = answer.document();
            if (!unique && found != null && found.id().equals(lastId)) {
                return Optional.of(answer);
            }
            lastId = found == null ? null : found.id();
            largest = Math.max(largest, found == null ? 1 : found.json().length);
            delivered = true;
            each.accept(stamp, answer);
            if (++inPortion == portion) {
                portion = (int) Math.max(1, Math.min(Math.min(MOST_ROWS, portion * 2L), PORTION_BYTES / largest));
                rows.setFetchSize(portion);
                inPortion = 0;
                largest = 1;
            }
        }
        return Optional.empty();
    }

    /** Whether any answer was given to the consumer. */
    boolean hasDelivered() {
        return delivered;
    }
}
