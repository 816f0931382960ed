package dev.flusso.opensearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flusso.dev.servers.FaultProxy;
import dev.flusso.dev.servers.SharedServers;
import dev.flusso.opensearch.ClusterReport.Finding;
import dev.flusso.opensearch.ClusterReport.Severity;
import dev.flusso.schema.IndexConfig;
import dev.flusso.schema.SinkConfig;
import dev.flusso.worker.SinkException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClusterCheckIT {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final String prefix = SinkFixtures.freshPrefix();
    private final PlainHttp http = new PlainHttp(SharedServers.search().url());
    private final FaultProxy proxy = FaultProxy.before(SharedServers.search());
    private final List<IndexConfig> users = List.of(SinkFixtures.index("users"));

    @AfterEach
    void close() {
        proxy.close();
        http.delete("/" + prefix + "*?expand_wildcards=all");
    }

    private ClusterReport checked(SinkConfig.OpenSearch config) {
        try (var sink = OpenSearchSink.open(config, SinkFixtures.access(proxy.url()), prefix)) {
            return sink.check(users);
        }
    }

    @Test
    void findsNothingWrongAndChangesNothing() {
        var report = checked(SinkFixtures.config(LONG));
        assertThat(report.distribution()).isEqualTo("opensearch");
        assertThat(report.version()).startsWith(System.getProperty("flusso.opensearch", "2") + ".");
        assertThat(report.findings()).isEmpty();
        assertThat(http.get("/_cat/indices/" + prefix + "*?expand_wildcards=all&format=json"))
                .isEmpty();
    }

    @Test
    void findsWhatTheConfigNamesAndTheClusterLacks() {
        var config = SinkFixtures.config(LONG, prefix + "none", false);
        var demanding = new SinkConfig.OpenSearch(
                config.name(),
                config.url(),
                config.username(),
                config.password(),
                config.apiKey(),
                config.caCert(),
                true,
                1000,
                200 << 20,
                LONG,
                3,
                config.pipeline(),
                1,
                1,
                "10s",
                SinkConfig.TextAnalysis.ICU,
                true,
                false,
                2,
                1000,
                300 << 20,
                config.place());
        http.put("/" + prefix + "users", "{}");
        assertThat(checked(demanding).findings())
                .extracting(Finding::what)
                .satisfiesExactly(
                        what -> assertThat(what).contains("max_bytes is 209715200", "104857600"),
                        what -> assertThat(what).contains("max_document_bytes"),
                        what -> assertThat(what).contains("analysis-icu"),
                        what -> assertThat(what).contains("number_of_replicas is 1", "1 data nodes"),
                        what -> assertThat(what).contains("no ingest pipeline '" + prefix + "none'"),
                        what -> assertThat(what).contains("an index '" + prefix + "users'"));
    }

    @Test
    void findsABlockedGeneration() {
        try (var sink = SinkFixtures.sink(SharedServers.search().url(), prefix, LONG)) {
            var generation = sink.index(users.get(0)).create(1).name();
            http.put("/" + generation + "/_settings", "{\"index.blocks.read_only_allow_delete\":true}");
            assertThat(checked(SinkFixtures.config(LONG)).findings())
                    .singleElement()
                    .extracting(Finding::what)
                    .asString()
                    .contains(generation, "read_only_allow_delete");
        }
    }

    @Test
    void findsMissingRights() {
        proxy.http()
                .always()
                .matching(request ->
                        request.method().equals("PUT") && request.path().contains("users"))
                .answer(403);
        assertThat(checked(SinkFixtures.config(LONG)).findings())
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.severity()).isEqualTo(Severity.ERROR);
                    assertThat(finding.what()).endsWith("we may not: create indexes, change settings");
                });
    }

    @Test
    void findsWrongCredentials() {
        proxy.http().always().answer(401);
        assertThat(checked(SinkFixtures.config(LONG)).findings())
                .singleElement()
                .extracting(Finding::what)
                .asString()
                .contains("does not accept the credentials");
    }

    @Test
    void findsAnotherServer() {
        proxy.http().next(1).answer(200, "{\"version\":{\"number\":\"8.1.0\"}}");
        assertThat(checked(SinkFixtures.config(LONG)).findings())
                .singleElement()
                .extracting(Finding::what)
                .asString()
                .contains("is elasticsearch 8.1.0");
    }

    @Test
    void failsWhenNobodyAnswers() {
        proxy.refuse();
        assertThatThrownBy(() -> checked(SinkFixtures.config(LONG)))
                .isInstanceOfSatisfying(
                        SinkException.class, e -> assertThat(e.kind()).isEqualTo(SinkException.Kind.UNAVAILABLE));
    }
}
