package dev.flusso.cli.command;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code flusso reindex <name>}. */
@Command(name = "reindex", sortOptions = false, abbreviateSynopsis = true)
final class ReindexCommand implements Callable<ExitCode> {
    private final Shell shell;

    @Parameters(index = "0", paramLabel = "<index>", description = "the index' name in the config")
    private String index = "";

    @Mixin
    private final ServerOptions server = new ServerOptions();

    ReindexCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public ExitCode call() {
        var name = URLEncoder.encode(index, StandardCharsets.UTF_8);
        shell.out().println(server.server().expect("POST", "/reindex?index=" + name));
        return ExitCode.DONE;
    }
}
