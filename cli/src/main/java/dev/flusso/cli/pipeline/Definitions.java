package dev.flusso.cli.pipeline;

import dev.flusso.cli.command.CommandException;
import dev.flusso.cli.command.ExitCode;
import dev.flusso.cli.command.FailureReport;
import dev.flusso.cli.command.RunOptions;
import dev.flusso.cli.command.Shell;
import dev.flusso.schema.lock.Lock;
import dev.flusso.schema.parse.ConfigFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds what is to run: a config, which {@code run} compiles into its lock, or a lock as it is. */
public final class Definitions {

    private static final Path DEFAULT_CONFIG = Path.of("flusso.toml");

    private Definitions() {}

    /**
     * Loads it.
     *
     * @throws dev.flusso.schema.ConfigException with everything that is wrong with it
     * @throws CommandException when there is neither config nor lock, or {@code run} cannot write its lock
     */
    public static Definition load(RunOptions options, Shell shell, String program) {
        var given = options.config();
        var config = shell.resolve(given == null ? DEFAULT_CONFIG : given);
        var lock = shell.resolve(options.lock());
        if (options.locked() || (given == null && !Files.exists(config))) {
            if (!options.locked() && !Files.exists(lock)) {
                throw new CommandException(
                        ExitCode.INVALID,
                        "there is neither '" + config + "' nor '" + lock
                                + "'; write a flusso.toml here, or name one with -c");
            }
            return Definition.of(Lock.read(lock).config(), lock, options, shell);
        }
        var loaded = ConfigFiles.load(config);
        if (options.half() == RunOptions.Half.BOTH) {
            write(new Lock(loaded, program), lock);
        }
        return Definition.of(loaded, config, options, shell);
    }

    private static void write(Lock compiled, Path lock) {
        try {
            compiled.write(lock);
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.FAILED,
                    "the lock '" + lock + "' cannot be written: " + FailureReport.reason(e)
                            + "; make it writable, name another with --lock, or run it as it is with --locked",
                    e);
        }
    }
}
