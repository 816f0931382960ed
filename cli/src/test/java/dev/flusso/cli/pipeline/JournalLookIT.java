package dev.flusso.cli.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.dev.servers.Eventually;
import dev.flusso.dev.servers.OutputLine;
import dev.flusso.dev.servers.ProcessControl;
import dev.flusso.dev.servers.SharedServers;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code flusso journal …} from another process, while both halves run under writes. */
final class JournalLookIT {

    private static final Duration SOON = Duration.ofSeconds(90);
    private static final Duration END = Duration.ofSeconds(40);

    @TempDir
    Path folder;

    private static List<String> out(ProcessControl process) {
        return process.lines().stream()
                .filter(line -> line.channel() == OutputLine.Channel.OUT)
                .map(OutputLine::text)
                .toList();
    }

    private static List<String> done(ProcessControl process, int exitCode) {
        assertThat(process.waitForExit(END)).as(process.lastLines(20)).isEqualTo(exitCode);
        return out(process);
    }

    @Test
    @DisplayName(
            "the journal is looked into while it is written and read, and only those who hold it may be in the way")
    void looksIntoTheJournalWhileItIsInUse() throws Exception {
        try (var day = new FirstDay(
                        SharedServers.postgres(), "look", SharedServers.search().url(), folder);
                var writer = new Writer(day, new SplittableRandom(3))) {
            day.sql(
                    "INSERT INTO users (email) SELECT i || '@x.org' FROM generate_series(1, 300) i",
                    "INSERT INTO orders (user_id, status, total) SELECT i, 's', i FROM generate_series(1, 300) i");
            var capture = day.start("capture");
            day.start("work", "--sink", "primary");
            day.awaitTrue(SOON);
            writer.start();
            writer.awaitMore(20);

            assertThat(String.join("\n", done(day.look("journal", "info"), 0)))
                    .contains("source    database look", "primary/users generation 1  tailing at");
            var info =
                    FirstDay.JSON.readTree(String.join("", done(day.look("journal", "info", "--format", "json"), 0)));
            assertThat(info.at("/source/slot").asText()).isEqualTo(day.slot());
            assertThat(info.at("/lanes/0/lane").asText()).isEqualTo("primary/users");

            var dumped = done(day.look("journal", "dump", "--format", "json"), 0);
            assertThat(dumped.size()).isGreaterThan(20);
            for (var line : dumped) {
                assertThat(FirstDay.JSON.readTree(line).path("position").asText())
                        .isNotEmpty();
            }
            assertThat(done(day.look("journal", "tail", "-n", "3"), 0)).hasSize(3);
            assertThat(done(day.look("journal", "verify"), 0))
                    .singleElement()
                    .asString()
                    .contains(" entries are good, 0 places are damaged");

            assertThat(done(day.look("journal", "prune"), 7)).isEmpty();
            var held = day.look("journal", "prune");
            done(held, 7);
            assertThat(held.output(OutputLine.Channel.ERR)).contains("is held by pid " + capture.pid() + " on ");
            done(day.look("journal", "forget", "primary/users"), 7);
            var second = day.start("capture", "--capture-address", "127.0.0.1:0");
            done(second, 7);
            assertThat(second.output(OutputLine.Channel.ERR)).contains("is held by pid " + capture.pid() + " on ");

            writer.stop();
            day.awaitTrue(SOON);
        }
    }

