package dev.flusso.opensearch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;

/**
 * What the cluster, or something before it, answered.
 *
 * @param status the HTTP status
 * @param body empty when there was none; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // read once, by whoever asked
record Reply(int status, byte[] body) {

    static final ObjectMapper JSON = new ObjectMapper();

    boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    /** The body; a missing node when it is no JSON. */
    JsonNode json() {
        try {
            var tree = JSON.readTree(body);
            return tree == null ? MissingNode.getInstance() : tree;
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory failed", e);
        }
    }

    /** The error's type, such as {@code index_not_found_exception}; empty when it has none. */
    String errorType() {
        return json().path("error").path("type").asText("");
    }
}
