package dev.flusso.dev.servers;

import java.net.URI;
import java.util.Optional;
import org.testcontainers.containers.GenericContainer;

/** OpenSearch as a container of the official image, with its security plugin off. */
final class DockerSearch implements SearchServer {

    private final Builder builder;
    private final DockerContainer container;
    private boolean everStarted;

    DockerSearch(Builder builder) {
        this.builder = builder;
        var port = builder.port == null ? FreePorts.next() : builder.port;
        this.container = new DockerContainer(builder.image, port, 9200, builder.startDeadline, this::configure);
    }

    private void configure(GenericContainer<?> image) {
        image.withEnv("discovery.type", "single-node");
        image.withEnv("DISABLE_SECURITY_PLUGIN", "true");
        image.withEnv("DISABLE_INSTALL_DEMO_CONFIG", "true");
        image.withEnv("cluster.routing.allocation.disk.threshold_enabled", "false");
        image.withEnv("OPENSEARCH_JAVA_OPTS", "-Xms" + builder.heapMegabytes + "m -Xmx" + builder.heapMegabytes + "m");
        builder.settings.forEach(image::withEnv); // the image takes variables with a dot for node settings
    }

    @Override
    public synchronized void start() {
        container.start(toString(), () -> ClusterCalls.isHealthy(url()));
        if (!everStarted && builder.defaultReplicas != null) {
            ClusterCalls.setDefaultReplicas(url(), builder.defaultReplicas);
        }
        everStarted = true;
    }

    @Override
    public void stop() {
        container.stop();
    }

    @Override
    public void killHard() {
        container.killHard();
    }

    @Override
    public void freeze() {
        container.freeze();
    }

    @Override
    public void thaw() {
        container.thaw();
    }

    @Override
    public void restart() {
        stop();
        start();
    }

    @Override
    public boolean isRunning() {
        return container.isRunning();
    }

    @Override
    public String host() {
        return container.host();
    }

    @Override
    public int port() {
        return container.port();
    }

    @Override
    public URI url() {
        return URI.create("http://" + host() + ":" + port());
    }

    @Override
    public Optional<Credentials> credentials() {
        return Optional.empty();
    }

    @Override
    public String log() {
        return container.log();
    }

    @Override
    public void close() {
        container.close();
    }

    @Override
    public String toString() {
        return "OpenSearch in a container of " + builder.image + " at " + url();
    }
}
