package dev.flusso.cli.command;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which lanes a worker runs, and where it first sends them.
 *
 * @param indexes empty for all
 * @param sinks empty for all
 * @param from null to go on where each lane was
 */
record Restriction(
        List<String> indexes, List<String> sinks, @Nullable StartFrom from) {
    static final Restriction NONE = new Restriction(List.of(), List.of(), null);

    Restriction {
        indexes = List.copyOf(indexes);
        sinks = List.copyOf(sinks);
    }
}
