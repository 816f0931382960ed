package dev.flusso.cli.command;

import dev.flusso.journal.PositionGoneException;
import dev.flusso.journal.Reader;
import dev.flusso.journal.chronicle.ChronicleJournal;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code flusso journal dump}: up to the newest entry there is when it gets there. */
@Command(name = "dump", sortOptions = false, abbreviateSynopsis = true)
final class JournalDumpCommand implements Callable<ExitCode> {
    private final Shell shell;

    @Option(
            names = "--from",
            paramLabel = "beginning|<position>|<time>",
            defaultValue = "beginning",
            description = "after a position, or the first committed at or after a time (${DEFAULT-VALUE})")
    private StartFrom from = new StartFrom.Beginning();

    @Option(names = "--limit", paramLabel = "<count>", defaultValue = "0", description = "how many at most; 0 for all")
    private long limit;

    @Mixin
    private final JournalLocation location = new JournalLocation();

    JournalDumpCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public ExitCode call() throws IOException {
        var located = location.locate(shell);
        JournalCommands.existing(located);
        try (var journal = ChronicleJournal.openReadOnly(located.directory());
                var reader = journal.reader()) {
            seek(reader);
            var printed = 0L;
            for (var next = reader.next(); next != null && !shell.out().checkError(); next = reader.next()) {
                shell.out().println(EntryText.of(next, location.format()));
                if (++printed == limit) {
                    break;
                }
            }
        }
        return ExitCode.DONE;
    }

    private void seek(Reader reader) {
        if (from instanceof StartFrom.Since since) {
            reader.seekTo(since.time());
        } else if (from instanceof StartFrom.After after) {
            try {
                reader.seekAfter(after.position());
            } catch (PositionGoneException e) {
                throw new CommandException(
                        ExitCode.INVALID,
                        "'--from' is " + after.position() + ", which is not kept; the oldest usable is "
                                + reader.oldest(),
                        e);
            }
        }
    }
}
