package dev.flusso.dev.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.testcontainers.DockerClientFactory;

/** As far as it can be tested where no container engine answers. */
class DockerBackendTest {

    @Test
    void saysThatNoEngineAnswersAndWhatToDo() {
        Assumptions.assumeFalse(DockerClientFactory.instance().isDockerAvailable(), "a container engine answers here");
        assertThatThrownBy(
                        () -> PostgresServer.builder().backend(Backend.DOCKER).start())
                .isInstanceOf(ServerException.class)
                .hasMessageContaining("no container engine answers")
                .hasMessageContaining("'flusso.it.backend'");
        assertThatThrownBy(() -> SearchServer.builder().backend(Backend.DOCKER).start())
                .isInstanceOf(ServerException.class)
                .hasMessageContaining("no container engine answers");
    }

    @Test
    void saysThatTheLibraryIsMissing() throws Exception {
        try (var empty = new URLClassLoader(new URL[0], null)) {
            assertThatThrownBy(() -> DockerEngine.requireLibrary(empty))
                    .isInstanceOf(ServerException.class)
                    .hasMessageContaining("needs Testcontainers")
                    .hasMessageContaining("-Dflusso.it.backend=docker");
        }
    }

    @Test
    void namesWhatOnlyTheEmbeddedBackendCan() {
        var embedded = PostgresServer.builder().build();
        assertThatThrownBy(() -> docker().tls().build())
                .hasMessageContaining("TLS")
                .hasMessageContaining("Backend.EMBEDDED");
        assertThatThrownBy(() -> docker().copyOf(embedded).build()).hasMessageContaining("copy");
        assertThatThrownBy(() -> docker().binaries(Path.of("17.jar")).build()).hasMessageContaining("image(");
        assertThatThrownBy(() -> docker().build().set("fsync", "on")).hasMessageContaining("'fsync'");
    }

    @Test
    void knowsItsAddressesBeforeItIsStartedAndCloseIsHarmless() {
        try (var postgres = docker().port(15_432).password("se cret").build();
                var search = SearchServer.builder()
                        .backend(Backend.DOCKER)
                        .port(19_200)
                        .build()) {
            assertThat(postgres.url("db")).isEqualTo("postgres://postgres:se%20cret@127.0.0.1:15432/db");
            assertThat(postgres.isRunning()).isFalse();
            assertThat(search.url()).hasToString("http://127.0.0.1:19200");
            search.stop();
            postgres.killHard();
        }
    }

    private static PostgresServer.Builder docker() {
        return PostgresServer.builder().backend(Backend.DOCKER);
    }
}
