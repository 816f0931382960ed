package dev.flusso.cli.command;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks at the documents of indexes, where they come from and where they are. Changes nothing. */
public interface Inquiry {

    /**
     * Compares indexes with the database.
     *
     * @param options which definition, indexes and sinks
     * @param scope how much is compared
     * @return one for each lane
     * @throws CommandException when source or sink cannot be reached, or a lane does not come forward
     */
    List<Verified> verify(RunOptions options, Scope scope);

    /**
     * Tells how the documents of an index are made.
     *
     * @param options which definition; it names one index
     * @param key a document's {@code _id}; null for none
     */
    Explanation explain(RunOptions options, @Nullable String key);

    /**
     * How much is compared, and how long a difference may take to go away.
     *
     * @param sample how many documents of each side, by chance; 0 for all
     * @param waitSeconds how long a lane may take to come to the place where a difference was seen
     */
    record Scope(int sample, int waitSeconds) {
        public Scope {
            if (sample < 0 || waitSeconds < 1) {
                throw new IllegalArgumentException("sample is " + sample + ", expected 0 or more; wait is "
                        + waitSeconds + ", expected 1 or more");
            }
        }
    }

    /**
     * What was found in one lane.
     *
     * @param lane sink and index
     * @param compared documents compared
     * @param differences those that stayed when the lane had passed them
     * @param remarks what could not be compared, and why
     */
    record Verified(String lane, long compared, List<Difference> differences, List<String> remarks) {
        public Verified {
            differences = List.copyOf(differences);
            remarks = List.copyOf(remarks);
        }
    }

    /**
     * One document that is not what it should be.
     *
     * @param path where it first differs, such as {@code orders[0].total}; empty when it is missing or surplus
     */
    record Difference(Kind kind, String id, String path) {

        /** In what way. */
        public enum Kind {
            /** The database has it, the index has not. */
            MISSING,
            /** The index has it, the database has not. */
            SURPLUS,
            /** Both have it, with other content. */
            DIFFERENT
        }
    }
}
