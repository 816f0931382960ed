package dev.flusso.cli.command;

import ch.qos.logback.classic.Level;
import dev.flusso.cli.log.LogSettings;
import dev.flusso.cli.log.Logging;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;

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
            startLogging();
            if (options.queueCapacity()) {
                LoggerFactory.getLogger(PipelineStart.class)
                        .info(
                                "--queue-capacity is of no effect: the journal is the queue, journal.max_bytes bounds it");
            }
            if (options.from() != null && shell.variable("FLUSSO_FROM").isPresent()) {
                LoggerFactory.getLogger(PipelineStart.class)
                        .warn(
                                "FLUSSO_FROM is set: every start rewinds the lanes again; unset it, and give --from once");
            }
            code = pipeline.get().run(options, termination);
        } catch (RuntimeException | Error e) {
            // printed here and not above: after finish() a signalled process may be gone
            code = FailureReport.asLogged(shell).print(e);
        } finally {
            shell.out().flush();
            termination.finish(code.number());
        }
        return code;
    }

    private void startLogging() {
        try {
            Logging.start(LogSettings.from(shell.environment(), Level.INFO, shell.coloursErr()), shell.err());
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCode.INVALID, String.valueOf(e.getMessage()), e);
        }
        if (shell.environment().keySet().stream().anyMatch(name -> name.startsWith("OTEL_EXPORTER_OTLP_"))) {
            LoggerFactory.getLogger(PipelineStart.class)
                    .warn("OTLP export is not there yet, OTEL_EXPORTER_OTLP_* is ignored; metrics are at /metrics");
        }
    }
}
