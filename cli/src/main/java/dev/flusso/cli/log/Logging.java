package dev.flusso.cli.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.jul.LevelChangePropagator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** Sets the logging of the whole process. */
public final class Logging {
    private Logging() {}

    /** From now on as {@code settings} say, to {@code err}; what was set before is forgotten. */
    public static void start(LogSettings settings, OutputStream err) {
        ILoggerFactory factory = LoggerFactory.getILoggerFactory();
        if (!(factory instanceof LoggerContext context)) {
            throw new IllegalStateException(
                    "logging is done by " + factory.getClass().getName() + ", expected logback; is another"
                            + " slf4j provider among the libraries?");
        }
        context.reset();
        configure(context, settings, err);
    }

    /**
     * One line as {@link LogSettings.Format#JSON} has it, at ERROR and whatever the level, its end included; for what must be said when
     * nothing is logged any more.
     *
     * @param message with placeholders, as for a logger
     */
    public static String jsonLine(String message, Object... arguments) {
        var logger = new LoggerContext().getLogger(Logging.class);
        var event = new LoggingEvent(Logging.class.getName(), logger, Level.ERROR, message, null, arguments);
        return new JsonLayout().doLayout(event);
    }

    static void configure(LoggerContext context, LogSettings settings, OutputStream err) {
        // java.util.logging (the Postgres driver, the HTTP server, System.Logger) comes here too, at the same levels.
        var propagator = new LevelChangePropagator();
        propagator.setContext(context);
        propagator.setResetJUL(true);
        context.addListener(propagator);
        propagator.start();
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();

        var encoder = new LayoutWrappingEncoder<ILoggingEvent>();
        encoder.setContext(context);
        encoder.setCharset(StandardCharsets.UTF_8);
        var layout = switch (settings.format()) {
            case TEXT -> new TextLayout(settings.colours());
            case JSON -> new JsonLayout();
        };
        layout.setContext(context);
        layout.start();
        encoder.setLayout(layout);
        encoder.start();

        var appender = new OutputStreamAppender<ILoggingEvent>();
        appender.setContext(context);
        appender.setName("stderr");
        appender.setEncoder(encoder);
        appender.setOutputStream(new Unclosable(err));
        appender.start();
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).addAppender(appender);
        settings.levels().forEach((name, level) -> context.getLogger(name).setLevel(level));
    }
}
