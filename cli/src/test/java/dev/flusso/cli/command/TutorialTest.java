package dev.flusso.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.cli.Tutorial;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the first tutorial and the README have their reader write is valid and prints what they show; run to the end: {@code TutorialIT}. */
class TutorialTest {

    @TempDir
    private Path folder;

    @Test
    void theFilesAreValidAndPrintWhatItShows() throws Exception {
        var tutorial = Tutorial.read("docs/tutorial/first-index.md");
        tutorial.write(folder);
        assertThat(folder.resolve("shop.sql")).isRegularFile();
        var shell = new CapturedShell(folder);
        assertThat(shell.run(Commands::of, "check", "--offline"))
                .as(shell.err())
                .isZero();
        assertThat(tutorial.shown("flusso check --offline")).isEqualTo(shell.out());
    }

    @Test
    void theFilesOfTheReadmeAreValid() throws Exception {
        Tutorial.read("README.md").write(folder);
        var shell = new CapturedShell(folder);
        assertThat(shell.run(Commands::of, "check", "--offline"))
                .as(shell.err())
                .isZero();
        assertThat(shell.out())
                .contains("users  from public.users", "order_count")
                .endsWith("1 index: no errors\n");
    }
}
