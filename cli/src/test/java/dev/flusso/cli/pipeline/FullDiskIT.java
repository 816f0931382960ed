package dev.flusso.cli.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.flusso.dev.servers.Eventually;
import dev.flusso.dev.servers.OutputLine;
import dev.flusso.dev.servers.ProcessControl;
import dev.flusso.dev.servers.SharedServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real file system under the journal is really full. It is a tmpfs of a mount namespace that one process holds open and the halves are
 * started in.
 */
final class FullDiskIT {

    private static final Duration SOON = Duration.ofSeconds(90);
    private static final Duration END = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    @Test
    @DisplayName(
            "P1 C31 a full disk under the journal: capture stays connected and says so, and goes on by itself; nothing is lost")
    void nothingIsLostOnAFullDisk() throws Exception {
        var small = Files.createDirectory(folder.resolve("small"));
        try (var disk = mounted(small);
                var day = new FirstDay(
                        SharedServers.postgres(),
                        "full_disk",
                        SharedServers.search().url(),
                        folder);
                var writer = new Writer(day, new SplittableRandom(5))) {
            var inside = inside(disk);
            day.config("[server]", """
                    [journal]
                    path = "small/journal"
                    segment_bytes = "1MiB"
                    max_bytes = "1GiB"
                    min_free_bytes = 0

                    [server]""");
            day.sql(
                    "INSERT INTO users (email, name) SELECT i || '@x.org', 'Name ' || i FROM generate_series(1, 300) i",
                    "INSERT INTO orders (user_id, status, total) SELECT 1 + i % 300, 's', i FROM generate_series(1, 2000) i");
            var capture = day.startUnder(inside, "capture");
            var work = day.startUnder(inside, "work", "--sink", "primary");
            day.awaitTrue(SOON);
            writer.start();
            writer.awaitMore(20);

            assertThat(run(inside, "dd if=/dev/zero of=" + small + "/ballast bs=64k; test -s " + small + "/ballast"))
                    .isZero();
            for (var i = 0; i < 20; i++) {
                day.sql("UPDATE orders SET total = total + 1");
            }
            Eventually.within(SOON)
                    .until(
                            "capture to be held\n" + day.logs(),
                            () -> FirstDay.http(day.capturePort, "/status").contains("\"state\":\"held\""));
            assertThat(FirstDay.http(day.capturePort, "/status"))
                    .contains("the journal is full", "bytes, but its disk ");
            assertThat(FirstDay.http(day.capturePort, "/metrics")).contains("\nflusso_journal_full 1");
            var here = day.value("SELECT pg_current_wal_lsn()");
            writer.awaitMore(50);
            assertThat(day.value("SELECT active FROM pg_replication_slots WHERE slot_name = '" + day.slot() + "'"))
                    .as("still connected")
                    .isEqualTo("t");
            assertThat(day.value("SELECT confirmed_flush_lsn < '" + here
                            + "' FROM pg_replication_slots WHERE slot_name = '" + day.slot() + "'"))
                    .as("Postgres holds the WAL")
                    .isEqualTo("t");
            assertThat(full(capture)).hasSize(1);
            assertThat(List.of(capture.isAlive(), work.isAlive())).containsOnly(true);

            assertThat(run(inside, "rm " + small + "/ballast")).isZero();
            Eventually.within(SOON)
                    .until(
                            "capture to go on\n" + day.logs(),
                            () -> FirstDay.http(day.capturePort, "/readyz").startsWith("200 "));
            writer.awaitMore(20);
            writer.stop();
            writer.rethrow();
            day.awaitTrue(SOON);
            Eventually.within(SOON)
                    .until(
                            "the worker to be ready\n" + day.logs(),
                            () -> FirstDay.http(day.publicPort, "/readyz").startsWith("200 "));
            assertThat(FirstDay.http(day.capturePort, "/metrics")).contains("\nflusso_journal_full 0");
            assertThat(day.generation("users")).as("nothing was built anew").isEqualTo(1);
            assertThat(capture.lines()).noneMatch(line -> line.text().contains("InternalError"));
            assertThat(work.lines()).noneMatch(line -> line.text().contains("InternalError"));
        }
    }

    /** What a command is started under to see the disk; entering a namespace forgets the working directory. */
    private List<String> inside(ProcessControl disk) {
        return List.of(
                "nsenter",
                "-t",
                Long.toString(disk.pid()),
                "-U",
                "-m",
                "--preserve-credentials",
                "sh",
                "-c",
                "cd \"$0\" && exec \"$@\"",
                folder.toString());
    }

    private static List<String> full(ProcessControl capture) {
        return capture.lines().stream()
                .map(OutputLine::text)
                .filter(text -> text.contains("journal full"))
                .toList();
    }

    /** A process that holds a mount namespace in which a disk of 24 MB is mounted at the folder. */
    private static ProcessControl mounted(Path small) {
        var holding = ProcessControl.command(
                        "unshare",
                        "-rm",
                        "sh",
                        "-c",
                        "mount -t tmpfs -o size=24m tmpfs \"$0\" && echo mounted && exec sleep 600",
                        small.toString())
                .name("mounted")
                .start();
        Eventually.within(END)
                .until(
                        "the disk to be mounted, or refused",
                        () -> !holding.isAlive()
                                || holding.lines().stream()
                                        .anyMatch(line -> line.text().equals("mounted")));
        if (!holding.isAlive()) {
            holding.close();
            System.err.println("SKIPPED FullDiskIT: unshare and mount are not allowed here:" + holding.lastLines(3));
            abort("unshare and mount are not allowed here");
        }
        return holding;
    }

    private static int run(List<String> before, String script) throws IOException, InterruptedException {
        var command = new ArrayList<>(before);
        command.addAll(List.of("sh", "-c", script));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
