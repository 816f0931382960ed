package dev.flusso.cli.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.Map;

/**
 * The logging of commands that set none: warnings to stderr. Found by logback as a service, so that no command ever sees logback's own
 * default, which prints everything to stdout.
 */
public final class UntilStarted extends ContextAwareBase implements Configurator {

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        Logging.configure(context, settings(), System.err);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    private static LogSettings settings() {
        var environment = System.getenv();
        try {
            return LogSettings.from(environment, Level.WARN, false);
        } catch (IllegalArgumentException e) {
            // the commands that log refuse it themselves
            return LogSettings.from(Map.of(), Level.WARN, false);
        }
    }
}
