package dev.flusso.cli.command;

import dev.flusso.cli.http.Credentials;
import dev.flusso.cli.status.StatusJson;
import dev.flusso.cli.status.StatusReport;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code flusso status}: one screen about a running flusso. */
@Command(name = "status", sortOptions = false, abbreviateSynopsis = true)
final class StatusCommand implements Callable<ExitCode> {
    private static final long PAUSE_MILLIS = 2000;

    private final Shell shell;

    @Option(
            names = "--server",
            paramLabel = "<host:port>",
            defaultValue = "127.0.0.1:9464",
            description = "the public address of run or work, or its URL (${DEFAULT-VALUE})")
    private String server = "127.0.0.1:9464";

    @Option(
            names = "--capture-server",
            paramLabel = "<host:port>",
            defaultValue = "127.0.0.1:9466",
            description = "the address of capture, asked when the other has no capture half (${DEFAULT-VALUE})")
    private String captureServer = "127.0.0.1:9466";

    @Option(names = "--watch", fallbackValue = "true", description = "say it again every two seconds, until Ctrl-C")
    private boolean watch;

    @Option(
            names = "--format",
            paramLabel = "human|json",
            defaultValue = "human",
            description = "for people, or what /status answers (${DEFAULT-VALUE})")
    private OutputFormat format = OutputFormat.HUMAN;

    StatusCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public ExitCode call() throws InterruptedException {
        show();
        while (watch && !shell.out().checkError()) {
            Thread.sleep(PAUSE_MILLIS);
            show();
        }
        return ExitCode.DONE;
    }

    private void show() {
        var first = server(server, "--server");
        var text = first.expect("GET", "/status");
        var report = read(first, text);
        if (format == OutputFormat.JSON) {
            shell.out().println(text);
            return;
        }
        var page = new StatusPage(shell.coloursOut(), Clock.systemUTC());
        page.part(first.root().toString(), report, first.ask("GET", "/readyz"));
        if (report.capture() == null) {
            captureHalf(page);
        }
        if (watch && shell.outIsTerminal()) {
            shell.out().print("\u001b[H\u001b[2J");
        }
        shell.out().print(page.text());
        shell.out().flush();
    }

    private void captureHalf(StatusPage page) {
        var other = server(captureServer, "--capture-server");
        try {
            var report = read(other, other.expect("GET", "/status"));
            page.part(other.root().toString(), report, other.ask("GET", "/readyz"));
        } catch (CommandException e) {
            page.absent("capture", String.valueOf(e.getMessage()));
        }
    }

    private static RunningServer server(String text, String option) {
        return new RunningServer(ServerOptions.url(text, option), new Credentials("", null), ExitCode.FAILED);
    }

    private static StatusReport read(RunningServer from, String text) {
        try {
            return StatusJson.read(text);
        } catch (IllegalArgumentException e) {
            throw new CommandException(
                    ExitCode.FAILED,
                    from.root() + "/status is no flusso: " + e.getMessage() + "; is this its address?",
                    e);
        }
    }
}
