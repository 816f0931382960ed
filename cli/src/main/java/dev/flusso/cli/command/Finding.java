package dev.flusso.cli.command;

import dev.flusso.schema.Place;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One thing {@code check} has to say.
 *
 * @param place in the file the user wrote
 * @param message what was found and what it leads to, on one line, without the place
 * @param fix the SQL or the edit that mends it; null when there is nothing to mend
 */
public record Finding(
        Severity severity,
        Place place,
        String message,
        @Nullable String fix) {

    /** How bad it is. */
    public enum Severity {
        /** It will not run, or not be right. */
        ERROR,
        /** It will run, but worse, or with a risk. */
        WARNING,
        /** Good to know. */
        NOTE;

        /** As printed. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The same with its place as seen from elsewhere. */
    Finding under(String directory) {
        return new Finding(severity, place.under(directory), message, fix);
    }

    public Optional<String> remedy() {
        return Optional.ofNullable(fix);
    }
}
