package dev.flusso.cli.command;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is to be run: a config, or a lock made of one. */
final class DefinitionOptions {
    /** Where a config is looked for when none is named. */
    static final Path DEFAULT_CONFIG = Path.of("flusso.toml");

    @Option(
            names = {"-c", "--config"},
            paramLabel = "<file>",
            description = "the config; without it flusso.toml, if there is one")
    private @Nullable Path config;

    @Option(
            names = "--lock",
            paramLabel = "<file>",
            defaultValue = "flusso.lock",
            description = "the compiled config (${DEFAULT-VALUE})")
    private Path lock = Path.of("flusso.lock");

    @Option(
            names = "--locked",
            fallbackValue = "true",
            description = "run the lock as it is, and do not look at a config")
    private boolean locked;

    @Nullable
    Path config() {
        return config;
    }

    Path lock() {
        return lock;
    }

    boolean locked() {
        return locked;
    }
}
