package dev.flusso.opensearch;

import dev.flusso.schema.Field;
import dev.flusso.schema.IndexConfig;
import dev.flusso.schema.Place;
import dev.flusso.schema.Setting;
import dev.flusso.schema.SinkConfig;
import dev.flusso.worker.DocumentWrite;
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

    /** A strict mapping with the schema's leaves and nothing else; its hash is that of their names. */
    static final class LeafBodies implements IndexBodies {
        @Override
        public String hash(IndexConfig index, SinkConfig.OpenSearch sink) {
            var names = new StringBuilder();
            index.schema().fields().forEach(field -> names.append(field.name()).append(' '));
            return String.format("%08x", names.toString().hashCode());
        }

        @Override
        public String body(IndexConfig index, SinkConfig.OpenSearch sink) {
            var body = Reply.JSON.createObjectNode();
            body.putObject("settings")
                    .putObject("index")
                    .put("number_of_shards", sink.numberOfShards())
                    .put("number_of_replicas", sink.numberOfReplicas())
                    .put("refresh_interval", "-1")
                    .put("gc_deletes", "1h");
            var properties = body.putObject("mappings").put("dynamic", "strict").putObject("properties");
            for (var field : index.schema().fields()) {
                properties
                        .putObject(field.name())
                        .put("type", ((Field.Leaf) field).type().key());
            }
            return body.toString();
        }
    }

    static DocumentWrite json(String id, long version, String json) {
        return new DocumentWrite.Upsert(id, version, json.getBytes(StandardCharsets.UTF_8));
    }
}
