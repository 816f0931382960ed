package dev.flusso.postgres.document;

import dev.flusso.journal.TableName;
import dev.flusso.schema.DocumentSchema;
import dev.flusso.schema.ResolutionPath;
import dev.flusso.schema.TableRef;
import dev.flusso.worker.Answer;
import dev.flusso.worker.Built;
import dev.flusso.worker.DriftException;
import dev.flusso.worker.Key;
import dev.flusso.worker.KeyRange;
import dev.flusso.worker.Resolved;
import dev.flusso.worker.RowReader;
import dev.flusso.worker.SourceUnavailableException;
import dev.flusso.worker.Stamp;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The documents of one index.
 *
 * <p>The statements belong to the catalog as it was when they were written. Each of their answers says whether it still is like that; if
 * not, the answer is thrown away, the statements are written anew, and the call is tried once more.
 */
public final class PostgresIndexReader implements RowReader.IndexReader {

    /** Tables up to this size are counted and numbered to be cut into ranges; of larger ones a sample is. */
    static final long COUNTED_ROWS = 500_000;

    private final Sessions sessions;
    private final String index;
    private final DocumentSchema schema;
    private final long maxDocumentBytes;
    private final DocumentFetch fetch;
    private volatile CompiledIndex compiled;

    private PostgresIndexReader(
            Sessions sessions, String index, DocumentSchema schema, long maxDocumentBytes, CompiledIndex compiled) {
        this.sessions = sessions;
        this.index = index;
        this.schema = schema;
        this.maxDocumentBytes = maxDocumentBytes;
        this.fetch = new DocumentFetch(index, maxDocumentBytes);
        this.compiled = compiled;
    }

    static PostgresIndexReader open(Sessions sessions, String index, DocumentSchema schema, long maxDocumentBytes) {
        var compiled = compile(sessions, index, schema, maxDocumentBytes);
        return new PostgresIndexReader(sessions, index, schema, maxDocumentBytes, compiled);
    }

    private static CompiledIndex compile(
            Sessions sessions, String index, DocumentSchema schema, long maxDocumentBytes) {
        try {
            return sessions.attempt(connection -> CompiledIndex.compile(connection, schema, maxDocumentBytes));
        } catch (SQLException e) {
            if (SourceTrouble.isUnavailable(e)) {
                throw sessions.unavailable("the catalog for index '" + index + "'", e);
            }
            throw new DriftException(schema.place(), "the catalog could not be read: " + SourceTrouble.reason(e), e);
        }
    }

    /** The statement that builds documents, for people; its parameters are arrays of key texts. */
    public String sql() {
        return compiled.documents(Portion.WHOLE);
    }

    /** The statement that follows a path, for people; empty for a path without hops. */
    public String sql(ResolutionPath path) {
        return path.hops().isEmpty() ? "" : compiled.resolving(path, false);
    }

    /** The statement that builds the documents of a range, for people. */
    public String scanSql(KeyRange range) {
        return compiled.scan(range.fromInclusive() != null, range.untilExclusive() != null, Portion.WHOLE);
    }

    /** The plan of the statement that builds documents, line by line, as the server makes it for these keys. */
    public List<String> plan(List<Key> keys) {
        return run("the plan", usual(), (connection, current) -> {
            KeyArrays.check(keys, current.keyTypes().size(), "index '" + index + "'");
            try (var query = connection.prepareStatement("EXPLAIN (COSTS OFF) " + usual().in(current))) {
                KeyArrays.set(query, 1, keys, current.keyTypes().size());
                try (var rows = query.executeQuery()) {
                    var lines = new ArrayList<String>();
                    while (rows.next()) {
                        lines.add(rows.getString(1));
                    }
                    return lines;
                }
            }
        });
    }

    @Override
    public List<String> primaryKey(TableName table) {
        var wanted = new TableRef(table.schema(), table.name());
        return run("the primary key of " + table, compiled -> "", (connection, current) -> {
            var key = Catalog.load(connection, Set.of(wanted))
                    .relation(wanted, schema.place())
                    .primaryKey();
            if (key.isEmpty()) {
                throw new DriftException(schema.place(), "table " + table + " has no primary key, expected one");
            }
            return key;
        });
    }

    @Override
    public String definition() {
        return compiled.definition();
    }

    @Override
    public Built documents(List<Key> keys) {
        var first = documents(keys, Long.MAX_VALUE);
        if (first.answers().size() == keys.size()) {
            return first;
        }
        var answers = new ArrayList<>(first.answers());
        var open = DocumentFetch.unanswered(keys, first);
        while (!open.isEmpty()) {
            var more = documents(open, Long.MAX_VALUE);
            answers.addAll(more.answers());
            open = DocumentFetch.unanswered(open, more);
        }
        return new Built(first.stamp(), answers);
    }

