package dev.flusso.worker.lane;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * Time, given from outside.
 *
 * @param wall the time of day, for what people and other processes read
 * @param nanos a monotonic clock, for what is measured and waited for
 */
public record Clock(InstantSource wall, LongSupplier nanos) {

    public static Clock system() {
        return new Clock(InstantSource.system(), System::nanoTime);
    }

    Instant now() {
        return wall.instant();
    }

    long nanoTime() {
        return nanos.getAsLong();
    }
}
