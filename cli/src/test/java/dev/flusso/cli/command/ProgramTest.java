package dev.flusso.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

class ProgramTest {

    @ParameterizedTest
    @ValueSource(strings = {"--version", "-V"})
    void printsTheVersionOfTheBuild(String option) {
        var shell = new CapturedShell();
        assertThat(shell.run(Commands::of, option)).isZero();
        assertThat(shell.out()).matches("flusso \\d+\\.\\d+\\.\\d+\\S* \\(JDK \\S+\\)\n");
        assertThat(shell.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h", "help"})
    void listsEveryCommandWithOneLine(String option) {
        var shell = new CapturedShell();
        assertThat(shell.run(ProgramTest::withPipeline, option)).isZero();
        assertThat(shell.out())
                .contains("Usage: flusso [--help | --version] <command> [options]")
                .containsPattern("(?m)^  run +Capture and work in one process\\.$")
                .containsPattern("(?m)^  reindex +Have a running worker build an index anew\\.$");
        assertThat(shell.out().lines().map(String::length)).allMatch(width -> width <= 100);
    }

    @Test
    void offersNoCommandWithoutItsEngine() {
        var shell = new CapturedShell();
        assertThat(shell.run(Commands::of, "capture")).isEqualTo(2);
        assertThat(shell.err()).startsWith("error: unknown command 'capture'");
    }

    @Test
    void helpOfACommandNamesEveryVariable() {
        var shell = new CapturedShell();
        assertThat(shell.run(ProgramTest::withPipeline, "help", "capture")).isZero();
        assertThat(shell.out())
                .contains("--capture-address=<host:port>", "[env: FLUSSO_CAPTURE_ADDRESS]")
                .contains("[env: FLUSSO_LAG_POLL_SECS]")
                .doesNotContain("FLUSSO_HELP", "FLUSSO_VERSION");
    }

    @Test
    void asksForACommandWhenThereIsNone() {
        var shell = new CapturedShell();
        assertThat(shell.run(Commands::of)).isEqualTo(2);
        assertThat(shell.err()).startsWith("error: a command is missing, expected one of: check, build, ");
        assertThat(shell.out()).isEmpty();
    }

    @Test
    void namesTheNearestCommand() {
        var shell = new CapturedShell();
        assertThat(shell.run(Commands::of, "reindx", "users")).isEqualTo(2);
        assertThat(shell.err()).isEqualTo("""
                error: unknown command 'reindx'; did you mean reindex?
                       see 'flusso --help'
                """);
    }

    @Test
    void namesTheNearestOptionAndHidesItsValue() {
        var shell = new CapturedShell();
        assertThat(shell.run(Commands::of, "indexes", "--admin-pasword=hunter2"))
                .isEqualTo(2);
        assertThat(shell.err()).isEqualTo("""
                error: unknown option '--admin-pasword'; did you mean --admin-password?
                       see 'flusso indexes --help'
                """);
    }

    @Test
    void refusesASurplusArgument() {
        var shell = new CapturedShell();
        assertThat(shell.run(Commands::of, "reindex", "users", "orders")).isEqualTo(2);
        assertThat(shell.err()).startsWith("error: unexpected argument 'orders'");
    }

    @Test
    void saysWhichArgumentIsMissing() {
        var shell = new CapturedShell();
        assertThat(shell.run(Commands::of, "reindex")).isEqualTo(2);
        assertThat(shell.err()).startsWith("error: missing required parameter: '<index>'");
    }

    @Test
    void takesAnOptionFromItsVariable() {
        var probe = new Probe();
        var shell = new CapturedShell()
                .with("FLUSSO_SOME_SIZE", "7")
                .with("FLUSSO_QUIET", "yes")
                .with("FLUSSO_KIND", "b");
        assertThat(shell.run(only(probe), "probe")).isZero();
        assertThat(probe.size).isEqualTo(7);
        assertThat(probe.quiet).isTrue();
        assertThat(probe.kind).isEqualTo("b");
    }

    @Test
    void letsTheFlagWinOverItsVariable() {
        var probe = new Probe();
        var shell = new CapturedShell()
                .with("FLUSSO_SOME_SIZE", "7")
                .with("FLUSSO_QUIET", "false")
                .with("FLUSSO_KIND", "b");
        assertThat(shell.run(only(probe), "probe", "--some-size", "9", "--quiet", "c"))
                .isZero();
        assertThat(probe.size).isEqualTo(9);
        assertThat(probe.quiet).isTrue();
        assertThat(probe.kind).isEqualTo("c");
    }

    @Test
    void keepsAFlagThatBothTheVariableAndTheCommandLineSet() {
        var probe = new Probe();
        assertThat(new CapturedShell().with("FLUSSO_QUIET", "true").run(only(probe), "probe", "--quiet", "c"))
                .isZero();
        assertThat(probe.quiet).isTrue();
    }

    @Test
    void takesAnEmptyVariableAsUnset() {
        var probe = new Probe();
        var shell = new CapturedShell()
                .with("FLUSSO_SOME_SIZE", "")
                .with("FLUSSO_QUIET", "")
                .with("FLUSSO_KIND", "b");
        assertThat(shell.run(only(probe), "probe")).isZero();
        assertThat(probe.size).isEqualTo(1);
        assertThat(probe.quiet).isFalse();
    }

    @Test
    void namesTheVariableWhoseValueIsWrong() {
        var shell = new CapturedShell().with("FLUSSO_SOME_SIZE", "many");
        assertThat(shell.run(only(new Probe()), "probe", "b")).isEqualTo(2);
        assertThat(shell.err())
                .startsWith("error: invalid value for option '--some-size'")
                .contains("'many'", "from FLUSSO_SOME_SIZE");
    }

    @Test
    void namesTheVariableOfAFlagThatIsNoTruthValue() {
        var shell = new CapturedShell().with("FLUSSO_QUIET", "maybe");
        assertThat(shell.run(only(new Probe()), "probe", "b")).isEqualTo(2);
        assertThat(shell.err()).contains("maybe", "FLUSSO_QUIET");
    }

    @Test
    void printsOneMessageAndTheExitCodeOfAFailure() {
        var shell = new CapturedShell();
        var code = shell.run(
                failing(() -> new CommandException(ExitCode.SOURCE_UNUSABLE, "the server says no")), "probe", "b");
        assertThat(code).isEqualTo(4);
        assertThat(shell.err()).isEqualTo("error: the server says no\n");
    }

    @Test
    void printsEachProblemOnItsLine() {
        var shell = new CapturedShell();
        var code = shell.run(
                failing(() -> new CommandException(ExitCode.INVALID, List.of("a.yml:1:1: one", "a.yml:2:1: two"))),
                "probe",
                "b");
        assertThat(code).isEqualTo(2);
        assertThat(shell.err()).isEqualTo("error: a.yml:1:1: one\nerror: a.yml:2:1: two\n");
    }

    @Test
    void printsAMissingFileWithoutItsStack() {
        var shell = new CapturedShell();
        var code = shell.run(
                failing(() -> new UncheckedIOException(new NoSuchFileException("flusso.lock"))), "probe", "b");
        assertThat(code).isEqualTo(1);
        assertThat(shell.err()).isEqualTo("error: 'flusso.lock': no such file or directory\n");
    }

    @Test
    void keepsTheStackOfAFaultForThoseWhoAsk() {
        Supplier<RuntimeException> fault = () -> new IllegalStateException("unthinkable");
        var quiet = new CapturedShell();
        assertThat(quiet.run(failing(fault), "probe", "b")).isEqualTo(1);
        assertThat(quiet.err())
                .startsWith("error: unexpected IllegalStateException: unthinkable")
                .contains("FLUSSO_LOG=debug")
                .doesNotContain("\tat ");
        var chatty = new CapturedShell().with("FLUSSO_LOG", "debug");
        assertThat(chatty.run(failing(fault), "probe", "b")).isEqualTo(1);
        assertThat(chatty.err()).contains("\tat dev.flusso.cli.command.ProgramTest");
    }

    @Test
    void printsACheckedFailureLikeAnyOther() {
        var shell = new CapturedShell();
        var probe = new Probe() {
            @Override
            public ExitCode call() throws IOException {
                throw new NoSuchFileException("somewhere");
            }
        };
        assertThat(shell.run(only(probe), "probe", "b")).isEqualTo(1);
        assertThat(shell.err()).isEqualTo("error: 'somewhere': no such file or directory\n");
    }

    @Test
    void coloursOnlyOnATerminalThatWantsIt() {
        var terminal = new CapturedShell().onTerminal();
        terminal.run(Commands::of, "nonsense");
        assertThat(terminal.err()).contains("\u001b[");
        var plain = new CapturedShell().onTerminal().with("NO_COLOR", "1");
        plain.run(Commands::of, "nonsense");
        plain.run(Commands::of, "--help");
        assertThat(plain.err() + plain.out()).doesNotContain("\u001b");
        var piped = new CapturedShell();
        piped.run(Commands::of, "--help");
        assertThat(piped.out()).doesNotContain("\u001b");
    }

    @Test
    void everyOptionOfEveryCommandHasADescription() {
        var shell = new CapturedShell().shell();
        var program = new Program(shell, withPipeline(shell));
        assertThat(program.verbs()).contains("run", "capture", "work", "indexes", "reindex");
        for (var verb : program.verbs()) {
            var spec = Objects.requireNonNull(
                            program.commandLine(verb).getSubcommands().get(verb))
                    .getCommandSpec();
            assertThat(spec.options())
                    .as(verb)
                    .allSatisfy(option -> assertThat(option.description())
                            .as(option.longestName())
                            .isNotEmpty());
        }
    }

    private static List<Verb> withPipeline(Shell shell) {
        return Commands.of(shell, RememberingPipeline::new);
    }

    private static Function<Shell, List<Verb>> only(Object command) {
        return shell -> List.of(new Verb("probe", "Try something", () -> command));
    }

    private static Function<Shell, List<Verb>> failing(Supplier<RuntimeException> failure) {
        return only(new Probe() {
            @Override
            public ExitCode call() {
                throw failure.get();
            }
        });
    }

    @Command(name = "probe")
    static class Probe implements Callable<ExitCode> {
        @Option(names = "--some-size", defaultValue = "1")
        int size;

        @Option(
                names = {"-q", "--quiet"},
                fallbackValue = "true")
        boolean quiet;

        @Parameters(index = "0", descriptionKey = "FLUSSO_KIND")
        String kind = "";

        @Override
        public ExitCode call() throws Exception {
            return ExitCode.DONE;
        }
    }
}
