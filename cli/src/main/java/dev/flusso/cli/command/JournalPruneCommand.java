package dev.flusso.cli.command;

import dev.flusso.journal.LaneName;
import dev.flusso.journal.chronicle.ChronicleJournal;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code flusso journal prune}: what capture does by itself every few seconds. */
@Command(name = "prune", sortOptions = false, abbreviateSynopsis = true)
final class JournalPruneCommand implements Callable<ExitCode> {
    private final Shell shell;

    @Mixin
    private final JournalLocation location = new JournalLocation();

    JournalPruneCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public ExitCode call() throws IOException {
        var located = location.locate(shell);
        var before = JournalCommands.existing(located);
        List<LaneName> cut;
        try (var journal = ChronicleJournal.open(located.directory(), located.options(), InstantSource.system())) {
            cut = journal.appender().prune(journal.lanes().all());
        }
        var after = JournalCommands.existing(located);
        shell.out()
                .println("deleted "
                        + before.segments().stream()
                                .filter(segment -> after.segments().stream()
                                        .noneMatch(kept -> kept.file().equals(segment.file())))
                                .count()
                        + " segments, " + Amount.bytes(Math.max(0, before.bytes() - after.bytes()))
                        + (cut.isEmpty()
                                ? ""
                                : "; cut loose, to be seeded anew: "
                                        + cut.stream().map(LaneName::toString).collect(Collectors.joining(", "))));
        return ExitCode.DONE;
    }
}
