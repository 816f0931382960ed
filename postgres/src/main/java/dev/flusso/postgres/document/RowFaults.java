package dev.flusso.postgres.document;

import dev.flusso.worker.Answer;
import dev.flusso.worker.Built;
import dev.flusso.worker.Key;
import dev.flusso.worker.KeyRange;
import dev.flusso.worker.RowReader.IndexReader.ScanConsumer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to do when a statement fails because of a row in it: its key is found by halving, and answered as refused; the others are built. Never
 * in one snapshot for all: a transaction that keeps its snapshot would see nothing in a table that ALTER TABLE rewrites meanwhile.
 */
final class RowFaults {

    private static final int PAGE = 500;
    private static final long PAGE_BYTES = 8L << 20;

    private final Connection connection;
    private final CompiledIndex current;
    private final Building building;

    /** Builds the documents of keys by one statement. */
    interface Building {
        Built of(List<Key> keys, long budgetBytes) throws SQLException;
    }

    RowFaults(Connection connection, CompiledIndex current, Building building) {
        this.connection = connection;
        this.current = current;
        this.building = building;
    }

    /** The documents of some of the keys, of the first at least; it may be refused. */
    Built some(List<Key> keys, long budgetBytes, SQLException fault) throws SQLException {
        current.checkNow(connection);
        var before = Stamps.now(connection);
        var asked = keys;
        var why = fault;
        while (asked.size() > 1) {
            asked = asked.subList(0, (asked.size() + 1) / 2);
            try {
                return building.of(asked, budgetBytes);
            } catch (SQLException e) {
                if (!SourceTrouble.isOfRows(e)) {
                    throw e;
                }
                why = e;
            }
        }
        var id = askedId(asked.get(0));
        var refused = new Answer(asked.get(0), id, Answer.Found.refused(id, current.rowFailed(why)));
        return new Built(before, List.of(refused));
    }

    private String askedId(Key key) throws SQLException {
        try (var query = connection.prepareStatement(current.askedIds())) {
            KeyArrays.set(query, 1, List.of(key), current.keyTypes().size());
            try (var row = query.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }

    /** Gives the documents of a range to the consumer, by keys. */
    void scan(KeyRange range, ScanConsumer each) throws SQLException {
        current.checkNow(connection);
        @Nullable Key after = null;
        while (true) {
            var keys = page(range, after);
            if (keys.isEmpty()) {
                return;
            }
            var open = keys;
            while (!open.isEmpty()) {
                var built = buildOrSome(open);
                var answered = new HashSet<Key>();
                for (var answer : built.answers()) {
                    answered.add(answer.asked());
                    if (answer.document() != null) {
                        each.accept(built.stamp(), answer);
                    }
                }
                open = open.stream().filter(key -> !answered.contains(key)).toList();
            }
            after = keys.get(keys.size() - 1);
        }
    }

    private Built buildOrSome(List<Key> keys) throws SQLException {
        try {
            return building.of(keys, PAGE_BYTES);
        } catch (SQLException e) {
            if (!SourceTrouble.isOfRows(e)) {
                throw e;
            }
            return some(keys, PAGE_BYTES, e);
        }
    }

    private List<Key> page(KeyRange range, @Nullable Key after) throws SQLException {
        var from = after == null ? range.fromInclusive() : after;
        var sql = current.keyPage(from != null, after != null, range.untilExclusive() != null);
        try (var query = connection.prepareStatement(sql)) {
            int next = KeyArrays.setParts(query, 1, from);
            next = KeyArrays.setParts(query, next, range.untilExclusive());
            query.setInt(next, PAGE);
            try (var rows = query.executeQuery()) {
                var keys = new ArrayList<Key>();
                while (rows.next()) {
                    keys.add(AnswerRow.key(rows, 1, current.keyTypes().size()));
                }
                return keys;
            }
        }
    }
}
