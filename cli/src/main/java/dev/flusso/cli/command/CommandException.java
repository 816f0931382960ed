package dev.flusso.cli.command;

import java.util.List;

/**
 * A command cannot go on, and the user is to be told why. Printed without a stack trace: one line for each problem.
 */
public final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;
    private final transient List<String> problems;

    public CommandException(ExitCode exitCode, String problem) {
        this(exitCode, List.of(problem));
    }

    public CommandException(ExitCode exitCode, String problem, Throwable cause) {
        super(problem, cause);
        this.exitCode = exitCode;
        this.problems = List.of(problem);
    }

    /** Several problems at once; each stands by itself and is printed on a line of its own. */
    public CommandException(ExitCode exitCode, List<String> problems) {
        super(String.join("; ", problems));
        this.exitCode = exitCode;
        this.problems = List.copyOf(problems);
    }

    public ExitCode exitCode() {
        return exitCode;
    }

    public List<String> problems() {
        return problems;
    }
}
