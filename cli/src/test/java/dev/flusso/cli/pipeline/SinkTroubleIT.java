package dev.flusso.cli.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.dev.servers.Eventually;
import dev.flusso.dev.servers.FaultProxy;
import dev.flusso.dev.servers.SharedServers;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a cluster may answer to a running program, request by request and item by item. */
final class SinkTroubleIT {

    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    @DisplayName("P12 a fault of the mapping stops a lane that skips poison before it has put everything away")
    void aMappingFaultStopsTheLane() throws Exception {
        try (var proxy = FaultProxy.before(SharedServers.search());
                var day = new FirstDay(SharedServers.postgres(), "trouble_map", proxy.url(), folder)) {
            day.sql("INSERT INTO users (email, name) SELECT i || '@x.org', 'n' FROM generate_series(1, 1000) i");
            day.config("prefix =", "on_error = \"skip\"\nprefix =");
            day.start("run");
            day.awaitTrue(SOON);
            var lane = new LaneLook(day, "primary/users");
            var rule = proxy.http().always().rejectItems(400, item -> true);
            day.sql("UPDATE users SET name = 'refused'");
            lane.await("stopped", "rejected");
            assertThat(lane.status().path("dead_letters").asInt()).isBetween(1, 200);
            rule.cancel();
            Eventually.within(SOON)
                    .until(
                            "the lane to go on\n" + day.logs(),
                            () -> lane.status().path("state").asText().equals("tailing"));
            day.sql("UPDATE users SET name = 'mended'");
            day.awaitTrue(SOON);
            Eventually.within(SOON)
                    .until("no letter", () -> lane.status().path("dead_letters").asInt() == 0);
        }
    }
}
