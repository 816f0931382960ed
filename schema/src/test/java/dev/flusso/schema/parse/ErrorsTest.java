package dev.flusso.schema.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.flusso.schema.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** One deployment with everything wrong in it, and every word said about it. */
class ErrorsTest {

    private static final Path FOLDER = Path.of("src/test/resources/errors");

    @Test
    void namesEveryErrorAtOnceWithItsPlace() throws Exception {
        var thrown = catchThrowableOfType(ConfigException.class, () -> ConfigFiles.load(FOLDER.resolve("flusso.toml")));
        var text = thrown.getMessage().replace("src/test/resources/errors/", "") + "\n";
        var golden = FOLDER.resolve("expected.txt");
        Files.writeString(Path.of("target/errors.txt"), text);
        assertThat(text)
                .as("copy target/errors.txt over %s if this is right", golden)
                .isEqualTo(Files.readString(golden));
        assertThat(thrown.problems()).hasSizeGreaterThan(120).allSatisfy(problem -> {
            assertThat(problem.place().line()).isPositive();
            assertThat(problem.place().column()).isPositive();
            assertThat(problem.message())
                    .doesNotContain("hunter2", "31415926", "\n")
                    .doesNotEndWith(".");
        });
    }
}
