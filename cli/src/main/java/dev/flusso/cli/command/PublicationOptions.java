package dev.flusso.cli.command;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which publication, and whether flusso looks after it. */
final class PublicationOptions {
    @Option(
            names = "--publication",
            paramLabel = "<name>",
            defaultValue = "flusso",
            description = "the publication in Postgres (${DEFAULT-VALUE})")
    private String publication = "flusso";

    @Option(
            names = "--manage-publication",
            arity = "1",
            paramLabel = "<bool>",
            description = "whether flusso creates and extends the publication; over source.manage_publication")
    private @Nullable Boolean manage;

    String publication() {
        return publication;
    }

    @Nullable
    Boolean manage() {
        return manage;
    }
}
