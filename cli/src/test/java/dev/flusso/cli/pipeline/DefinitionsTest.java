package dev.flusso.cli.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.cli.command.Commands;
import dev.flusso.cli.command.Program;
import dev.flusso.cli.command.Shell;
import dev.flusso.schema.lock.Lock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What {@code run}, {@code capture} and {@code work} run, and who writes the lock. The database's address is a variable that is not set:
 * each of them reads its definition, then ends with 2 before it asks any server.
 */
class DefinitionsTest {

    private static final String UNSET =
            "variable FLUSSO_TEST_UNSET, which 'source.connection_url' refers to, is not set";

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void writeAConfig() throws IOException {
        Files.writeString(folder.resolve("flusso.toml"), config("users"));
        Files.writeString(folder.resolve("users.schema.yml"), """
                table: users
                primary_key: id
                fields:
                  - long: id
                """);
    }

    private static String config(String index) {
        return """
                [source]
                type = "postgres"
                connection_url = { env = "FLUSSO_TEST_UNSET" }

                [[index]]
                name = "%s"
                schema = "users.schema.yml"
                """.formatted(index);
    }

    private int run(String line) {
        return run(line, Map.of());
    }

    private int run(String line, Map<String, String> environment) {
        err.reset();
        var out = new PrintStream(err, true, StandardCharsets.UTF_8);
        var shell = new Shell(out, out, false, false, environment, folder);
        var verbs = Commands.of(shell, () -> new LivePipeline(shell, "0.1.0-test"));
        return new Program(shell, verbs).run(line.split(" ", -1));
    }

    private String said() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private Path lock() {
        return folder.resolve("flusso.lock");
    }

    private List<String> indexes(Path lock) {
        var names = new ArrayList<String>();
        Lock.read(lock).config().indexes().forEach(index -> names.add(index.name()));
        return names;
    }

    @Test
    void runCompilesTheConfigAndWritesTheLockAnew() throws Exception {
        assertThat(run("run")).isEqualTo(2);
        assertThat(said()).contains(UNSET);
        assertThat(indexes(lock())).containsExactly("users");
        assertThat(Lock.read(lock()).program()).isEqualTo("0.1.0-test");

        Files.writeString(folder.resolve("flusso.toml"), config("people"));
        assertThat(run("run --lock other.lock")).isEqualTo(2);
        assertThat(indexes(folder.resolve("other.lock"))).containsExactly("people");
        assertThat(indexes(lock())).containsExactly("users");
        assertThat(run("run -c flusso.toml", Map.of("FLUSSO_LOCK", "flusso.lock")))
                .isEqualTo(2);
        assertThat(indexes(lock())).containsExactly("people");
    }

    @Test
    void whatIsCompiledIsWhatBuildCompiles() {
        run("run");
        assertThat(run("build -o built.lock")).isZero();
        assertThat(Lock.read(folder.resolve("built.lock")).config())
                .isEqualTo(Lock.read(lock()).config());
    }

    @Test
    void lockedRunsTheLockWithoutALookAtTheConfig() throws Exception {
        run("run");
        var before = Files.readString(lock());
        Files.writeString(folder.resolve("flusso.toml"), "this is no config");
        assertThat(run("run --locked")).isEqualTo(2);
        assertThat(said()).contains(UNSET);
        assertThat(run("run", Map.of("FLUSSO_LOCKED", "true"))).isEqualTo(2);
        assertThat(said()).contains(UNSET);
        assertThat(run("run")).isEqualTo(2);
        assertThat(said()).contains("flusso.toml:1:").doesNotContain(UNSET);
        assertThat(Files.readString(lock())).isEqualTo(before);
    }

    @Test
    void withoutAConfigTheLockIsRun() throws Exception {
        run("run");
        var before = Files.readString(lock());
        Files.delete(folder.resolve("flusso.toml"));
        Files.delete(folder.resolve("users.schema.yml"));
        for (var command : List.of("run", "capture", "work")) {
            assertThat(run(command)).as(command).isEqualTo(2);
            assertThat(said()).as(command).contains(UNSET);
        }
        assertThat(Files.readString(lock())).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"capture", "work"})
    void onlyRunWritesALock(String command) throws Exception {
        assertThat(run(command)).isEqualTo(2);
        assertThat(said()).contains(UNSET);
        assertThat(lock()).doesNotExist();
        assertThat(run(command + " -c flusso.toml --lock mine.lock")).isEqualTo(2);
        assertThat(folder.resolve("mine.lock")).doesNotExist();
        run("run");
        var before = Files.readString(lock());
        Files.writeString(folder.resolve("flusso.toml"), config("people"));
        assertThat(run(command)).isEqualTo(2);
        assertThat(Files.readString(lock())).isEqualTo(before);
    }

    @Test
    void aLockThatCannotBeWrittenEndsTheRun() throws Exception {
        Files.createDirectory(folder.resolve("taken.lock"));
        assertThat(run("run --lock taken.lock")).isEqualTo(1);
        assertThat(said())
                .startsWith("error: the lock '" + folder.resolve("taken.lock") + "' cannot be written: ")
                .contains(
                        "is a directory",
                        "make it writable, name another with --lock, or run it as it is with --locked")
                .doesNotContain(UNSET);
        assertThat(run("run --lock no/such/flusso.lock")).isEqualTo(1);
        assertThat(said())
                .contains("cannot be written: no such file or directory;")
                .doesNotContain(UNSET);
        assertThat(run("work --lock no/such/flusso.lock")).isEqualTo(2);
        assertThat(said()).contains(UNSET);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "run --locked                   | there is no lock; build one with 'flusso build'",
                "run -c nowhere.toml            | does not exist",
                "work --locked --lock gone.lock | there is no lock; build one with 'flusso build'",
            })
    void whatIsNamedAndNotThereIsNamed(String line, String message) {
        assertThat(run(line)).isEqualTo(2);
        assertThat(said()).startsWith("error: ").contains(message);
        assertThat(lock()).doesNotExist();
    }

    @Test
    void neitherConfigNorLockIsSaidWithWhatToDo() throws Exception {
        Files.delete(folder.resolve("flusso.toml"));
        assertThat(run("run")).isEqualTo(2);
        assertThat(said()).contains("there is neither '", "write a flusso.toml here, or name one with -c");
    }

    @Test
    void anInvalidConfigLeavesTheOldLockAsItWas() throws Exception {
        run("run");
        var before = Files.readString(lock());
        Files.writeString(folder.resolve("flusso.toml"), config("Users"));
        assertThat(run("run")).isEqualTo(2);
        assertThat(said()).contains("flusso.toml:6:1: 'name' is \"Users\"");
        assertThat(Files.readString(lock())).isEqualTo(before);
    }
}
