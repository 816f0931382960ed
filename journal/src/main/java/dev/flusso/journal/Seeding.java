package dev.flusso.journal;

import java.util.List;

/**
 * How far a seeding has come, so that a restart does not read again what is done.
 *
 * @param plan the ranges, each an opaque text of the worker's, in the order they were planned
 * @param finished the numbers of the ranges (indexes into {@code plan}) that are written and settled
 * @param documents how many documents those held
 * @param estimate how many documents there are, as far as the source can tell; 0 when unknown
 */
public record Seeding(List<String> plan, List<Integer> finished, long documents, long estimate) {

    /** Nothing is planned: not begun, or no longer of interest. */
    public static final Seeding NONE = new Seeding(List.of(), List.of(), 0, 0);

    public Seeding {
        plan = List.copyOf(plan);
        finished = List.copyOf(finished);
        for (var range : finished) {
            if (range < 0 || range >= plan.size()) {
                throw new IllegalArgumentException(
                        "range " + range + " is finished, but only " + plan.size() + " were planned");
            }
        }
    }

    public boolean isDone() {
        return !plan.isEmpty() && finished.size() == plan.size();
    }
}
