package dev.flusso.cli.inspect;

import dev.flusso.postgres.expectation.ExpectedDocument;
import dev.flusso.postgres.expectation.ExpectedDocuments;
import dev.flusso.schema.DocumentSchema;
import java.util.List;
import java.util.function.Consumer;

/** What the documents of one index should be. */
record Expectation(ExpectedDocuments rows, DocumentSchema schema) {

    void all(Consumer<ExpectedDocument> each) {
        rows.all(schema, each);
    }

    List<ExpectedDocument> of(List<List<String>> keys) {
        return rows.of(schema, keys);
    }

    List<List<String>> sample(int count) {
        return rows.sample(schema, count);
    }

    int keyColumns() {
        return schema.primaryKey().size();
    }
}
