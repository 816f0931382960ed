package dev.flusso.dev.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BackendTest {

    @Test
    void isEmbeddedUnlessToldOtherwise() {
        assertThat(Backend.parse(null)).isEqualTo(Backend.EMBEDDED);
        assertThat(Backend.parse(" ")).isEqualTo(Backend.EMBEDDED);
        assertThat(Backend.parse("embedded")).isEqualTo(Backend.EMBEDDED);
        assertThat(Backend.parse("docker")).isEqualTo(Backend.DOCKER);
    }

    @Test
    void namesWhatItDoesNotKnow() {
        assertThatThrownBy(() -> Backend.parse("podman"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("system property 'flusso.it.backend' is 'podman', expected 'embedded' or 'docker'");
    }
}
