package dev.flusso.dev.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing is left of a JVM's servers, however it dies. */
class JvmDeathIT {

    @TempDir
    private Path temporary;

    @ParameterizedTest
    @ValueSource(strings = {"KILL", "TERM"})
    void leavesNoProcessAndTheNextJvmRemovesTheFiles(String signal) throws IOException {
        var options = List.of(
                "-Djava.io.tmpdir=" + temporary,
                "-Xmx64m",
                "-Dflusso.root="
                        + System.getProperty("flusso.root", Path.of("../..").toString()));
        try (var victim = ProcessControl.java(options, Victim.class, signal.equals("KILL") ? "search" : "")
                .start()) {
            victim.awaitLine("^ready ", Duration.ofMinutes(1));
            var descendants = victim.lines().stream()
                    .filter(line -> line.text().startsWith("descendant "))
                    .map(line -> Long.parseLong(line.text().substring("descendant ".length())))
                    .collect(Collectors.toSet());
            assertThat(descendants).hasSizeGreaterThan(10);

            victim.signal(signal); // to the JVM alone
            victim.waitForExit(Duration.ofSeconds(20));
            Eventually.within(Duration.ofSeconds(20))
                    .until(
                            "descendants " + descendants + " to be gone",
                            () -> descendants.stream().allMatch(ProcessTree::isGone));
        }
        var base = temporary.resolve("flusso-dev-" + System.getProperty("user.name"));
        assertThat(folders(base)).hasSize(1);
        var next = WorkFolder.open(base);
        assertThat(folders(base)).containsExactly(next.path());
        next.abandon();
    }

    private static List<Path> folders(Path base) throws IOException {
        try (var entries = Files.list(base)) {
            return entries.filter(Files::isDirectory).toList();
        }
    }
}
