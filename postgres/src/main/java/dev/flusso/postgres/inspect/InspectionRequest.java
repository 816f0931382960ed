package dev.flusso.postgres.inspect;

import dev.flusso.schema.IndexConfig;
import dev.flusso.schema.SourceConfig;
import java.util.List;

/**
 * What is to be looked at.
 *
 * @param source with its policies
 * @param indexes those that are to be kept
 * @param slot the replication slot's name
 * @param publication the publication's name
 * @param managePublication whether flusso may create and extend it
 * @param maxDocumentBytes what the strictest sink takes
 */
public record InspectionRequest(
        SourceConfig source,
        List<IndexConfig> indexes,
        String slot,
        String publication,
        boolean managePublication,
        long maxDocumentBytes) {

    public InspectionRequest {
        indexes = List.copyOf(indexes);
    }
}
