package dev.flusso.cli.command;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a command is started from, and what it prints to.
 *
 * @param out results; never logs
 * @param err messages and logs
 * @param outIsTerminal whether a person reads {@code out}
 * @param errIsTerminal whether a person reads {@code err}
 * @param environment the variables
 * @param directory where relative paths start
 */
public record Shell(
        PrintStream out,
        PrintStream err,
        boolean outIsTerminal,
        boolean errIsTerminal,
        Map<String, String> environment,
        Path directory) {

    public Shell {
        environment = Map.copyOf(environment);
    }

    /** This process' own. The launcher says which streams are terminals; the JVM itself cannot tell them apart. */
    public static Shell ofProcess() {
        var terminals = List.of(System.getProperty("flusso.terminal", "").split(",", -1));
        return new Shell(
                utf8(FileDescriptor.out),
                utf8(FileDescriptor.err),
                terminals.contains("out"),
                terminals.contains("err"),
                System.getenv(),
                Path.of(""));
    }

    /** A variable's value; empty when it is unset or the empty string. */
    public Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
    }

    /** Whether {@code out} may be coloured. */
    public boolean coloursOut() {
        return outIsTerminal && variable("NO_COLOR").isEmpty();
    }

    /** Whether {@code err} may be coloured. */
    public boolean coloursErr() {
        return errIsTerminal && variable("NO_COLOR").isEmpty();
    }

    /** A file the user named. */
    public Path resolve(Path path) {
        return directory.resolve(path);
    }

    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }
}
