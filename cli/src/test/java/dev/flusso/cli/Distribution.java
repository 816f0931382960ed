package dev.flusso.cli;

import dev.flusso.dev.servers.JavaHome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The unpacked distribution that the build made, started as a user does. */
final class Distribution {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Distribution() {}

    static Path home() {
        var home = System.getProperty("flusso.home");
        if (home == null || !Files.isExecutable(Path.of(home, "bin", "flusso"))) {
            throw new IllegalStateException(
                    "no distribution at '" + home + "'; mvn package makes it, mvn verify tests it");
        }
        return Path.of(home);
    }

    static Path launcher() {
        return home().resolve("bin/flusso");
    }

    static String version() {
        return System.getProperty("flusso.version", "");
    }

    /** What a process said and how it ended. */
    record Result(int exitCode, String out, String err) {}

    /** The JDK of this build, and a 25 when there is one in the usual places. */
    static List<JavaHome> jdks() {
        var jdks = new ArrayList<JavaHome>();
        jdks.add(JavaHome.own());
        if (JavaHome.own().major() != 25) {
            JavaHome.exactly(25).ifPresent(jdks::add);
        }
        return jdks;
    }

    /** An environment with next to nothing in it. */
    static Map<String, String> environment(Path javaHome, Path userHome) {
        var environment = new LinkedHashMap<String, String>();
        environment.put("PATH", "/usr/bin:/bin");
        environment.put("JAVA_HOME", javaHome.toString());
        environment.put("HOME", userHome.toString());
        return environment;
    }

    /** Removes the links below a folder, so that whoever clears it does not stumble over where they lead. */
    static void unlink(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (var link : files.filter(Files::isSymbolicLink).toList()) {
                Files.delete(link);
            }
        }
    }

    /** Runs a command to its end. */
    static Result run(Path directory, Map<String, String> environment, List<String> command) throws Exception {
        var out = Files.createTempFile("flusso-out", ".txt");
        var err = Files.createTempFile("flusso-err", ".txt");
        try {
            var builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().clear();
            builder.environment().putAll(environment);
            var process = builder.start();
            process.getOutputStream().close();
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new AssertionError(command + " did not end within " + PATIENCE + ": " + Files.readString(err));
            }
            return new Result(
                    process.exitValue(),
                    Files.readString(out, StandardCharsets.UTF_8),
                    Files.readString(err, StandardCharsets.UTF_8));
        } finally {
            Files.deleteIfExists(out);
            Files.deleteIfExists(err);
        }
    }
}
