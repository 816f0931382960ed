package dev.flusso.worker.lane;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Growing, capped, jittered pauses between tries. One thread. */
final class Backoff {

    private final Duration first;
    private final Duration cap;
    private final RandomGenerator random;
    private int failures;

    /**
     * @param first the longest first pause; each further one may be twice as long
     * @param cap the longest pause of all
     */
    Backoff(Duration first, Duration cap, RandomGenerator random) {
        this.first = first;
        this.cap = cap;
        this.random = random;
    }

    /** The next pause: between half and all of the present limit. */
    Duration next() {
        var limit = Math.min(cap.toNanos(), first.toNanos() << Math.min(failures, 24));
        failures++;
        return Duration.ofNanos(limit / 2 + random.nextLong(limit / 2 + 1));
    }

    /** How many times in a row it failed. */
    int failures() {
        return failures;
    }

    void reset() {
        failures = 0;
    }
}
