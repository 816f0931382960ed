package dev.flusso.worker.lane;

import dev.flusso.worker.SinkException;
import dev.flusso.worker.SinkGeneration;
import dev.flusso.worker.SinkIndex;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a sink now and then what it holds, and says so when it does not tell: nobody would notice then that it was restored from a backup.
 * The lane's thread.
 */
final class SinkLook {

    private static final Logger LOG = LoggerFactory.getLogger(SinkLook.class);

    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

    private final LaneContext context;
    private final SinkIndex sinkIndex;
    private boolean asking;
    private long notBeforeNanos;
    private int failures;
    private @Nullable SinkException failure;

    SinkLook(LaneContext context, SinkIndex sinkIndex) {
        this.context = context;
        this.sinkIndex = sinkIndex;
        this.notBeforeNanos = context.clock().nanoTime() + INTERVAL.toNanos();
    }

    boolean isDue() {
        return !asking && sinkIndex.hasGenerations() && context.clock().nanoTime() - notBeforeNanos >= 0;
    }

    /** Asks; what was found is handed over later. */
    void ask(Consumer<List<SinkGeneration>> found) {
        asking = true;
        notBeforeNanos = context.clock().nanoTime() + INTERVAL.toNanos();
        context.asker()
                .ask(
                        sinkIndex::generations,
                        generations -> {
                            asking = false;
                            failures = 0;
                            failure = null;
                            found.accept(generations);
                        },
                        this::failed);
    }

    private void failed(RuntimeException e) {
        var wasTold = trouble() != null;
        asking = false;
        failures++;
        failure = e instanceof SinkException known
                ? known
                : new SinkException(SinkException.Kind.UNAVAILABLE, "a look at the sink failed: " + e, e);
        notBeforeNanos = context.clock().nanoTime() + AFTER_FAILURE.toNanos();
        context.monitor().failed(context.name(), String.valueOf(e.getMessage()));
        if (!wasTold && trouble() != null) {
            LOG.warn("cannot see whether the sink is what it was lane={} error={}", context.name(), e.getMessage());
        }
    }

    /** Why it does not tell; null when it does, or has not failed for long. */
    @Nullable
    SinkException trouble() {
        var now = failure;
        return now != null
                        && (now.kind() != SinkException.Kind.UNAVAILABLE
                                || failures > context.sink().maxRetries())
                ? now
                : null;
    }
}
