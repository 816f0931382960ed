package dev.flusso.postgres.document;

import java.time.Duration;

/**
 * How much the reader may use, and how long it waits.
 *
 * @param connections sessions at most
 * @param seedConnections how many of them scans may hold at once; one always stays for the rest
 * @param statementDeadline for one statement of a batch
 * @param seedDeadline for cutting a table into ranges, and for each portion a scan fetches
 * @param borrowDeadline for getting a session, connecting included, and for a scan's turn
 */
public record ReaderSettings(
        int connections,
        int seedConnections,
        Duration statementDeadline,
        Duration seedDeadline,
        Duration borrowDeadline) {

    public ReaderSettings {
        if (connections < 1 || seedConnections < 1) {
            throw new IllegalArgumentException("connections " + connections + ", seed connections " + seedConnections
                    + ", expected at least one of each");
        }
    }

    /** The deadlines that fit most. */
    public static ReaderSettings of(int connections, int seedConnections) {
        return new ReaderSettings(
                connections, seedConnections, Duration.ofSeconds(60), Duration.ofMinutes(15), Duration.ofSeconds(30));
    }

    int scans() {
        return Math.max(1, Math.min(seedConnections, connections - 1));
    }
}
