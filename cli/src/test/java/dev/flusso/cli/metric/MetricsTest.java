package dev.flusso.cli.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flusso.journal.LaneName;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The names of REFERENCE §6, and the rules by which Prometheus' own linter judges names. */
class MetricsTest {
    /** As REFERENCE lists them; histograms by their family's name. */
    private static final Map<String, String> PROMISED = Map.ofEntries(
            Map.entry("flusso_changes_captured_total", "counter"),
            Map.entry("flusso_changes_committed_total", "counter"),
            Map.entry("flusso_documents_built_total", "counter"),
            Map.entry("flusso_batches_total", "counter"),
            Map.entry("flusso_indexes_seeded_total", "counter"),
            Map.entry("flusso_documents_quarantined_total", "counter"),
            Map.entry("flusso_errors_total", "counter"),
            Map.entry("flusso_flush_duration_seconds", "histogram"),
            Map.entry("flusso_replication_slot_lag_bytes", "gauge"),
            Map.entry("flusso_indexes", "gauge"),
            Map.entry("flusso_changes_in_flight", "gauge"),
            Map.entry("flusso_lag_seconds", "gauge"),
            Map.entry("flusso_end_to_end_latency_seconds", "histogram"),
            Map.entry("flusso_heartbeat_age_seconds", "gauge"),
            Map.entry("flusso_journal_bytes", "gauge"),
            Map.entry("flusso_journal_full", "gauge"),
            Map.entry("flusso_wal_retained_bytes", "gauge"),
            Map.entry("flusso_seeded_documents_total", "counter"),
            Map.entry("flusso_dead_letters", "gauge"),
            Map.entry("flusso_stage_duration_seconds", "histogram"));

    private static final Set<String> LABELS = Set.of("index", "sink", "table", "stage", "le");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"");

    private final Metrics metrics = new Metrics();

    @BeforeEach
    void measureSomethingEverywhere() {
        var capture = metrics.capture();
        capture.slotLagBytes().set(1024);
        capture.walRetainedBytes().set(4096);
        capture.heartbeatAgeSeconds().set(0.5);
        capture.lagSeconds().set(0.25);
        capture.appended(3, Duration.ofMillis(3));
        capture.durable(Duration.ofMillis(2));
        metrics.changesCaptured(5);
        metrics.changesCommitted(4);
        metrics.changesInFlight().set(1);
        metrics.indexes().set(1);
        metrics.journalBytes().set(1 << 20);
        metrics.error();
        var lane = metrics.lane(new LaneName("primary", "users"));
        lane.documentsBuilt(7);
        lane.documentsQuarantined(1);
        lane.documentsSeeded(100);
        lane.seeded();
        lane.batch();
        lane.flushed(Duration.ofMillis(30));
        lane.endToEnd(Duration.ofMillis(80));
        lane.heartbeatAgeSeconds().set(1);
        lane.deadLetters().set(1);
        for (var stage : new Stage[] {Stage.JOURNAL, Stage.RESOLVE, Stage.BUILD, Stage.WRITE}) {
            lane.lagSeconds(stage).set(0);
            if (stage != Stage.JOURNAL) {
                lane.passed(stage, Duration.ofMillis(1));
            }
        }
    }

    @AfterEach
    void close() {
        metrics.close();
    }

    @Test
    void hasEveryPromisedMetricWithItsType() {
        assertThat(types()).containsAllEntriesOf(PROMISED);
    }

    @Test
    void hasNoOtherOfOurName() {
        // a histogram's maximum is a family of its own
        assertThat(types().keySet().stream()
                        .filter(name -> name.startsWith("flusso_"))
                        .filter(name -> !name.endsWith("_max")))
                .containsExactlyInAnyOrderElementsOf(PROMISED.keySet());
    }

    @Test
    void everyMetricHasAHelpText() {
        var helped = scrape().lines()
                .filter(line -> line.startsWith("# HELP "))
                .map(line -> line.split(" ", 4))
                .collect(Collectors.toMap(words -> words[2], words -> words.length > 3 ? words[3].strip() : ""));
        assertThat(types().keySet())
                .allSatisfy(name -> assertThat(helped.get(name)).as(name).isNotBlank());
    }

    @Test
    void namesFollowPrometheus() {
        types().forEach((name, type) -> {
            assertThat(name).matches("[a-z][a-z0-9_]*").doesNotContain("__");
            assertThat(name.endsWith("_total")).as(name + " is a " + type).isEqualTo(type.equals("counter"));
            if (name.startsWith("flusso_")) {
                assertThat(name)
                        .doesNotContainPattern(
                                "_(ms|millis|milliseconds|minutes|kb|mb|kilobytes|percent|count|info)(_|$)");
                if (type.equals("histogram")) {
                    assertThat(name).endsWith("_seconds");
                }
            }
        });
    }

    @Test
    void labelsAreFewAndNeverAnId() {
        var used = new TreeSet<String>();
        scrape().lines().filter(line -> line.startsWith("flusso_")).forEach(line -> {
            var matcher = LABEL.matcher(line);
            while (matcher.find()) {
                used.add(matcher.group(1));
            }
        });
        assertThat(LABELS).containsAll(used);
    }

    @Test
    void whatConcernsALaneCarriesIndexAndSink() {
        assertThat(scrape())
                .contains("flusso_documents_built_total{index=\"users\",sink=\"primary\"} 7.0")
                .contains("flusso_lag_seconds{index=\"users\",sink=\"primary\",stage=\"write\"} 0.0")
                .contains("flusso_lag_seconds{index=\"\",sink=\"\",stage=\"capture\"} 0.25")
                .contains("flusso_end_to_end_latency_seconds_bucket{index=\"users\",sink=\"primary\",le=\"0.1\"} 1");
    }

    @Test
    void measuresTheProcess() {
        assertThat(types().keySet())
                .contains(
                        "jvm_memory_used_bytes",
                        "jvm_threads_live_threads",
                        "process_cpu_usage",
                        "process_uptime_seconds",
                        "process_files_open_files");
    }

    @Test
    void aValueNobodyHasMeasuredIsUnknown() {
        try (var fresh = new Metrics()) {
            fresh.capture();
            assertThat(fresh.scrape(""))
                    .contains("flusso_replication_slot_lag_bytes NaN")
                    .contains("flusso_errors_total 0.0");
        }
    }

    @Test
    void givesTheSameLaneEachTime() {
        assertThat(metrics.lane(new LaneName("primary", "users")))
                .isSameAs(metrics.lane(new LaneName("primary", "users")));
    }

    @Test
    void speaksOpenMetricsToWhoAsksForIt() {
        var accept = "application/openmetrics-text;version=1.0.0,text/plain;q=0.5";
        assertThat(Metrics.contentType(accept)).startsWith("application/openmetrics-text");
        assertThat(metrics.scrape(accept)).endsWith("# EOF\n");
        assertThat(Metrics.contentType("*/*")).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
    }

    @Test
    void aLaneDoesNotCapture() {
        var lane = metrics.lane(new LaneName("primary", "users"));
        assertThatThrownBy(() -> lane.lagSeconds(Stage.CAPTURE)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> lane.passed(Stage.CAPTURE, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private String scrape() {
        return metrics.scrape("");
    }

    private Map<String, String> types() {
        var types = new TreeMap<String, String>();
        scrape().lines().filter(line -> line.startsWith("# TYPE ")).forEach(line -> {
            var words = line.split(" ", 4);
            types.put(words[2], words[3]);
        });
        return types;
    }
}
