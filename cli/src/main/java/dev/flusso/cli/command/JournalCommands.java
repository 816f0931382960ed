package dev.flusso.cli.command;

import dev.flusso.journal.JournalInspection;
import dev.flusso.journal.chronicle.ChronicleJournal;
import java.io.IOException;
import picocli.CommandLine.Model.CommandSpec;

/** {@code flusso journal …}: the group, and what its commands share. All but prune and forget change nothing, in use or not. */
final class JournalCommands {
    private JournalCommands() {}

    static CommandSpec group(Shell shell) {
        return CommandSpec.create()
                .addSubcommand(
                        "info", spec("Say what there is: positions, segments, lanes", new JournalInfoCommand(shell)))
                .addSubcommand(
                        "tail", spec("Print the newest entries, and those to come", new JournalTailCommand(shell)))
                .addSubcommand("dump", spec("Print the entries from a place on", new JournalDumpCommand(shell)))
                .addSubcommand(
                        "verify", spec("Read every record and say what is damaged", new JournalVerifyCommand(shell)))
                .addSubcommand(
                        "prune",
                        spec(
                                "Delete what nobody needs any more, while capture is stopped",
                                new JournalPruneCommand(shell)))
                .addSubcommand(
                        "forget",
                        spec(
                                "Delete what a lane left, so that nothing is kept for it",
                                new JournalForgetCommand(shell)));
    }

    private static CommandSpec spec(String summary, Object command) {
        var spec = CommandSpec.forAnnotatedObject(command);
        spec.usageMessage().description(summary + ".");
        return spec;
    }

    /**
     * What there is.
     *
     * @throws CommandException when there is no journal
     */
    static JournalInspection.Summary existing(JournalLocation.Located located) throws IOException {
        var summary = ChronicleJournal.inspect(located.directory()).summary();
        if (!summary.exists()) {
            throw new CommandException(
                    ExitCode.FAILED,
                    "there is no journal in '" + located.directory()
                            + "'; --journal names its directory, -c its config");
        }
        return summary;
    }
}
