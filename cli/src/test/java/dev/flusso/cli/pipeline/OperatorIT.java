package dev.flusso.cli.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flusso.cli.status.StatusSchema;
import dev.flusso.dev.servers.Eventually;
import dev.flusso.dev.servers.FaultProxy;
import dev.flusso.dev.servers.OutputLine;
import dev.flusso.dev.servers.ProcessControl;
import dev.flusso.dev.servers.SharedServers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an operator sees of real processes: logs, metrics and {@code /status}. {@code -Dflusso.idle.seconds} is how long nothing may be
 * logged while nothing changes.
 */
final class OperatorIT {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration IDLE = Duration.ofSeconds(Integer.getInteger("flusso.idle.seconds", 10));

    private static final String ADMIN_PASSWORD = "s3cret-of-the-admin";
    private static final String API_KEY = "s3cret-of-the-api-key";
    private static final String[] SECRETS = {"s3cret", "right-one"};

    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"");
    private static final TreeSet<String> OUR_LABELS = new TreeSet<>(List.of("index", "sink", "table", "stage", "le"));

    @TempDir
    Path folder;

    private FirstDay day(String database, FaultProxy search) throws Exception {
        var day = new FirstDay(SharedServers.postgres(), database, search.url(), folder);
        // credentials in the URL too; the cluster asks for none
        day.config("url = \"http://", "url = \"http://admin:s3cret-in-the-url@");
        day.config("number_of_replicas", "api_key = { env = \"SEARCH_API_KEY\" }\nnumber_of_replicas");
        return day;
    }

    private static ProcessControl start(FirstDay day, String command, String... more) {
        var set = List.of(
                "env",
                "FLUSSO_LOG_FORMAT=json",
                "SEARCH_API_KEY=" + API_KEY,
                "FLUSSO_ADMIN_PASSWORD=" + ADMIN_PASSWORD,
                "FLUSSO_LAG_POLL_SECS=1");
        return day.startUnder(set, command, more);
    }

    private static List<JsonNode> logged(ProcessControl process) throws IOException {
        var lines = new ArrayList<JsonNode>();
        for (var line : process.lines()) {
            if (line.channel() == OutputLine.Channel.ERR) {
                lines.add(FirstDay.JSON.readTree(line.text()));
            }
        }
        return lines;
    }

    /** Each line an object with the keys that are promised; what was resolved from where, and no secret anywhere. */
    private static void assertLogs(ProcessControl process, String command) throws IOException {
        var lines = logged(process);
        for (var line : lines) {
            assertThat(line.isObject()).as(line.toString()).isTrue();
            assertThat(Instant.parse(line.path("ts").asText())).isAfter(Instant.EPOCH);
            assertThat(line.path("level").asText()).isIn("DEBUG", "INFO", "WARN", "ERROR");
            for (var key : new String[] {"event", "logger", "thread"}) {
                assertThat(line.path(key).asText()).as(key + " of " + line).isNotBlank();
            }
        }
        var first = lines.stream().filter(line -> line.path("event").asText().equals("starting"));
        assertThat(first).singleElement().satisfies(line -> {
            assertThat(line.path("command").asText()).isEqualTo(command);
            assertThat(line.path("definition").asText()).endsWith("flusso.toml");
            assertThat(line.path("journal").asText()).endsWith("/flusso-journal");
        });
        var resolved = new HashMap<String, String>();
        lines.stream()
                .filter(line -> line.path("event").asText().equals("resolved"))
                .forEach(line -> resolved.put(
                        line.path("setting").asText(), line.path("from").asText()));
        assertThat(resolved)
                .containsEntry("source.connection_url", "variable DATABASE_URL")
                .containsEntry("sinks.primary.url", "file")
                .containsEntry("sinks.primary.password", "variable OPENSEARCH_PASSWORD")
                .containsEntry("sinks.primary.api_key", "variable SEARCH_API_KEY")
                .containsEntry("slot", "flag --slot")
                .containsEntry("definition", "default");
        assertThat(process.output(OutputLine.Channel.ERR)).doesNotContain(SECRETS);
    }

    /** While nothing changes nothing is said. */
    private static void assertQuiet(FirstDay day, Duration stretch, ProcessControl... processes) {
        Eventually.within(SOON.plus(stretch))
                .until(
                        "a stretch of " + stretch.toSeconds() + " s without a line\n" + day.logs(),
                        new QuietStretch(stretch, List.of(processes)));
    }

    /** True once the processes have said nothing for the time given. */
    private static final class QuietStretch implements Callable<Boolean> {
        private final Duration stretch;
        private final List<ProcessControl> processes;
        private long lines = -1;
        private long since;

        QuietStretch(Duration stretch, List<ProcessControl> processes) {
            this.stretch = stretch;
            this.processes = processes;
        }

        @Override
        public Boolean call() {
            var now = System.nanoTime();
            long said = processes.stream().mapToLong(ProcessControl::lineCount).sum();
            if (said != lines) {
                lines = said;
                since = now;
            }
            return now - since > stretch.toNanos();
        }
    }

    private static String page(int port, String path) throws Exception {
        var answer = FirstDay.http(port, path);
        assertThat(answer).doesNotContain(SECRETS);
        return answer;
    }

    private static JsonNode status(int port) throws Exception {
        var answer = page(port, "/status");
        assertThat(StatusSchema.read().violations(answer.substring(4))).isEmpty();
        return FirstDay.JSON.readTree(answer.substring(4));
    }

    private static void awaitReady(FirstDay day, int port) {
        Eventually.within(SOON)
                .passes(
                        "readiness at " + port + "\n" + day.logs(),
                        () -> assertThat(FirstDay.http(port, "/readyz")).isEqualTo("200 ready\n"));
    }

    private static double metric(int port, String name) throws Exception {
        return FirstDay.http(port, "/metrics")
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElse(Double.NaN);
    }

    /** The rules by which Prometheus' own linter judges a scrape. */
    private static void assertScrape(String scrape, String... families) {
        var helps = new HashMap<String, String>();
        var types = new HashMap<String, String>();
        for (var line : scrape.lines().toList()) {
            var words = line.split(" ", 4);
            if (line.startsWith("# HELP ")) {
                helps.put(words[2], words.length > 3 ? words[3] : "");
            } else if (line.startsWith("# TYPE ")) {
                types.put(words[2], words[3]);
            } else if (!line.isEmpty()) {
                var sample = SAMPLE.matcher(line);
                assertThat(sample.matches()).as(line).isTrue();
                var family = sample.group(1).replaceFirst("_(bucket|sum|count)$", "");
                assertThat(types.containsKey(sample.group(1)) || types.containsKey(family))
                        .as("a type before " + line)
                        .isTrue();
                var labels = sample.group(2) == null ? "" : sample.group(2);
                if (line.startsWith("flusso_")) {
                    assertThat(OUR_LABELS)
                            .as(line)
                            .containsAll(LABEL.matcher(labels)
                                    .results()
                                    .map(label -> label.group(1))
                                    .toList());
                }
            }
        }
        assertThat(types.keySet()).contains(families);
        types.forEach((name, type) -> {
            assertThat(helps.get(name)).as("help of " + name).isNotBlank();
            assertThat(name).matches("[a-z][a-z0-9_]*").doesNotContain("__");
            assertThat(name.endsWith("_total")).as(name + " is a " + type).isEqualTo(type.equals("counter"));
            assertThat(name)
                    .doesNotContainPattern(
                            "_(ms|millis|milliseconds|micros|minutes|hours|days|kb|mb|kilobytes|megabytes)(_|$)");
            assertThat(name).doesNotContain("counter", "gauge", "histogram");
        });
    }

    @Test
    @DisplayName(
            "run: JSON lines, silence while nothing changes, no secret, a clean scrape, /status while seeding and blocked")
    void runTellsAnOperatorWhatHeNeeds() throws Exception {
        try (var search = FaultProxy.before(SharedServers.search());
                var day = day("operator_run", search)) {
            day.sql("INSERT INTO users (email, name) SELECT i || '@x.org', 'N' FROM generate_series(1, 50) i");
            search.stall();
            var process = start(day, "run");
            process.awaitLine(".*\"surface\":\"private\".*", SOON);
            assertThat(status(day.publicPort).at("/lanes/primary~1users/state").asText())
                    .isIn("starting", "waiting", "seeding", "sink_wait");
            search.pass();
            day.awaitTrue(SOON);
            awaitReady(day, day.publicPort);
            assertQuiet(day, IDLE, process);

            assertScrape(
                    page(day.publicPort, "/metrics").substring(4),
                    "flusso_lag_seconds",
                    "flusso_end_to_end_latency_seconds",
                    "flusso_wal_retained_bytes",
                    "jvm_memory_used_bytes",
                    "process_uptime_seconds",
                    "process_resident_memory_bytes");
            walIsMeasuredFromBothPlaces(day);

            search.refuse();
            day.sql("UPDATE users SET name = 'O'");
            Eventually.within(SOON)
                    .until(
                            "the sink to be missed",
                            () -> status(day.publicPort)
                                    .at("/lanes/primary~1users/state")
                                    .asText()
                                    .equals("sink_wait"));
            assertQuiet(day, IDLE.dividedBy(2), process);
            search.pass();
            day.awaitTrue(SOON);

            day.sql("ALTER TABLE users DROP COLUMN name");
            Eventually.within(SOON)
                    .until(
                            "the lane to be blocked\n" + day.logs(),
                            () -> status(day.publicPort)
                                    .at("/lanes/primary~1users/state")
                                    .asText()
                                    .equals("blocked"));
            assertThat(page(day.publicPort, "/readyz")).startsWith("503 ");
            process.terminate();
            assertThat(process.waitForExit(SOON)).isZero();
            assertLogs(process, "run");
        }
    }

    /** A transaction that stays open holds restart_lsn, while confirmed_flush_lsn goes on. */
    private static void walIsMeasuredFromBothPlaces(FirstDay day) throws Exception {
        try (var open = day.connect()) {
            open.setAutoCommit(false);
            FirstDay.sql(open, "UPDATE users SET deleted_at = NULL WHERE id = 1");
            day.sql(
                    "CREATE TABLE ballast AS SELECT i, repeat('x', 1000) AS t FROM generate_series(1, 6000) i",
                    "CHECKPOINT");
            Eventually.within(SOON).passes("the two metrics to part\n" + day.logs(), () -> {
                assertThat(metric(day.publicPort, "flusso_wal_retained_bytes")).isGreaterThan(5e6);
                assertThat(metric(day.publicPort, "flusso_replication_slot_lag_bytes"))
                        .isBetween(0.0, 1e6);
            });
            var retained = Double.parseDouble(
                    day.value("SELECT pg_current_wal_lsn() - restart_lsn FROM pg_replication_slots WHERE slot_name = '"
                            + day.slot() + "'"));
            assertThat(metric(day.publicPort, "flusso_wal_retained_bytes")).isBetween(retained - 1e6, retained + 1e6);
            open.rollback();
        }
    }

    @Test
    @DisplayName("capture and work: JSON lines, silence, no secret; the end of a process that cannot run is JSON too")
    void bothHalvesTellAnOperatorWhatHeNeeds() throws Exception {
        try (var search = FaultProxy.before(SharedServers.search());
                var day = day("operator_two", search)) {
            day.sql("INSERT INTO users (email, name) SELECT i || '@x.org', 'N' FROM generate_series(1, 50) i");
            var capture = start(day, "capture");
            awaitReady(day, day.capturePort);
            status(day.capturePort);
            assertScrape(page(day.capturePort, "/metrics").substring(4), "flusso_wal_retained_bytes");

            var alone =
                    day.look("status", "--capture-server", "127.0.0.1:" + day.capturePort, "--server", "127.0.0.1:1");
            assertThat(alone.waitForExit(SOON)).isZero();
            assertThat(alone.output(OutputLine.Channel.OUT)).contains("capture  streaming", "work: no answer");

            var work = start(day, "work", "--queue-capacity", "1000");
            day.awaitTrue(SOON);
            awaitReady(day, day.publicPort);
            assertQuiet(day, IDLE, capture, work);
            assertScrape(page(day.publicPort, "/metrics").substring(4), "flusso_lag_seconds");

            day.sql(
                    "UPDATE users SET email = (SELECT string_agg(md5(i::text), '') FROM generate_series(1, 2000) i) WHERE id = 1");
            Eventually.within(SOON)
                    .until(
                            "the lane to be stopped\n" + day.logs(),
                            () -> status(day.publicPort)
                                    .at("/lanes/primary~1users/state")
                                    .asText()
                                    .equals("stopped"));
            assertQuiet(day, IDLE.dividedBy(2), capture, work);

            var second = start(day, "capture", "--capture-address", "127.0.0.1:0");
            assertThat(second.waitForExit(SOON)).isEqualTo(7);
            assertThat(logged(second)).last().satisfies(line -> {
                assertThat(line.path("event").asText()).isEqualTo("failed");
                assertThat(line.path("problem").asText()).contains(String.valueOf(capture.pid()));
            });
            var misused = start(day, "work", "--queue-capacity", "many");
            assertThat(misused.waitForExit(SOON)).isEqualTo(2);
            assertThat(logged(misused))
                    .first()
                    .satisfies(line -> assertThat(line.path("problem").asText()).contains("--queue-capacity"));
            for (var process : List.of(work, capture)) {
                process.terminate();
                assertThat(process.waitForExit(SOON)).isZero();
            }
            assertLogs(capture, "capture");
            assertLogs(work, "work");
            assertLogs(second, "capture");
            assertThat(work.output(OutputLine.Channel.ERR)).contains("--queue-capacity is of no effect");
        }
    }
}
