package dev.flusso.cli.command;

import dev.flusso.schema.Config;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The part of {@code check} that asks the source and the sinks. Changes nothing. */
public interface Inspection {

    /** Looks at everything the config uses, and says all that is wrong with it. */
    Outcome inspect(Config config, Names names);

    /**
     * What it goes by in the database.
     *
     * @param slot the replication slot's name
     * @param publication the publication's name
     * @param managePublication over the config; only chooses what is advised
     */
    record Names(String slot, String publication, @Nullable Boolean managePublication) {
        public Names {
            if (!slot.matches("[a-z0-9_]{1,63}")) {
                throw new IllegalArgumentException("slot '" + slot
                        + "' is not a slot's name, expected 1 to 63 lower-case letters, digits and underscores");
            }
            if (publication.isBlank()) {
                throw new IllegalArgumentException("the publication needs a name");
            }
        }
    }

    /**
     * What was found.
     *
     * @param findings with places relative to the config's directory
     * @param unreachable which side could not be asked, the source before a sink; null when all were
     */
    record Outcome(List<Finding> findings, @Nullable ExitCode unreachable) {
        public Outcome {
            findings = List.copyOf(findings);
        }
    }
}
