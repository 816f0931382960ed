package dev.flusso.cli.command;

import dev.flusso.cli.http.Address;
import dev.flusso.journal.LaneName;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command line as a whole: finds the command, reads its options, runs it, and turns whatever happens into one message and an exit
 * code.
 */
public final class Program {
    private static final String NAME = "flusso";

    /** The commands that log. */
    private static final Set<String> PIPELINES =
            Stream.of(RunOptions.Half.values()).map(RunOptions.Half::command).collect(Collectors.toUnmodifiableSet());

    private final Shell shell;
    private final List<Verb> verbs;

    /** @param verbs the commands there are, in the order in which help lists them */
    public Program(Shell shell, List<Verb> verbs) {
        this.shell = shell;
        this.verbs = List.copyOf(verbs);
    }

    /** Runs what {@code args} ask for; the exit code. Never throws, never ends the process. */
    public int run(String... args) {
        if (args.length == 1 && (args[0].equals("--version") || args[0].equals("-V"))) {
            shell.out().println(Version.line());
            return ExitCode.DONE.number();
        }
        var words = helpAsOption(args);
        try {
            var code = commandLine(words.length == 0 ? "" : words[0]).execute(words);
            shell.out().flush();
            return code;
        } catch (RuntimeException | Error e) {
            return failed(e);
        }
    }

    /** {@code flusso help run} is {@code flusso run --help}. */
    private static String[] helpAsOption(String... args) {
        if (args.length == 0 || !args[0].equals("help")) {
            return args.clone();
        }
        return args.length == 1 ? new String[] {"--help"} : new String[] {args[1], "--help"};
    }

    /** All commands, but only the one that is used with its options. */
    CommandLine commandLine(String used) {
        var top = topLevel();
        for (var verb : verbs) {
            var spec = verb.name().equals(used) ? spec(verb.body().get()) : CommandSpec.create();
            spec.usageMessage().description(verb.summary() + ".");
            addHelp(spec);
            top.addSubcommand(verb.name(), spec);
        }
        var commandLine = new CommandLine(top);
        configure(commandLine);
        return commandLine;
    }

    private static CommandSpec spec(Object body) {
        return body instanceof CommandSpec made ? made : CommandSpec.forAnnotatedObject(body);
    }

    private void configure(CommandLine commandLine) {
        var ansi = shell.coloursOut() ? Help.Ansi.ON : Help.Ansi.OFF;
        commandLine
                .setOut(printer(shell.out()))
                .setErr(printer(shell.err()))
                .setColorScheme(Help.defaultColorScheme(ansi))
                .setUsageHelpWidth(100)
                .setUsageHelpAutoWidth(false)
                .setAbbreviatedOptionsAllowed(false)
                .setAbbreviatedSubcommandsAllowed(false)
                .setDefaultValueProvider(new EnvironmentDefaults(shell))
                .setHelpFactory(HelpWithVariables::new)
                .registerConverter(Address.class, converting(Address::parse))
                .registerConverter(LaneName.class, converting(LaneName::parse))
                .registerConverter(StartFrom.class, converting(StartFrom::parse))
                .registerConverter(OutputFormat.class, converting(OutputFormat::parse))
                .registerConverter(SchemaCommand.Kind.class, converting(SchemaCommand.Kind::parse))
                .registerConverter(Boolean.class, converting(Program::truth))
                .setExecutionStrategy(this::execute)
                .setParameterExceptionHandler((exception, args) -> misused(exception, List.of(args)));
    }

    private static PrintWriter printer(PrintStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
    }

    private static Boolean truth(String text) {
        return EnvironmentDefaults.truth(text)
                .orElseThrow(
                        () -> new IllegalArgumentException("'" + text + "' is no truth value, expected true or false"));
    }

