package dev.flusso.dev.servers;

/** The container backend. */
final class DockerEngine {

    private DockerEngine() {}

    static PostgresServer postgres(PostgresServer.Builder builder) {
        return new EmbeddedPostgres(builder);
    }

    static SearchServer search(SearchServer.Builder builder) {
        return new EmbeddedSearch(builder);
    }
}
