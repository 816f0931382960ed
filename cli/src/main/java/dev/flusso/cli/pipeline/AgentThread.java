package dev.flusso.cli.pipeline;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Turns the crank of one step machine on a thread of its own: again at once while there is work, after growing pauses while there is
 * none. What a step throws ends the thread and is handed to whoever watches.
 */
final class AgentThread implements AutoCloseable {

    /** One bounded piece of work; returns how much was done. */
    interface Step {
        int step() throws Exception;
    }

    private static final long SHORTEST_PAUSE_NANOS = 50_000;
    private static final long LONGEST_PAUSE_NANOS = 1_000_000;
    private static final int SPINS = 20;

    private final AtomicBoolean stopping = new AtomicBoolean();
    private final Thread thread;
    private volatile long turnedAtNanos = System.nanoTime();

    private AgentThread(String name, Step agent, Consumer<Throwable> failed) {
        this.thread = new Thread(() -> run(agent, failed), name);
    }

    /**
     * Starts it.
     *
     * @param failed is told what ended the thread, on that thread; not told of an orderly stop
     */
    static AgentThread start(String name, Step agent, Consumer<Throwable> failed) {
        var started = new AgentThread(name, agent, failed);
        started.thread.setDaemon(true);
        started.thread.start();
        return started;
    }

    private void run(Step agent, Consumer<Throwable> failed) {
        var idle = 0;
        try {
            while (!stopping.get()) {
                var done = agent.step();
                turnedAtNanos = System.nanoTime();
                if (done > 0) {
                    idle = 0;
                } else {
                    pause(idle++);
                }
            }
        } catch (Throwable e) { // the thread's top: whoever watches decides what becomes of the process
            failed.accept(e);
        }
    }

    private static void pause(int idle) {
        if (idle < SPINS) {
            Thread.onSpinWait();
        } else {
            var nanos = SHORTEST_PAUSE_NANOS << Math.min(idle - SPINS, 10);
            LockSupport.parkNanos(Math.min(nanos, LONGEST_PAUSE_NANOS));
        }
    }

    /** How long the present step has been going on; zero when the thread has ended. */
    Duration inStep() {
        return thread.isAlive() ? Duration.ofNanos(Math.max(0, System.nanoTime() - turnedAtNanos)) : Duration.ZERO;
    }

    /** Asks for the end of the present step to be the last. */
    void stop() {
        stopping.set(true);
        LockSupport.unpark(thread);
    }

    /** Stops and waits, at most so long; returns whether it has ended. */
    boolean stopAndWait(Duration atMost) {
        stop();
        try {
            thread.join(Math.max(1, atMost.toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }

    @Override
    public void close() {
        stopAndWait(Duration.ofSeconds(10));
    }
}
