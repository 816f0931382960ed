package dev.flusso.dev.servers;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** OpenSearch as a child JVM that runs {@code dev/opensearch-node} with a class path of its own. */
final class EmbeddedSearch implements SearchServer {

    private static final String MAIN = "dev.flusso.dev.opensearch.NodeMain";
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(30);

    private final Builder builder;
    private final Path home;
    private int port;
    private boolean everStarted;
    private @Nullable ClassArchive archive;
    private volatile @Nullable ProcessControl process;

    EmbeddedSearch(Builder builder) {
        this.builder = builder;
        this.home = WorkFolder.fresh("opensearch");
        this.port = builder.port == null ? FreePorts.next() : builder.port;
    }

    @Override
    public synchronized void start() {
        if (isRunning()) {
            throw new ServerException(this + " runs already");
        }
        var classPath = builder.classPath == null ? NodeClassPath.found() : builder.classPath;
        if (!builder.steady) {
            archive = ClassArchive.of(UserCache.folder().resolve("opensearch"), builder.java, classPath);
            classPath = archive.classPath();
        }
        var end = System.nanoTime() + builder.startDeadline.toNanos();
        while (!attempt(classPath, end)) {
            if (System.nanoTime() - end >= 0) {
                throw new ServerException(this + " could not be started within " + builder.startDeadline + ":" + log());
            }
        }
        if (!everStarted && builder.defaultReplicas != null) {
            ClusterCalls.setDefaultReplicas(url(), builder.defaultReplicas);
        }
        everStarted = true;
    }

    /** Returns whether the server answers; false when another try may help. */
    private boolean attempt(String classPath, long endNanos) {
        var running = ProcessControl.command(command())
                .name("opensearch-" + port)
                .environment("CLASSPATH", classPath) // far too long for a readable list of processes
                .lifeLineAsInput()
                .start();
        process = running;
        var left = Duration.ofNanos(Math.max(1, endNanos - System.nanoTime()));
        try {
            Eventually.within(left)
                    .until(this + " to answer or to end", () -> !running.isAlive() || ClusterCalls.isHealthy(url()));
        } catch (AssertionError e) {
            running.close();
            throw new ServerException(
                    this + " does not answer after " + builder.startDeadline + ":" + running.lastLines(30), e);
        }
        if (running.isAlive()) {
            return true;
        }
        running.waitForExit(STOP_DEADLINE);
        var log = running.lastLines(60);
        if (!everStarted && builder.port == null && log.contains("BindHttpException")) {
            port = FreePorts.next(); // somebody took it since it was picked
            return false;
        }
        if (archive != null && archive.isRecorded() && running.exitCode().orElse(0) > 128) {
            archive.discard(); // it may be what made the JVM crash
            return false;
        }
        throw new ServerException(this + " ended at its start with exit code "
                + running.exitCode().orElse(-1) + ":" + log);
    }

    private List<String> command() {
        var command = new ArrayList<String>();
        command.add(builder.java.toString());
        command.add("-Xmx" + builder.heapMegabytes + "m");
        if (!builder.steady) {
            command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"));
        }
        if (archive != null) {
            command.addAll(archive.options(recording()));
        }
        command.addAll(List.of("-Djava.awt.headless=true", "-Dfile.encoding=UTF-8", "-XX:-UsePerfData"));
        command.addAll(
                List.of("-Djava.io.tmpdir=" + home.resolve("tmp"), MAIN, home.toString(), Integer.toString(port)));
        builder.settings.forEach((name, value) -> command.add(name + "=" + value));
        try {
            Files.createDirectories(home.resolve("tmp"));
        } catch (IOException e) {
            throw new ServerException("cannot make " + home + " for OpenSearch: " + e, e);
        }
        return command;
    }

    @Override
    public synchronized void stop() {
        var running = process;
        if (running == null || !running.isAlive()) {
            return;
        }
        running.thaw();
        running.terminate();
        try {
            running.waitForExit(STOP_DEADLINE);
        } catch (ServerException e) {
            running.killHard();
            return;
        }
        if (archive != null) {
            archive.publish(recording());
        }
    }

    private Path recording() {
        return home.resolve("classes.jsa");
    }

    @Override
    public synchronized void killHard() {
        var running = process;
        if (running != null) {
            running.killHard();
        }
    }

    @Override
    public void freeze() {
        running().freeze();
    }

    @Override
    public void thaw() {
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
    public synchronized void restart() {
        stop();
        start();
    }

    @Override
    public boolean isRunning() {
        var running = process;
        return running != null && running.isAlive();
    }

    @Override
    public String host() {
        return "127.0.0.1";
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public URI url() {
        return URI.create("http://" + host() + ":" + port);
    }

    @Override
    public Optional<Credentials> credentials() {
        return Optional.empty();
    }

    @Override
    public String log() {
        var last = process;
        return last == null ? "" : last.lastLines(200);
    }

    @Override
    public synchronized void close() {
        if (archive != null && !archive.isRecorded()) {
            stop(); // once for each user and class path: it records its classes at an orderly end only
        }
        killHard();
        try {
            FileTree.delete(home);
        } catch (IOException e) {
            throw new ServerException("cannot remove " + home + ": " + e, e);
        }
    }

    @Override
    public String toString() {
        return "OpenSearch at " + url();
    }
}
