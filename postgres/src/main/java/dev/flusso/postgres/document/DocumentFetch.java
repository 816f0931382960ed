package dev.flusso.postgres.document;

import dev.flusso.worker.Answer;
import dev.flusso.worker.Built;
import dev.flusso.worker.Key;
import dev.flusso.worker.Stamp;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Fetches the documents of keys by the statement of an index, through a cursor, in {@linkplain Portion portions}. Any thread. */
final class DocumentFetch {

    private final String index;
    private final long maxDocumentBytes;
    private volatile Portion usual = Portion.SMALL;

    DocumentFetch(String index, long maxDocumentBytes) {
        this.index = index;
        this.maxDocumentBytes = maxDocumentBytes;
    }

    /** The portion that has fitted lately. */
    Portion usual() {
        return usual;
    }

    /** Learns how a portion fitted. */
    void learn(Portion used, int sent, int withheld, long largestBytes) {
        usual = used.following(sent, withheld, largestBytes);
    }

    /** Whether a document was only measured although it may be sent. */
    boolean isWithheld(Answer answer) {
        var found = answer.document();
        return found != null && found.tooLarge() && found.bytes() <= maxDocumentBytes;
    }

    /**
     * The documents of these keys, or of some of them, one at least, which are about as large as the budget.
     *
     * @param connection in a transaction
     * @param keys one at least
     */
    Built some(Connection connection, CompiledIndex current, List<Key> keys, long budgetBytes) throws SQLException {
        var pass = answered(connection, current, keys, budgetBytes, usual);
        learn(pass.portion, pass.sent, pass.withheld.size(), pass.largestBytes);
        return pass.built();
    }

    /** As the other, of documents that are larger than usual: begins with a portion for these, and learns nothing from them. */
    Built someLarger(Connection connection, CompiledIndex current, List<Key> keys, long budgetBytes, Portion first)
            throws SQLException {
        return answered(connection, current, keys, budgetBytes, first).built();
    }

    private Pass answered(Connection connection, CompiledIndex current, List<Key> keys, long budgetBytes, Portion first)
            throws SQLException {
        var pass = new Pass(keys, budgetBytes, first).run(connection, current);
        if (pass.isEmpty()) { // all of them are larger, and now it is known by how much
            pass = pass.ofFitting().run(connection, current);
        }
        if (pass.isEmpty()) { // they have grown meanwhile
            pass = new Pass(keys.subList(0, 1), budgetBytes, Portion.WHOLE).run(connection, current);
        }
        return pass;
    }

    /** Those of the keys that were not answered. */
    static List<Key> unanswered(List<Key> keys, Built built) {
        var answered = new HashSet<Key>();
        built.answers().forEach(answer -> answered.add(answer.asked()));
        return keys.stream().filter(key -> !answered.contains(key)).toList();
    }

    /** One execution of the statement. */
    private final class Pass {

        private final List<Key> keys;
        private final long budgetBytes;
        private final Portion portion;
        private final List<Answer> withheld = new ArrayList<>();
        private final @Nullable Answer[] answers;
        private @Nullable Stamp stamp;
        private long bytes;
        private long largestBytes;
        private int sent;

        Pass(List<Key> keys, long budgetBytes, Portion portion) {
            this.keys = keys;
            this.budgetBytes = Math.max(1, budgetBytes);
            this.portion = portion;
            this.answers = new @Nullable Answer[keys.size()];
        }

        Pass run(Connection connection, CompiledIndex current) throws SQLException {
            try (var query = connection.prepareStatement(current.documents(portion))) {
                query.setFetchSize(portion.rows());
                KeyArrays.set(query, 1, keys, current.keyTypes().size());
                try (var rows = query.executeQuery()) {
                    read(rows, current);
                }
            }
            if ((sent + withheld.size() != keys.size() && bytes < budgetBytes) || stamp == null) {
                throw new IllegalStateException("the database answered " + (sent + withheld.size()) + " of "
                        + keys.size() + " keys of index '" + index + "', expected an answer for each");
            }
            return this;
        }

        private void read(ResultSet rows, CompiledIndex current) throws SQLException {
            while ((bytes < budgetBytes || stamp == null) && rows.next()) {
                int number = rows.getInt(1);
                var key = keys.get(number - 1);
                if (number == 1) {
                    current.check(rows.getString(8));
                    stamp = Stamps.of(rows.getString(6), rows.getString(7));
                }
                if (answers[number - 1] != null) {
                    throw current.twice(key);
                }
                if (bytes < budgetBytes) { // else only the stamp is still waited for
                    var answer = AnswerRow.read(rows, key);
                    answers[number - 1] = answer;
                    count(answer);
                }
            }
        }

        private void count(Answer answer) {
            if (isWithheld(answer)) {
                withheld.add(answer);
                return;
            }
            sent++;
            var found = answer.document();
            int length = found == null ? 0 : found.json().length;
            bytes += length;
            largestBytes = Math.max(largestBytes, length);
        }

        boolean isEmpty() {
            return sent == 0;
        }

        Built built() {
            var seen = stamp;
            if (seen == null) {
                throw new IllegalStateException("asked before it was run");
            }
            var complete = new ArrayList<Answer>(sent);
            for (var answer : answers) {
                if (answer != null && !isWithheld(answer)) {
                    complete.add(answer);
                }
            }
            return new Built(seen, complete);
        }

        /** One for the first that were withheld, as many as fit into the budget by their sizes, one at least. */
        Pass ofFitting() {
            var fitting = new ArrayList<Key>();
            var sum = 0L;
            var largest = 0L;
            for (var answer : withheld) {
                var size = bytes(answer);
                sum += size;
                if (!fitting.isEmpty() && sum > budgetBytes) {
                    break;
                }
                largest = Math.max(largest, size);
                fitting.add(answer.asked());
            }
            return new Pass(fitting, budgetBytes, Portion.of(largest));
        }
    }

    /** As the database measured it. */
    static long bytes(Answer answer) {
        var found = answer.document();
        return found == null ? 0 : found.bytes();
    }
}
