package dev.flusso.schema.parse;

import dev.flusso.schema.ConfigException;
import dev.flusso.schema.Place;
import dev.flusso.schema.Problem;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What was found wrong so far; the same problem twice counts once. */
final class Problems {

    private final Set<Problem> all = new LinkedHashSet<>();

    void add(Place place, String message) {
        all.add(new Problem(place, message));
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    int size() {
        return all.size();
    }

    List<Problem> all() {
        return List.copyOf(all);
    }

    /**
     * Ends the reading if there is anything wrong.
     *
     * @param directory from where the user sees the files
     */
    void raise(String directory) {
        if (!all.isEmpty()) {
            throw new ConfigException(all.stream()
                    .map(problem -> new Problem(problem.place().under(directory), problem.message()))
                    .toList());
        }
    }
}
