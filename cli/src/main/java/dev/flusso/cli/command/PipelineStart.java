package dev.flusso.cli.command;

import java.time.Duration;
import java.util.function.Supplier;

/** Starts the pipeline and stays until it ends; the same for all three commands. */
final class PipelineStart {
    /** How long a stop may take before the process is ended all the same; under the grace of common supervisors. */
    private static final Duration PATIENCE = Duration.ofSeconds(25);

    private final Shell shell;
    private final Supplier<Pipeline> pipeline;

    PipelineStart(Shell shell, Supplier<Pipeline> pipeline) {
        this.shell = shell;
        this.pipeline = pipeline;
    }

    ExitCode run(RunOptions options) {
        var termination = Termination.onSignals(PATIENCE);
        var code = ExitCode.FAILED;
        try {
            code = pipeline.get().run(options, termination);
        } catch (RuntimeException | Error e) {
            // printed here and not above: after finish() a signalled process may be gone
            code = new FailureReport(shell).print(e);
        } finally {
            shell.out().flush();
            termination.finish(code.number());
        }
        return code;
    }
}
