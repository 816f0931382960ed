package dev.flusso.cli.command;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what somebody may have meant to type. */
final class Spelling {
    private Spelling() {}

    /** The known word with the fewest letters wrong; empty when even that one has more than a third of them wrong. */
    static Optional<String> nearest(String typed, Collection<String> known) {
        var most = Math.max(1, typed.length() / 3);
        return known.stream()
                .filter(word -> distance(typed, word) <= most)
                .min(Comparator.<String>comparingInt(word -> distance(typed, word))
                        .thenComparing(word -> word));
    }

    /** How many letters have to be put in, left out or changed (Levenshtein). */
    static int distance(String one, String other) {
        var row = new int[other.length() + 1];
        for (var j = 0; j <= other.length(); j++) {
            row[j] = j;
        }
        for (var i = 1; i <= one.length(); i++) {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.length(); j++) {
                var changed = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[other.length()];
    }
}
