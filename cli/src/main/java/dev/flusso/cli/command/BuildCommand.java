package dev.flusso.cli.command;

import dev.flusso.schema.lock.Lock;
import dev.flusso.schema.parse.ConfigFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code flusso build}: config and schemas into one lock. Connects to nothing and needs no secret. */
@Command(name = "build", sortOptions = false, abbreviateSynopsis = true)
final class BuildCommand implements Callable<ExitCode> {
    private final Shell shell;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "<file>",
            defaultValue = "flusso.toml",
            description = "the config (${DEFAULT-VALUE})")
    private Path config = Path.of("flusso.toml");

    @Option(
            names = {"-o", "--out"},
            paramLabel = "<file>",
            defaultValue = "flusso.lock",
            description = "the lock to write (${DEFAULT-VALUE})")
    private Path out = Path.of("flusso.lock");

    BuildCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public ExitCode call() {
        var compiled = ConfigFiles.load(shell.resolve(config));
        try {
            new Lock(compiled, Version.number()).write(shell.resolve(out));
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.FAILED,
                    "the lock '" + out + "' cannot be written: " + FailureReport.reason(e)
                            + "; make its directory and make it writable, or name another file with -o",
                    e);
        }
        Lock.literalSecrets(compiled).forEach(warning -> shell.err().println("warning: " + warning));
        var count = compiled.indexes().size();
        shell.out().println("compiled " + count + (count == 1 ? " index" : " indexes") + " into " + out);
        return ExitCode.DONE;
    }
}
