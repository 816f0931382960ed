package dev.flusso.cli.command;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A shell whose output is kept. */
final class CapturedShell {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, String> environment = new HashMap<>();
    private final Path directory;
    private boolean terminal;

    CapturedShell() {
        this(Path.of(""));
    }

    CapturedShell(Path directory) {
        this.directory = directory;
    }

    CapturedShell with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    CapturedShell onTerminal() {
        terminal = true;
        return this;
    }

    Shell shell() {
        return new Shell(printer(out), printer(err), terminal, terminal, environment, directory);
    }

    int run(Function<Shell, List<Verb>> verbs, String... args) {
        var shell = shell();
        return new Program(shell, verbs.apply(shell)).run(args);
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private static PrintStream printer(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
