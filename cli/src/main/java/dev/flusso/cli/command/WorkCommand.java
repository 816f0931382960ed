package dev.flusso.cli.command;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code flusso work}. */
@Command(name = "work", sortOptions = false, abbreviateSynopsis = true)
final class WorkCommand implements Callable<ExitCode> {
    private final PipelineStart start;

    @Mixin
    private final PipelineOptions pipeline = new PipelineOptions();

    @Mixin
    private final SurfaceOptions surfaces = new SurfaceOptions();

    @Option(names = "--index", paramLabel = "<name>", split = ",", description = "only this index; may be repeated")
    private List<String> indexes = new ArrayList<>();

    @Option(names = "--sink", paramLabel = "<name>", split = ",", description = "only this sink; may be repeated")
    private List<String> sinks = new ArrayList<>();

    @Option(
            names = "--from",
            paramLabel = "beginning|<position>|<time>",
            description =
                    "first rewind the lanes, once: to the oldest entry kept, to after a journal position, or to the first"
                            + " entry committed at or after a time (2026-11-20T10:00:00Z); again at every start that has"
                            + " it, so keep it, and its variable, out of a service")
    private @Nullable StartFrom from;

    WorkCommand(Shell shell, Supplier<Pipeline> pipeline) {
        this.start = new PipelineStart(shell, pipeline);
    }

    @Override
    public ExitCode call() {
        var restriction = new Restriction(indexes, sinks, from);
        return start.run(pipeline.options(RunOptions.Half.WORK, surfaces.surfaces(), restriction));
    }
}
