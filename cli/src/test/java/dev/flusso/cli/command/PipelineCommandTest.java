package dev.flusso.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.cli.http.Address;
import dev.flusso.cli.http.Credentials;
import dev.flusso.journal.Position;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PipelineCommandTest {
    private final RememberingPipeline pipeline = new RememberingPipeline();
    private final CapturedShell shell = new CapturedShell();

    @Test
    void leavesWhatIsNotGivenToTheConfig() {
        assertThat(run("run")).isZero();
        assertThat(pipeline.options())
                .isEqualTo(new RunOptions(
                        RunOptions.Half.BOTH,
                        null,
                        Path.of("flusso.lock"),
                        false,
                        "flusso",
                        "flusso",
                        null,
                        false,
                        false,
                        null,
                        null,
                        null,
                        new Credentials("admin", null),
                        Duration.ofSeconds(15),
                        null,
                        null,
                        List.of(),
                        List.of(),
                        null,
                        false));
    }

    @Test
    void takesEveryFlagOfTheOlderProgram() {
        assertThat(run("run -c a.toml --lock b.lock --locked --slot s --publication p --manage-publication false"
                        + " --skip-backfill --pretty --public-address 0.0.0.0:1 --private-address [::1]:2"
                        + " --admin-user root --admin-password hunter2 --lag-poll-secs 3 --index-prefix dev_"
                        + " --journal /var/j --queue-capacity 1024"))
                .isZero();
        assertThat(pipeline.options())
                .isEqualTo(new RunOptions(
                        RunOptions.Half.BOTH,
                        Path.of("a.toml"),
                        Path.of("b.lock"),
                        true,
                        "s",
                        "p",
                        false,
                        true,
                        true,
                        new Address("0.0.0.0", 1),
                        new Address("::1", 2),
                        null,
                        new Credentials("root", "hunter2"),
                        Duration.ofSeconds(3),
                        "dev_",
                        Path.of("/var/j"),
                        List.of(),
                        List.of(),
                        null,
                        true));
    }

    @Test
    void capturesWithAnAddressOfItsOwn() {
        assertThat(run("capture --capture-address localhost:0")).isZero();
        assertThat(pipeline.options().half()).isEqualTo(RunOptions.Half.CAPTURE);
        assertThat(pipeline.options().captureAddress()).isEqualTo(new Address("localhost", 0));
        assertThat(run("capture --public-address localhost:0")).isEqualTo(2);
    }

    @Test
    void worksOnTheLanesNamed() {
        assertThat(run("work --index users --index orders,items --sink primary"))
                .isZero();
        assertThat(pipeline.options().half()).isEqualTo(RunOptions.Half.WORK);
        assertThat(pipeline.options().indexes()).containsExactly("users", "orders", "items");
        assertThat(pipeline.options().sinks()).containsExactly("primary");
    }

    @ParameterizedTest
    @CsvSource({"beginning", "3-0000000200000017", "2026-11-20T10:00:00Z", "2026-11-20T12:00:00+02:00"})
    void startsFromWhereItIsTold(String from) {
        assertThat(run("work --from " + from)).isZero();
        var expected = switch (from) {
            case "beginning" -> new StartFrom.Beginning();
            case "3-0000000200000017" -> new StartFrom.After(new Position(3, 0x200000017L));
            default -> new StartFrom.Since(Instant.parse("2026-11-20T10:00:00Z"));
        };
        assertThat(pipeline.options().from()).isEqualTo(expected);
    }

    @Test
    void warnsOfAVariableThatRewindsAtEveryStart() {
        assertThat(run("work --from beginning")).isZero();
        assertThat(shell.err()).isEmpty();
        shell.with("FLUSSO_FROM", "beginning");
        assertThat(run("run")).isZero();
        assertThat(shell.err()).isEmpty();
        assertThat(run("work")).isZero();
        assertThat(shell.err().lines())
                .singleElement()
                .asString()
                .contains("WARN", "FLUSSO_FROM is set", "every start rewinds");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "run --public-address 9464 | 'is not an address, expected host:port like'",
                "run --public-address ::1:9464 | 'is not an address'",
                "run --public-address localhost:99999 | 'is not an address'",
                "run --manage-publication perhaps | 'expected true or false'",
                "run --lag-poll-secs 0 | 'expected 1 or more'",
                "run --lag-poll-secs soon | 'is not an int'",
                "run --admin-user a:b | 'has a colon'",
                "run --slot= | 'need a name'",
                "work --from yesterday | 'nor a time like 2026-11-20T10:00:00Z'",
                "run --index users | 'unknown option ''--index'''",
                "capture --locked=maybe | 'maybe'"
            })
    void refusesWhatMakesNoSense(String line, String message) {
        assertThat(run(line)).isEqualTo(2);
        assertThat(shell.err()).startsWith("error: ").contains(message).doesNotContain("\tat ");
        assertThat(pipeline.wasStarted()).isFalse();
    }

    @Test
    void takesAFlagFromItsVariable() {
        shell.with("FLUSSO_SLOT", "blue")
                .with("FLUSSO_SKIP_BACKFILL", "1")
                .with("FLUSSO_MANAGE_PUBLICATION", "no")
                .with("FLUSSO_ADMIN_PASSWORD", "hunter2")
                .with("FLUSSO_INDEX", "users,orders");
        assertThat(run("work --slot green")).isZero();
        assertThat(pipeline.options().slot()).isEqualTo("green");
        assertThat(pipeline.options().skipBackfill()).isTrue();
        assertThat(pipeline.options().managePublication()).isFalse();
        assertThat(pipeline.options().credentials().secret()).contains("hunter2");
        assertThat(pipeline.options().indexes()).containsExactly("users", "orders");
    }

    @Test
    void neverPrintsThePassword() {
        run("run --admin-password hunter2");
        assertThat(pipeline.options().toString()).doesNotContain("hunter2");
    }

    @Test
    void endsWithTheExitCodeOfThePipeline() {
        assertThat(shell.run(ending(termination -> ExitCode.GAP), "work")).isEqualTo(6);
    }

    @Test
    void printsWhyThePipelineCouldNotGoOn() {
        var code = shell.run(
                ending(termination -> {
                    throw new CommandException(ExitCode.HELD, "the journal 'j' is held by process 12");
                }),
                "capture");
        assertThat(code).isEqualTo(7);
        assertThat(shell.err()).isEqualTo("error: the journal 'j' is held by process 12\n");
    }

    @Test
    void tellsThatTheTerminationWasAskedFor() {
        var code = shell.run(
                ending(termination -> {
                    termination.request();
                    return termination.isRequested() ? ExitCode.DONE : ExitCode.FAILED;
                }),
                "run");
        assertThat(code).isZero();
    }

    @Test
    void refusesALogLevelThatThereIsNot() {
        shell.with("FLUSSO_LOG", "verbose");
        assertThat(run("run")).isEqualTo(2);
        assertThat(shell.err()).contains("FLUSSO_LOG is 'verbose', expected error, warn, info");
    }

    @Test
    void saysOnceThatOtlpIsIgnored() {
        shell.with("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318").with("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc");
        assertThat(run("run")).isZero();
        assertThat(shell.err().lines()).singleElement().asString().contains("WARN", "OTEL_EXPORTER_OTLP_* is ignored");
    }

    private int run(String line) {
        return shell.run(s -> Commands.of(s, () -> pipeline), line.split(" ", -1));
    }

    private static Function<Shell, List<Verb>> ending(Function<Termination, ExitCode> end) {
        return shell -> Commands.of(shell, () -> new RememberingPipeline(end));
    }
}
