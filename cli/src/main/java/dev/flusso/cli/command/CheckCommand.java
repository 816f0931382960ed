package dev.flusso.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flusso.schema.Config;
import dev.flusso.schema.ConfigException;
import dev.flusso.schema.IndexConfig;
import dev.flusso.schema.Place;
import dev.flusso.schema.Problem;
import dev.flusso.schema.parse.ConfigFiles;
import dev.flusso.schema.print.DocumentTree;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code flusso check}: is it valid, what do the documents look like, and what is there to know or to mend. Changes nothing. */
@Command(name = "check", sortOptions = false, abbreviateSynopsis = true)
final class CheckCommand implements Callable<ExitCode> {
    private final Shell shell;
    private final @Nullable Inspection inspection;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "<file>",
            defaultValue = "flusso.toml",
            description = "the config (${DEFAULT-VALUE})")
    private Path config = Path.of("flusso.toml");

    @Option(names = "--offline", fallbackValue = "true", description = "look at the files alone, and ask no server")
    private boolean offline;

    @Option(
            names = "--format",
            paramLabel = "human|json",
            defaultValue = "human",
            description = "for people or for tools (${DEFAULT-VALUE})")
    private OutputFormat format = OutputFormat.HUMAN;

    @Option(
            names = "--slot",
            paramLabel = "<name>",
            defaultValue = "flusso",
            description = "the replication slot in Postgres (${DEFAULT-VALUE})")
    private String slot = "flusso";

    @Mixin
    private final PublicationOptions publication = new PublicationOptions();

    /** @param inspection asks the servers; null when this program cannot */
    CheckCommand(Shell shell, @Nullable Inspection inspection) {
        this.shell = shell;
        this.inspection = inspection;
    }

    @Override
    public ExitCode call() {
        Config loaded;
        try {
            loaded = ConfigFiles.load(shell.resolve(config));
        } catch (ConfigException e) {
            if (format == OutputFormat.JSON) {
                print(json(
                        List.of(),
                        e.problems().stream().map(CheckCommand::invalid).toList()));
                return ExitCode.INVALID;
            }
            throw e;
        }
        var findings = new ArrayList<>(OfflineFindings.of(loaded, directory()));
        var outcome = online(loaded);
        outcome.findings().forEach(finding -> findings.add(finding.under(directory())));
        if (format == OutputFormat.JSON) {
            print(json(loaded.indexes(), findings));
        } else {
            print(human(loaded.indexes(), findings));
        }
        var unreachable = outcome.unreachable();
        if (unreachable != null) {
            return unreachable;
        }
        return findings.stream().anyMatch(finding -> finding.severity() == Finding.Severity.ERROR)
                ? ExitCode.FINDING
                : ExitCode.DONE;
    }

    private Inspection.Outcome online(Config loaded) {
        if (offline) {
            return new Inspection.Outcome(List.of(), null);
        }
        if (inspection == null) {
            throw new CommandException(
                    ExitCode.INVALID,
                    "this version checks the files alone, and neither the database nor the sinks; say so with --offline");
        }
        return inspection.inspect(loaded, names());
    }

    private Inspection.Names names() {
        try {
            return new Inspection.Names(slot, publication.publication(), publication.manage());
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCode.INVALID, String.valueOf(e.getMessage()), e);
        }
    }

    /** Where the config lies, as the user would write it before a file's name. */
    private String directory() {
        var parent = config.getParent();
        return parent == null ? "" : parent.toString().replace('\\', '/');
    }

    private static Finding invalid(Problem problem) {
        return new Finding(Finding.Severity.ERROR, problem.place(), problem.message(), null);
    }

    private String human(List<IndexConfig> indexes, List<Finding> findings) {
        var text = new StringBuilder();
        for (var index : indexes) {
            text.append(DocumentTree.of(index.name(), index.schema()).text(shell.coloursOut()))
                    .append('\n');
        }
        for (var finding : findings) {
            text.append(coloured(finding.severity()))
                    .append(Wrapped.after(
                            finding.severity().toString().length(), ": " + finding.place() + ": " + finding.message()))
                    .append('\n');
            finding.remedy()
                    .ifPresent(fix -> fix.lines()
                            .forEach(line -> text.append("    ").append(line).append('\n')));
        }
        return text.append(counted(indexes.size(), "index", "indexes"))
                .append(": ")
                .append(summary(findings))
                .append('\n')
                .toString();
    }

    private static String summary(List<Finding> findings) {
        var parts = new ArrayList<String>();
        for (var severity : Finding.Severity.values()) {
            var count = findings.stream()
                    .filter(finding -> finding.severity() == severity)
                    .count();
            if (count > 0 || severity == Finding.Severity.ERROR) {
                parts.add(counted(count, severity.toString(), severity + "s"));
            }
        }
        return String.join(", ", parts);
    }

    private static String counted(long count, String one, String many) {
        return (count == 0 ? "no" : String.valueOf(count)) + " " + (count == 1 ? one : many);
    }

    private String coloured(Finding.Severity severity) {
        if (!shell.coloursOut()) {
            return severity.toString();
        }
        var colour = switch (severity) {
            case ERROR -> "\u001b[1;31m";
            case WARNING -> "\u001b[33m";
            case NOTE -> "\u001b[36m";
        };
        return colour + severity + "\u001b[0m";
    }

    private static String json(List<IndexConfig> indexes, List<Finding> findings) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("valid", findings.stream().noneMatch(finding -> finding.severity() == Finding.Severity.ERROR));
        var trees = json.putArray("indexes");
        indexes.forEach(index -> {
            var tree = DocumentTree.of(index.name(), index.schema()).json();
            tree.put("enabled", index.enabled());
            trees.add(tree);
        });
        var list = json.putArray("findings");
        findings.forEach(finding -> finding(list, finding));
        return json.toPrettyString() + "\n";
    }

    private static void finding(ArrayNode list, Finding finding) {
        var json = list.addObject();
        json.put("severity", finding.severity().toString());
        place(json, finding.place());
        json.put("message", finding.message());
        json.put("fix", finding.remedy().orElse(null));
    }

    private static void place(ObjectNode json, Place place) {
        json.put("file", place.file());
        if (place.line() > 0) {
            json.put("line", place.line());
        }
        if (place.column() > 0) {
            json.put("column", place.column());
        }
    }

    private void print(String text) {
        shell.out().print(text);
    }
}
