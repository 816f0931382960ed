package dev.flusso.cli.command;

import java.net.URI;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How to reach a running worker's private address. */
final class ServerOptions {
    @Option(
            names = "--server",
            paramLabel = "<host:port>",
            defaultValue = "127.0.0.1:9465",
            description = "the private address of a running worker, or its URL (${DEFAULT-VALUE})")
    private String server = "127.0.0.1:9465";

    @Mixin
    private final AdminOptions admin = new AdminOptions();

    RunningServer server() {
        return new RunningServer(url(server, "--server"), admin.credentials(), ExitCode.SINK_UNREACHABLE);
    }

    /** The root of a server that was named as {@code host:port} or as a URL. */
    static URI url(String text, String option) {
        var withScheme = text.startsWith("http://") || text.startsWith("https://") ? text : "http://" + text;
        try {
            var url = URI.create(withScheme.replaceAll("/+$", ""));
            if (url.getHost() != null) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new CommandException(
                ExitCode.INVALID,
                "'" + option + "' is '" + text + "', expected host:port or a URL like http://127.0.0.1:9465");
    }
}
