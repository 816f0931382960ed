package dev.flusso.cli.status;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The capture half.
 *
 * @param state what it does
 * @param since when it came into this state
 * @param slot the replication slot
 * @param publication the publication
 * @param position the newest entry appended
 * @param receivedLsn up to where the server has sent
 * @param acknowledgedLsn up to where changes are on disk and the server was told so
 * @param lagBytes from there to the server's WAL end
 * @param lagSeconds age of the newest heartbeat appended, less the interval it is expected in
 * @param heartbeatAgeSeconds age of the newest heartbeat appended
 * @param walRetainedBytes WAL the server keeps for the slot, from {@code restart_lsn}
 * @param blockedBy who keeps a coverage barrier waiting: transactions, by pid and what they run
 * @param warnings what works, but worse: relations that can go stale, and the SQL that mends it
 * @param lastError the newest, without secrets
 */
public record CaptureStatus(
        State state,
        Instant since,
        String slot,
        String publication,
        @Nullable String position,
        @Nullable String receivedLsn,
        @Nullable String acknowledgedLsn,
        @Nullable Long lagBytes,
        @Nullable Double lagSeconds,
        @Nullable Double heartbeatAgeSeconds,
        @Nullable Long walRetainedBytes,
        List<String> blockedBy,
        List<String> warnings,
        @Nullable String lastError) {

    /** What the capture half does. */
    public enum State {
        STARTING,
        /** The server is away, or not ready; tried again with back-off. */
        CONNECTING,
        STREAMING,
        /** Reading is held: the journal is full, or its disk. The server keeps the WAL. */
        HELD,
        STOPPED;

        /** As in JSON. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public CaptureStatus {
        blockedBy = List.copyOf(blockedBy);
        warnings = List.copyOf(warnings);
    }
}
