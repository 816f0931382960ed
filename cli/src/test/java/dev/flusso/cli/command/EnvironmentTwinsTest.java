package dev.flusso.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Every option of every command can be given by its variable, and the option wins. Made from the commands themselves. */
class EnvironmentTwinsTest {

    /** Two texts that an option takes, neither of them its default; by what it shows as its value in help. */
    private static final Map<String, List<String>> SAMPLES = Map.ofEntries(
            Map.entry("<file>", List.of("one.x", "two.x")),
            Map.entry("<directory>", List.of("one", "two")),
            Map.entry("<name>", List.of("one", "two")),
            Map.entry("<prefix>", List.of("one_", "two_")),
            Map.entry("<password>", List.of("one", "two")),
            Map.entry("<bool>", List.of("true", "false")),
            Map.entry("<host:port>", List.of("one:1", "two:2")),
            Map.entry("<seconds>", List.of("7", "8")),
            Map.entry("<changes>", List.of("7", "8")),
            Map.entry("<count>", List.of("7", "8")),
            Map.entry("<documents>", List.of("7", "8")),
            Map.entry("<id>", List.of("7", "8")),
            Map.entry("human|json", List.of("json", "human")),
            Map.entry("beginning|<position>|<time>", List.of("3-0000000200000017", "2026-11-20T10:00:00Z")));

    private static final List<String> FLAG = List.of("true", "false");

    static List<Arguments> options() {
        var all = new ArrayList<Arguments>();
        var shell = new CapturedShell().shell();
        for (var verb : AllCommands.of(shell)) {
            collect(List.of(verb.name()), command(shell, verb.name()), all);
        }
        assertThat(all).hasSizeGreaterThan(80);
        return all;
    }

    private static CommandLine command(Shell shell, String verb) {
        var all = new Program(shell, AllCommands.of(shell)).commandLine(verb).getSubcommands();
        return Objects.requireNonNull(all.get(verb), verb);
    }

    private static void collect(List<String> words, CommandLine command, List<Arguments> found) {
        for (var option : command.getCommandSpec().options()) {
            if (!option.usageHelp() && !option.versionHelp()) {
                found.add(Arguments.of(String.join(" ", words), option.longestName()));
            }
        }
        command.getSubcommands().forEach((name, below) -> {
            var longer = new ArrayList<>(words);
            longer.add(name);
            collect(longer, below, found);
        });
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("options")
    void theVariableStandsForTheOptionWhichWins(String command, String option) {
        var plain = spec(command, option, new CapturedShell());
        var variable = EnvironmentDefaults.variable(plain).orElseThrow();
        assertThat(variable)
                .isEqualTo("FLUSSO_" + option.substring(2).replace('-', '_').toUpperCase(Locale.ROOT));
        boolean flag = plain.arity().max() == 0;
        var samples = flag ? FLAG : Objects.requireNonNull(SAMPLES.get(plain.paramLabel()), plain.paramLabel());
        var one = samples.get(0);
        var two = samples.get(1);

        var without = value(command, option, new CapturedShell(), null);
        var byOption = value(command, option, new CapturedShell(), one);
        var byVariable = value(command, option, new CapturedShell().with(variable, one), null);
        var byBoth = value(command, option, new CapturedShell().with(variable, one), two);
        var other = value(command, option, new CapturedShell(), two);
        var byEmpty = value(command, option, new CapturedShell().with(variable, ""), null);

        assertThat(byOption).as("--option given").isNotEqualTo(without);
        assertThat(byVariable).as(variable + "=" + one).isEqualTo(byOption);
        assertThat(byBoth)
                .as(variable + "=" + one + " beside " + option + "=" + two)
                .isEqualTo(other)
                .isNotEqualTo(byOption);
        assertThat(byEmpty).as("an empty variable").isEqualTo(without);
        assertThat(plain.description()).as("help of " + option).isNotEmpty();
    }

    @Test
    void helpNamesEveryVariable() {
        var shell = new CapturedShell().shell();
        for (var option : options()) {
            var words = String.valueOf(option.get()[0]).split(" ", -1);
            var command = command(shell, words[0]);
            for (int i = 1; i < words.length; i++) {
                command = Objects.requireNonNull(command.getSubcommands().get(words[i]));
            }
            var spec = Objects.requireNonNull(command.getCommandSpec().findOption(String.valueOf(option.get()[1])));
            assertThat(command.getUsageMessage())
                    .contains("[env: " + EnvironmentDefaults.variable(spec).orElseThrow() + "]");
        }
    }

    private static OptionSpec spec(String command, String option, CapturedShell shell) {
        var words = command.split(" ", -1);
        var line = command(shell.shell(), words[0]);
        for (int i = 1; i < words.length; i++) {
            line = Objects.requireNonNull(line.getSubcommands().get(words[i]));
        }
        return Objects.requireNonNull(line.getCommandSpec().findOption(option));
    }

    /** What the option is after the command line was read; null text is not given. */
    private static @Nullable Object value(String command, String option, CapturedShell shell, @Nullable String text) {
        var words = new ArrayList<>(List.of(command.split(" ", -1)));
        var first = words.get(0);
        var program = new Program(shell.shell(), AllCommands.of(shell.shell()));
        if (text != null) {
            words.add(option + "=" + text);
        }
        spec(command, option, shell).command().positionalParameters().stream()
                .filter(parameter -> parameter.arity().min() > 0)
                .map(ArgSpec::paramLabel)
                .map(label -> label.contains("/") ? "primary/users" : "config")
                .forEach(words::add);
        var parsed = program.commandLine(first).parseArgs(words.toArray(String[]::new));
        while (parsed.hasSubcommand()) {
            parsed = parsed.subcommand();
        }
        return Objects.requireNonNull(parsed.commandSpec().findOption(option)).getValue();
    }
}
