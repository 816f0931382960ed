package dev.flusso.cli.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.cli.status.StatusSchema;
import dev.flusso.dev.servers.Eventually;
import dev.flusso.dev.servers.FaultProxy;
import dev.flusso.dev.servers.PostgresServer;
import dev.flusso.dev.servers.SearchServer;
import dev.flusso.dev.servers.SharedServers;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Readiness tells the truth: whatever part is killed or frozen, {@code /readyz} is 503 and names it before one and a half heartbeat
 * intervals and a few seconds are over, and it is 200 again by itself. {@code -Dflusso.readiness.interval=5} is the default interval.
 */
final class ReadinessIT {

    private static final int INTERVAL = Integer.getInteger("flusso.readiness.interval", 1);
    private static final Duration SOON = Duration.ofSeconds(60);

    /** Ten seconds at the default interval. */
    private static final Duration FLIP = Duration.ofMillis(INTERVAL * 1500L + 2500);

    @TempDir
    Path folder;

    private FirstDay day(String database, FaultProxy postgres, FaultProxy search) throws Exception {
        var day = day(SharedServers.postgres(), database, search.url());
        day.reachDatabaseBy(postgres.through(SharedServers.postgres().url(database)));
        return day;
    }

    /** With the default time-out, by which a server that is silent is not noticed soon enough. */
    private FirstDay day(PostgresServer postgres, String database, URI search) throws Exception {
        var day = new FirstDay(postgres, database, search, folder);
        day.config("heartbeat_interval = \"1s\"", "heartbeat_interval = \"" + INTERVAL + "s\"");
        day.config("timeout_secs = 5", "timeout_secs = 30");
        day.sql("INSERT INTO users (email) SELECT i || '@x.org' FROM generate_series(1, 20) i");
        return day;
    }

    private static String readyz(int port) throws Exception {
        return FirstDay.http(port, "/readyz");
    }

    /** What it says of itself is as the reference describes it, whatever its state. */
    private static void assertStatus(int port) throws Exception {
        var answer = FirstDay.http(port, "/status");
        assertThat(answer).startsWith("200 ");
        assertThat(StatusSchema.read().violations(answer.substring(4))).isEmpty();
    }

    private static void awaitReady(FirstDay day, int port) throws Exception {
        Eventually.within(SOON)
                .passes(
                        "readiness at " + port + "\n" + day.logs(),
                        () -> assertThat(readyz(port)).isEqualTo("200 ready\n"));
        assertStatus(port);
    }

    /** What it says once it is not ready. */
    private static String awaitTrouble(FirstDay day, int port, String... named) throws Exception {
        var said = Eventually.within(FLIP)
                .value(
                        "503 naming " + String.join(", ", named) + " at " + port + "\n" + day.logs(),
                        () -> readyz(port),
                        answer -> answer.startsWith("503 ") && contains(answer, named));
        assertStatus(port);
        return said;
    }

    private static boolean contains(String answer, String... words) {
        for (var word : words) {
            if (!answer.contains(word)) {
                return false;
            }
        }
        return true;
    }

    @Test
    @DisplayName("P10 run: Postgres and OpenSearch, away or frozen, are named in time, and it recovers by itself")
    void runNamesTheServerThatIsAway() throws Exception {
        try (var postgres = FaultProxy.before(SharedServers.postgres());
                var search = FaultProxy.before(SharedServers.search());
                var day = day("ready_run", postgres, search)) {
            day.start("run").awaitLine("listening surface=public", SOON);
            assertStatus(day.publicPort);
            awaitReady(day, day.publicPort);
            day.awaitTrue(SOON);

            search.refuse();
            awaitTrouble(day, day.publicPort, "primary/users: sink wait");
            search.pass();
            awaitReady(day, day.publicPort);

            search.stall();
            assertThat(awaitTrouble(day, day.publicPort, "primary/users: no heartbeat came through"))
                    .contains("the sink does not answer")
                    .doesNotContain("capture:", "audit/users");
            search.pass();
            awaitReady(day, day.publicPort);

            search.stall();
            day.sql("UPDATE users SET name = 'in the middle of a request' WHERE id < 10");
            assertThat(awaitTrouble(day, day.publicPort, "primary/users: no heartbeat came through"))
                    .contains("the sink does not");
            search.pass();
            awaitReady(day, day.publicPort);

            postgres.refuse();
            awaitTrouble(day, day.publicPort, "capture: ");
            postgres.pass();
            awaitReady(day, day.publicPort);

            postgres.stall();
            assertThat(awaitTrouble(day, day.publicPort, "capture: ")).contains("Postgres");
            postgres.pass();
            awaitReady(day, day.publicPort);
            day.awaitTrue(SOON);
        }
    }

    @Test
    @DisplayName("P10 work says whether capture or Postgres is away, and recovers by itself")
    void workSaysWhichIsAway() throws Exception {
        try (var postgres = FaultProxy.before(SharedServers.postgres());
                var search = FaultProxy.before(SharedServers.search());
                var day = day("ready_work", postgres, search)) {
            var capture = day.start("capture");
            day.start("work");
            awaitReady(day, day.publicPort);
            awaitReady(day, day.capturePort);
            day.awaitTrue(SOON);

            capture.freeze();
            awaitTrouble(
                    day,
                    day.publicPort,
                    "journal: capture appends no heartbeat",
                    "Postgres answers, so capture is away or stuck");
            assertThat(readyz(day.publicPort)).doesNotContain("primary/users");
            capture.thaw();
            awaitReady(day, day.publicPort);

            postgres.stall();
            awaitTrouble(day, day.publicPort, "journal: capture appends no heartbeat", "Postgres does not answer");
            awaitTrouble(day, day.capturePort, "capture: ", "Postgres");
            postgres.pass();
            awaitReady(day, day.publicPort);
            awaitReady(day, day.capturePort);

            postgres.refuse();
            assertThat(awaitTrouble(day, day.publicPort, "journal: capture appends no heartbeat", "; Postgres "))
                    .doesNotContain("Postgres answers");
            awaitTrouble(day, day.capturePort, "capture: connecting: waits for the source");
            postgres.pass();
            awaitReady(day, day.publicPort);

            capture.killHard();
            awaitTrouble(day, day.publicPort, "capture is away or stuck");
            day.start("capture");
            awaitReady(day, day.publicPort);
            day.awaitTrue(SOON);
        }
    }

    @Test
    @DisplayName("P10 run names the server whose processes stand still, or are killed, and recovers by itself")
    void runNamesAServerThatStandsStill() throws Exception {
        try (var postgres = PostgresServer.builder().start();
                var search = SearchServer.builder().start();
                var day = day(postgres, "ready_still", search.url())) {
            day.start("run");
            day.awaitTrue(SOON);
            awaitReady(day, day.publicPort);

            search.freeze();
            awaitTrouble(day, day.publicPort, "primary/users: no heartbeat came through", "the sink does not answer");
            search.thaw();
            awaitReady(day, day.publicPort);

            postgres.freeze();
            awaitTrouble(day, day.publicPort, "capture: ", "Postgres");
            postgres.thaw();
            awaitReady(day, day.publicPort);

            search.killHard();
            awaitTrouble(day, day.publicPort, "primary/users: sink wait");
            search.start();
            awaitReady(day, day.publicPort);

            postgres.killHard();
            awaitTrouble(day, day.publicPort, "capture: connecting");
            postgres.start();
            awaitReady(day, day.publicPort);
            day.awaitTrue(SOON);
        }
    }
}
