package dev.flusso.journal.chronicle;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A process that runs {@link ChildWriter}. */
final class Child implements Closeable {

    private static final String EXIT = "EXIT";

    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private volatile @Nullable String lastDurable;

    private Child(Process process) {
        this.process = process;
        var thread = new Thread(() -> read(process.inputReader()), "child-output");
        thread.setDaemon(true);
        thread.start();
    }

    /** @param before what to run it under, such as {@code unshare}; empty for nothing */
    static Child start(List<String> before, String... arguments) throws IOException {
        var command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (var flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (flag.startsWith("--add-") || flag.startsWith("--enable-native")) {
                command.add(flag);
            }
        }
        command.addAll(List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-cp"));
        command.add(System.getProperty("java.class.path"));
        command.add(ChildWriter.class.getName());
        command.addAll(List.of(arguments));
        return new Child(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    private void read(BufferedReader output) {
        try (output) {
            for (var line = output.readLine(); line != null; line = output.readLine()) {
                if (line.startsWith("DURABLE ")) {
                    lastDurable = line.substring("DURABLE ".length());
                } else {
                    lines.add(line);
                }
            }
        } catch (IOException e) {
            // it was killed
        }
        lines.add(EXIT);
    }

    /** The next line that is not about durability; fails after a minute, or when the process ended without one. */
    String line() throws InterruptedException {
        var line = lines.poll(60, TimeUnit.SECONDS);
        if (line == null || line.equals(EXIT)) {
            throw new AssertionError("the child said nothing" + (line == null ? " for a minute" : " and ended"));
        }
        return line;
    }

    /** The newest position the child said was durable; null if it said none. */
    @Nullable
    String lastDurable() {
        return lastDurable;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** {@code kill -9}; returns when it is dead and all it said was read. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
        while (!EXIT.equals(lines.poll(60, TimeUnit.SECONDS))) {
            // the rest of what it said
        }
    }

    int exit() throws InterruptedException {
        return process.waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
