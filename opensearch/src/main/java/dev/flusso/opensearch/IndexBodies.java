package dev.flusso.opensearch;

import dev.flusso.schema.IndexConfig;
import dev.flusso.schema.SinkConfig;

/** What an index is created with. Any thread. */
public interface IndexBodies {

    /** Eight hexadecimal digits: another hash is another mapping. */
    String hash(IndexConfig index, SinkConfig.OpenSearch sink);

    /** The body of the request that creates it, as JSON: {@code settings} and {@code mappings}. */
    String body(IndexConfig index, SinkConfig.OpenSearch sink);
}
