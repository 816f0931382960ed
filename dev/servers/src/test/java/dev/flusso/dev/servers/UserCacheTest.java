package dev.flusso.dev.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UserCacheTest {

    private static final Path TEMPORARY =
            Path.of(System.getProperty("java.io.tmpdir"), "flusso-dev-cache-" + System.getProperty("user.name"));

    @Test
    void prefersXdgThenHomeThenTheTemporaryFolder() {
        assertThat(UserCache.candidates(Map.of("XDG_CACHE_HOME", "/xdg"), "/home/me"))
                .containsExactly(Path.of("/xdg/flusso-dev"), Path.of("/home/me/.cache/flusso-dev"), TEMPORARY);
    }

    @Test
    void ignoresWhatIsNoAbsolutePath() {
        assertThat(UserCache.candidates(Map.of("XDG_CACHE_HOME", "cache"), "?")).containsExactly(TEMPORARY);
        assertThat(UserCache.candidates(Map.of("XDG_CACHE_HOME", ""), null)).containsExactly(TEMPORARY);
    }
}
