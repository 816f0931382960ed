package dev.flusso.cli.status;

import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /status}. In JSON the names are in snake case; what is null is unknown or does not apply. The keys up to {@code
 * lastError} are those of the earlier Rust program.
 *
 * @param phase how far the process is
 * @param uptimeSeconds since the process started
 * @param indexes by name in the config, the least advanced lane of each
 * @param changesCaptured row changes seen since start
 * @param changesCommitted of them, settled in every lane
 * @param changesInFlight seen and not settled yet
 * @param documentsBuilt since start, deletes not counted
 * @param documentsQuarantined put away as dead letters since start
 * @param batches settled since start
 * @param lastFlushMicros how long the newest write to a sink took
 * @param slotLagBytes from the slot's {@code confirmed_flush_lsn} to the server's WAL end
 * @param errors since start
 * @param lastError the newest, without secrets
 * @param capture null in {@code work}
 * @param lanes by {@code <sink>/<index>}; empty in {@code capture}
 */
public record StatusReport(
        Phase phase,
        long uptimeSeconds,
        Map<String, IndexPhase> indexes,
        long changesCaptured,
        long changesCommitted,
        long changesInFlight,
        long documentsBuilt,
        long documentsQuarantined,
        long batches,
        @Nullable Long lastFlushMicros,
        @Nullable Long slotLagBytes,
        long errors,
        @Nullable String lastError,
        @Nullable CaptureStatus capture,
        @Nullable JournalStatus journal,
        Map<String, LaneStatus> lanes) {

    /** How far the process is. */
    public enum Phase {
        /** Not reading yet. */
        STARTING,
        /** At least one index is seeded for the first time. */
        BACKFILLING,
        /** Every index follows its rows. */
        LIVE,
        /** On its way out. */
        STOPPED;

        /** As in JSON. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How far an index is. */
    public enum IndexPhase {
        PENDING,
        BACKFILLING,
        SEEDED;

        /** As in JSON. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public StatusReport {
        indexes = Collections.unmodifiableMap(new TreeMap<>(indexes));
        lanes = Collections.unmodifiableMap(new TreeMap<>(lanes));
    }
}
