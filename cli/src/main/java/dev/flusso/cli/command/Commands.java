package dev.flusso.cli.command;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The commands of the program, and what each of them needs. */
public final class Commands {
    private Commands() {}

    /** Those that need no engine but what this module makes. */
    public static List<Verb> of(Shell shell) {
        return List.of(
                new Verb(
                        "indexes",
                        "List a running worker's indexes and how far each is",
                        () -> new IndexesCommand(shell)),
                new Verb("reindex", "Have a running worker build an index anew", () -> new ReindexCommand(shell)));
    }

    /** All of them. */
    public static List<Verb> of(Shell shell, Supplier<Pipeline> pipeline) {
        return Stream.concat(pipeline(shell, pipeline).stream(), of(shell).stream())
                .toList();
    }

    private static List<Verb> pipeline(Shell shell, Supplier<Pipeline> pipeline) {
        return List.of(
                new Verb("run", "Capture and work in one process", () -> new RunCommand(shell, pipeline)),
                new Verb(
                        "capture",
                        "Only the capture half: from Postgres to the journal",
                        () -> new CaptureCommand(shell, pipeline)),
                new Verb(
                        "work",
                        "Only the worker half: from the journal to the sinks",
                        () -> new WorkCommand(shell, pipeline)));
    }
}
