package dev.flusso.cli.command;

import java.util.function.Supplier;

/**
 * A command as the list of commands knows it. Its class is loaded when it is used, so that the others do not pay for it.
 *
 * @param name as typed
 * @param summary one line for the list of commands, without a full stop
 * @param body makes the object that carries the options: annotated for picocli, and a {@code Callable<ExitCode>}; or, for a group of
 *     commands, its {@code CommandSpec}
 */
public record Verb(String name, String summary, Supplier<Object> body) {}
