package dev.flusso.cli.command;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code flusso explain}: how an index' documents come about. */
@Command(name = "explain", sortOptions = false, abbreviateSynopsis = true)
final class ExplainCommand implements Callable<ExitCode> {
    private final Shell shell;
    private final Supplier<Inquiry> inquiry;

    @Parameters(paramLabel = "<index>", description = "the index, as the config names it")
    private String index = "";

    @Option(
            names = "--key",
            paramLabel = "<id>",
            description = "the _id of a document to show; parts of a key over several columns are joined with ':'")
    private @Nullable String key;

    @Option(
            names = "--format",
            paramLabel = "human|json",
            defaultValue = "human",
            description = "human, or json: one object (${DEFAULT-VALUE})")
    private OutputFormat format = OutputFormat.HUMAN;

    @Mixin
    private final LookOptions look = new LookOptions();

    ExplainCommand(Shell shell, Supplier<Inquiry> inquiry) {
        this.shell = shell;
        this.inquiry = inquiry;
    }

    @Override
    public ExitCode call() {
        var explanation = inquiry.get().explain(look.options(List.of(index), List.of()), key);
        shell.out().print(format == OutputFormat.JSON ? explanation.json() : explanation.text());
        return ExitCode.DONE;
    }
}
