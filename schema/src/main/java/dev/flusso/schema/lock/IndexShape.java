package dev.flusso.schema.lock;

import dev.flusso.schema.SinkConfig;

/**
 * The options of a sink that decide what an index looks like; with others it would have to be another index.
 *
 * @param kind {@code opensearch} or {@code stdout}
 */
public record IndexShape(String kind, SinkConfig.TextAnalysis textAnalysis, boolean autoSubfields, int numberOfShards) {

    /** Lines on standard output have no options that matter. */
    public static final IndexShape STDOUT = new IndexShape("stdout", SinkConfig.TextAnalysis.BUILTIN, true, 1);

    public static IndexShape of(SinkConfig sink) {
        return sink instanceof SinkConfig.OpenSearch cluster
                ? new IndexShape(
                        "opensearch", cluster.textAnalysis(), cluster.autoSubfields(), cluster.numberOfShards())
                : STDOUT;
    }
}
