package dev.flusso.cli.pipeline;

import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** What the edge to Postgres is given to work with. */
final class StreamThreads {

    private StreamThreads() {}

    /** Threads of the stream, which report to the server. */
    static ThreadFactory threads() {
        var number = new AtomicInteger();
        return task -> daemon(task, "flusso-stream-" + number.incrementAndGet());
    }

    /** A thread for each statement that waits for others' transactions: there is seldom one, and it may take hours. */
    static Executor waiting() {
        return task -> daemon(task, "flusso-slot").start();
    }

    private static Thread daemon(Runnable task, String name) {
        var thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }
}
