package dev.flusso.schema;

import java.time.Duration;

/** {@code [sinks.<name>]}. */
public sealed interface SinkConfig {

    String name();

    Place place();

    /**
     * An OpenSearch cluster. Sizes in bytes, counts as they are.
     *
     * @param pipeline the ingest pipeline; empty for none
     * @param refreshInterval as OpenSearch spells it
     */
    record OpenSearch(
            String name,
            Setting url,
            Setting username,
            Setting password,
            Setting apiKey,
            Setting caCert,
            boolean tlsVerify,
            int batchSize,
            long maxBytes,
            Duration timeout,
            int maxRetries,
            String pipeline,
            int numberOfShards,
            int numberOfReplicas,
            String refreshInterval,
            TextAnalysis textAnalysis,
            boolean autoSubfields,
            boolean compression,
            int inFlight,
            int maxNested,
            long maxDocumentBytes,
            Place place)
            implements SinkConfig {

        public OpenSearch {
            positive(
                    name,
                    batchSize,
                    maxBytes,
                    timeout.toMillis(),
                    numberOfShards,
                    inFlight,
                    maxNested,
                    maxDocumentBytes);
            if (maxRetries < 0 || numberOfReplicas < 0) {
                throw new IllegalArgumentException(
                        "sink '" + name + "' with " + maxRetries + " retries and " + numberOfReplicas + " replicas");
            }
        }

        private static void positive(String name, long... quantities) {
            for (long quantity : quantities) {
                if (quantity < 1) {
                    throw new IllegalArgumentException(
                            "sink '" + name + "' with " + quantity + ", expected at least 1");
                }
            }
        }
    }

    /** Lines on standard output. */
    record Stdout(String name, boolean pretty, Place place) implements SinkConfig {}

    /** {@code text_analysis}. */
    enum TextAnalysis {
        BUILTIN,
        ICU
    }
}
