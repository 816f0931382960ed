package dev.flusso.cli.inspect;

import dev.flusso.cli.command.Explanation;
import dev.flusso.opensearch.StoredDocuments;
import dev.flusso.postgres.document.PostgresIndexReader;
import dev.flusso.schema.IndexConfig;
import dev.flusso.schema.ResolutionPath;
import dev.flusso.worker.Key;
import dev.flusso.worker.KeyRange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds out how an index' documents come about: from the schema, and from the statements the worker would run. */
final class Explaining {

    private final IndexConfig index;
    private final PostgresIndexReader reader;

    Explaining(IndexConfig index, PostgresIndexReader reader) {
        this.index = index;
        this.reader = reader;
    }

    /** @param key of a document to be shown; null for none */
    Explanation explanation(@Nullable Key key) {
        var schema = index.schema();
        return new Explanation(
                index.name(),
                schema.table().toString(),
                schema.primaryKey(),
                schema.paths().stream().map(this::way).toList(),
                reader.sql(),
                reader.plan(key == null ? List.of() : List.of(key)),
                reader.scanSql(KeyRange.ALL),
                key == null ? null : shown(key));
    }

    private Explanation.Way way(ResolutionPath path) {
        return new Explanation.Way(
                path.table().toString(),
                path.field(),
                path.start(),
                path.hops().stream()
                        .map(hop -> new Explanation.Hop(hop.table().toString(), hop.match(), hop.result()))
                        .toList(),
                reader.sql(path));
    }

    private Explanation.Shown shown(Key key) {
        var found = reader.documents(List.of(key)).answers().get(0).document();
        if (found == null) {
            return new Explanation.Shown(
                    key.toString(), "", null, "there is none: no such row, or it is deleted or outside the filters");
        }
        var refused = found.refused();
        if (refused != null) {
            return new Explanation.Shown(
                    key.toString(), found.id(), null, "rejected: " + refused.type() + ": " + refused.reason());
        }
        if (found.tooLarge()) {
            return new Explanation.Shown(
                    key.toString(), found.id(), null, "too large to be indexed: " + found.bytes() + " bytes");
        }
        return new Explanation.Shown(key.toString(), found.id(), StoredDocuments.parse(found.json()), "");
    }
}
