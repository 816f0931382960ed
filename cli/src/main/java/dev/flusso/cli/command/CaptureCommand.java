package dev.flusso.cli.command;

import dev.flusso.cli.http.Address;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code flusso capture}. */
@Command(name = "capture", sortOptions = false, abbreviateSynopsis = true)
final class CaptureCommand implements Callable<ExitCode> {
    private final PipelineStart start;

    @Mixin
    private final PipelineOptions pipeline = new PipelineOptions();

    @Option(
            names = "--capture-address",
            paramLabel = "<host:port>",
            description = "/healthz, /readyz, /status, /metrics; over server.capture_address (127.0.0.1:9466)")
    private @Nullable Address captureAddress;

    CaptureCommand(Shell shell, Supplier<Pipeline> pipeline) {
        this.start = new PipelineStart(shell, pipeline);
    }

    @Override
    public ExitCode call() {
        var surfaces = new PipelineOptions.Surfaces(null, null, captureAddress);
        return start.run(pipeline.options(RunOptions.Half.CAPTURE, surfaces, Restriction.NONE));
    }
}
