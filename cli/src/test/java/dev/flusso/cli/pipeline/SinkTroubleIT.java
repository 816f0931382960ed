package dev.flusso.cli.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.dev.servers.Eventually;
import dev.flusso.dev.servers.FaultProxy;
import dev.flusso.dev.servers.HttpFaults;
import dev.flusso.dev.servers.HttpRule;
import dev.flusso.dev.servers.SharedServers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a cluster may answer to a running program, request by request and item by item. */
final class SinkTroubleIT {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String INDEX_PATTERN = "/trouble_users_*?expand_wildcards=all";

    /**
     * Something the sink does until it is told to stop.
     *
     * @param error a part of what {@code /status} says then
     */
    private record Fault(String name, Function<HttpFaults, HttpRule> rule, String error) {}

    private static final List<Fault> FAULTS = List.of(
            new Fault("429 for requests", http -> http.always().bulks().answer(429), "429"),
            new Fault("429 for items", http -> http.always().rejectItems(429, item -> true), "rejected"),
            new Fault("503", http -> http.always().bulks().answer(503), "503"),
            new Fault("lost connections", http -> http.always().bulks().reset(), "failed at"),
            new Fault("lost answers", http -> http.always().bulks().dropResponse(), "failed at"),
            new Fault("no answer in mid-bulk", http -> http.always().bulks().hold(), "did not answer"),
            new Fault("401", http -> http.always().bulks().answer(401), "check username"),
            new Fault("403", http -> http.always().bulks().answer(403), "check username"));

    @TempDir
    Path folder;

    @Test
    @DisplayName(
            "P10 P12 C13 each fault of the sink has its own clear state and ends by itself; none rejects a document")
    void everyFaultIsToldAndEnds() throws Exception {
        try (var proxy = FaultProxy.before(SharedServers.search());
                var day = new FirstDay(SharedServers.postgres(), "trouble", proxy.url(), folder)) {
            day.sql("INSERT INTO users (email, name) SELECT i || '@x.org', 'n' FROM generate_series(1, 200) i");
            day.config("timeout_secs = 5", "timeout_secs = 1\nmax_retries = 1");
            day.start("capture");
            var work = day.start("work");
            day.awaitTrue(SOON);
            var lane = new LaneLook(day, "primary/users");
            for (var fault : FAULTS) {
                var rule = fault.rule.apply(proxy.http());
                day.sql(
                        "UPDATE users SET name = '" + fault.name + "' WHERE id % 4 = 0",
                        "DELETE FROM users WHERE id = 3");
                lane.await("sink_wait", fault.error);
                lane.awaitUnready("primary/users");
                rule.cancel();
                day.awaitTrue(SOON);
                lane.awaitReady();
            }
            tooLargeRequestsAreCut(proxy, day);
            blockedIndexIsTold(day, lane);
            deletedIndexIsBuiltAnew(day, lane);
            assertThat(FirstDay.http(day.publicPort, "/status")).contains("\"documents_quarantined\":0");
            assertThat(LaneLook.logged(work, "lane starts again")).isZero();
        }
    }

    private static void tooLargeRequestsAreCut(FaultProxy proxy, FirstDay day) throws Exception {
        var rule = proxy.http()
                .always()
                .bulks()
                .matching(request -> request.bodyBytes() > 4_000)
                .answer(413);
        day.sql("UPDATE users SET name = 'cut in halves'");
        day.awaitTrue(SOON);
        assertThat(rule.applied()).isPositive();
        rule.cancel();
    }

    private static void blockedIndexIsTold(FirstDay day, LaneLook lane) throws Exception {
        day.ask("PUT", "/trouble_users/_settings", "{\"index.blocks.write\": true}");
        day.sql("UPDATE users SET name = 'blocked' WHERE id = 5");
        lane.await("sink_wait", "remove the index' block");
        day.ask("PUT", "/trouble_users/_settings", "{\"index.blocks.write\": null}");
        day.awaitTrue(SOON);
        lane.awaitReady();
    }

    private static void deletedIndexIsBuiltAnew(FirstDay day, LaneLook lane) throws Exception {
        var old = day.get("GET", INDEX_PATTERN).fieldNames().next();
        day.get("DELETE", "/" + old);
        day.sql("UPDATE users SET name = 'deleted' WHERE id = 5");
        day.awaitTrue(SOON);
        lane.awaitReady();
        assertThat(day.get("GET", INDEX_PATTERN).fieldNames())
                .toIterable()
                .hasSize(1)
                .doesNotContain(old);
    }

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
