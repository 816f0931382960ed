package dev.flusso.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildCommandTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void writeAConfig() throws IOException {
        FirstFiles.write(folder);
    }

    @Test
    void writesTheLockAndSaysSo() {
        var shell = new CapturedShell(folder);
        assertThat(shell.run(Commands::of, "build")).isZero();
        assertThat(shell.out()).isEqualTo("compiled 1 index into flusso.lock\n");
        assertThat(shell.err()).isEmpty();
        assertThat(folder.resolve("flusso.lock")).content().contains("users", "OS_PASSWORD");
    }

    @Test
    void writesTheSameBytesEachTime() throws IOException {
        assertThat(new CapturedShell(folder).run(Commands::of, "build", "-o", "one.lock"))
                .isZero();
        assertThat(new CapturedShell(folder).with("FLUSSO_OUT", "two.lock").run(Commands::of, "build"))
                .isZero();
        assertThat(folder.resolve("one.lock")).hasSameTextualContentAs(folder.resolve("two.lock"));
    }

    @Test
    void warnsOfASecretThatStandsInTheLock() throws IOException {
        FirstFiles.edit(folder.resolve("flusso.toml"), "{ env = \"OS_PASSWORD\" }", "\"hunter2\"");
        var shell = new CapturedShell(folder);
        assertThat(shell.run(Commands::of, "build")).isZero();
        assertThat(shell.err())
                .startsWith("warning: flusso.toml:")
                .contains("'sinks.primary.password'")
                .doesNotContain("hunter2");
    }

    @Test
    void printsEveryProblemAtItsPlace() throws IOException {
        Files.writeString(folder.resolve("users.schema.yml"), """
                tabel: users
                primary_key: id
                fields:
                  - lnog: id
                """);
        var shell = new CapturedShell(folder);
        assertThat(shell.run(Commands::of, "build")).isEqualTo(2);
        assertThat(shell.err().lines())
                .hasSizeGreaterThanOrEqualTo(2)
                .allMatch(line -> line.startsWith("error: ") && line.contains("users.schema.yml:"));
        assertThat(folder.resolve("flusso.lock")).doesNotExist();
    }

    @Test
    void saysThatTheConfigIsMissing() {
        var shell = new CapturedShell(folder);
        assertThat(shell.run(Commands::of, "build", "-c", "other.toml")).isEqualTo(2);
        assertThat(shell.err()).startsWith("error: ").contains("other.toml");
        assertThat(shell.err().lines()).hasSize(1);
    }

    @Test
    void saysThatTheLockCannotBeWritten() {
        var shell = new CapturedShell(folder);
        assertThat(shell.run(Commands::of, "build", "-o", "gone/flusso.lock")).isEqualTo(1);
        assertThat(shell.err())
                .startsWith(
                        "error: the lock 'gone/flusso.lock' cannot be written: no such file or directory; make its");
    }
}
