package dev.flusso.opensearch;

import dev.flusso.schema.IndexConfig;
import dev.flusso.schema.SinkConfig;
import dev.flusso.schema.connection.ClusterAccess;
import dev.flusso.schema.lock.IndexHash;
import dev.flusso.schema.mapping.IndexBody;
import dev.flusso.worker.Sink;
import dev.flusso.worker.SinkIndex;
import java.util.LinkedHashMap;
import java.util.List;

/** OpenSearch as a sink. Any thread; the HTTP client's threads are its own. */
public final class OpenSearchSink implements Sink {

    private final SinkConfig.OpenSearch config;
    private final String prefix;
    private final Cluster cluster;
    private final Memories memories;

    private OpenSearchSink(SinkConfig.OpenSearch config, String prefix, Cluster cluster) {
        this.config = config;
        this.prefix = prefix;
        this.cluster = cluster;
        this.memories = new Memories(cluster, prefix);
    }

    /**
     * Makes no request: the cluster may be away.
     *
     * @param access the address and credentials of {@code config}, resolved
     * @param prefix before all names we own in the cluster; empty for none
     * @throws IllegalArgumentException when {@code ca_cert} cannot be used
     */
    public static OpenSearchSink open(SinkConfig.OpenSearch config, ClusterAccess access, String prefix) {
        var cluster = Cluster.open(config.name(), access, config.timeout(), config.compression());
        return new OpenSearchSink(config, prefix, cluster);
    }

    @Override
    public String name() {
        return config.name();
    }

    @Override
    public long maxDocumentBytes() {
        return config.maxDocumentBytes();
    }

    @Override
    public int inFlight() {
        return config.inFlight();
    }

    @Override
    public int batchSize() {
        return config.batchSize();
    }

    @Override
    public long maxBytes() {
        return config.maxBytes();
    }

    @Override
    public int maxRetries() {
        return config.maxRetries();
    }

    @Override
    public SinkIndex index(IndexConfig index) {
        return new OpenSearchIndex(
                cluster,
                config,
                new Names(prefix + index.name()),
                IndexHash.of(index.schema(), config),
                IndexBody.of(index.schema(), config),
                memories);
    }

    /**
     * Looks whether the cluster will do for these indexes. Changes nothing there.
     *
     * @throws dev.flusso.worker.SinkException when the cluster cannot be reached
     */
    public ClusterReport check(List<IndexConfig> indexes) {
        var absent = new LinkedHashMap<Names, String>();
        for (var index : indexes) {
            var names = new Names(prefix + index.name());
            absent.put(names, names.generation(IndexHash.of(index.schema(), config), Names.NEVER_USED));
        }
        return new ClusterCheck(cluster, config, prefix).of(absent);
    }

    /** What one index holds now, for whoever compares it with the database. Makes no request. */
    public StoredDocuments stored(IndexConfig index) {
        return new StoredDocuments(cluster, prefix + index.name());
    }

    @Override
    public void close() {
        cluster.close();
    }
}
