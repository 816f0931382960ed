package dev.flusso.cli.command;

import dev.flusso.cli.http.Address;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where {@code run} and {@code work} listen. */
final class SurfaceOptions {
    @Option(
            names = "--public-address",
            paramLabel = "<host:port>",
            description = "/healthz, /readyz, /status, /metrics; over server.public_address (127.0.0.1:9464)")
    private @Nullable Address publicAddress;

    @Option(
            names = "--private-address",
            paramLabel = "<host:port>",
            description = "/indexes, /reindex; over server.private_address (127.0.0.1:9465)")
    private @Nullable Address privateAddress;

    PipelineOptions.Surfaces surfaces() {
        return new PipelineOptions.Surfaces(publicAddress, privateAddress, null);
    }
}
