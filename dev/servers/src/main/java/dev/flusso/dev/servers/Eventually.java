package dev.flusso.dev.servers;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Waits for a condition with a deadline instead of sleeping: {@code Eventually.within(ofSeconds(10)).until("lag is 0", () -> lag() == 0)}.
 *
 * <p>The question is asked at once, then after 2 ms, then ever less often, at most every 100 ms; a question that throws counts as "not
 * yet". When the deadline passes, an {@link AssertionError} says what was waited for, how long, and what was seen last.
 */
public final class Eventually {

    private static final long FIRST_PAUSE_NANOS = 2_000_000;
    private static final long LONGEST_PAUSE_NANOS = 100_000_000;

    private final Duration deadline;

    private Eventually(Duration deadline) {
        this.deadline = deadline;
    }

    /** A wait of at most {@code deadline}, counted from each call of a method of the result. */
    public static Eventually within(Duration deadline) {
        return new Eventually(deadline);
    }

    /** Returns when {@code condition} is true. */
    public void until(String what, Callable<Boolean> condition) {
        value(what, condition, Boolean.TRUE::equals);
    }

    /** Returns when {@code assertions} pass; they may throw any exception or AssertionError until then. */
    public void passes(String what, Assertions assertions) {
        value(
                what,
                () -> {
                    assertions.check();
                    return true;
                },
                passed -> passed);
    }

    /** Asks for a value until {@code accepted} likes it, and returns it. */
    public <T extends @Nullable Object> T value(String what, Callable<T> question, Predicate<T> accepted) {
        var end = System.nanoTime() + deadline.toNanos();
        var pauseNanos = FIRST_PAUSE_NANOS;
        while (true) {
            String seen;
            Throwable failure = null;
            try {
                var value = question.call();
                if (accepted.test(value)) {
                    return value;
                }
                seen = "last seen: " + value;
            } catch (Exception | AssertionError e) {
                seen = "last failure: " + e;
                failure = e;
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new AssertionError("interrupted while waiting for " + what + "; " + seen, failure);
            }
            if (System.nanoTime() - end >= 0) {
                throw new AssertionError(
                        "waited " + deadline.toMillis() + " ms in vain for " + what + "; " + seen, failure);
            }
            LockSupport.parkNanos(Math.min(pauseNanos, Math.max(1, end - System.nanoTime())));
            pauseNanos = Math.min(LONGEST_PAUSE_NANOS, pauseNanos * 3 / 2);
        }
    }

    /** Assertions that may throw. */
    @FunctionalInterface
    public interface Assertions {
        void check() throws Exception;
    }
}
