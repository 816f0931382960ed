package dev.flusso.cli.pipeline;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** What the edge to Postgres is given to work with. */
final class StreamThreads {

    private StreamThreads() {}

    /** Threads of the stream: one that reports to the server, one that waits for a slot. */
    static ThreadFactory threads() {
        var number = new AtomicInteger();
        return task -> {
            var thread = new Thread(task, "flusso-stream-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
