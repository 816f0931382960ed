package dev.flusso.cli.command;

import dev.flusso.cli.http.Credentials;
import dev.flusso.cli.status.StatusJson;
import dev.flusso.cli.status.StatusReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
            names = "--dead-letters",
            fallbackValue = "true",
            description = "list the documents put away, out of the files beside the journal; nothing need run for that")
    private boolean deadLetters;

    @Mixin
    private final JournalLocation location = new JournalLocation();

    StatusCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public ExitCode call() throws InterruptedException {
        if (!watch) {
            show(said());
            return ExitCode.DONE;
        }
        while (!shell.out().checkError()) {
            show(saidOrWhyNot());
            Thread.sleep(PAUSE_MILLIS);
        }
        return ExitCode.DONE;
    }

    private void show(String text) {
        if (watch && shell.outIsTerminal()) {
            shell.out().print("\u001b[H\u001b[2J");
        }
        shell.out().print(text);
        if (watch && !shell.outIsTerminal() && location.format() == OutputFormat.HUMAN) {
            shell.out().println();
        }
        shell.out().flush();
    }

    private String said() {
        if (deadLetters) {
            var list = DeadLetterList.read(journal());
            return location.format() == OutputFormat.JSON ? list.json() : list.human();
        }
        var first = server(server, "--server");
        String text;
        try {
            text = first.expect("GET", "/status");
        } catch (CommandException e) {
            return captureAlone(e);
        }
        var report = read(first, text);
        if (location.format() == OutputFormat.JSON) {
            return (report.capture() == null ? withCapture(text) : text) + "\n";
        }
        var page = new StatusPage(shell.coloursOut(), Clock.systemUTC());
        page.part(first.root().toString(), report, first.ask("GET", "/readyz"));
        if (report.capture() == null) {
            captureHalf(page);
        }
        return page.text();
    }

    /** What capture says, where no worker runs; when it is silent too, why the worker was not reached. */
    private String captureAlone(CommandException worker) {
        var other = server(captureServer, "--capture-server");
        String text;
        try {
            text = other.expect("GET", "/status");
        } catch (CommandException e) {
            throw worker;
        }
        var report = read(other, text);
        if (location.format() == OutputFormat.JSON) {
            return text + "\n";
        }
        var page = new StatusPage(shell.coloursOut(), Clock.systemUTC());
        page.part(other.root().toString(), report, other.ask("GET", "/readyz"));
        page.absent("work", String.valueOf(worker.getMessage()));
        return page.text();
    }

    /** While it is watched, a server that is away may come back. */
    private String saidOrWhyNot() {
        try {
            return said();
        } catch (CommandException e) {
            if (e.exitCode() == ExitCode.INVALID) {
                throw e;
            }
            var page = new StatusPage(shell.coloursOut(), Clock.systemUTC());
            page.absent("flusso", String.valueOf(e.getMessage()));
            return location.format() == OutputFormat.JSON ? "" : page.text();
        }
    }

    /** What the worker says, with capture's own part where it belongs; as it is when capture does not answer. */
    private String withCapture(String worker) {
        var other = server(captureServer, "--capture-server");
        try {
            return StatusJson.withCapture(worker, other.expect("GET", "/status"));
        } catch (CommandException | IllegalArgumentException e) {
            return worker;
        }
    }

    /** As for {@code journal info}; where there is none, the one a running flusso names. */
    private Path journal() {
        var here = location.locate(shell).directory();
        if (Files.isDirectory(here)) {
            return here;
        }
        try {
            var first = server(server, "--server");
            var there = read(first, first.expect("GET", "/status")).journal();
            return there == null ? here : Path.of(there.path());
        } catch (CommandException e) {
            return here;
        }
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
