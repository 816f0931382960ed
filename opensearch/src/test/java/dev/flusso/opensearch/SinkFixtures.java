package dev.flusso.opensearch;

import dev.flusso.schema.DocumentSchema;
import dev.flusso.schema.Field;
import dev.flusso.schema.IndexConfig;
import dev.flusso.schema.LeafType;
import dev.flusso.schema.Literal;
import dev.flusso.schema.OnError;
import dev.flusso.schema.Place;
import dev.flusso.schema.Setting;
import dev.flusso.schema.SinkConfig;
import dev.flusso.schema.TableRef;
import dev.flusso.schema.connection.ClusterAccess;
import dev.flusso.worker.DocumentWrite;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
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

    /** An index with the one field {@code name}. */
    static IndexConfig index(String name) {
        var place = new Place("test.schema.yml", 1, 1);
        var field = new Field.Leaf(
                "name", LeafType.KEYWORD, "name", false, List.of(), List.of(), null, Literal.Entries.EMPTY, place);
        var schema =
                new DocumentSchema(new TableRef("public", name), List.of("id"), null, List.of(), List.of(field), place);
        return new IndexConfig(name, true, OnError.STOP, schema, place);
    }

    static DocumentWrite json(String id, long version, String json) {
        return new DocumentWrite.Upsert(id, version, json.getBytes(StandardCharsets.UTF_8));
    }
}
