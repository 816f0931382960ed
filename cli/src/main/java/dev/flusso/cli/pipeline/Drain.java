package dev.flusso.cli.pipeline;

import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** When a backlog will be gone, by how fast it shrank lately. One thread feeds it. */
final class Drain {

    private static final long WINDOW_NANOS = Duration.ofSeconds(20).toNanos();
    private static final long SHORTEST_NANOS = Duration.ofSeconds(2).toNanos();

    private record Look(long nanos, long bytes) {}

    private final ArrayDeque<Look> looks = new ArrayDeque<>();
    private volatile @Nullable Double seconds;

    /** The backlog now. */
    void backlog(long bytes, long nowNanos) {
        looks.addLast(new Look(nowNanos, bytes));
        while (nowNanos - looks.getFirst().nanos() > WINDOW_NANOS) {
            looks.removeFirst();
        }
        seconds = estimate(looks.getFirst(), looks.getLast());
    }

    private static @Nullable Double estimate(Look first, Look last) {
        if (last.bytes() == 0) {
            return 0.0;
        }
        var elapsed = last.nanos() - first.nanos();
        var gone = first.bytes() - last.bytes();
        return elapsed < SHORTEST_NANOS || gone <= 0 ? null : last.bytes() * (elapsed / 1e9) / gone;
    }

    /** Until it is gone at this pace; null while it does not shrink, or that cannot be told yet. Any thread. */
    @Nullable
    Double seconds() {
        return seconds;
    }
}
