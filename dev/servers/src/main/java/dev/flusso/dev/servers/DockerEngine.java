package dev.flusso.dev.servers;

import org.testcontainers.DockerClientFactory;

/** The gate to the container backend: says in plain words what is missing before anything of Testcontainers can fail in its own. */
final class DockerEngine {

    private static final String INSTEAD =
            ", or leave '" + Backend.PROPERTY + "' out for embedded servers, which need no container engine";

    private DockerEngine() {}

    static PostgresServer postgres(PostgresServer.Builder builder) {
        requireLibrary(DockerEngine.class.getClassLoader());
        return new DockerPostgres(builder);
    }

    static SearchServer search(SearchServer.Builder builder) {
        requireLibrary(DockerEngine.class.getClassLoader());
        return new DockerSearch(builder);
    }

    static void requireLibrary(ClassLoader loader) {
        if (loader.getResource("org/testcontainers/containers/GenericContainer.class") == null) {
            throw new ServerException(
                    "the docker backend needs Testcontainers, which is not on the class path; give Maven '-D"
                            + Backend.PROPERTY + "=docker'" + INSTEAD);
        }
    }

    static void requireEngine() {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            throw new ServerException(
                    "the docker backend was chosen and no container engine answers; start one and let DOCKER_HOST or /var/run/docker.sock"
                            + " lead to it" + INSTEAD);
        }
    }

    /** What only child processes can do. */
    static ServerException unsupported(String what) {
        return new ServerException(
                what
                        + " is not possible with the docker backend; say backend(Backend.EMBEDDED) to the builder of this server");
    }
}
