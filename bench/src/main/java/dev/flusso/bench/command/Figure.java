package dev.flusso.bench.command;

import dev.flusso.bench.Numbers;
import dev.flusso.bench.Reading;
import java.util.Arrays;
import java.util.List;

/**
 * A figure over all rounds.
 *
 * @param contest the contest's name
 * @param readings one for each round, in their order
 */
record Figure(String contest, List<Reading> readings) {

    Figure {
        readings = List.copyOf(readings);
        if (readings.isEmpty()) {
            throw new IllegalArgumentException("a figure of " + contest + " without a reading");
        }
    }

    Reading first() {
        return readings.get(0);
    }

    boolean hasLimit() {
        return !Double.isNaN(first().limit());
    }

    double limit() {
        return Numbers.median(readings.stream().mapToDouble(Reading::limit).toArray());
    }

    double ours() {
        return Numbers.median(readings.stream().mapToDouble(Reading::ours).toArray());
    }

    /** The median of the rounds' ratios; NaN without a limit. */
    double ratio() {
        return Numbers.median(ratios());
    }

    /** Ours divided by the limit, round by round. */
    double[] ratios() {
        return readings.stream()
                .mapToDouble(reading -> reading.ours() / reading.limit())
                .toArray();
    }

    /** The lowest and the highest of the ratios, or without a limit of ours. */
    double[] spread() {
        var all = hasLimit()
                ? ratios()
                : readings.stream().mapToDouble(Reading::ours).toArray();
        var sorted = Arrays.stream(all).sorted().toArray();
        return new double[] {sorted[0], sorted[sorted.length - 1]};
    }

    boolean isMet() {
        return first().goal().isMet(ours(), ratio());
    }
}
