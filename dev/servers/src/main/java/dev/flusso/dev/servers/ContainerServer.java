package dev.flusso.dev.servers;

import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.testcontainers.containers.GenericContainer;

/** A server in a container: its life, whatever it serves. */
abstract sealed class ContainerServer implements Server permits DockerPostgres, DockerSearch {

    private final DockerContainer container;
    private boolean everStarted;

    /**
     * @param fixedPort null to take a free one
     * @param inside the port within the container
     */
    ContainerServer(
            String image,
            @Nullable Integer fixedPort,
            int inside,
            Duration startDeadline,
            Consumer<GenericContainer<?>> configuration) {
        var port = fixedPort == null ? FreePorts.next() : fixedPort;
        this.container = new DockerContainer(image, port, inside, startDeadline, configuration);
    }

    abstract boolean answers() throws Exception;

    /** The first start has succeeded. */
    void atFirstStart() {}

    @Override
    public final synchronized void start() {
        container.start(toString(), this::answers);
        if (!everStarted) {
            atFirstStart();
        }
        everStarted = true;
    }

    @Override
    public final void stop() {
        container.stop();
    }

    @Override
    public final void killHard() {
        container.killHard();
    }

    @Override
    public final void freeze() {
        container.freeze();
    }

    @Override
    public final void thaw() {
        container.thaw();
    }

    @Override
    public final void restart() {
        stop();
        start();
    }

    @Override
    public final boolean isRunning() {
        return container.isRunning();
    }

    @Override
    public final String host() {
        return container.host();
    }

    @Override
    public final int port() {
        return container.port();
    }

    @Override
    public final String log() {
        return container.log();
    }

    @Override
    public final void close() {
        container.close();
    }
}
