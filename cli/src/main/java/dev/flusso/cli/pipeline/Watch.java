package dev.flusso.cli.pipeline;

import dev.flusso.cli.command.Termination;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Waits for the end: a signal, or the first thing that ends the program by itself. Any thread. */
final class Watch {

    private final Termination termination;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    Watch(Termination termination) {
        this.termination = termination;
    }

    /** Something cannot go on; the first to say so is heard, and all stops. */
    void failed(Throwable why) {
        failure.compareAndSet(null, why);
        termination.request();
    }

    /** Nothing is left to do. */
    void finished() {
        termination.request();
    }

    /** What ended the program; null when it was asked to stop. */
    @Nullable
    Throwable await() {
        try {
            termination.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return failure.get();
    }
}
