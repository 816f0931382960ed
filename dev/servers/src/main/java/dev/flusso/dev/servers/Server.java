package dev.flusso.dev.servers;

/**
 * A real server that can be stopped, killed, frozen and started again over the same data and port.
 *
 * <p>One thread at a time may command it; {@link #isRunning} and the addresses may be asked by any. It does not outlive this JVM.
 */
public interface Server extends AutoCloseable {

    /** Starts it and returns when it answers requests; over the data it had when it was started before. */
    void start();

    /** Ends it in the orderly way, so that it has no recovery to do; does nothing when it does not run. */
    void stop();

    /** SIGKILL to all its processes; returns when they are gone. Does nothing when it does not run. */
    void killHard();

    /** SIGSTOP to all its processes: connections stay open, nothing answers. Returns when they stand still. */
    void freeze();

    /** SIGCONT after {@link #freeze}. */
    void thaw();

    /** {@link #stop} and {@link #start}; after {@link #killHard} the same as start. */
    void restart();

    /** Whether its main process is there, be it frozen. */
    boolean isRunning();

    /** Always 127.0.0.1 for an embedded server. */
    String host();

    /** The TCP port: known before the first start, the same after each restart. */
    int port();

    /** What it wrote last to its log, for messages and tests. */
    String log();

    /** Ends it at once and removes its data. */
    @Override
    void close();
}
