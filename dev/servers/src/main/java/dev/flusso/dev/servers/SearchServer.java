package dev.flusso.dev.servers;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A real OpenSearch of one node, with the modules of the ordinary distribution. See {@link Builder}. */
public interface SearchServer extends Server {

    /** A server of the {@link Backend#chosen chosen} backend. */
    static Builder builder() {
        return new Builder();
    }

    /** {@code http://127.0.0.1:<port>}, or {@code https}, without a slash at its end. */
    URI url();

    /** The first user, who may do everything; empty when security is off. */
    Optional<Credentials> credentials();

    /** The certificate by which clients know this server, PEM; empty when security is off. */
    Optional<Path> certificate();

    /** Whether {@link Builder#secured} servers can be made: the build had the profile {@code security}. */
    static boolean canBeSecured() {
        return NodeDistribution.isSecuredBuilt();
    }

    /**
     * A user of a server.
     *
     * @param password shown in no {@code toString}
     */
    record Credentials(String user, String password) {
        @Override
        public String toString() {
            return "Credentials[user=" + user + ", password=…]";
        }
    }

    /**
     * How a server is to be. Defaults: OpenSearch 2.19 (another major with the build's profiles, see {@value #MAJOR}) without security,
     * 512 MB of heap, a compiler and collector that start fast rather
     * than run long, and OpenSearch's own default of one replica (so an index made without a word about it is yellow).
     */
    final class Builder {

        /** The system property that says the major for all tests of a build: {@code 2} (default) or {@code 3}. */
        public static final String MAJOR = "flusso.opensearch";

        final Map<String, String> settings = new LinkedHashMap<>();
        final int major = Integer.parseInt(System.getProperty(MAJOR, "2"));
        Backend backend = Backend.chosen();
        int heapMegabytes = 512;

        @Nullable
        Integer defaultReplicas;

        boolean steady;
        boolean secured;

        @Nullable
        Path java;

        @Nullable
        String classPath;

        @Nullable
        Integer port;

        Duration startDeadline = Duration.ofMinutes(2);
        String image = "opensearchproject/opensearch:" + (major == 3 ? "3" : "2.19.6");

        private Builder() {}

        /** Any setting of opensearch.yml. */
        public Builder setting(String name, String value) {
            settings.put(name, value);
            return this;
        }

        /** How many replicas an index gets that does not say so itself. */
        public Builder defaultReplicas(int replicas) {
            this.defaultReplicas = replicas;
            return this;
        }

        public Builder heapMegabytes(int megabytes) {
            this.heapMegabytes = megabytes;
            return this;
        }

        /** The JVM's ordinary compiler and collector, for benchmarks: starts slower, gets faster. */
        public Builder steady() {
            this.steady = true;
            return this;
        }

        /** TLS and the security plugin, with {@code admin} as its first user (embedded backend, Maven profile {@code security}). */
        public Builder secured() {
            this.secured = true;
            return this;
        }

        /** Overrides {@link Backend#chosen}, for tests that need what only one of them can do. */
        public Builder backend(Backend newBackend) {
            this.backend = newBackend;
            return this;
        }

        /** Another {@code java} than the one we run on, or one that is new enough (embedded backend). */
        public Builder java(Path program) {
            this.java = program;
            return this;
        }

        /** The node's class path, instead of the one {@link NodeClassPath} finds (embedded backend). */
        public Builder classPath(String newClassPath) {
            this.classPath = newClassPath;
            return this;
        }

        /** Another image (docker backend). */
        public Builder image(String newImage) {
            this.image = newImage;
            return this;
        }

        /** A fixed HTTP port instead of a free one. */
        public Builder port(int newPort) {
            this.port = newPort;
            return this;
        }

        /** How long a start may take, recovery included. */
        public Builder startDeadline(Duration newDeadline) {
            this.startDeadline = newDeadline;
            return this;
        }

        /** The server, not started yet. */
        public SearchServer build() {
            return switch (backend) {
                case EMBEDDED -> new EmbeddedSearch(this);
                case DOCKER -> DockerEngine.search(this);
            };
        }

        /** The server, started. */
        public SearchServer start() {
            var server = build();
            try {
                server.start();
                return server;
            } catch (RuntimeException e) {
                server.close();
                throw e;
            }
        }
    }
}
