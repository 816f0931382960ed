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
public record WorkerConfig(int batchSize, Duration batchDelay, int connections, int seedConnections) {}
