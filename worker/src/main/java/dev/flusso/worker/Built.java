package dev.flusso.worker;

import java.util.List;

/**
 * Documents as one query saw them.
 *
 * @param stamp the query's own snapshot
 * @param answers one for each key asked for, in no particular order
 */
public record Built(Stamp stamp, List<Answer> answers) {
    public Built {
        answers = List.copyOf(answers);
    }
}
