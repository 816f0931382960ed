package dev.flusso.cli.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flusso.opensearch.StoredDocuments;
import dev.flusso.postgres.document.PostgresIndexReader;
import dev.flusso.schema.IndexConfig;
import dev.flusso.schema.ResolutionPath;
import dev.flusso.worker.Key;
import dev.flusso.worker.KeyRange;
import java.util.List;
import java.util.stream.Collectors;

/** How an index' documents come about, in words and SQL. */
final class Explanation {

    private final IndexConfig index;
    private final PostgresIndexReader reader;
    private final StringBuilder text = new StringBuilder();

    Explanation(IndexConfig index, PostgresIndexReader reader) {
        this.index = index;
        this.reader = reader;
    }

    /** All of it but a document. */
    Explanation statements(List<Key> keys) {
        var schema = index.schema();
        title("index " + index.name() + ": one document for each row of " + schema.table() + ", named by "
                + columns(schema.primaryKey()));
        title("which changes touch it");
        for (var path : schema.paths()) {
            text.append(words(path)).append('\n');
        }
        title("documents by key; the parameters are arrays of key texts");
        text.append(reader.sql()).append('\n');
        title("its plan");
        reader.plan(keys).forEach(line -> text.append(line).append('\n'));
        title("documents of a range, for seeding");
        text.append(reader.scanSql(KeyRange.ALL)).append('\n');
        for (var path : schema.paths()) {
            var sql = reader.sql(path);
            if (!sql.isEmpty()) {
                title("from " + path.table() + " at " + path.field());
                text.append(sql).append('\n');
            }
        }
        return this;
    }

    /** The document of one key. */
    Explanation document(Key key) {
        title("document " + key);
        var answer = reader.documents(List.of(key)).answers().get(0);
        var found = answer.document();
        if (found == null) {
            text.append("there is none: no such row, or it is deleted or outside the filters\n");
        } else if (found.tooLarge()) {
            text.append("too large to be indexed: ").append(found.bytes()).append(" bytes\n");
        } else {
            JsonNode json = StoredDocuments.parse(found.json());
            text.append("_id ")
                    .append(found.id())
                    .append('\n')
                    .append(json.toPrettyString())
                    .append('\n');
        }
        return this;
    }

    String text() {
        return text.toString();
    }

    private void title(String title) {
        text.append(text.isEmpty() ? "" : "\n").append("-- ").append(title).append('\n');
    }

    /** A path as a sentence. */
    String words(ResolutionPath path) {
        var start = path.start().isEmpty() ? "its primary key" : columns(path.start());
        var sentence = new StringBuilder("a change in " + path.table() + " touches " + index.name() + " ");
        if (path.field().isEmpty()) {
            return sentence.append("by ").append(start).toString();
        }
        sentence.append("at ").append(path.field()).append(", through ").append(start);
        for (var hop : path.hops()) {
            sentence.append(", then the rows of ")
                    .append(hop.table())
                    .append(" with that ")
                    .append(columns(hop.match()))
                    .append(" and their ")
                    .append(columns(hop.result()));
        }
        return sentence.toString();
    }

    private static String columns(List<String> columns) {
        return columns.size() == 1 ? columns.get(0) : columns.stream().collect(Collectors.joining(", ", "(", ")"));
    }
}
