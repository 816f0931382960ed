package dev.flusso.capture;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Something that is due now and again. One thread. */
final class Every {

    private final LongSupplier nanos;
    private final long intervalNanos;
    private long lastNanos;
    private boolean begun;

    Every(LongSupplier nanos, Duration interval) {
        this.nanos = nanos;
        this.intervalNanos = interval.toNanos();
    }

    /** Whether it is due, the first time at once; if so, the next time is an interval from now. */
    boolean isDue() {
        var now = nanos.getAsLong();
        if (begun && now - lastNanos < intervalNanos) {
            return false;
        }
        begun = true;
        lastNanos = now;
        return true;
    }

    /** Makes it due at once. */
    void now() {
        begun = false;
    }
}
