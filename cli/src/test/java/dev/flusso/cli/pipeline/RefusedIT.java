package dev.flusso.cli.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.dev.servers.OutputLine;
import dev.flusso.dev.servers.PostgresServer;
import dev.flusso.dev.servers.ProcessControl;
import dev.flusso.dev.servers.SharedServers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bad input from the start: one message that says what, where and what to do, the exit code, and no stack trace. */
final class RefusedIT {

    @TempDir
    Path folder;

    private static void refused(ProcessControl process, int exitCode, String... says) {
        assertThat(process.waitForExit(Duration.ofSeconds(40)))
                .as(process.lastLines(30))
                .isEqualTo(exitCode);
        var told = process.output(OutputLine.Channel.ERR);
        assertThat(told).contains(says).doesNotContain("\tat ");
        assertThat(told.lines().filter(line -> line.startsWith("error: "))).isNotEmpty();
    }

    private FirstDay day(String database) throws Exception {
        return new FirstDay(
                SharedServers.postgres(), database, SharedServers.search().url(), folder);
    }

    @Test
    void aConfigThatIsMissingIsNamed() throws Exception {
        try (var day = day("refused_missing")) {
            refused(day.start("run", "-c", "nowhere.toml"), 2, "nowhere.toml", "does not exist");
            assertThat(folder.resolve("flusso-journal")).doesNotExist();
        }
    }

    @Test
    void aConfigThatIsNotTomlOrNamesAnIndexTwiceIsRefusedWithItsPlace() throws Exception {
        try (var day = day("refused_config")) {
            Files.writeString(folder.resolve("broken.toml"), "[source\ntype = 1\n");
            refused(day.start("run", "-c", "broken.toml"), 2, "broken.toml:1:");
            var config = Files.readString(folder.resolve("flusso.toml"));
            Files.writeString(
                    folder.resolve("twice.toml"),
                    config + "\n[[index]]\nname = \"users\"\nschema = \"users.schema.yml\"\n");
            refused(day.start("capture", "-c", "twice.toml"), 2, "twice.toml:", "'users'", "twice");
        }
    }

    @Test
    @DisplayName("a server without logical decoding, a wrong password, missing rights: exit 4, and no slot left behind")
    void aSourceThatCannotServeIsRefused() throws Exception {
        try (var postgres = PostgresServer.builder()
                        .password("right-one")
                        .setting("wal_level", "replica")
                        .start();
                var day = new FirstDay(
                        postgres, "refused_source", SharedServers.search().url(), folder)) {
            refused(day.start("run"), 4, "wal_level", "replica", "logical");

            day.reachDatabaseBy(postgres.url("refused_source").replace("right-one", "wrong-one"));
            refused(day.start("run"), 4, "password");

            postgres.set("wal_level", "logical");
            postgres.restart();
            day.sql("CREATE ROLE reader LOGIN PASSWORD 'right-one' REPLICATION");
            day.reachDatabaseBy(postgres.url("refused_source").replace("postgres:right-one@", "reader:right-one@"));
            refused(day.start("run"), 4, "CREATE PUBLICATION");
            assertThat(day.value("SELECT count(*) FROM pg_replication_slots")).isEqualTo("0");
            assertThat(day.logs()).doesNotContain("right-one", "wrong-one");
        }
    }

    @Test
    @DisplayName("a second capture, and a second worker, exit 7 naming the first")
    void aSecondOwnerIsRefused() throws Exception {
        try (var day = day("refused_second")) {
            var capture = day.start("capture");
            var work = day.start("work");
            day.awaitTrue(Duration.ofSeconds(60));
            refused(day.start("capture", "--capture-address", "127.0.0.1:0"), 7, String.valueOf(capture.pid()));
            refused(
                    day.start("work", "--public-address", "127.0.0.1:0", "--private-address", "127.0.0.1:0"),
                    7,
                    String.valueOf(work.pid()));
            assertThat(capture.isAlive()).isTrue();
            assertThat(work.isAlive()).isTrue();
        }
    }

    @Test
    @DisplayName("P10 a server that is away is waited for, and said so")
    void aServerThatIsAwayIsWaitedFor() throws Exception {
        try (var postgres = PostgresServer.builder().start();
                var day = new FirstDay(
                        postgres, "refused_away", SharedServers.search().url(), folder)) {
            day.sql("INSERT INTO users (email) VALUES ('a@x.org')");
            postgres.stop();
            var process = day.start("run");
            process.awaitLine(".*cannot connect.*", Duration.ofSeconds(30));
            postgres.start();
            day.awaitTrue(Duration.ofSeconds(60));
            assertThat(process.isAlive()).isTrue();
        }
    }
}
