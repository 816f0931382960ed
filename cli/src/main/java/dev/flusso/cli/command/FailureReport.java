package dev.flusso.cli.command;

import dev.flusso.cli.http.SurfaceException;
import dev.flusso.cli.log.Logging;
import dev.flusso.journal.HeldElsewhereException;
import dev.flusso.journal.JournalException;
import dev.flusso.schema.ConfigException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import java.util.Set;

/** Says why a command failed: what, where and what to do, one line for each problem, and no stack trace. */
public final class FailureReport {
    private static final Set<String> CHATTY = Set.of("debug", "trace");

    private final Shell shell;
    private final boolean json;

    /** For people. */
    FailureReport(Shell shell) {
        this(shell, false);
    }

    private FailureReport(Shell shell, boolean json) {
        this.shell = shell;
        this.json = json;
    }

    /** For a command that logs: in the form of its logs, so that whatever reads them can read its end too. */
    static FailureReport asLogged(Shell shell) {
        return new FailureReport(
                shell, shell.variable("FLUSSO_LOG_FORMAT").orElse("").equalsIgnoreCase("json"));
    }

    /** Prints it; the exit code it asks for. */
    ExitCode print(Throwable failure) {
        if (failure instanceof CommandException known) {
            known.problems().forEach(this::error);
            traceIfChatty(failure);
            return known.exitCode();
        }
        if (failure instanceof JournalException journal) {
            error(String.valueOf(journal.getMessage()));
            traceIfChatty(failure);
            return failure instanceof HeldElsewhereException ? ExitCode.HELD : ExitCode.FAILED;
        }
        if (failure instanceof ConfigException invalid) {
            invalid.problems().forEach(problem -> error(problem.toString()));
            return ExitCode.INVALID;
        }
        if (failure instanceof SurfaceException) {
            error(String.valueOf(failure.getMessage()));
            traceIfChatty(failure);
            return ExitCode.FAILED;
        }
        if (failure instanceof UncheckedIOException unchecked
                && unchecked.getCause() instanceof FileSystemException file) {
            return print(file);
        }
        if (failure instanceof FileSystemException file) {
            error(fileTrouble(file));
            traceIfChatty(failure);
            return ExitCode.FAILED;
        }
        error("unexpected " + failure.getClass().getSimpleName() + ": " + failure.getMessage());
        hint("this is a fault in flusso; FLUSSO_LOG=debug shows where it happened");
        traceIfChatty(failure);
        return ExitCode.FAILED;
    }

    /** One problem. */
    void error(String problem) {
        if (json) {
            shell.err().print(Logging.jsonLine("failed problem={}", problem));
            return;
        }
        shell.err().println((shell.coloursErr() ? "\u001b[1;31merror:\u001b[0m " : "error: ") + problem);
    }

    /** What the user may do about it. */
    void hint(String advice) {
        if (json) {
            shell.err().print(Logging.jsonLine("advice text={}", advice));
            return;
        }
        shell.err().println("       " + advice);
    }

    private static String fileTrouble(FileSystemException trouble) {
        return "'" + trouble.getFile() + "': " + reason(trouble);
    }

    /** Why a file could not be read or written, without its name where that is known already. */
    public static String reason(IOException trouble) {
        if (!(trouble instanceof FileSystemException file)) {
            return String.valueOf(trouble.getMessage());
        }
        var reason = file.getReason();
        if (reason != null) {
            return reason.toLowerCase(Locale.ROOT);
        }
        return file instanceof NoSuchFileException
                ? "no such file or directory"
                : file.getClass()
                        .getSimpleName()
                        .replace("Exception", "")
                        .replaceAll("(?<!^)(?=[A-Z])", " ")
                        .toLowerCase(Locale.ROOT);
    }

    private void trace(Throwable failure) {
        if (json) {
            var text = new StringWriter();
            failure.printStackTrace(new PrintWriter(text, true));
            shell.err().print(Logging.jsonLine("failed at={}", text));
        } else {
            failure.printStackTrace(shell.err());
        }
    }

    private void traceIfChatty(Throwable failure) {
        if (shell.variable("FLUSSO_LOG")
                .map(level -> level.toLowerCase(Locale.ROOT))
                .filter(CHATTY::contains)
                .isPresent()) {
            trace(failure);
        }
    }
}
