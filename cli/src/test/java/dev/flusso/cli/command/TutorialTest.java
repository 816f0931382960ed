package dev.flusso.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.cli.Tutorial;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the first tutorial has its reader write and run does what it says; on real servers: {@code CheckIT}. */
class TutorialTest {

    @TempDir
    private Path folder;

    @Test
    void theFilesAreValidAndPrintWhatItShows() throws Exception {
        var tutorial = Tutorial.read("first-index.md");
        assertThat(tutorial.files().keySet()).contains("flusso.toml", "products.schema.yml", "shop.sql");
        tutorial.write(folder);
        var shell = new CapturedShell(folder);
        assertThat(shell.run(Commands::of, "check", "--offline"))
                .as(shell.err())
                .isZero();
        assertThat(tutorial.shown("flusso check --offline")).isEqualTo(shell.out());
    }
}
