package dev.flusso.cli.command;

import dev.flusso.journal.JournalOptions;
import dev.flusso.schema.JournalConfig;
import dev.flusso.schema.lock.Lock;
import dev.flusso.schema.parse.ConfigFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which journal to look into: named, or the one of a config or lock. */
final class JournalLocation {
    private static final Path DEFAULT_JOURNAL = Path.of("flusso-journal");

    @Option(
            names = "--journal",
            paramLabel = "<directory>",
            description =
                    "the journal's directory; without it that of the config, or of the lock, or flusso-journal here")
    private @Nullable Path journal;

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
            names = "--format",
            paramLabel = "human|json",
            defaultValue = "human",
            description = "for people or for tools (${DEFAULT-VALUE})")
    private OutputFormat format = OutputFormat.HUMAN;

    /**
     * Where it is and how it is kept.
     *
     * @param directory absolute
     */
    record Located(Path directory, JournalOptions options) {}

    OutputFormat format() {
        return format;
    }

    Located locate(Shell shell) {
        var named = journal;
        if (named != null && config == null) {
            return new Located(absolute(shell.resolve(named)), JournalOptions.DEFAULT);
        }
        var toml = shell.resolve(config == null ? DefinitionOptions.DEFAULT_CONFIG : config);
        if (config != null || Files.exists(toml)) {
            return located(ConfigFiles.load(toml).journal(), toml, shell);
        }
        var compiled = shell.resolve(lock);
        if (Files.exists(compiled)) {
            return located(Lock.read(compiled).config().journal(), compiled, shell);
        }
        return new Located(absolute(shell.resolve(DEFAULT_JOURNAL)), JournalOptions.DEFAULT);
    }

    private Located located(JournalConfig kept, Path origin, Shell shell) {
        var named = journal;
        var directory = named == null ? origin.resolveSibling(kept.path()) : shell.resolve(named);
        var options = new JournalOptions(
                kept.retention(), kept.maxBytes(), kept.minFreeBytes(), kept.segmentBytes(), kept.syncInterval());
        return new Located(absolute(directory), options);
    }

    private static Path absolute(Path path) {
        return path.toAbsolutePath().normalize();
    }
}
