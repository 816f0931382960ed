package dev.flusso.schema;

import java.util.HashSet;
import java.util.List;

/**
 * A whole {@code flusso.toml} with its schemas, checked.
 *
 * @param prefix stands before every name flusso owns in OpenSearch; empty for none
 * @param sinks in the order written, names distinct; one stdout sink named {@code stdout} when none was given
 * @param indexes in the order written, names distinct, the disabled ones too
 */
public record Config(
        OnError onError,
        String prefix,
        SourceConfig source,
        List<SinkConfig> sinks,
        List<IndexConfig> indexes,
        ServerConfig server,
        JournalConfig journal,
        WorkerConfig worker) {

    public Config {
        sinks = List.copyOf(sinks);
        indexes = List.copyOf(indexes);
        if (sinks.isEmpty()) {
            throw new IllegalArgumentException("a config without a sink");
        }
        distinct("sink", sinks.stream().map(SinkConfig::name).toList());
        distinct("index", indexes.stream().map(IndexConfig::name).toList());
    }

    private static void distinct(String what, List<String> names) {
        if (new HashSet<>(names).size() < names.size()) {
            throw new IllegalArgumentException(
                    "a config with two of the same " + what + ": " + String.join(", ", names));
        }
    }
}
