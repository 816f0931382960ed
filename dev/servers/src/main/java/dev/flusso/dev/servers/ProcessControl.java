package dev.flusso.dev.servers;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A child process under control: its output line by line, signals, waiting with deadlines.
 *
 * <p>It dies with this JVM, also when that is killed by SIGKILL, and it has a session of its own where {@code setsid} exists, so a Ctrl-C
 * at the terminal reaches only us. Its standard input is empty. Any thread may call any method.
 */
public final class ProcessControl implements AutoCloseable {

    /** The newest lines are kept, so many of each process. */
    static final int KEPT_LINES = 100_000;

    /**
     * Runs "$@" in the place of this shell, so the pid stays, next to a watcher that has no parent among us (Postgres would take a dead
     * child of its own for a crashed backend). Input is the life line: nobody writes to it, it ends with the JVM that holds it, or when
     * the JVM sees the process end. Then the watcher kills what is left. A frozen backend would not notice that its parent is gone, hence
     * the whole tree, by pgrep or, where there is none, by /proc. $0 is "keep" when the process is to have the life line as its input.
     */
    private static final String LIFE_LINE = """
            exec 3<&0
            tree() {
              for child in $(pgrep -P "$1" || grep -ls "^PPid:[[:space:]]*$1\\$" /proc/[0-9]*/status | cut -d/ -f3); do
                echo "$child"
                tree "$child"
              done
            }
            ( (
              trap '' HUP INT QUIT TERM
              while read -r line; do :; done
              kill -s 0 $$ || exit
              kill -s KILL $(tree $$) $$
            ) <&3 3<&- >/dev/null 2>&1 & )
            if [ "$0" = keep ]; then exec <&3; else exec </dev/null; fi
            exec 3<&-
            if command -v setsid >/dev/null 2>&1; then exec setsid "$@"; fi
            exec "$@"
            """;

    private final String name;
    private final Process process;
    private final ProcessTree tree;
    private final Consumer<OutputLine> onLine;
    private final ArrayDeque<OutputLine> lines = new ArrayDeque<>();
    private final Set<OutputLine.Channel> open = new HashSet<>();
    private long dropped;

    private ProcessControl(Builder builder, Process process) {
        this.name = builder.name;
        this.process = process;
        this.tree = new ProcessTree(process.toHandle());
        this.onLine = builder.onLine;
    }

    /** A program by path or name with its arguments. */
    public static Builder command(List<String> command) {
        return new Builder(command);
    }

    /** A program by path or name with its arguments. */
    public static Builder command(String... command) {
        return new Builder(List.of(command));
    }

