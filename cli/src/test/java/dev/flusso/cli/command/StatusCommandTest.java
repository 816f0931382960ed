package dev.flusso.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.flusso.cli.http.Address;
import dev.flusso.cli.http.PublicSurface;
import dev.flusso.cli.status.Probe;
import dev.flusso.cli.status.StatusJson;
import dev.flusso.cli.status.StatusJsonTest;
import dev.flusso.cli.status.StatusReport;
import dev.flusso.cli.status.StatusSource;
import dev.flusso.journal.JournalOptions;
import dev.flusso.journal.LaneFile;
import dev.flusso.journal.LaneName;
import dev.flusso.journal.LanePhase;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.Needs;
import dev.flusso.journal.Position;
import dev.flusso.journal.Seeding;
import dev.flusso.journal.chronicle.ChronicleJournal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusCommandTest {
    private final Fixed source = new Fixed();
    private final PublicSurface surface = PublicSurface.open(
            new Address("127.0.0.1", 0),
            "--public-address",
            source,
            accept -> new PublicSurface.Scraped("text/plain", ""));
    private final CapturedShell shell = new CapturedShell()
            .with("FLUSSO_SERVER", "127.0.0.1:" + surface.address().getPort())
            .with("FLUSSO_CAPTURE_SERVER", "127.0.0.1:1");

    @AfterEach
    void stop() {
        surface.close();
    }

    @Test
    void tellsEverythingOnOneScreen() {
        assertThat(shell.run(Commands::of, "status")).isZero();
        assertThat(shell.out())
                .contains(": backfilling, up 1 min 1 s, ready\n")
                .containsPattern("capture  streaming for \\d.*, behind by 0.2 s, 8 B, WAL kept 4.0 KiB, slot flusso\n")
                .contains("  ! waits for pid 12: UPDATE users\n")
                .contains("REPLICA IDENTITY FULL")
                .contains("journal  1.0 MiB of 20.0 GiB, disk has left 8.0 GiB, in /var/flusso-journal\n")
                .containsPattern("  primary/users  seeding     \\d.*, behind by 3.5 s, 2.0 KiB,"
                        + " seeded 500 of about 1000, done in 13 s, current in 9.0 s, 2 dead letters\n")
                .contains("changes  10 seen, 8 settled, 2 under way; 500 documents built, 2 put away\n")
                .contains("errors   1; the newest: primary: timed out after 30 s\n")
                .doesNotContain("null", "\u001b");
        assertThat(shell.err()).isEmpty();
    }

    @Test
    void saysWhyItIsNotReady() {
        source.readiness = Probe.of(List.of("lane primary/users: sink away"));
        assertThat(shell.run(Commands::of, "status")).isZero();
        assertThat(shell.out()).contains(", not ready\n", "  ! lane primary/users: sink away\n");
    }

    @Test
    void asksCaptureToo() {
        source.report = withoutCapture(source.report);
        assertThat(shell.run(Commands::of, "status")).isZero();
        assertThat(shell.out()).contains("capture: no answer (no answer from http://127.0.0.1:1/status: ");
    }

    @Test
    void printsWhatTheServerSaidAsJson() {
        assertThat(shell.run(Commands::of, "status", "--format", "json")).isZero();
        assertThat(shell.out()).isEqualTo(StatusJson.write(source.report) + "\n");
    }

    @Test
    void listsDeadLettersWithoutAServer(@TempDir Path folder) throws Exception {
        surface.close();
        var place = folder.resolve("flusso-journal");
        try (var journal = ChronicleJournal.open(place, JournalOptions.DEFAULT, InstantSource.system())) {
            var users = new LaneName("primary", "users");
            journal.lanes()
                    .save(new LaneFile(
                            users,
                            1,
                            LanePhase.TAILING,
                            Position.BEGINNING,
                            Lsn.ZERO,
                            Seeding.NONE,
                            0,
                            1,
                            Needs.NONE,
                            "",
                            new TreeMap<>(),
                            Instant.EPOCH));
            Files.writeString(journal.lanes().letters(users), """
                    {"index":"users_1","id":"7\\u001b[2J","type":"mapper_parsing_exception","reason":"no number",\
                    "position":"1-0000000000000017","at":"2026-11-20T10:00:00Z"}
                    """);
        }
        assertThat(shell.run(Commands::of, "status", "--dead-letters", "--journal", place.toString()))
                .isZero();
        assertThat(shell.out())
                .contains("primary/users: 1 put away\n")
                .contains("  7\uFFFD[2J  mapper_parsing_exception: no number\n")
                .contains("    in users_1, after 1-0000000000000017, 2026-11-20T10:00:00Z\n");
        var json = new CapturedShell(folder);
        assertThat(json.run(Commands::of, "status", "--dead-letters", "--format", "json"))
                .isZero();
        assertThat(JsonMapper.builder()
                        .build()
                        .readTree(json.out())
                        .at("/0/lane")
                        .asText())
                .isEqualTo("primary/users");
        var nowhere = new CapturedShell(folder);
        assertThat(nowhere.run(Commands::of, "status", "--dead-letters", "--journal", "nowhere"))
                .isEqualTo(1);
        assertThat(nowhere.err()).contains("there is no journal '", "nowhere'; name it with --journal or -c");
    }

    @Test
    void putsCapturesPartIntoTheWorkersJson() {
        var alone = StatusJson.write(source.report);
        var other = new Fixed();
        other.report = withoutCapture(source.report);
        try (var worker = PublicSurface.open(
                new Address("127.0.0.1", 0),
                "--public-address",
                other,
                accept -> new PublicSurface.Scraped("text/plain", ""))) {
            var asked = new CapturedShell()
                    .with("FLUSSO_SERVER", "127.0.0.1:" + worker.address().getPort())
                    .with(
                            "FLUSSO_CAPTURE_SERVER",
                            "127.0.0.1:" + surface.address().getPort());
            assertThat(asked.run(Commands::of, "status", "--format", "json")).isZero();
            assertThat(StatusJson.read(asked.out()).capture())
                    .isEqualTo(StatusJson.read(alone).capture());
        }
    }

    @Test
    void asksCaptureWhenNoWorkerRuns() {
        var port = surface.address().getPort();
        var alone = new CapturedShell()
                .with("FLUSSO_SERVER", "127.0.0.1:1")
                .with("FLUSSO_CAPTURE_SERVER", "127.0.0.1:" + port);
        assertThat(alone.run(Commands::of, "status")).isZero();
        assertThat(alone.out())
                .contains("http://127.0.0.1:" + port, "capture  streaming for ", "work: no answer (no answer from");
        assertThat(alone.err()).isEmpty();
        var json = new CapturedShell()
                .with("FLUSSO_SERVER", "127.0.0.1:1")
                .with("FLUSSO_CAPTURE_SERVER", "127.0.0.1:" + port);
        assertThat(json.run(Commands::of, "status", "--format", "json")).isZero();
        assertThat(json.out()).isEqualTo(StatusJson.write(source.report) + "\n");
    }

    @Test
    @DisplayName("--watch says it again until nobody reads, and outlives a server that is away")
    void watchesUntilNobodyReads() throws Exception {
        var lines = new PipedInputStream(1 << 16);
        var out = new PrintStream(new PipedOutputStream(lines), true, StandardCharsets.UTF_8);
        var environment = Map.of(
                "FLUSSO_SERVER", "127.0.0.1:" + surface.address().getPort(), "FLUSSO_CAPTURE_SERVER", "127.0.0.1:1");
        var watched = new Shell(out, System.err, false, false, environment, Path.of(""));
        var code = CompletableFuture.supplyAsync(
                () -> new Program(watched, Commands.of(watched)).run("status", "--watch"));
        var reader = new BufferedReader(new InputStreamReader(lines, StandardCharsets.UTF_8));
        assertThat(next(reader, ", ready")).contains("up 1 min");
        source.readiness = Probe.of(List.of("lane primary/users: sink away"));
        assertThat(next(reader, "sink away")).isNotEmpty();
        surface.close();
        assertThat(next(reader, "no answer from")).isNotEmpty();
        reader.close();
        assertThat(code.get(20, TimeUnit.SECONDS)).isZero();
    }

    /** The next line with this in it. */
    private static String next(BufferedReader reader, String part) throws IOException {
        var line = reader.readLine();
        while (line != null && !line.contains(part)) {
            line = reader.readLine();
        }
        return line == null ? "" : line;
    }

    @Test
    void endsWhenNobodyAnswers() {
        surface.close();
        assertThat(shell.run(Commands::of, "status")).isEqualTo(1);
        assertThat(shell.err()).contains("no answer from http://127.0.0.1:");
    }

    @Test
    void refusesAFormatThatThereIsNot() {
        assertThat(shell.run(Commands::of, "status", "--format", "xml")).isEqualTo(2);
        assertThat(shell.err()).contains("'--format'", "'xml' is no format, expected human or json");
    }

    @ParameterizedTest
    @CsvSource({"0, 0 s", "59, 59 s", "60, 1 min", "125, 2 min 5 s", "3600, 1 h", "12000, 3 h 20 min", "187200, 2 d 4 h"
    })
    void saysTimesAsPeopleDo(long seconds, String expected) {
        assertThat(Amount.duration(seconds)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"0, 0 B", "1023, 1023 B", "1024, 1.0 KiB", "1610612736, 1.5 GiB"})
    void saysSizesAsPeopleDo(long bytes, String expected) {
        assertThat(Amount.bytes(bytes)).isEqualTo(expected);
    }

    private static StatusReport withoutCapture(StatusReport report) {
        return new StatusReport(
                StatusReport.Phase.LIVE,
                1,
                report.indexes(),
                0,
                0,
                0,
                0,
                0,
                0,
                null,
                null,
                0,
                null,
                null,
                null,
                report.lanes());
    }

    private static final class Fixed implements StatusSource {
        private volatile Probe readiness = Probe.fine();
        private volatile StatusReport report = StatusJsonTest.full();

        @Override
        public Probe health() {
            return Probe.fine();
        }

        @Override
        public Probe readiness() {
            return readiness;
        }

        @Override
        public StatusReport status() {
            return report;
        }
    }
}
