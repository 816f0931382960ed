package dev.flusso.worker;

import dev.flusso.journal.TableName;
import dev.flusso.schema.DocumentSchema;
import dev.flusso.schema.ResolutionPath;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads documents out of {@link InMemoryRows}. */
final class InMemoryIndexReader implements RowReader.IndexReader {

    private final InMemoryRows rows;
    private final DocumentSchema schema;
    private final long maxDocumentBytes;

    InMemoryIndexReader(InMemoryRows rows, DocumentSchema schema, long maxDocumentBytes) {
        this.rows = rows;
        this.schema = schema;
        this.maxDocumentBytes = maxDocumentBytes;
    }

    @Override
    public String definition() {
        return rows.definition();
    }

    @Override
    public List<String> primaryKey(TableName table) {
        rows.ask();
        return rows.primaryKey(table);
    }

    @Override
    public Built documents(List<Key> keys) {
        return documents(keys, Long.MAX_VALUE);
    }

    @Override
    public Built documents(List<Key> keys, long budgetBytes) {
        rows.ask();
        var stamp = rows.snapshot();
        var seen = rows.seenBy(stamp, schema);
        var answers = new ArrayList<Answer>();
        var bytes = 0L;
        for (var key : keys) {
            var answer = answer(key, seen.json(key));
            var document = answer.document();
            bytes += document == null ? 0 : document.json().length;
            if (bytes > budgetBytes && !answers.isEmpty()) {
                break;
            }
            answers.add(answer);
        }
        return new Built(stamp, answers);
    }

    private Answer answer(Key key, @Nullable String json) {
        if (json == null) {
            return new Answer(key, key.toString(), null);
        }
        if (rows.isFailing(json)) {
            var why = new Outcome.Rejected("row_failed", "division by zero, as the test wants it");
            return new Answer(key, key.toString(), Answer.Found.refused(key.toString(), why));
        }
        var bytes = json.getBytes(StandardCharsets.UTF_8);
        var fetched = bytes.length > maxDocumentBytes ? new byte[0] : bytes;
        return new Answer(key, key.toString(), new Answer.Found(key.toString(), fetched, bytes.length));
    }

    @Override
    public Resolved resolve(ResolutionPath path, List<Key> starts, @Nullable Key after, int limit) {
        rows.ask();
        var stamp = rows.snapshot();
        var found = rows.seenBy(stamp, schema).follow(path, starts).stream()
                .sorted(RowDocuments.ORDER)
                .filter(key -> after == null || RowDocuments.ORDER.compare(key, after) > 0)
                .toList();
        var page = found.subList(0, Math.min(limit, found.size()));
        return new Resolved(stamp, page, page.size() < found.size());
    }

    @Override
    public long estimate() {
        rows.ask();
        return rows.estimates() ? rows.seenBy(rows.snapshot(), schema).keys().size() : 0;
    }

    @Override
    public List<KeyRange> ranges(int count) {
        rows.ask();
        var keys = rows.seenBy(rows.snapshot(), schema).keys();
        var ranges = new ArrayList<KeyRange>();
        var size = Math.max(1, (keys.size() + count - 1) / count);
        Key from = null;
        for (var i = size; i < keys.size(); i += size) {
            ranges.add(new KeyRange(from, keys.get(i)));
            from = keys.get(i);
        }
        ranges.add(new KeyRange(from, null));
        return ranges;
    }

    @Override
    public void scan(KeyRange range, ScanConsumer each) {
        rows.scan();
        if (!scanUntilOneFails(range, each)) {
            scanByKeys(range, each);
        }
    }

    /** Returns whether none failed; what came before it has been given. */
    private boolean scanUntilOneFails(KeyRange range, ScanConsumer each) {
        var stamp = rows.snapshot();
        var seen = rows.seenBy(stamp, schema);
        for (var key : seen.keys()) {
            var json = isIn(range, key) ? seen.json(key) : null;
            if (json != null && rows.isFailing(json)) {
                return false;
            }
            if (json != null) {
                each.accept(stamp, answer(key, json));
            }
        }
        return true;
    }

    /** Each document by a statement of its own. */
    private void scanByKeys(KeyRange range, ScanConsumer each) {
        for (var key : rows.seenBy(rows.snapshot(), schema).keys()) {
            var stamp = rows.snapshot();
            var json = isIn(range, key) ? rows.seenBy(stamp, schema).json(key) : null;
            if (json != null) {
                each.accept(stamp, answer(key, json));
            }
        }
    }

    private static boolean isIn(KeyRange range, Key key) {
        var from = range.fromInclusive();
        var until = range.untilExclusive();
        return (from == null || RowDocuments.ORDER.compare(key, from) >= 0)
                && (until == null || RowDocuments.ORDER.compare(key, until) < 0);
    }
}
