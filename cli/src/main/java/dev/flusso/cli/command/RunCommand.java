package dev.flusso.cli.command;

import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code flusso run}. */
@Command(name = "run", sortOptions = false, abbreviateSynopsis = true)
final class RunCommand implements Callable<ExitCode> {
    private final PipelineStart start;

    @Mixin
    private final PipelineOptions pipeline = new PipelineOptions();

    @Mixin
    private final SurfaceOptions surfaces = new SurfaceOptions();

    RunCommand(Shell shell, Supplier<Pipeline> pipeline) {
        this.start = new PipelineStart(shell, pipeline);
    }

    @Override
    public ExitCode call() {
        return start.run(pipeline.options(RunOptions.Half.BOTH, surfaces.surfaces(), Restriction.NONE));
    }
}
