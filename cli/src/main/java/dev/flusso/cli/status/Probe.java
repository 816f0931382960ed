package dev.flusso.cli.status;

import java.util.List;

/**
 * The answer to a yes-or-no question about the process.
 *
 * @param troubles what is wrong, each in one line naming the part concerned; empty when nothing is
 */
public record Probe(List<String> troubles) {
    private static final Probe FINE = new Probe(List.of());

    public Probe {
        troubles = List.copyOf(troubles);
    }

    public static Probe fine() {
        return FINE;
    }

    public static Probe of(List<String> troubles) {
        return new Probe(troubles);
    }

    public boolean isFine() {
        return troubles.isEmpty();
    }
}
