package dev.flusso.cli.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code flusso verify}: whether the indexes are what the database says. */
@Command(name = "verify", sortOptions = false, abbreviateSynopsis = true)
final class VerifyCommand implements Callable<ExitCode> {
    private final Shell shell;
    private final Supplier<Inquiry> inquiry;

    @Mixin
    private final LookOptions look = new LookOptions();

    @Option(names = "--index", paramLabel = "<name>", split = ",", description = "only this index; may be repeated")
    private List<String> indexes = new ArrayList<>();

    @Option(names = "--sink", paramLabel = "<name>", split = ",", description = "only this sink; may be repeated")
    private List<String> sinks = new ArrayList<>();

    @Option(
            names = "--sample",
            paramLabel = "<documents>",
            defaultValue = "0",
            description = "compare about so many documents of each index, chosen by chance; without it all")
    private int sample;

    @Option(
            names = "--wait-secs",
            paramLabel = "<seconds>",
            defaultValue = "60",
            description = "how long a lane may take to come past a difference before it counts (${DEFAULT-VALUE})")
    private int waitSeconds = 60;

    @Option(
            names = "--format",
            paramLabel = "human|json",
            defaultValue = "human",
            description = "human, or json: an array with an object for each lane (${DEFAULT-VALUE})")
    private OutputFormat format = OutputFormat.HUMAN;

    VerifyCommand(Shell shell, Supplier<Inquiry> inquiry) {
        this.shell = shell;
        this.inquiry = inquiry;
    }

    @Override
    public ExitCode call() {
        var lanes = inquiry.get().verify(look.options(indexes, sinks), scope());
        if (format == OutputFormat.JSON) {
            shell.out().println(json(lanes));
        } else {
            lanes.forEach(this::print);
        }
        return lanes.stream().allMatch(lane -> lane.differences().isEmpty()) ? ExitCode.DONE : ExitCode.FINDING;
    }

    private void print(Inquiry.Verified lane) {
        shell.out()
                .println(lane.lane() + ": " + lane.compared() + " documents compared, "
                        + (lane.differences().isEmpty()
                                ? "none"
                                : lane.differences().size())
                        + (lane.differences().size() == 1 ? " differs" : " differ"));
        lane.differences().forEach(difference -> shell.out().println("  " + line(difference)));
        lane.remarks().forEach(remark -> shell.out().println("  note: " + remark));
    }

    private static String json(List<Inquiry.Verified> lanes) {
        var array = JsonNodeFactory.instance.arrayNode();
        for (var lane : lanes) {
            var object = array.addObject().put("lane", lane.lane()).put("compared", lane.compared());
            var differences = object.putArray("differences");
            for (var difference : lane.differences()) {
                differences
                        .addObject()
                        .put("kind", difference.kind().name().toLowerCase(Locale.ROOT))
                        .put("id", difference.id())
                        .put("path", difference.path());
            }
            lane.remarks().forEach(object.putArray("remarks")::add);
        }
        return array.toPrettyString();
    }

    private Inquiry.Scope scope() {
        try {
            return new Inquiry.Scope(sample, waitSeconds);
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCode.INVALID, String.valueOf(e.getMessage()), e);
        }
    }

    private static String line(Inquiry.Difference difference) {
        var kind = difference.kind().name().toLowerCase(Locale.ROOT);
        var where = difference.path().isEmpty() ? "" : " at " + difference.path();
        return kind + " " + difference.id() + where;
    }
}
