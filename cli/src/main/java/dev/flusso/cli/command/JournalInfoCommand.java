package dev.flusso.cli.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.flusso.journal.JournalInspection.Summary;
import dev.flusso.journal.LaneFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code flusso journal info}. */
@Command(name = "info", sortOptions = false, abbreviateSynopsis = true)
final class JournalInfoCommand implements Callable<ExitCode> {
    private final Shell shell;

    @Mixin
    private final JournalLocation location = new JournalLocation();

    JournalInfoCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public ExitCode call() throws IOException {
        var located = location.locate(shell);
        var summary = JournalCommands.existing(located);
        shell.out()
                .print(
                        location.format() == OutputFormat.JSON
                                ? json(located.directory(), summary)
                                : human(located.directory(), summary));
        return ExitCode.DONE;
    }

    private static String human(Path directory, Summary summary) {
        var source = summary.source();
        var text = new StringBuilder("journal   ").append(directory).append('\n');
        text.append("source    ")
                .append(
                        source == null
                                ? "nobody's yet"
                                : "database " + source.database() + ", slot " + source.slot() + ", timeline "
                                        + source.timeline() + ", system " + source.systemIdentifier())
                .append('\n');
        text.append("positions ")
                .append(summary.oldest())
                .append(" to ")
                .append(summary.newest())
                .append('\n');
        if (summary.oldestAt() != null && summary.newestAt() != null) {
            text.append("times     ")
                    .append(summary.oldestAt())
                    .append(" to ")
                    .append(summary.newestAt())
                    .append('\n');
        }
        text.append("on disk   ")
                .append(Amount.bytes(summary.bytes()))
                .append(" in ")
                .append(summary.segments().size())
                .append(" segments, epoch ")
                .append(summary.epoch())
                .append(summary.clean() ? ", closed cleanly\n" : ", open or not closed cleanly\n");
        if (!summary.lanes().isEmpty()) {
            text.append("lanes\n");
        }
        for (var lane : summary.lanes()) {
            text.append("  ").append(lane(lane)).append('\n');
        }
        summary.unreadableLanes()
                .forEach(line -> text.append("  ! ").append(line).append('\n'));
        return text.toString();
    }

    private static String lane(LaneFile lane) {
        return lane.lane() + " generation " + lane.generation() + "  "
                + lane.phase().name().toLowerCase(Locale.ROOT) + " at " + lane.position()
                + (lane.seeding().plan().isEmpty()
                        ? ""
                        : ", ranges " + lane.seeding().finished().size() + " of "
                                + lane.seeding().plan().size())
                + (lane.deadLetters() == 0 ? "" : ", " + lane.deadLetters() + " dead letters") + ", written "
                + lane.writtenAt();
    }

    private static String json(Path directory, Summary summary) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("path", directory.toString());
        var source = summary.source();
        if (source == null) {
            json.putNull("source");
        } else {
            json.putObject("source")
                    .put("system_identifier", source.systemIdentifier())
                    .put("database", source.database())
                    .put("slot", source.slot())
                    .put("timeline", source.timeline());
        }
        json.put("epoch", summary.epoch());
        json.put("clean", summary.clean());
        json.put("oldest", summary.oldest().toString());
        json.put("newest", summary.newest().toString());
        json.put(
                "oldest_at",
                summary.oldestAt() == null ? null : summary.oldestAt().toString());
        json.put(
                "newest_at",
                summary.newestAt() == null ? null : summary.newestAt().toString());
        json.put("bytes", summary.bytes());
        var segments = json.putArray("segments");
        summary.segments()
                .forEach(segment -> segments.addObject()
                        .put("file", segment.file().toString())
                        .put("epoch", segment.epoch())
                        .put("number", segment.number())
                        .put("previous", segment.previous().toString())
                        .put("last", segment.last().toString())
                        .put("bytes", segment.bytes()));
        var lanes = json.putArray("lanes");
        summary.lanes()
                .forEach(lane -> lanes.addObject()
                        .put("lane", lane.lane().toString())
                        .put("generation", lane.generation())
                        .put("phase", lane.phase().name().toLowerCase(Locale.ROOT))
                        .put("position", lane.position().toString())
                        .put("lsn", lane.lsn().toString())
                        .put("dead_letters", lane.deadLetters())
                        .put("written_at", lane.writtenAt().toString()));
        var unreadable = json.putArray("unreadable_lanes");
        summary.unreadableLanes().forEach(unreadable::add);
        return json.toPrettyString() + "\n";
    }
}
