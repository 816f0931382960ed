package dev.flusso.schema;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a search document is: one {@code *.schema.yml}, checked.
 *
 * @param table the root table: a row of it is a document
 * @param primaryKey its columns that name the document, in order; never empty
 * @param softDelete when a row counts as deleted; null when only a DELETE deletes
 * @param filters a row outside them has no document
 * @param fields the document's keys, no two equal; never empty
 * @param place where the schema begins
 */
public record DocumentSchema(
        TableRef table,
        List<String> primaryKey,
        @Nullable SoftDelete softDelete,
        List<Filter> filters,
        List<Field> fields,
        Place place) {

    public DocumentSchema {
        primaryKey = List.copyOf(primaryKey);
        filters = List.copyOf(filters);
        fields = List.copyOf(fields);
        if (primaryKey.isEmpty()) {
            throw new IllegalArgumentException(place + ": a document needs a primary key");
        }
    }

    /** Each way from a row of some table to the documents it is part of; the root's own comes first. */
    public List<ResolutionPath> paths() {
        return ResolutionPath.of(this);
    }
}