    @Test
    @DisplayName(
            "tail follows live, a change a line; its JSON pipes into jq; it ends cleanly with its reader and by Ctrl-C")
    void tailFollows() throws Exception {
        try (var day = new FirstDay(
                SharedServers.postgres(), "look_tail", SharedServers.search().url(), folder)) {
            day.sql("INSERT INTO users (email) SELECT i || '@x.org' FROM generate_series(1, 10) i");
            day.start("run");
            day.awaitTrue(SOON);
            var follower = day.look("journal", "tail", "-f", "-n", "0", "--format", "json");
            var piped = jq() ? piped(day, "jq -c --unbuffered 'select(.kind == \"change\") | .table'") : null;
            var few = piped(day, "head -n 2");
            follower.awaitLine("\"kind\":\"heartbeat\"", SOON);
            day.sql(
                    "UPDATE users SET name = E'two\\nlines' WHERE id = 1",
                    "DELETE FROM users WHERE id = 2",
                    "INSERT INTO orders (user_id, status, total) VALUES (3, 's', 1)");
            follower.awaitLine("\"kind\":\"change\".*\"operation\":\"update\".*public.users", SOON);
            follower.awaitLine("\"kind\":\"change\".*\"operation\":\"delete\".*public.users", SOON);
            follower.awaitLine("\"kind\":\"change\".*\"operation\":\"insert\".*public.orders", SOON);
            for (var line : out(follower)) {
                assertThat(FirstDay.JSON.readTree(line).path("position").asText())
                        .as(line)
                        .isNotEmpty();
            }
            if (piped != null) {
                Eventually.within(SOON)
                        .until("jq to print each change", () -> out(piped).size() >= 3);
                assertThat(out(piped)).allMatch(line -> line.startsWith("\"public."));
            } else {
                System.err.println("SKIPPED part of JournalLookIT.tailFollows: jq is not installed");
            }
            assertThat(few.waitForExit(END)).as(few.lastLines(10)).isZero();
            assertThat(out(few)).hasSize(2);
            assertThat(few.output(OutputLine.Channel.ERR)).isEmpty();

            follower.signal("INT");
            assertThat(follower.waitForExit(END)).isIn(0, 130);
            assertThat(follower.output(OutputLine.Channel.ERR)).isEmpty();
        }
    }

    /** {@code flusso journal tail -f | …}; ends when the last of the pipe does and what is before it has noticed. */
    private static ProcessControl piped(FirstDay day, String into) {
        return ProcessControl.command(
                        "sh",
                        "-c",
                        System.getProperty("flusso.home") + "/bin/flusso journal tail -f -n 0 --format json | " + into)
                .name("piped")
                .directory(day.folder())
                .start();
    }

    private static boolean jq() throws InterruptedException {
        try {
            return new ProcessBuilder("jq", "--version").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    @DisplayName("verify checks every frame: a flipped byte is found and named, exit code 1")
    void verifyFindsAFlippedByte() throws Exception {
        try (var day = new FirstDay(
                SharedServers.postgres(), "look_verify", SharedServers.search().url(), folder)) {
            day.sql("INSERT INTO users (email) SELECT i || '@x.org' FROM generate_series(1, 100) i");
            var run = day.start("run");
            day.awaitTrue(SOON);
            day.sql("UPDATE users SET name = 'x'");
            day.awaitTrue(SOON);
            run.terminate();
            assertThat(run.waitForExit(END)).isZero();
            Path segment;
            try (var files = Files.list(day.journal().resolve("epoch-1"))) {
                segment = files.filter(file -> file.toString().endsWith(".cq4"))
                        .sorted()
                        .findFirst()
                        .orElseThrow();
            }
            try (var file = new RandomAccessFile(segment.toFile(), "rw")) {
                var at = offsetOf(segment, "public");
                file.seek(at);
                var was = file.read();
                file.seek(at);
                file.write(was ^ 4);
            }
            var verify = day.look("journal", "verify");
            assertThat(String.join("\n", done(verify, 1)))
                    .contains("damaged: " + segment + " at byte ", ", position 1-", "checksum", "1 places are damaged");
            var json = done(day.look("journal", "verify", "--format", "json"), 1);
            assertThat(FirstDay.JSON.readTree(json.get(0)).path("check").asText())
                    .isEqualTo("damaged");

            // whoever reads there finds a gap, and the pipeline heals
            day.sql("UPDATE users SET name = 'after' WHERE id = 5");
            day.start("run", "--locked");
            day.awaitTrue(SOON);
        }
    }

    private static long offsetOf(Path file, String text) throws IOException {
        var bytes = new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1);
        var at = bytes.lastIndexOf(text);
        assertThat(at).isPositive();
        return at;
    }
}