    /** A main class with this JVM's {@code java} and class path; {@code options} of the JVM come first. */
    public static Builder java(List<String> options, Class<?> main, String... arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return new Builder(command).name(main.getSimpleName());
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** The exit code, or empty while it runs; a process ended by a signal has 128 + its number. */
    public OptionalInt exitCode() {
        return process.isAlive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
    }

    /** SIGKILL to the process and all its descendants; returns when they are gone. Does nothing when it has ended. */
    public void killHard() {
        tree.kill();
        waitForExit(Duration.ofSeconds(10));
    }

    /** SIGTERM to the process alone; does not wait. */
    public void terminate() {
        signal("TERM");
    }

    /** Any signal by its short name, such as {@code INT}, to the process alone; does not wait. */
    public void signal(String signal) {
        if (process.isAlive()) {
            tree.signalRoot(signal);
        }
    }

    /** SIGSTOP to the process and all its descendants; returns when they stand still. */
    public void freeze() {
        tree.freeze();
    }

    /** SIGCONT to the process and all its descendants. */
    public void thaw() {
        tree.thaw();
    }

    /** Waits for the end and for all output; returns the exit code, or fails with the last output when it does not end in time. */
    public int waitForExit(Duration deadline) {
        try {
            if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new ServerException(
                        name + " (pid " + pid() + ") still runs after " + deadline + ", expected its end" + tail());
            }
            drained(Duration.ofSeconds(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerException("interrupted while waiting for the end of " + name, e);
        }
        return process.exitValue();
    }

    /** Waits for a line in which {@code regex} is found, among those written before the call too. */
    public OutputLine awaitLine(String regex, Duration deadline) {
        return awaitLine(regex, 0, deadline);
    }

    /** Waits for a line in which {@code regex} is found, among the lines from number {@code from} on (see {@link #lineCount}). */
    public OutputLine awaitLine(String regex, long from, Duration deadline) {
        var pattern = Pattern.compile(regex);
        return awaitLine(
                "a line like '" + regex + "'",
                line -> pattern.matcher(line.text()).find(),
                from,
                deadline);
    }

    private OutputLine awaitLine(String what, Predicate<OutputLine> wanted, long from, Duration deadline) {
        var end = System.nanoTime() + deadline.toNanos();
        var next = from;
        synchronized (lines) {
            while (true) {
                var number = dropped;
                for (var line : lines) {
                    if (number++ >= next && wanted.test(line)) {
                        return line;
                    }
                }
                next = lineCount();
                var leftMillis = (end - System.nanoTime()) / 1_000_000;
                if (open.isEmpty() || leftMillis <= 0) {
                    throw new ServerException(name
                            + (open.isEmpty() ? " ended" : " did not write within " + deadline)
                            + (open.isEmpty() ? " without " : " ")
                            + what
                            + tail());
                }
                pause(leftMillis);
            }
        }
    }

    /** How many lines it has written so far, on both channels. */
    public long lineCount() {
        synchronized (lines) {
            return dropped + lines.size();
        }
    }

    /** The lines written so far in the order of their arrival; of very many the newest {@value #KEPT_LINES}. */
    public List<OutputLine> lines() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }

    /** The lines of one channel, joined by line feeds. */
    public String output(OutputLine.Channel channel) {
        var text = new StringBuilder();
        lines().stream()
                .filter(line -> line.channel() == channel)
                .forEach(line -> text.append(line.text()).append('\n'));
        return text.toString();
    }

    /** The last {@code count} lines of both channels, for messages. */
    public String lastLines(int count) {
        var all = lines();
        var text = new StringBuilder();
        all.subList(Math.max(0, all.size() - count), all.size())
                .forEach(line -> text.append("\n    ").append(line.text()));
        return text.toString();
    }

    /** Kills it when it still runs. */
    @Override
    public void close() {
        killHard();
    }

    @Override
    public String toString() {
        return name + "[pid " + pid() + (isAlive() ? "" : ", exit " + process.exitValue()) + "]";
    }

    private String tail() {
        var last = lastLines(30);
        return last.isEmpty() ? "; it wrote nothing" : "; its last lines:" + last;
    }

    private void pause(long millis) {
        try {
            lines.wait(Math.max(1, millis));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerException("interrupted while waiting for output of " + name, e);
        }
    }

    /** Waits until all output is read; not for ever, since a grandchild may hold the pipe. */
    private void drained(Duration deadline) throws InterruptedException {
        var end = System.nanoTime() + deadline.toNanos();
        synchronized (lines) {
            while (!open.isEmpty() && System.nanoTime() - end < 0) {
                lines.wait(Math.max(1, (end - System.nanoTime()) / 1_000_000));
            }
        }
    }

    private void follow(InputStream stream, OutputLine.Channel channel) {
        synchronized (lines) {
            open.add(channel);
        }
        var thread = new Thread(() -> read(stream, channel), name + "-" + channel);
        thread.setDaemon(true);
        thread.start();
    }

    private void read(InputStream stream, OutputLine.Channel channel) {
        try (var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (var text = reader.readLine(); text != null; text = reader.readLine()) {
                add(new OutputLine(channel, text));
            }
        } catch (IOException e) {
            // the pipe went with the process
        } finally {
            synchronized (lines) {
                open.remove(channel);
                lines.notifyAll();
            }
        }
    }

    private void add(OutputLine line) {
        synchronized (lines) {
            if (lines.size() == KEPT_LINES) {
                lines.removeFirst();
                dropped++;
            }
            lines.addLast(line);
            lines.notifyAll();
        }
        onLine.accept(line);
    }

    /** What to start and how. */
    public static final class Builder {

        private final List<String> command;
        private final Map<String, @Nullable String> environment = new HashMap<>();
        private String name;
        private @Nullable Path directory;
        private @Nullable Path outputFile;
        private boolean lifeLineAsInput;
        private Consumer<OutputLine> onLine = line -> {};

        private Builder(List<String> command) {
            if (command.isEmpty()) {
                throw new IllegalArgumentException("a command of no words, expected a program");
            }
            this.command = List.copyOf(command);
            this.name = new File(command.get(0)).getName();
        }

        /** How messages and threads call it. */
        public Builder name(String newName) {
            this.name = newName;
            return this;
        }

        public Builder environment(String variable, String value) {
            environment.put(variable, value);
            return this;
        }

        /** Takes an inherited variable away. */
        public Builder withoutEnvironment(String variable) {
            environment.put(variable, null);
            return this;
        }

        public Builder directory(Path newDirectory) {
            this.directory = newDirectory;
            return this;
        }

        /** Called with each line, in order for each channel, from a thread of that channel. */
        public Builder onLine(Consumer<OutputLine> listener) {
            this.onLine = listener;
            return this;
        }

        /** Standard output goes to a file and is not seen as lines. */
        public Builder outputTo(Path file) {
            this.outputFile = file;
            return this;
        }

        /** Its standard input stays open as long as this JVM lives, instead of being empty. */
        Builder lifeLineAsInput() {
            this.lifeLineAsInput = true;
            return this;
        }

        /** Starts it; fails when the program cannot be found. */
        public ProcessControl start() {
            var words = new ArrayList<>(List.of("sh", "-c", LIFE_LINE, lifeLineAsInput ? "keep" : "none"));
            words.addAll(command);
            var starter = new ProcessBuilder(words);
            environment.forEach((variable, value) -> {
                if (value == null) {
                    starter.environment().remove(variable);
                } else {
                    starter.environment().put(variable, value);
                }
            });
            if (directory != null) {
                starter.directory(directory.toFile());
            }
            if (outputFile != null) {
                starter.redirectOutput(outputFile.toFile());
            }
            try {
                var control = new ProcessControl(this, starter.start());
                if (outputFile == null) {
                    control.follow(control.process.getInputStream(), OutputLine.Channel.OUT);
                }
                control.follow(control.process.getErrorStream(), OutputLine.Channel.ERR);
                return control;
            } catch (IOException e) {
                throw new ServerException("cannot start " + name + " in " + directory + ": " + e.getMessage(), e);
            }
        }
    }
}
