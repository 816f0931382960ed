package dev.flusso.opensearch;

import dev.flusso.schema.Place;
import dev.flusso.schema.Setting;
import dev.flusso.schema.SinkConfig;
import dev.flusso.schema.connection.ClusterAccess;
import dev.flusso.worker.DocumentWrite;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Configs and bodies for the tests of this module. */
final class SinkFixtures {

    private static final AtomicInteger PREFIXES = new AtomicInteger();

    private SinkFixtures() {}

    /** A prefix no other test of this JVM has. */
    static String freshPrefix() {
        return "t" + PREFIXES.incrementAndGet() + "_";
    }

    /** The defaults of REFERENCE §1, without replicas: there is one node. */
    static SinkConfig.OpenSearch config(Duration timeout) {
        return config(timeout, "", false);
    }

    static SinkConfig.OpenSearch config(Duration timeout, String pipeline, boolean compression) {
        return new SinkConfig.OpenSearch(
                "search",
                new Setting.Unset(),
                new Setting.Unset(),
                new Setting.Unset(),
                new Setting.Unset(),
                new Setting.Unset(),
                true,
                1000,
                10 << 20,
                timeout,
                3,
                pipeline,
                1,
                0,
                "10s",
                SinkConfig.TextAnalysis.BUILTIN,
                true,
                compression,
                2,
                100_000,
                32 << 20,
                new Place("flusso.toml", 1, 1));
    }

    /** A sink with the defaults, before whatever stands at {@code url}. */
    static OpenSearchSink sink(URI url, String prefix, Duration timeout) {
        return OpenSearchSink.open(config(timeout), access(url), prefix);
    }

    static ClusterAccess access(URI url) {
        return new ClusterAccess(url, null, null, null, null, true);
    }

    static DocumentWrite json(String id, long version, String json) {
        return new DocumentWrite.Upsert(id, version, json.getBytes(StandardCharsets.UTF_8));
    }
}
