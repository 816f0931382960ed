package dev.flusso.cli.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.flusso.journal.JournalInspection.Check;
import dev.flusso.journal.JournalInspection.Finding;
import dev.flusso.journal.chronicle.ChronicleJournal;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code flusso journal verify}: 1 when something cannot be read. */
@Command(name = "verify", sortOptions = false, abbreviateSynopsis = true)
final class JournalVerifyCommand implements Callable<ExitCode> {
    private final Shell shell;

    @Mixin
    private final JournalLocation location = new JournalLocation();

    JournalVerifyCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public ExitCode call() throws IOException {
        var located = location.locate(shell);
        var summary = JournalCommands.existing(located);
        var counts = new EnumMap<Check, Long>(Check.class);
        ChronicleJournal.inspect(located.directory()).verify(finding -> {
            counts.merge(finding.check(), 1L, Long::sum);
            if (finding.check() == Check.DAMAGED || finding.check() == Check.UNKNOWN) {
                shell.out().println(location.format() == OutputFormat.JSON ? json(finding) : human(finding));
            }
        });
        summary.unreadableLanes().forEach(line -> {
            if (location.format() == OutputFormat.HUMAN) {
                shell.out().println("lane file: " + line);
            } else {
                shell.out().println(JsonNodeFactory.instance.objectNode().put("lane_file", line));
            }
        });
        shell.out().println(total(counts));
        var sound = !counts.containsKey(Check.DAMAGED)
                && !counts.containsKey(Check.UNKNOWN)
                && summary.unreadableLanes().isEmpty();
        return sound ? ExitCode.DONE : ExitCode.FAILED;
    }

    private String total(Map<Check, Long> counts) {
        if (location.format() == OutputFormat.JSON) {
            var json = JsonNodeFactory.instance.objectNode();
            for (var check : Check.values()) {
                json.put(check.name().toLowerCase(Locale.ROOT), counts.getOrDefault(check, 0L));
            }
            return json.toString();
        }
        return counts.getOrDefault(Check.GOOD, 0L) + " entries are good, " + counts.getOrDefault(Check.DAMAGED, 0L)
                + " places are damaged, "
                + counts.getOrDefault(Check.LEFT_BY_CRASH, 0L) + " records were left by a crash and sent again, "
                + counts.getOrDefault(Check.UNKNOWN, 0L) + " are of another release";
    }

    private static String human(Finding finding) {
        return finding.check().name().toLowerCase(Locale.ROOT) + ": " + finding.file() + " at byte " + finding.offset()
                + ", position " + finding.position() + ": " + finding.detail();
    }

    private static String json(Finding finding) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("check", finding.check().name().toLowerCase(Locale.ROOT))
                .put("file", finding.file().toString())
                .put("offset", finding.offset())
                .put("position", finding.position().toString())
                .put("detail", finding.detail())
                .toString();
    }
}
