package dev.flusso.postgres.expectation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * A document the index should hold.
 *
 * @param key the root row's key, as Postgres writes it
 * @param document numbers with all digits; a sum or average of floating point numbers, which depends on the order of adding, as a double
 */
public record ExpectedDocument(String id, List<String> key, JsonNode document) {
    public ExpectedDocument {
        key = List.copyOf(key);
    }
}
