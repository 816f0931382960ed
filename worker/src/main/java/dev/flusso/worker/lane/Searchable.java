package dev.flusso.worker.lane;

import dev.flusso.journal.Transaction;
import dev.flusso.worker.SinkIndex;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes what was written searchable while the lane is near the journal's end, and tells how long changes took to get there. Behind, the
 * index' own interval rules. The lane's thread.
 */
final class Searchable {

    /** A failed refresh is tried again after this. */
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

    /** Settled batches that wait for a refresh, at most. */
    private static final int MOST = 1_000;

    /** A settled batch. */
    private record Arrival(int changes, Instant committedAt) {}

    private final LaneContext context;
    private final SinkIndex sinkIndex;
    private final String target;
    private List<Arrival> arrivals = new ArrayList<>();
    private boolean written;
    private boolean refreshing;
    private long notBeforeNanos;

    Searchable(LaneContext context, SinkIndex sinkIndex, String target) {
        this.context = context;
        this.sinkIndex = sinkIndex;
        this.target = target;
        this.notBeforeNanos = context.clock().nanoTime();
    }

    /** A document was written. */
    void written() {
        written = true;
    }

    /** A batch is settled that brought these changes, the newest in this transaction. */
    void settled(int changes, Transaction newest) {
        arrivals.add(new Arrival(changes, newest.committedAt()));
    }

    void step(boolean isNearEnd) {
        if (!isNearEnd || arrivals.size() > MOST) {
            tell(arrivals);
            arrivals = new ArrayList<>();
        }
        if (refreshing || !isNearEnd) {
            return;
        }
        if (!written) {
            tell(arrivals);
            arrivals = new ArrayList<>();
        } else if (context.clock().nanoTime() - notBeforeNanos >= 0) {
            refresh();
        }
    }

    private void refresh() {
        var taken = arrivals;
        arrivals = new ArrayList<>();
        written = false;
        refreshing = true;
        notBeforeNanos = context.clock().nanoTime() + LaneOptions.REFRESH_INTERVAL.toNanos();
        // It completes when the mailbox has the answer.
        var unused = sinkIndex.refresh(target).handle((done, failure) -> {
            context.mailbox().post(() -> refreshed(taken, failure == null));
            return failure == null;
        });
    }

    private void refreshed(List<Arrival> taken, boolean succeeded) {
        refreshing = false;
        if (succeeded) {
            tell(taken);
        } else {
            written = true;
            taken.addAll(arrivals);
            arrivals = taken;
            notBeforeNanos = context.clock().nanoTime() + AFTER_FAILURE.toNanos();
        }
    }

    private void tell(List<Arrival> taken) {
        for (var arrival : taken) {
            context.monitor()
                    .settled(
                            context.name(),
                            arrival.changes,
                            Duration.between(
                                    arrival.committedAt, context.clock().now()));
        }
    }
}
