package dev.flusso.cli.pipeline;

import dev.flusso.opensearch.OpenSearchSink;
import dev.flusso.schema.Config;
import dev.flusso.schema.SinkConfig;
import dev.flusso.schema.connection.Environment;
import dev.flusso.worker.Sink;
import dev.flusso.worker.stdout.StdoutSink;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Opens the sinks of a config. */
final class Sinks {

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
                opened.add(OpenSearchSink.open(cluster, environment.cluster(cluster), config.prefix()));
            } else if (sink instanceof SinkConfig.Stdout stdout) {
                var channel = new FileOutputStream(FileDescriptor.out).getChannel();
                opened.add(StdoutSink.open(stdout, channel, InstantSource.system()));
            }
        }
        return opened;
    }

    static void close(List<Sink> sinks) throws IOException {
        for (var sink : sinks) {
            sink.close();
        }
    }
}
