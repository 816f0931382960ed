package dev.flusso.cli.command;

/** What {@code run}, {@code capture} and {@code work} start. */
public interface Pipeline {

    /**
     * Runs until it is asked to stop or cannot go on. Called on the main thread, once in a process.
     *
     * @param options what the user asked for
     * @param termination tells when to stop; a clean stop returns {@link ExitCode#DONE}
     * @throws CommandException when it cannot start or go on, with the message for the user
     */
    ExitCode run(RunOptions options, Termination termination);
}