    @Override
    public Built documents(List<Key> keys, long budgetBytes) {
        KeyArrays.check(keys, schema.primaryKey().size(), "index '" + index + "'");
        return run("documents of index '" + index + "'", usual(), (connection, current) -> {
            try {
                return build(connection, current, keys, budgetBytes);
            } catch (SQLException e) {
                if (!SourceTrouble.isOfRows(e)) {
                    throw e;
                }
                return buildReadable(connection, current, keys, budgetBytes, e);
            }
        });
    }

    private Built build(Connection connection, CompiledIndex current, List<Key> keys, long budgetBytes)
            throws SQLException {
        if (keys.isEmpty()) {
            try (var query = connection.prepareStatement(Stamps.SQL);
                    var row = query.executeQuery()) {
                row.next();
                return new Built(Stamps.of(row.getString(1), row.getString(2)), List.of());
            }
        }
        connection.setAutoCommit(false); // what is fetched by portions needs a transaction
        try {
            return fetch.some(connection, current, keys, budgetBytes);
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    /** Leaves out what the key columns' types cannot read, and answers it as absent. */
    private Built buildReadable(
            Connection connection, CompiledIndex current, List<Key> keys, long budgetBytes, SQLException first)
            throws SQLException {
        var readable = KeyArrays.readable(connection, keys, current.keyTypes());
        var good = new ArrayList<Key>();
        var bad = new ArrayList<Answer>();
        for (int i = 0; i < keys.size(); i++) {
            if (readable[i]) {
                good.add(keys.get(i));
            } else {
                bad.add(new Answer(keys.get(i), KeyText.id(keys.get(i)), null));
            }
        }
        if (bad.isEmpty()) {
            return faults(connection, current).some(keys, budgetBytes, first);
        }
        Built built;
        try {
            built = build(connection, current, good, budgetBytes);
        } catch (SQLException e) {
            if (!SourceTrouble.isOfRows(e)) {
                throw e;
            }
            built = faults(connection, current).some(good, budgetBytes, e);
        }
        bad.addAll(built.answers());
        return new Built(built.stamp(), bad);
    }

    private RowFaults faults(Connection connection, CompiledIndex current) {
        return new RowFaults(connection, current, (keys, budget) -> build(connection, current, keys, budget));
    }

    @Override
    public Resolved resolve(ResolutionPath path, List<Key> starts, @Nullable Key after, int limit) {
        var parts = path.hops().isEmpty() ? 0 : path.hops().get(0).match().size();
        KeyArrays.check(starts, parts, "the start of path '" + path.field() + "'");
        var what = "documents of index '" + index + "' that a change in " + path.table() + " touches";
        return run(what, compiled -> compiled.resolving(path, after != null), (connection, current) -> {
            try {
                return follow(connection, current, path, starts, after, limit);
            } catch (SQLException e) {
                if (!SourceTrouble.isUnreadable(e)) {
                    throw e;
                }
                var readable = KeyArrays.readable(connection, starts, current.startTypes(path));
                var good = new ArrayList<Key>();
                for (int i = 0; i < readable.length; i++) {
                    if (readable[i]) {
                        good.add(starts.get(i));
                    }
                }
                if (good.size() == starts.size()) {
                    throw e;
                }
                return follow(connection, current, path, good, after, limit);
            }
        });
    }

    private Resolved follow(
            Connection connection,
            CompiledIndex current,
            ResolutionPath path,
            List<Key> starts,
            @Nullable Key after,
            int limit)
            throws SQLException {
        try (var query = connection.prepareStatement(current.resolving(path, after != null))) {
            int next = 1 + path.hops().get(0).match().size();
            KeyArrays.set(query, 1, starts, next - 1);
            next = KeyArrays.setParts(query, next, after);
            query.setLong(next, limit + 1L);
            try (var rows = query.executeQuery()) {
                return resolved(rows, current, limit);
            }
        }
    }

    private Resolved resolved(ResultSet rows, CompiledIndex current, int limit) throws SQLException {
        var keys = new ArrayList<Key>();
        Stamp stamp = null;
        int parts = current.keyTypes().size();
        while (rows.next()) {
            if (stamp == null) {
                current.check(rows.getString(3));
                stamp = Stamps.of(rows.getString(1), rows.getString(2));
            }
            if (rows.getBoolean(4)) {
                keys.add(AnswerRow.key(rows, 6, parts));
            }
        }
        if (stamp == null) {
            throw new IllegalStateException("the database answered without a row, expected its snapshot at least");
        }
        boolean more = keys.size() > limit;
        return new Resolved(stamp, more ? keys.subList(0, limit) : keys, more);
    }

    @Override
    public long estimate() {
        return run("the size of " + schema.table(), compiled -> "", this::extent)
                .rows();
    }

    private RangeSql.Extent extent(Connection connection, CompiledIndex current) throws SQLException {
        try (var query = connection.prepareStatement(RangeSql.estimate())) {
            query.setLong(1, current.root().oid());
            query.setLong(2, current.root().oid());
            try (var row = query.executeQuery()) {
                return row.next() ? new RangeSql.Extent(row.getLong(1), row.getLong(2)) : new RangeSql.Extent(0, 0);
            }
        }
    }

    @Override
    public List<KeyRange> ranges(int count) {
        return ranges(count, COUNTED_ROWS);
    }

    /**
     * The ranges.
     *
     * @param countedRows above this many rows a sample decides
     */
    List<KeyRange> ranges(int count, long countedRows) {
        if (count < 1) {
            throw new IllegalArgumentException("count is " + count + ", expected at least 1");
        }
        if (count == 1) {
            return List.of(KeyRange.ALL);
        }
        Work<List<Key>> work = (connection, current) -> {
            var table = extent(connection, current);
            var ranges = current.ranges();
            return boundaries(
                    connection, table.rows() > countedRows ? ranges.sampled(table, count) : ranges.exact(), count);
        };
        var bounds = runScan(
                "the ranges of " + schema.table(), compiled -> compiled.ranges().exact(), work);
        var cut = new ArrayList<KeyRange>();
        Key from = null;
        for (var bound : bounds) {
            cut.add(new KeyRange(from, bound));
            from = bound;
        }
        cut.add(new KeyRange(from, null));
        return cut;
    }

    private List<Key> boundaries(Connection connection, String sql, int count) throws SQLException {
        try (var query = connection.prepareStatement(sql)) {
            query.setInt(1, count);
            try (var rows = query.executeQuery()) {
                var bounds = new ArrayList<Key>();
                while (rows.next()) {
                    bounds.add(AnswerRow.key(rows, 1, schema.primaryKey().size()));
                }
                return bounds;
            }
        }
    }

    @Override
    public void scan(KeyRange range, ScanConsumer each) {
        var portion = fetch.usual();
        SqlOf sql = current -> current.scan(range.fromInclusive() != null, range.untilExclusive() != null, portion);
        var given = new boolean[1];
        ScanConsumer noted = (stamp, answer) -> {
            given[0] = true;
            each.accept(stamp, answer);
        };
        runScan("documents of index '" + index + "'", sql, (connection, current) -> {
            try {
                new RangeScan(range, portion, fetch, noted).run(connection, sql.in(current), current);
                return true;
            } catch (SQLException e) {
                if (SourceTrouble.isOfRows(e)) {
                    connection.rollback();
                    connection.setAutoCommit(true);
                    faults(connection, current).scan(range, each);
                    return true;
                }
                if (given[0] && !SourceTrouble.isUnavailable(e)) {
                    throw current.drift(e, sql.in(current)); // a second attempt would deliver twice
                }
                throw e;
            }
        });
    }

    private SqlOf usual() {
        return current -> current.documents(fetch.usual());
    }

    /** The statement a piece of work runs, to find the place of an error in it. */
    private interface SqlOf {
        String in(CompiledIndex current);
    }

    /** What is done with a session and the statements as they are. */
    private interface Work<T> {
        T with(Connection connection, CompiledIndex current) throws SQLException;
    }

    private <T> T run(String what, SqlOf sql, Work<T> work) {
        return twiceAtMost(what, sql, current -> sessions.attempt(connection -> work.with(connection, current)));
    }

    private <T> T runScan(String what, SqlOf sql, Work<T> work) {
        return twiceAtMost(what, sql, current -> sessions.attemptScan(connection -> work.with(connection, current)));
    }

    private interface Attempt<T> {
        T with(CompiledIndex current) throws SQLException;
    }

    /** Tries, and if the statements do not fit the tables any more, writes them anew and tries once more. */
    private <T> T twiceAtMost(String what, SqlOf sql, Attempt<T> attempt) {
        var first = compiled;
        try {
            return attempt.with(first);
        } catch (TablesChangedException e) {
            return secondly(what, sql, attempt, renewed(first));
        } catch (SQLException e) {
            if (SourceTrouble.isUnavailable(e)) {
                throw sessions.unavailable(what, e);
            }
            return secondly(what, sql, attempt, renewed(first));
        }
    }

    private <T> T secondly(String what, SqlOf sql, Attempt<T> attempt, CompiledIndex current) {
        try {
            return attempt.with(current);
        } catch (TablesChangedException e) {
            throw new SourceUnavailableException(
                    what + " could not be read: the tables of index '" + index + "' are being changed", e);
        } catch (SQLException e) {
            if (SourceTrouble.isUnavailable(e)) {
                throw sessions.unavailable(what, e);
            }
            throw current.drift(e, sql.in(current));
        }
    }

    /** The statements for the tables as they are now; another thread may have written them already. */
    private synchronized CompiledIndex renewed(CompiledIndex old) {
        if (compiled == old) {
            compiled = compile(sessions, index, schema, maxDocumentBytes);
        }
        return compiled;
    }
}
