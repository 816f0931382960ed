package dev.flusso.cli.command;

import dev.flusso.cli.http.Address;
import dev.flusso.cli.http.Credentials;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the user asked of {@code run}, {@code capture} or {@code work}: flags, and variables where a flag is absent. What is null was
 * not given, and the config decides. A command that has no such flag leaves it null, empty or at its default.
 *
 * @param half which halves run in this process
 * @param config the {@code flusso.toml} asked for
 * @param lock the lock to run, and for {@code run} to write
 * @param locked run the lock as it is, and never look for a config
 * @param slot the replication slot's name
 * @param publication the publication's name
 * @param managePublication over {@code source.manage_publication}
 * @param skipBackfill nothing is read for seeding
 * @param pretty over the stdout sink's {@code pretty}; false was not given
 * @param publicAddress over {@code server.public_address}
 * @param privateAddress over {@code server.private_address}
 * @param captureAddress over {@code server.capture_address}
 * @param credentials who may use the private surface; without a password it answers on loopback only
 * @param lagPoll how often the slot's lag is asked for
 * @param indexPrefix over {@code prefix}
 * @param journal over {@code journal.path}; relative to the working directory
 * @param indexes the indexes {@code work} is restricted to; empty for all
 * @param sinks the sinks {@code work} is restricted to; empty for all
 * @param from where {@code work} first sends the lanes
 * @param queueCapacity was given; accepted from older deployments, and of no effect
 */
public record RunOptions(
        Half half,
        @Nullable Path config,
        Path lock,
        boolean locked,
        String slot,
        String publication,
        @Nullable Boolean managePublication,
        boolean skipBackfill,
        boolean pretty,
        @Nullable Address publicAddress,
        @Nullable Address privateAddress,
        @Nullable Address captureAddress,
        Credentials credentials,
        Duration lagPoll,
        @Nullable String indexPrefix,
        @Nullable Path journal,
        List<String> indexes,
        List<String> sinks,
        @Nullable StartFrom from,
        boolean queueCapacity) {

    /** Which halves run. */
    public enum Half {
        BOTH("run"),
        CAPTURE("capture"),
        WORK("work");

        private final String command;

        Half(String command) {
            this.command = command;
        }

        /** The command's name. */
        public String command() {
            return command;
        }

        public boolean captures() {
            return this != WORK;
        }

        public boolean works() {
            return this != CAPTURE;
        }
    }

    public RunOptions {
        indexes = List.copyOf(indexes);
        sinks = List.copyOf(sinks);
        if (slot.isBlank() || publication.isBlank()) {
            throw new IllegalArgumentException("slot and publication need a name");
        }
        if (lagPoll.isNegative() || lagPoll.isZero()) {
            throw new IllegalArgumentException("'lag-poll-secs' is " + lagPoll.toSeconds() + ", expected 1 or more");
        }
    }
}
