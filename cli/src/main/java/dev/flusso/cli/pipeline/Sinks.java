package dev.flusso.cli.pipeline;

import dev.flusso.opensearch.ClusterAccess;
import dev.flusso.opensearch.IndexBodies;
import dev.flusso.opensearch.OpenSearchSink;
import dev.flusso.schema.Config;
import dev.flusso.schema.IndexConfig;
import dev.flusso.schema.SinkConfig;
import dev.flusso.schema.connection.Environment;
import dev.flusso.schema.lock.IndexHash;
import dev.flusso.schema.mapping.IndexBody;
import dev.flusso.worker.Sink;
import dev.flusso.worker.stdout.StdoutSink;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Opens the sinks of a config. */
final class Sinks {

    /** What is asked of the schema module for an index that is created. */
    private static final IndexBodies BODIES = new IndexBodies() {
        @Override
        public String hash(IndexConfig index, SinkConfig.OpenSearch sink) {
            return IndexHash.of(index.schema(), sink);
        }

        @Override
        public String body(IndexConfig index, SinkConfig.OpenSearch sink) {
            return IndexBody.of(index.schema(), sink).toString();
        }
    };

    private Sinks() {}

    /**
     * Opens each; makes no request.
     *
     * @throws dev.flusso.schema.ConfigException when an address or a secret is not to be had in this environment
     */
    static List<Sink> open(List<SinkConfig> sinks, Config config, Environment environment) {
        var opened = new ArrayList<Sink>();
        for (var sink : sinks) {
            if (sink instanceof SinkConfig.OpenSearch cluster) {
                opened.add(OpenSearchSink.open(cluster, access(cluster, environment), config.prefix(), BODIES));
            } else if (sink instanceof SinkConfig.Stdout stdout) {
                var channel = new FileOutputStream(FileDescriptor.out).getChannel();
                opened.add(StdoutSink.open(stdout, channel, InstantSource.system()));
            }
        }
        return opened;
    }

    private static ClusterAccess access(SinkConfig.OpenSearch sink, Environment environment) {
        var resolved = environment.cluster(sink);
        var caCert = resolved.caCert();
        return new ClusterAccess(
                resolved.url(),
                resolved.username(),
                resolved.password(),
                resolved.apiKey(),
                caCert == null ? null : Path.of(caCert),
                resolved.tlsVerify());
    }

    static void close(List<Sink> sinks) throws IOException {
        for (var sink : sinks) {
            sink.close();
        }
    }
}
