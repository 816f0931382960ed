package dev.flusso.capture;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** When to try again: after 100 ms at first, each time twice as long, at most 10 s, each by half at random. One thread. */
final class Backoff {

    private static final long FIRST_NANOS = Duration.ofMillis(100).toNanos();
    private static final long LONGEST_NANOS = Duration.ofSeconds(10).toNanos();

    private final LongSupplier nanos;
    private final RandomGenerator random;
    private long pauseNanos = FIRST_NANOS;
    private long dueNanos;
    private boolean waiting;

    Backoff(LongSupplier nanos, RandomGenerator random) {
        this.nanos = nanos;
        this.random = random;
    }

    boolean isDue() {
        return !waiting || nanos.getAsLong() - dueNanos >= 0;
    }

    void failed() {
        waiting = true;
        dueNanos = nanos.getAsLong() + pauseNanos / 2 + random.nextLong(pauseNanos / 2);
        pauseNanos = Math.min(LONGEST_NANOS, pauseNanos * 2);
    }

    void succeeded() {
        waiting = false;
        pauseNanos = FIRST_NANOS;
    }
}
