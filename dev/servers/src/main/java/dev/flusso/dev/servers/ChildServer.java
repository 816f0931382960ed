package dev.flusso.dev.servers;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A server that is a child process of ours: its life, whatever it serves. */
abstract sealed class ChildServer implements Server permits EmbeddedPostgres, EmbeddedSearch {

    private final Path folder;
    private final @Nullable Integer fixedPort;
    private final Duration startDeadline;
    private int port;
    private boolean everStarted;
    private volatile @Nullable ProcessControl process;

    /** @param fixedPort null to take a free one */
    ChildServer(String folderName, @Nullable Integer fixedPort, Duration startDeadline) {
        this.folder = WorkFolder.fresh(folderName);
        this.fixedPort = fixedPort;
        this.startDeadline = startDeadline;
        this.port = fixedPort == null ? FreePorts.next() : fixedPort;
    }

    /** Makes what the process needs on disk. */
    abstract void prepare();

    abstract ProcessControl launch();

    abstract boolean answers() throws Exception;

    /** Whether the log of a process that ended at its start says that somebody else has the port. */
    abstract boolean isPortTaken(String log);

    /** Whether a process that ended at its start may do better in another try. */
    abstract boolean isWorthAnotherTry(ProcessControl ended, String log);

    /** The first start has succeeded. */
    void atFirstStart() {}

    /** Ends the process in the orderly way; it runs and is not frozen. */
    abstract void end(ProcessControl running);

    @Override
    public final synchronized void start() {
        if (isRunning()) {
            throw new ServerException(this + " runs already");
        }
        prepare();
        var end = System.nanoTime() + startDeadline.toNanos();
        while (!attempt(end)) {
            if (System.nanoTime() - end >= 0) {
                throw new ServerException(this + " could not be started within " + startDeadline + ":" + log());
            }
        }
        if (!everStarted) {
            atFirstStart();
        }
        everStarted = true;
    }

    /** Returns whether the server answers; false when another try may help. */
    private boolean attempt(long endNanos) {
        var running = launch();
        process = running;
        var left = Duration.ofNanos(Math.max(1, endNanos - System.nanoTime()));
        try {
            Eventually.within(left).until(this + " to answer or to end", () -> !running.isAlive() || answers());
        } catch (AssertionError e) {
            running.close();
            throw new ServerException(
                    this + " does not answer after " + startDeadline + ":" + running.lastLines(30), e);
        }
        if (running.isAlive()) {
            return true;
        }
        var exitCode = running.waitForExit(Duration.ofSeconds(15));
        var log = running.lastLines(60);
        if (!everStarted && fixedPort == null && isPortTaken(log)) {
            port = FreePorts.next(); // somebody took it since it was picked
            return false;
        }
        if (isWorthAnotherTry(running, log)) {
            return false;
        }
        throw new ServerException(this + " ended at its start with exit code " + exitCode + ":" + log);
    }

    @Override
    public final synchronized void stop() {
        var running = process;
        if (running != null && running.isAlive()) {
            running.thaw();
            end(running);
        }
    }

    /** Whether a process that was told to end does so in time. */
    static boolean ends(ProcessControl running, Duration deadline) {
        try {
            running.waitForExit(deadline);
            return true;
        } catch (ServerException e) {
            return false;
        }
    }

    @Override
    public final synchronized void killHard() {
        var running = process;
        if (running != null) {
            running.killHard();
        }
    }

    @Override
    public final void freeze() {
        running().freeze();
    }

    @Override
    public final void thaw() {
        running().thaw();
    }

    private ProcessControl running() {
        var running = process;
        if (running == null || !running.isAlive()) {
            throw new ServerException(this + " does not run");
        }
        return running;
    }

    @Override
    public final synchronized void restart() {
        stop();
        start();
    }

    @Override
    public final boolean isRunning() {
        var running = process;
        return running != null && running.isAlive();
    }

    @Override
    public final String host() {
        return "127.0.0.1";
    }

    @Override
    public final int port() {
        return port;
    }

    @Override
    public final String log() {
        var last = process;
        return last == null ? "" : last.lastLines(200);
    }

    @Override
    public synchronized void close() {
        killHard();
        try {
            FileTree.delete(folder);
        } catch (IOException e) {
            throw new ServerException("cannot remove " + folder + ": " + e, e);
        }
    }

    /** Ours alone, removed at the end. */
    final Path folder() {
        return folder;
    }
}
