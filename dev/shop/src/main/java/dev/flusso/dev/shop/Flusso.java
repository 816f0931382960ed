package dev.flusso.dev.shop;

import dev.flusso.dev.servers.FreePorts;
import dev.flusso.dev.servers.ProcessControl;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The two processes of flusso, started from the distribution as anybody would. One thread commands; any may close. */
final class Flusso implements AutoCloseable {

    private static final Duration STOP_DEADLINE = Duration.ofSeconds(15);

    private final Path program;
    private final Path config;
    private final Path journal;
    private final String databaseUrl;
    private final URI searchUrl;
    private final Console console;
    private final String captureAddress = "127.0.0.1:" + FreePorts.next();
    private final String publicAddress = "127.0.0.1:" + FreePorts.next();
    private final String privateAddress = "127.0.0.1:" + FreePorts.next();
    private volatile @Nullable ProcessControl capture;
    private volatile @Nullable ProcessControl work;

    /**
     * @param distribution the unpacked distribution
     * @param config the {@code flusso.toml}
     * @param journal where the journal is to be; not made yet
     */
    Flusso(Path distribution, Path config, Path journal, String databaseUrl, URI searchUrl, Console console) {
        this.program = distribution.resolve("bin").resolve("flusso");
        this.config = config;
        this.journal = journal;
        this.databaseUrl = databaseUrl;
        this.searchUrl = searchUrl;
        this.console = console;
        if (!Files.isExecutable(program)) {
            throw new DemoException("there is no program '" + program
                    + "', expected the unpacked distribution; 'dev/demo' builds it when it is missing");
        }
    }

    Path journal() {
        return journal;
    }

    String captureAddress() {
        return captureAddress;
    }

    String publicAddress() {
        return publicAddress;
    }

    void startCapture() {
        capture = start("capture", Colour.MAGENTA, "--capture-address", captureAddress);
    }

    void startWork() {
        work = start("work", Colour.BLUE, "--public-address", publicAddress, "--private-address", privateAddress);
    }

    /** SIGKILL. Returns the pid there was. */
    long killWork() {
        var running = work;
        if (running == null) {
            throw new DemoException("'flusso work' was not started yet");
        }
        running.killHard();
        return running.pid();
    }

    /** Fails when one of the processes that were started has ended by itself. */
    void mustRun() {
        mustRun("capture", capture);
        mustRun("work", work);
    }

    private static void mustRun(String command, @Nullable ProcessControl process) {
        if (process != null && !process.isAlive()) {
            throw new DemoException("'flusso " + command + "' has ended with exit code "
                    + process.exitCode().orElse(-1) + "; its last lines:" + process.lastLines(30));
        }
    }

    /** What both wrote last, for someone who looks for the reason of a failure. */
    String logs(int lines) {
        var text = new StringBuilder();
        for (var process : new @Nullable ProcessControl[] {capture, work}) {
            if (process != null) {
                text.append("\n   ").append(process).append(process.lastLines(lines));
            }
        }
        return text.toString();
    }

    private ProcessControl start(String command, Colour colour, String... addresses) {
        var filter = new LogFilter();
        var words = new ArrayList<String>();
        words.addAll(List.of(program.toString(), command, "-c", config.toString()));
        words.addAll(List.of("--journal", journal.toString()));
        words.addAll(List.of(addresses));
        var builder = ProcessControl.command(words)
                .name("flusso " + command)
                .directory(Objects.requireNonNull(config.toAbsolutePath().getParent(), "a file lies in a directory"))
                .onLine(line -> filter.show(line.text(), System.nanoTime())
                        .ifPresent(shown -> console.quote(command, colour, shown.colour(), shown.text())));
        // whatever the user has set for deployments of her own must not reach this one
        System.getenv().keySet().stream()
                .filter(name -> name.startsWith("FLUSSO_") || name.startsWith("PRIMARY_OPENSEARCH_"))
                .forEach(builder::withoutEnvironment);
        var started = builder.environment("DATABASE_URL", databaseUrl)
                .environment("OPENSEARCH_URL", searchUrl.toString())
                .start();
        console.quote(command, colour, Colour.DIM, "pid " + started.pid());
        return started;
    }

    /** Ends both as SIGTERM does, the worker first, and at once what does not end by that. */
    @Override
    public void close() {
        for (var process : new @Nullable ProcessControl[] {work, capture}) {
            if (process != null && process.isAlive()) {
                process.terminate();
            }
        }
        for (var process : new @Nullable ProcessControl[] {work, capture}) {
            if (process != null) {
                try {
                    process.waitForExit(STOP_DEADLINE);
                } catch (RuntimeException e) {
                    process.killHard();
                }
            }
        }
    }
}
