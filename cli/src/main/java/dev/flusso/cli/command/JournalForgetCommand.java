package dev.flusso.cli.command;

import dev.flusso.journal.LaneName;
import dev.flusso.journal.chronicle.ChronicleJournal;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code flusso journal forget <sink>/<index>}: the lane's index is not touched. */
@Command(name = "forget", sortOptions = false, abbreviateSynopsis = true)
final class JournalForgetCommand implements Callable<ExitCode> {
    private final Shell shell;

    @Parameters(
            index = "0",
            paramLabel = "<sink>/<index>",
            description = "the lane; its index in the sink is not touched")
    private LaneName lane = new LaneName("none", "none");

    @Mixin
    private final JournalLocation location = new JournalLocation();

    JournalForgetCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public ExitCode call() throws IOException {
        var located = location.locate(shell);
        JournalCommands.existing(located);
        try (var journal = ChronicleJournal.openReadOnly(located.directory())) {
            if (journal.lanes().of(lane).isEmpty()) {
                var known = journal.lanes().all().stream()
                        .map(file -> file.lane().toString())
                        .distinct()
                        .collect(Collectors.joining(", "));
                throw new CommandException(
                        ExitCode.INVALID,
                        "there is no lane '" + lane + "' in '" + located.directory() + "'"
                                + (known.isEmpty() ? ", nor any other" : "; there are " + known));
            }
            journal.lanes().forget(lane);
        }
        shell.out().println("forgot " + lane + "; nothing is kept for it any more");
        return ExitCode.DONE;
    }
}