    private static <T> CommandLine.ITypeConverter<T> converting(Function<String, T> parse) {
        return text -> {
            try {
                return parse.apply(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        };
    }

    private int execute(ParseResult parsed) {
        if (CommandLine.executeHelpRequest(parsed) != null) {
            return ExitCode.DONE.number();
        }
        var last = parsed;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        if (!(last.commandSpec().userObject() instanceof Callable<?> command)) {
            var commandLine = last.commandSpec().commandLine();
            var names = String.join(", ", commandLine.getSubcommands().keySet());
            throw new ParameterException(commandLine, "a command is missing, expected one of: " + names);
        }
        try {
            return command.call() instanceof ExitCode code ? code.number() : ExitCode.DONE.number();
        } catch (ParameterException e) {
            throw e;
        } catch (Exception e) {
            return failed(e);
        }
    }

    private int failed(Throwable failure) {
        shell.out().flush();
        return new FailureReport(shell).print(failure).number();
    }

    private int misused(ParameterException exception, List<String> args) {
        var commandLine = exception.getCommandLine();
        var message = new StringBuilder(
                exception instanceof UnmatchedArgumentException unmatched
                        ? unknown(unmatched)
                        : lowerFirst(Objects.requireNonNullElse(exception.getMessage(), "wrong usage")));
        if (exception.getArgSpec() instanceof OptionSpec option
                && args.stream().noneMatch(arg -> List.of(option.names()).contains(arg.split("=", 2)[0]))) {
            EnvironmentDefaults.variable(option)
                    .filter(variable -> shell.variable(variable).isPresent())
                    .ifPresent(variable -> message.append(", from ").append(variable));
        }
        var logs = !args.isEmpty() && PIPELINES.contains(args.get(0));
        var report = logs ? FailureReport.asLogged(shell) : new FailureReport(shell);
        report.error(message.toString());
        report.hint("see '" + commandLine.getCommandSpec().qualifiedName() + " --help'");
        return ExitCode.INVALID.number();
    }

    /** Names what is unknown, but not a value given to it: it may be a secret under a misspelt name. */
    private static String unknown(UnmatchedArgumentException unmatched) {
        var first = unmatched.getUnmatched().get(0);
        var commandLine = unmatched.getCommandLine();
        if (unmatched.isUnknownOption()) {
            var name = first.split("=", 2)[0];
            var names = commandLine.getCommandSpec().optionsMap().keySet();
            return "unknown option '" + name + "'" + didYouMean(name, names);
        }
        var commands = commandLine.getSubcommands().keySet();
        return commands.isEmpty()
                ? "unexpected argument '" + first + "'"
                : "unknown command '" + first + "'" + didYouMean(first, commands);
    }

    private static String didYouMean(String typed, Set<String> known) {
        return Spelling.nearest(typed, known)
                .map(name -> "; did you mean " + name + "?")
                .orElse("");
    }

    private static String lowerFirst(String message) {
        var start = message.length() < 2 || Character.isUpperCase(message.charAt(1))
                ? message
                : message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
        return start.strip();
    }

    /** The help of a command, or of the program for an empty name, as printed; for the reference pages and for tests. */
    public String help(String verb) {
        var commandLine = commandLine(verb);
        var shown = commandLine.getSubcommands().getOrDefault(verb, commandLine);
        var text = new StringWriter();
        shown.usage(new PrintWriter(text, true), Help.Ansi.OFF);
        return text.toString();
    }

    /** Every command's name, in help's order. */
    public List<String> verbs() {
        return verbs.stream().map(Verb::name).toList();
    }

    private static CommandSpec topLevel() {
        var top = CommandSpec.create().name(NAME);
        top.usageMessage()
                .description("Keeps search documents in OpenSearch true to rows in Postgres.")
                .customSynopsis("flusso [--help | --version] <command> [options]")
                .optionListHeading("%n")
                .commandListHeading("%nCommands:%n")
                .footerHeading("%n")
                .footer(
                        "'flusso <command> --help' tells a command's options and their FLUSSO_* variables.",
                        "Logs: FLUSSO_LOG=error|warn|info|debug|trace, FLUSSO_LOG_FORMAT=text|json. JVM: FLUSSO_JAVA_OPTS.");
        addHelp(top);
        return top;
    }

    private static void addHelp(CommandSpec spec) {
        spec.mixinStandardHelpOptions(true);
        spec.versionProvider(() -> new String[] {Version.line()});
        spec.subcommands().values().forEach(sub -> addHelp(sub.getCommandSpec()));
    }
}
