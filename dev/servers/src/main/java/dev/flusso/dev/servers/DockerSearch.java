package dev.flusso.dev.servers;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.testcontainers.containers.GenericContainer;

/** OpenSearch as a container of the official image, with its security plugin off. */
final class DockerSearch extends ContainerServer implements SearchServer {

    private final Builder builder;

    DockerSearch(Builder builder) {
        super(checked(builder).image, builder.port, 9200, builder.startDeadline, image -> configure(image, builder));
        this.builder = builder;
    }

    private static Builder checked(Builder builder) {
        if (builder.secured) {
            throw DockerEngine.unsupported("the security plugin");
        }
        return builder;
    }

    private static void configure(GenericContainer<?> image, Builder builder) {
        image.withEnv("discovery.type", "single-node");
        image.withEnv("DISABLE_SECURITY_PLUGIN", "true");
        image.withEnv("DISABLE_INSTALL_DEMO_CONFIG", "true");
        image.withEnv("cluster.routing.allocation.disk.threshold_enabled", "false");
        image.withEnv("OPENSEARCH_JAVA_OPTS", "-Xms" + builder.heapMegabytes + "m -Xmx" + builder.heapMegabytes + "m");
        builder.settings.forEach(image::withEnv); // the image takes variables with a dot for node settings
    }

    @Override
    boolean answers() throws IOException {
        return calls().isHealthy();
    }

    @Override
    void atFirstStart() {
        if (builder.defaultReplicas != null) {
            calls().setDefaultReplicas(builder.defaultReplicas);
        }
    }

    private ClusterCalls calls() {
        return new ClusterCalls(url(), null, null);
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
    public Optional<Path> certificate() {
        return Optional.empty();
    }

    @Override
    public String toString() {
        return "OpenSearch in a container of " + builder.image + " at " + url();
    }
}
