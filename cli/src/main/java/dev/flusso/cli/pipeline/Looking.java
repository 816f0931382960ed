package dev.flusso.cli.pipeline;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks twice a second, on a thread of its own, until closed. */
final class Looking implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Looking.class);
    private static final long PERIOD_MILLIS = 500;

    private final ScheduledExecutorService thread;

    private Looking(ScheduledExecutorService thread) {
        this.thread = thread;
    }

    static Looking start(Runnable look) {
        var executor = Executors.newSingleThreadScheduledExecutor(task -> {
            var thread = new Thread(task, "flusso-observer");
            thread.setDaemon(true);
            return thread;
        });
        var unused = executor.scheduleWithFixedDelay(() -> safely(look), 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        return new Looking(executor);
    }

    private static void safely(Runnable look) {
        try {
            look.run();
        } catch (RuntimeException e) { // a look that failed must not be the last
            LOG.warn("look failed error={}", e.toString());
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
