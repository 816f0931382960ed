package dev.flusso.cli.command;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The wish to stop, as SIGTERM and SIGINT express it, and the exit code that answers it. Any thread.
 *
 * <p>The JVM ends a signalled process with 143; after a clean stop ours is to be 0. So the hook that the JVM runs on a signal waits
 * until the work is done, and then ends the process itself with the code the work returned.
 */
public final class Termination {
    private static final int UNFINISHED = -1;

    private final CountDownLatch requested = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);
    private final AtomicInteger exitCode = new AtomicInteger(UNFINISHED);

    /** One that nothing but {@link #request} triggers. */
    public static Termination manual() {
        return new Termination();
    }

    /**
     * One that the signals of this process trigger.
     *
     * @param patience how long a stop may take; after that the process ends with 1
     */
    static Termination onSignals(Duration patience) {
        var termination = new Termination();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> termination.awaitFinishAndHalt(patience), "flusso-termination"));
        return termination;
    }

    private Termination() {}

    /** Asks for a stop; again is the same. */
    public void request() {
        requested.countDown();
    }

    public boolean isRequested() {
        return requested.getCount() == 0;
    }

    /** Waits for the request; returns at once when it was made. */
    public void await() throws InterruptedException {
        requested.await();
    }

    /** Waits for the request, at most this long; whether it was made. */
    public boolean await(Duration atMost) throws InterruptedException {
        return requested.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** The work has ended, and all is flushed. */
    void finish(int code) {
        exitCode.set(code);
        finished.countDown();
    }

    /** In the hook. When the program ends by itself the work has finished before, and the JVM keeps the code it was given. */
    private void awaitFinishAndHalt(Duration patience) {
        if (finished.getCount() == 0) {
            return;
        }
        request();
        var ended = false;
        try {
            ended = finished.await(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(ended ? exitCode.get() : ExitCode.FAILED.number());
    }
}
