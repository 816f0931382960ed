package dev.flusso.cli.command;

import dev.flusso.schema.Config;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The part of {@code check} that asks the source and the sinks. Changes nothing. */
public interface Inspection {

    /**
     * Looks at everything the config uses, and says all that is wrong with it.
     *
     * @param publication the publication's name
     * @param managePublication over the config; only chooses what is advised
     * @throws CommandException when source or sink cannot be reached or used at all
     */
    List<Finding> inspect(Config config, String publication, @Nullable Boolean managePublication);
}
