package dev.flusso.cli.command;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Keeps what it was asked to run, and ends as it was told to. */
final class RememberingPipeline implements Pipeline {
    private final List<RunOptions> started = new ArrayList<>();
    private final Function<Termination, ExitCode> end;

    RememberingPipeline(Function<Termination, ExitCode> end) {
        this.end = end;
    }

    RememberingPipeline() {
        this(termination -> ExitCode.DONE);
    }

    @Override
    public ExitCode run(RunOptions options, Termination termination) {
        started.add(options);
        return end.apply(termination);
    }

    /** What the only run was given. */
    RunOptions options() {
        if (started.size() != 1) {
            throw new AssertionError("started " + started.size() + " times, expected once");
        }
        return started.get(0);
    }

    boolean wasStarted() {
        return !started.isEmpty();
    }
}
