package dev.flusso.schema.parse;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flusso.schema.Config;
import dev.flusso.schema.IndexConfig;
import dev.flusso.schema.Setting;
import dev.flusso.schema.SinkConfig;
import dev.flusso.schema.SourceConfig;

/** Writes a config in the form {@link ConfigReader} reads. */
final class ConfigForm {

    private ConfigForm() {}

    static ObjectNode of(Config config) {
        var form = JsonNodeFactory.instance.objectNode();
        form.put(JsonDocument.FILE, config.source().place().file());
        form.put(JsonDocument.PLACE, "1:1");
        form.put("on_error", Table.word(config.onError()));
        form.put("prefix", config.prefix());
        source(form.putObject("source"), config.source());
        var sinks = form.putObject("sinks");
        for (var sink : config.sinks()) {
            sink(sinks.putObject(sink.name()), sink);
        }
        var indexes = form.putArray("index");
        for (var index : config.indexes()) {
            index(indexes.addObject(), index);
        }
        form.putObject("server")
                .put("public_address", config.server().publicAddress())
                .put("private_address", config.server().privateAddress())
                .put("capture_address", config.server().captureAddress());
        var journal = config.journal();
        form.putObject("journal")
                .put("path", journal.path())
                .put("retention", Quantities.text(journal.retention()))
                .put("max_bytes", journal.maxBytes())
                .put("min_free_bytes", journal.minFreeBytes())
                .put("segment_bytes", journal.segmentBytes())
                .put("sync_interval", Quantities.text(journal.syncInterval()));
        var worker = config.worker();
        form.putObject("worker")
                .put("batch_size", worker.batchSize())
                .put("batch_delay", Quantities.text(worker.batchDelay()))
                .put("connections", worker.connections())
                .put("seed_connections", worker.seedConnections());
        return form;
    }

    private static void source(ObjectNode form, SourceConfig source) {
        form.put(JsonDocument.PLACE, JsonDocument.place(source.place()));
        form.put("type", "postgres");
        if (source.connection() instanceof SourceConfig.Connection.Url url) {
            setting(form, "connection_url", url.url());
        } else {
            var parts = (SourceConfig.Connection.Parts) source.connection();
            var table = form.putObject("connection_url");
            table.put("host", parts.host()).put("port", parts.port()).put("user", parts.user());
            setting(table, "password", parts.password());
            table.put("database", parts.database());
        }
        form.put("manage_publication", source.managePublication())
                .put("replica_identity", Table.word(source.replicaIdentity()))
                .put("publish", Table.word(source.publish()))
                .put("on_gap", Table.word(source.onGap()))
                .put("heartbeat_interval", Quantities.text(source.heartbeatInterval()));
    }

    private static void sink(ObjectNode form, SinkConfig sink) {
        form.put(JsonDocument.PLACE, JsonDocument.place(sink.place()));
        if (sink instanceof SinkConfig.Stdout stdout) {
            form.put("type", "stdout").put("pretty", stdout.pretty());
            return;
        }
        var cluster = (SinkConfig.OpenSearch) sink;
        form.put("type", "opensearch");
        setting(form, "url", cluster.url());
        setting(form, "username", cluster.username());
        setting(form, "password", cluster.password());
        setting(form, "api_key", cluster.apiKey());
        setting(form, "ca_cert", cluster.caCert());
        form.put("tls_verify", cluster.tlsVerify())
                .put("batch_size", cluster.batchSize())
                .put("max_bytes", cluster.maxBytes())
                .put("timeout_secs", cluster.timeout().toSeconds())
                .put("max_retries", cluster.maxRetries())
                .put("pipeline", cluster.pipeline())
                .put("number_of_shards", cluster.numberOfShards())
                .put("number_of_replicas", cluster.numberOfReplicas())
                .put("refresh_interval", cluster.refreshInterval())
                .put("text_analysis", Table.word(cluster.textAnalysis()))
                .put("auto_subfields", cluster.autoSubfields())
                .put("compression", cluster.compression())
                .put("in_flight", cluster.inFlight())
                .put("max_nested", cluster.maxNested())
                .put("max_document_bytes", cluster.maxDocumentBytes());
    }

    private static void setting(ObjectNode form, String key, Setting setting) {
        if (setting instanceof Setting.Given given) {
            form.put(key, given.value());
        } else if (setting instanceof Setting.FromEnv reference) {
            form.putObject(key).put("env", reference.variable());
        }
    }

    private static void index(ObjectNode form, IndexConfig index) {
        form.put(JsonDocument.PLACE, JsonDocument.place(index.place()));
        form.put("name", index.name())
                .put("enabled", index.enabled())
                .put("on_error", Table.word(index.onError()))
                .set("schema", SchemaForm.withPlaces(index.schema()));
    }
}
