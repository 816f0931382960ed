package dev.flusso.cli.command;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Gives each option the value of its variable where the command line does not give one. */
final class EnvironmentDefaults implements IDefaultValueProvider {
    private static final Set<String> TRUE = Set.of("true", "1", "yes", "y", "on", "t");
    private static final Set<String> FALSE = Set.of("false", "0", "no", "n", "off", "f");

    private final Shell shell;

    EnvironmentDefaults(Shell shell) {
        this.shell = shell;
    }

    /**
     * The variable of an option: {@code --capture-address} is {@code FLUSSO_CAPTURE_ADDRESS}. An argument names its own by
     * {@code descriptionKey}. Empty for {@code --help} and {@code --version}.
     */
    static Optional<String> variable(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option)) {
            return Optional.ofNullable(argument.descriptionKey()).filter(name -> !name.isEmpty());
        }
        if (option.usageHelp() || option.versionHelp()) {
            return Optional.empty();
        }
        var words = option.longestName().replaceFirst("^-+", "").replace('-', '_');
        return Optional.of("FLUSSO_" + words.toUpperCase(Locale.ROOT));
    }

    /** What a flag's text means; empty when it is no truth value. */
    static Optional<Boolean> truth(String text) {
        var lower = text.toLowerCase(Locale.ROOT);
        if (TRUE.contains(lower)) {
            return Optional.of(true);
        }
        return FALSE.contains(lower) ? Optional.of(false) : Optional.empty();
    }

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        var given = variable(argument).flatMap(shell::variable);
        if (given.isEmpty()) {
            return null;
        }
        var isFlag = argument instanceof OptionSpec option && option.arity().max() == 0;
        return isFlag ? truth(given.get()).map(String::valueOf).orElse(given.get()) : given.get();
    }
}
