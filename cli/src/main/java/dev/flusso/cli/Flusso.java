package dev.flusso.cli;

import dev.flusso.cli.command.Commands;
import dev.flusso.cli.command.Program;
import dev.flusso.cli.command.Shell;
import dev.flusso.cli.command.Version;
import dev.flusso.cli.inspect.LiveInquiry;
import dev.flusso.cli.pipeline.LiveInspection;
import dev.flusso.cli.pipeline.LivePipeline;

/** Where the program starts. */
public final class Flusso {
    private Flusso() {}

    /** Runs one command and ends the process with its exit code (REFERENCE §5). */
    public static void main(String[] args) {
        var shell = Shell.ofProcess();
        var verbs = Commands.of(
                shell,
                () -> new LivePipeline(shell, Version.number()),
                () -> new LiveInspection(shell),
                () -> new LiveInquiry(shell, Version.number()));
        System.exit(new Program(shell, verbs).run(args));
    }
}
