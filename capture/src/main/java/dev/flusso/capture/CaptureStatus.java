package dev.flusso.capture;

import dev.flusso.journal.Lsn;
import java.time.Instant;
import java.util.List;

/**
 * Capture as it was after its last step. Any thread.
 *
 * @param detail one line for people: what it waits for; empty when all is well
 * @param received up to here the stream was handed out
 * @param durable up to here it is on disk
 * @param acknowledged up to here the server was told so
 * @param slotLagBytes log between what was acknowledged and the log's end, when last asked
 * @param walRetainedBytes log the server keeps because of the slot, when last asked
 * @param changes change entries appended since this object was made
 * @param commits commits appended since then
 * @param heartbeatAppendedAt when the last heartbeat was appended; {@link Instant#EPOCH} when none was
 * @param heartbeatDurableAt as {@code heartbeatAppendedAt}, of the last one that is on disk
 * @param blockers what lanes, the slot's creation or a coverage entry wait for
 * @param errors how many troubles there were
 * @param lastError the last one; empty when there was none
 */
public record CaptureStatus(
        CapturePhase phase,
        String detail,
        Lsn received,
        Lsn durable,
        Lsn acknowledged,
        long slotLagBytes,
        long walRetainedBytes,
        long changes,
        long commits,
        Instant heartbeatAppendedAt,
        Instant heartbeatDurableAt,
        List<Blocker> blockers,
        long errors,
        String lastError) {

    public CaptureStatus {
        blockers = List.copyOf(blockers);
    }
}
