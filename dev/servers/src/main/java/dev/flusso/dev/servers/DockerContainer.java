package dev.flusso.dev.servers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;
import org.testcontainers.utility.DockerImageName;

/**
 * A container that is killed and started again rather than replaced, at a fixed port of the host, so that a restart keeps data and address.
 * Testcontainers' own companion removes it when this JVM dies.
 */
final class DockerContainer {

    private static final int STOP_SECONDS = 20;

    private final GenericContainer<?> container;
    private final Duration startDeadline;
    private final int port;

    /** @param innerPort where the server listens inside */
    DockerContainer(
            String image,
            int port,
            int innerPort,
            Duration startDeadline,
            Consumer<GenericContainer<?>> configuration) {
        this.port = port;
        this.startDeadline = startDeadline;
        this.container = new GenericContainer<>(DockerImageName.parse(image));
        container.setPortBindings(List.of(port + ":" + innerPort));
        container.waitingFor(new NoWait()); // readiness is asked below, the same way at each start
        configuration.accept(container);
    }

    /** Starts it and returns when {@code answers} does not throw any more and is true. */
    void start(String name, Callable<Boolean> answers) {
        if (isRunning()) {
            throw new ServerException(name + " runs already");
        }
        if (isCreated()) {
            client().startContainerCmd(container.getContainerId()).exec();
        } else {
            DockerEngine.requireEngine();
            container.start();
        }
        try {
            Eventually.within(startDeadline).until(name + " to answer or to end", () -> !isRunning() || answers.call());
        } catch (AssertionError e) {
            throw new ServerException(name + " does not answer after " + startDeadline + ":\n" + log(), e);
        }
        if (!isRunning()) {
            throw new ServerException(name + " ended at its start:\n" + log());
        }
    }

    void stop() {
        if (isRunning()) {
            thawIfFrozen();
            client().stopContainerCmd(container.getContainerId())
                    .withTimeout(STOP_SECONDS)
                    .exec();
        }
    }

    void killHard() {
        if (isRunning()) {
            thawIfFrozen(); // engines refuse to kill a paused container
            client().killContainerCmd(container.getContainerId()).exec();
            Eventually.within(Duration.ofSeconds(STOP_SECONDS))
                    .until("a killed container to be gone", () -> !isRunning());
        }
    }

    void freeze() {
        client().pauseContainerCmd(container.getContainerId()).exec();
    }

    void thaw() {
        client().unpauseContainerCmd(container.getContainerId()).exec();
    }

    boolean isRunning() {
        return isCreated()
                && Boolean.TRUE.equals(client().inspectContainerCmd(container.getContainerId())
                        .exec()
                        .getState()
                        .getRunning());
    }

    String host() {
        return isCreated() ? container.getHost() : "127.0.0.1";
    }

    int port() {
        return port;
    }

    String log() {
        return isCreated() ? container.getLogs() : "";
    }

    void close() {
        if (isCreated()) {
            container.stop(); // in Testcontainers' words: kills and removes
        }
    }

    private boolean isCreated() {
        return container.getContainerId() != null;
    }

    private DockerClient client() {
        return container.getDockerClient();
    }

    private void thawIfFrozen() {
        try {
            thaw();
        } catch (DockerException e) {
            // it was not frozen
        }
    }

    private static final class NoWait extends AbstractWaitStrategy {
        @Override
        protected void waitUntilReady() {}
    }
}
