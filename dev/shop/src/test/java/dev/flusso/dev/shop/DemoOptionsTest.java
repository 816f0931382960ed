package dev.flusso.dev.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DemoOptionsTest {

    @Test
    void readsWhatTheScriptWrites() {
        var words = List.of("--distribution", "/d", "--shop", "/s", "--columns", "100", "--colours", "--once");
        assertThat(DemoOptions.parse(words)).isEqualTo(new DemoOptions(Path.of("/d"), Path.of("/s"), true, true, 100));
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DemoOptions.parse(List.of("--twice")))
                .withMessageContaining("'--twice'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DemoOptions.parse(List.of("--once")))
                .withMessageContaining("--distribution");
    }
}
