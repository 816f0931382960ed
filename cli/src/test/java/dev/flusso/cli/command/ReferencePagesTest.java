package dev.flusso.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The pages about commands and variables say what the program takes. Their tables stand between markers and are made here; where one
 * differs, the page as it must be is written to {@code target/reference}, ready to be copied over it.
 */
class ReferencePagesTest {

    private static final Path ROOT = Path.of(Objects.requireNonNull(System.getProperty("flusso.root"), "flusso.root"));
    private static final String END = "<!-- end -->";

    @Test
    void everyOptionOfEveryCommandStandsInTheReference() throws Exception {
        var tables = new LinkedHashMap<String, String>();
        commands().forEach((name, spec) -> tables.put("options of " + name, options(spec)));
        hold("commands.md", tables);
    }

    @Test
    void everyVariableStandsInTheReference() throws Exception {
        hold("environment.md", Map.of("variables of options", variables()));
        assertThat(Files.readString(ROOT.resolve("docs/reference/environment.md")))
                .contains(
                        "`DATABASE_URL`",
                        "`<SINK>_OPENSEARCH_URL`",
                        "`<SINK>_OPENSEARCH_USERNAME`",
                        "`<SINK>_OPENSEARCH_PASSWORD`",
                        "`<SINK>_OPENSEARCH_API_KEY`",
                        "`<SINK>_OPENSEARCH_CA_CERT`",
                        "`FLUSSO_LOG`",
                        "`FLUSSO_LOG_FORMAT`",
                        "`RUST_LOG`",
                        "`FLUSSO_JAVA_OPTS`",
                        "`JAVA_HOME`",
                        "`NO_COLOR`",
                        "`OTEL_EXPORTER_OTLP_*`");
    }

    @Test
    void everyExitCodeStandsInTheReference() throws Exception {
        var page = Files.readString(ROOT.resolve("docs/reference/commands.md"));
        for (var code : ExitCode.values()) {
            assertThat(page).contains("\n| " + code.number() + " |");
        }
    }

    /** By what is typed, groups without the group's own name. */
    private static Map<String, CommandSpec> commands() {
        var shell = new CapturedShell().shell();
        var program = new Program(shell, AllCommands.of(shell));
        var found = new LinkedHashMap<String, CommandSpec>();
        for (var verb : program.verbs()) {
            collect(
                    verb,
                    Objects.requireNonNull(
                            program.commandLine(verb).getSubcommands().get(verb)),
                    found);
        }
        return found;
    }

    private static void collect(String name, CommandLine command, Map<String, CommandSpec> found) {
        if (command.getSubcommands().isEmpty()) {
            found.put(name, command.getCommandSpec());
        }
        command.getSubcommands().forEach((below, its) -> collect(name + " " + below, its, found));
    }

    private static List<ArgSpec> arguments(CommandSpec spec) {
        var all = new ArrayList<ArgSpec>(spec.positionalParameters());
        spec.options().stream()
                .filter(option -> !option.usageHelp() && !option.versionHelp())
                .forEach(all::add);
        return all;
    }

    private static String options(CommandSpec spec) {
        var rows = new StringBuilder("| | variable | |\n| --- | --- | --- |\n");
        for (var argument : arguments(spec)) {
            var variable = EnvironmentDefaults.variable(argument)
                    .map(name -> "`" + name + "`")
                    .orElse("");
            var description = String.join(" ", argument.description())
                    .replace("${DEFAULT-VALUE}", String.valueOf(argument.defaultValue()));
            rows.append("| ")
                    .append(escaped(typed(argument)))
                    .append(" | ")
                    .append(variable)
                    .append(" | ")
                    .append(escaped(description))
                    .append(" |\n");
        }
        return rows.toString();
    }

    private static String typed(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option)) {
            return "`" + argument.paramLabel() + "`";
        }
        var value = option.arity().max() == 0 ? "" : " " + option.paramLabel();
        return List.of(option.names()).stream()
                .map(name -> "`" + name + (name.equals(option.longestName()) ? value : "") + "`")
                .collect(Collectors.joining(", "));
    }

    private static String escaped(String text) {
        return text.replace("|", "\\|");
    }

    private static String variables() {
        var commands = new TreeMap<String, TreeSet<String>>();
        var flags = new TreeMap<String, String>();
        commands()
                .forEach((name, spec) -> arguments(spec)
                        .forEach(argument -> EnvironmentDefaults.variable(argument)
                                .ifPresent(variable -> {
                                    commands.computeIfAbsent(variable, any -> new TreeSet<>())
                                            .add(name);
                                    flags.put(
                                            variable,
                                            argument instanceof OptionSpec option
                                                    ? option.longestName()
                                                    : argument.paramLabel());
                                })));
        var rows = new StringBuilder("| variable | stands for | of |\n| --- | --- | --- |\n");
        commands.forEach((variable, names) -> rows.append("| `")
                .append(variable)
                .append("` | `")
                .append(escaped(flags.getOrDefault(variable, "")))
                .append("` | ")
                .append(String.join(", ", names))
                .append(" |\n"));
        return rows.toString();
    }

    private static void hold(String file, Map<String, String> tables) throws Exception {
        var page = Files.readString(ROOT.resolve("docs/reference").resolve(file));
        var right = page;
        for (var table : tables.entrySet()) {
            var marker = "<!-- " + table.getKey() + " -->\n";
            int start = right.indexOf(marker);
            assertThat(start)
                    .as("the marker '" + marker.strip() + "' in " + file)
                    .isNotNegative();
            int end = right.indexOf(END, start);
            right = right.substring(0, start + marker.length()) + table.getValue() + right.substring(end);
        }
        var copy = Path.of("target/reference").resolve(file);
        Files.createDirectories(copy.toAbsolutePath().getParent());
        Files.writeString(copy, right);
        assertThat(page)
                .as("docs/reference/" + file + " is out of date; copy cli/" + copy + " over it")
                .isEqualTo(right);
    }
}
