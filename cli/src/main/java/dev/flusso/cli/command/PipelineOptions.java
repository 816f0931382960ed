package dev.flusso.cli.command;

import dev.flusso.cli.http.Address;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What {@code run}, {@code capture} and {@code work} share. */
final class PipelineOptions {
    @Mixin
    private final DefinitionOptions definition = new DefinitionOptions();

    @Option(
            names = "--slot",
            paramLabel = "<name>",
            defaultValue = "flusso",
            description = "the replication slot in Postgres (${DEFAULT-VALUE})")
    private String slot = "flusso";

    @Mixin
    private final PublicationOptions publication = new PublicationOptions();

    @Option(
            names = "--skip-backfill",
            fallbackValue = "true",
            description =
                    "read nothing for seeding: an unseeded index starts with the changes from now on, and stays marked"
                            + " 'unseeded'")
    private boolean skipBackfill;

    @Option(
            names = "--pretty",
            fallbackValue = "true",
            description = "a stdout sink prints each document over several lines")
    private boolean pretty;

    @Mixin
    private final AdminOptions admin = new AdminOptions();

    @Option(
            names = "--lag-poll-secs",
            paramLabel = "<seconds>",
            defaultValue = "15",
            description = "how often the slot's lag is asked for (${DEFAULT-VALUE})")
    private int lagPollSeconds = 15;

    @Option(
            names = "--index-prefix",
            paramLabel = "<prefix>",
            description = "stands before every name in OpenSearch; over prefix")
    private @Nullable String indexPrefix;

    @Option(names = "--journal", paramLabel = "<directory>", description = "the journal's directory; over journal.path")
    private @Nullable Path journal;

    @Option(
            names = "--queue-capacity",
            paramLabel = "<changes>",
            description = "accepted for older deployments, and of no effect: the journal is the queue")
    private @Nullable Integer queueCapacity;

    /** What was asked for; refused when it makes no sense by itself. */
    RunOptions options(RunOptions.Half half, Surfaces surfaces, Restriction restriction) {
        try {
            return checked(half, surfaces, restriction);
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCode.INVALID, String.valueOf(e.getMessage()), e);
        }
    }

    private RunOptions checked(RunOptions.Half half, Surfaces surfaces, Restriction restriction) {
        return new RunOptions(
                half,
                definition.config(),
                definition.lock(),
                definition.locked(),
                slot,
                publication.publication(),
                publication.manage(),
                skipBackfill,
                pretty,
                surfaces.publicAddress(),
                surfaces.privateAddress(),
                surfaces.captureAddress(),
                admin.credentials(),
                Duration.ofSeconds(lagPollSeconds),
                indexPrefix,
                journal,
                restriction.indexes(),
                restriction.sinks(),
                restriction.from(),
                queueCapacity != null);
    }

    /** Where a half listens; what is null the config decides. */
    record Surfaces(
            @Nullable Address publicAddress,
            @Nullable Address privateAddress,
            @Nullable Address captureAddress) {}
}
