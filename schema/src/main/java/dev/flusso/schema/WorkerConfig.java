package dev.flusso.schema;

import java.time.Duration;

/**
 * {@code [worker]}.
 *
 * @param batchSize changes gathered for one build
 * @param batchDelay how long a batch may be gathered while there is more to come
 * @param connections Postgres connections for reading, shared by all lanes
 * @param seedConnections how many of them seeding may use
 */
public record WorkerConfig(int batchSize, Duration batchDelay, int connections, int seedConnections) {

    public WorkerConfig {
        if (batchSize < 1 || batchDelay.isNegative()) {
            throw new IllegalArgumentException("worker batches of " + batchSize + " after " + batchDelay);
        }
        if (seedConnections < 1 || seedConnections > connections) {
            throw new IllegalArgumentException("worker with " + seedConnections + " seed connections of " + connections
                    + ", expected 1 to all of them");
        }
    }
}
