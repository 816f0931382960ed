package dev.flusso.cli.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code flusso indexes}: what the worker says, as JSON. */
@Command(name = "indexes", sortOptions = false, abbreviateSynopsis = true)
final class IndexesCommand implements Callable<ExitCode> {
    private final Shell shell;

    @Mixin
    private final ServerOptions server = new ServerOptions();

    IndexesCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public ExitCode call() {
        shell.out().println(readable(server.server().expect("GET", "/indexes")));
        return ExitCode.DONE;
    }

    private static String readable(String json) {
        try {
            return JsonMapper.builder().build().readTree(json).toPrettyString();
        } catch (JsonProcessingException e) {
            return json;
        }
    }
}
