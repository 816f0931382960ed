package dev.flusso.capture;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How long a slot that somebody else reads is waited for. The backend of a process that was killed leaves it within milliseconds, of a
 * machine that vanished within {@code wal_sender_timeout} (a minute). A reader that still reports is alive and keeps it. One thread.
 */
final class SlotPatience {

    /** What any reader that just died is given. */
    private static final long SHORT_NANOS = Duration.ofSeconds(5).toNanos();

    /** What a silent reader is given. */
    private static final long LONG_NANOS = Duration.ofSeconds(90).toNanos();

    private static final Duration PAUSE = Duration.ofMillis(200);

    private final LongSupplier nanos;
    private final Every again;
    private boolean waiting;
    private long sinceNanos;
    private int pid;
    private long heardMicros;

    SlotPatience(LongSupplier nanos) {
        this.nanos = nanos;
        this.again = new Every(nanos, PAUSE);
    }

    boolean isDue() {
        return !waiting || again.isDue();
    }

    void ended() {
        waiting = false;
    }

    /**
     * The slot was found held.
     *
     * @throws SlotHeldElsewhereException when that has gone on for too long
     */
    void heldBy(SlotHeldElsewhereException held, Optional<SlotState> slot) {
        var now = nanos.getAsLong();
        var holder = slot.map(SlotState::activePid).orElse(0);
        var heard = slot.map(SlotState::holderHeardMicros).orElse(0L);
        if (!waiting || (holder != 0 && holder != pid)) {
            waiting = true;
            sinceNanos = now;
            pid = holder;
            heardMicros = heard;
            return;
        }
        var waited = now - sinceNanos;
        var alive = heard != heardMicros || heard == 0;
        if (waited > LONG_NANOS || (waited > SHORT_NANOS && alive && holder != 0)) {
            waiting = false;
            throw held;
        }
    }
}
