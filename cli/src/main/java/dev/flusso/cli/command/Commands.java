package dev.flusso.cli.command;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The commands of the program, in the order in which help lists them, and what each of them needs. */
public final class Commands {
    private Commands() {}

    /** Those that need no engine but what this module makes. */
    public static List<Verb> of(Shell shell) {
        var all = new ArrayList<>(definition(shell, () -> null));
        all.addAll(running(shell));
        return List.copyOf(all);
    }

    /** All of them, but {@code check} looks at the files alone. */
    public static List<Verb> of(Shell shell, Supplier<Pipeline> pipeline) {
        return of(shell, pipeline, () -> null);
    }

    /** Those that look at the database too, but at no documents. */
    public static List<Verb> of(
            Shell shell, Supplier<Pipeline> pipeline, Supplier<? extends @Nullable Inspection> inspection) {
        var all = new ArrayList<>(definition(shell, inspection));
        all.addAll(pipeline(shell, pipeline));
        all.addAll(running(shell));
        return List.copyOf(all);
    }

    /** All of them. */
    public static List<Verb> of(
            Shell shell,
            Supplier<Pipeline> pipeline,
            Supplier<? extends @Nullable Inspection> inspection,
            Supplier<Inquiry> inquiry) {
        var all = new ArrayList<>(definition(shell, inspection));
        all.addAll(pipeline(shell, pipeline));
        all.add(new Verb(
                "verify",
                "Compare indexes with the database, and say what differs",
                () -> new VerifyCommand(shell, inquiry)));
        all.add(new Verb(
                "explain",
                "Show the SQL of an index, and which changes touch its documents",
                () -> new ExplainCommand(shell, inquiry)));
        all.addAll(running(shell));
        return List.copyOf(all);
    }

    /** About what is to be run. */
    private static List<Verb> definition(Shell shell, Supplier<? extends @Nullable Inspection> inspection) {
        return List.of(
                new Verb(
                        "check",
                        "Validate config and schemas, and print the documents they make",
                        () -> new CheckCommand(shell, inspection.get())),
                new Verb("build", "Compile config and schemas into one portable file", () -> new BuildCommand(shell)),
                new Verb("schema", "Print the JSON Schema of a file, for editors", () -> new SchemaCommand(shell)));
    }

    /** What runs. */
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

    /** About what runs. */
    private static List<Verb> running(Shell shell) {
        return List.of(
                new Verb("status", "Say how a running flusso is, and what to do", () -> new StatusCommand(shell)),
                new Verb("journal", "Look into the journal", () -> JournalCommands.group(shell)),
                new Verb(
                        "indexes",
                        "List a running worker's indexes and how far each is",
                        () -> new IndexesCommand(shell)),
                new Verb("reindex", "Have a running worker build an index anew", () -> new ReindexCommand(shell)));
    }
}
