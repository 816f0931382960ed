package dev.flusso.cli.command;

import dev.flusso.cli.http.Credentials;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What {@code verify} and {@code explain} share: whose documents they look at. */
final class LookOptions {
    @Mixin
    private final DefinitionOptions definition = new DefinitionOptions();

    @Option(
            names = "--index-prefix",
            paramLabel = "<prefix>",
            description = "stands before every name in OpenSearch; over prefix")
    private @Nullable String indexPrefix;

    @Option(names = "--journal", paramLabel = "<directory>", description = "the journal's directory; over journal.path")
    private @Nullable Path journal;

    /** As a worker restricted to these would have them; nothing is run. */
    RunOptions options(List<String> indexes, List<String> sinks) {
        return new RunOptions(
                RunOptions.Half.WORK,
                definition.config(),
                definition.lock(),
                definition.locked(),
                "flusso",
                "flusso",
                null,
                false,
                false,
                null,
                null,
                null,
                new Credentials("", null),
                Duration.ofSeconds(1),
                indexPrefix,
                journal,
                indexes,
                sinks,
                null,
                false);
    }
}
