package dev.flusso.cli.command;

import dev.flusso.schema.parse.JsonSchemas;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code flusso schema config|index}: what an editor needs to help. */
@Command(name = "schema", sortOptions = false, abbreviateSynopsis = true)
final class SchemaCommand implements Callable<ExitCode> {
    private final Shell shell;

    @Parameters(
            index = "0",
            paramLabel = "config|index",
            descriptionKey = "FLUSSO_SCHEMA",
            description = "of flusso.toml, or of *.schema.yml")
    private Kind kind = Kind.CONFIG;

    SchemaCommand(Shell shell) {
        this.shell = shell;
    }

    /** Which file. */
    enum Kind {
        CONFIG,
        INDEX;

        /** Reads {@code config} or {@code index}. */
        static Kind parse(String text) {
            return switch (text) {
                case "config" -> CONFIG;
                case "index" -> INDEX;
                default -> throw new IllegalArgumentException("'" + text + "' has no schema, expected config or index");
            };
        }
    }

    @Override
    public ExitCode call() {
        var schema = switch (kind) {
            case CONFIG -> JsonSchemas.config();
            case INDEX -> JsonSchemas.index();
        };
        shell.out().println(schema.stripTrailing());
        return ExitCode.DONE;
    }
}
