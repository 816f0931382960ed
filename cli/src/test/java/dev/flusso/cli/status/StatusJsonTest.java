package dev.flusso.cli.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

public class StatusJsonTest {

    @Test
    void keepsTheKeysOfTheOlderProgram() throws Exception {
        var json = JsonMapper.builder().build().readTree(StatusJson.write(full()));
        assertThat(json.fieldNames())
                .toIterable()
                .containsExactly(
                        "phase",
                        "uptime_seconds",
                        "indexes",
                        "changes_captured",
                        "changes_committed",
                        "changes_in_flight",
                        "documents_built",
                        "documents_quarantined",
                        "batches",
                        "last_flush_micros",
                        "slot_lag_bytes",
                        "errors",
                        "last_error",
                        "capture",
                        "journal",
                        "lanes");
        assertThat(json.get("phase").asText()).isEqualTo("backfilling");
        assertThat(json.at("/indexes/users").asText()).isEqualTo("backfilling");
        assertThat(json.at("/capture/acknowledged_lsn").asText()).isEqualTo("0/16B3748");
        assertThat(json.at("/capture/since").asText()).isEqualTo("2026-11-20T10:00:00Z");
        assertThat(json.at("/lanes/primary~1users/state").asText()).isEqualTo("seeding");
        assertThat(json.at("/lanes/primary~1users/seeding/eta_seconds").asDouble())
                .isEqualTo(12.5);
        assertThat(json.at("/lanes/primary~1users/last_error").isNull()).isTrue();
    }

    @Test
    void readsWhatItWrote() {
        assertThat(StatusJson.read(StatusJson.write(full()))).isEqualTo(full());
    }

    @Test
    void readsANewerVersionsReport() {
        var newer = StatusJson.write(full()).replaceFirst("\\{", "{\"surprise\":[1],");
        assertThat(StatusJson.read(newer)).isEqualTo(full());
    }

    @Test
    void refusesSomethingElse() {
        assertThatThrownBy(() -> StatusJson.read("<html>"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("not a status report: ");
    }

    /** A report with something in each corner. */
    public static StatusReport full() {
        var time = Instant.parse("2026-11-20T10:00:00Z");
        var capture = new CaptureStatus(
                CaptureStatus.State.STREAMING,
                time,
                "flusso",
                "flusso",
                "1-0000000000000017",
                "0/16B3750",
                "0/16B3748",
                8L,
                0.2,
                1.5,
                4096L,
                List.of("pid 12: UPDATE users"),
                List.of("public.orders: old rows are not sent; ALTER TABLE public.orders REPLICA IDENTITY FULL"),
                null);
        var journal = new JournalStatus(
                "/var/flusso-journal", "0-0000000000000000", "1-0000000000000017", 1 << 20, 20L << 30, 1L << 33, null);
        var lane = new LaneStatus(
                "users",
                "primary",
                LaneStatus.State.SEEDING,
                time,
                1,
                "1-0000000000000003",
                2048L,
                3.5,
                2.5,
                9.0,
                new LaneStatus.SeedingStatus(500, 1000L, 12.5),
                2,
                null,
                null,
                null,
                null);
        return new StatusReport(
                StatusReport.Phase.BACKFILLING,
                61,
                Map.of("users", StatusReport.IndexPhase.BACKFILLING),
                10,
                8,
                2,
                500,
                2,
                3,
                1234L,
                8L,
                1,
                "primary: timed out after 30 s",
                capture,
                journal,
                Map.of("primary/users", lane));
    }
}
