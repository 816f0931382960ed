package dev.flusso.cli.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.dev.servers.Eventually;
import dev.flusso.dev.servers.SharedServers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Standard output as a sink, in real pipes. */
final class PipeIT {

    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private FirstDay day(String database) throws Exception {
        var day = new FirstDay(
                SharedServers.postgres(), database, SharedServers.search().url(), folder);
        day.config("pretty = true", "pretty = false");
        day.sql("INSERT INTO users (email, name) SELECT i || '@x.org', 'n' FROM generate_series(1, 300) i");
        return day;
    }

    @Test
    @DisplayName("flusso work | head -1 ends with 0, and with the one line, when the pipe is the only sink")
    void headEndsIt() throws Exception {
        try (var day = day("pipe_head")) {
            day.start("capture");
            var line = day.shell(
                    "$FLUSSO work --sink audit $NAMES 2>work.log | head -1 > one.json; exit ${PIPESTATUS[0]}");
            try (var writer = new Writer(day, new SplittableRandom(7))) {
                writer.start(); // a closed pipe is noticed by whoever writes to it
                assertThat(line.waitForExit(SOON)).as(() -> logOf("work.log")).isZero();
            }
            assertThat(Files.readAllLines(folder.resolve("one.json"))).hasSize(1);
            assertThat(FirstDay.JSON
                            .readTree(folder.resolve("one.json").toFile())
                            .path("op")
                            .asText())
                    .isEqualTo("upsert");
        }
    }

    private String logOf(String name) {
        try {
            return Files.readString(folder.resolve(name));
        } catch (java.io.IOException e) {
            return e.toString();
        }
    }

    @Test
    @DisplayName("C25 a pipe nobody reads any more ends its own lane, and the other sink goes on")
    void aBrokenPipeEndsOnlyItsLane() throws Exception {
        try (var day = day("pipe_broken")) {
            day.start("capture");
            day.shell("$FLUSSO work $NAMES 2>work.log | head -1");
            try (var writer = new Writer(day, new SplittableRandom(8))) {
                writer.start();
                new LaneLook(day, "audit/users").await("closed", "");
            }
            day.sql("UPDATE users SET name = 'after' WHERE id < 50", "DELETE FROM users WHERE id = 77");
            day.awaitTrue(SOON);
            new LaneLook(day, "audit/users").awaitUnready("audit/users");
        }
    }

    @Test
    @DisplayName(
            "C25 every line is one object of the envelope, logs are elsewhere; a restart writes only what changed, in both sinks")
    void linesAreObjectsAndARestartSeedsNothing() throws Exception {
        try (var day = day("pipe_lines")) {
            day.start("capture");
            var first = day.shell("exec $FLUSSO work $NAMES >first.ndjson");
            day.awaitTrue(SOON);
            Eventually.within(SOON)
                    .until("300 lines", () -> lines("first.ndjson").size() == 300);
            day.sql("UPDATE users SET name = 'changed' WHERE id = 5", "DELETE FROM users WHERE id = 6");
            Eventually.within(SOON)
                    .until("two more", () -> lines("first.ndjson").size() == 302);
            var sequence = 0L;
            for (var line : lines("first.ndjson")) {
                var object = FirstDay.JSON.readTree(line);
                assertThat(object.path("sink").asText()).isEqualTo("audit");
                assertThat(object.path("index").asText()).isEqualTo("users");
                assertThat(object.path("seq").asLong()).isEqualTo(++sequence);
                assertThat(object.path("ts").asText()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
                assertThat(object.path("op").asText()).isIn("upsert", "delete");
                assertThat(object.has("document"))
                        .isEqualTo(object.path("op").asText().equals("upsert"));
            }
            first.terminate();
            assertThat(first.waitForExit(SOON)).isZero();

            day.sql("UPDATE users SET name = 'while away' WHERE id = 7");
            day.shell("exec $FLUSSO work $NAMES >second.ndjson");
            day.awaitTrue(SOON);
            Eventually.within(SOON)
                    .until("the change", () -> !lines("second.ndjson").isEmpty());
            assertThat(lines("second.ndjson"))
                    .allSatisfy(line -> assertThat(line).contains("\"id\":\"7\""));
        }
    }

    private List<String> lines(String file) throws Exception {
        return Files.readAllLines(folder.resolve(file));
    }
}
