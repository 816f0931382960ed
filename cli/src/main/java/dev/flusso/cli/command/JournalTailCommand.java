package dev.flusso.cli.command;

import dev.flusso.journal.JournalInspection;
import dev.flusso.journal.Position;
import dev.flusso.journal.PositionGoneException;
import dev.flusso.journal.Reader;
import dev.flusso.journal.Recorded;
import dev.flusso.journal.chronicle.ChronicleJournal;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code flusso journal tail}: like the Unix command. */
@Command(name = "tail", sortOptions = false, abbreviateSynopsis = true)
final class JournalTailCommand implements Callable<ExitCode> {
    private static final long PAUSE_MILLIS = 200;

    private final Shell shell;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "<count>",
            defaultValue = "20",
            description = "how many of the newest (${DEFAULT-VALUE})")
    private int lines = 20;

    @Option(
            names = {"-f", "--follow"},
            fallbackValue = "true",
            description = "go on with those to come, until Ctrl-C")
    private boolean follow;

    @Mixin
    private final JournalLocation location = new JournalLocation();

    JournalTailCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public ExitCode call() throws IOException, InterruptedException {
        if (lines < 0) {
            throw new CommandException(ExitCode.INVALID, "'--lines' is " + lines + ", expected 0 or more");
        }
        var located = location.locate(shell);
        var summary = JournalCommands.existing(located);
        try (var journal = ChronicleJournal.openReadOnly(located.directory());
                var reader = journal.reader()) {
            newest(reader, summary).forEach(this::print);
            while (follow && !shell.out().checkError()) {
                var next = next(reader);
                if (next == null) {
                    Thread.sleep(PAUSE_MILLIS);
                } else {
                    print(next);
                }
            }
        }
        return ExitCode.DONE;
    }

    /** Entries can only be read forwards, so this goes back by whole segments until there are enough. */
    private ArrayDeque<Recorded> newest(Reader reader, JournalInspection.Summary summary) {
        var segments = summary.segments();
        for (var from = segments.size() - 1; from >= 0; from--) {
            var found = after(reader, segments.get(from).previous());
            if (found.size() >= lines || from == 0) {
                return found;
            }
        }
        return new ArrayDeque<>();
    }

    private ArrayDeque<Recorded> after(Reader reader, Position position) {
        var found = new ArrayDeque<Recorded>();
        try {
            reader.seekAfter(position);
        } catch (PositionGoneException e) {
            // deleted since the summary was made: what is left begins later
            reader.seekAfter(reader.oldest());
        }
        for (var next = next(reader); next != null; next = next(reader)) {
            found.add(next);
            if (found.size() > lines) {
                found.remove();
            }
        }
        return found;
    }

    /** The next entry; when it was deleted before it could be read, says so and goes on with the oldest kept. */
    private @Nullable Recorded next(Reader reader) {
        try {
            return reader.next();
        } catch (PositionGoneException e) {
            reader.seekAfter(Position.BEGINNING);
            shell.err()
                    .println("warning: entries after " + e.wanted()
                            + " were deleted from the journal before they were read; going on with the oldest kept");
            return reader.next();
        }
    }

    private void print(Recorded recorded) {
        shell.out().println(EntryText.of(recorded, location.format()));
    }
}
