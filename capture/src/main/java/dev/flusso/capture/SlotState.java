package dev.flusso.capture;

import dev.flusso.journal.Lsn;

/**
 * A replication slot as the server shows it.
 *
 * @param activePid the backend that reads it; 0 when none does
 * @param holder who that is, for a message; empty when none
 * @param holderHeardMicros when the holder last reported, by the server's clock; 0 when none or unknown
 * @param confirmed everything before it need not be sent again ({@code confirmed_flush_lsn}); ZERO while the slot is being made
 * @param restart from here on the server keeps its log for the slot ({@code restart_lsn}); ZERO when it keeps none
 * @param lostBecause why it can never be read again; empty while it can
 * @param end where the server's log ended when it was asked
 */
public record SlotState(
        int activePid, String holder, long holderHeardMicros, Lsn confirmed, Lsn restart, String lostBecause, Lsn end) {

    public boolean isActive() {
        return activePid != 0;
    }

    public boolean isLost() {
        return !lostBecause.isEmpty();
    }

    /** Bytes of log between what was acknowledged and the log's end. */
    public long lagBytes() {
        return end.bytesSince(confirmed);
    }

    /** Bytes of log the server keeps because of the slot. */
    public long retainedBytes() {
        return restart.equals(Lsn.ZERO) ? 0 : end.bytesSince(restart);
    }
}
