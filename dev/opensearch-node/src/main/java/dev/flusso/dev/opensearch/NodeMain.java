package dev.flusso.dev.opensearch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.opensearch.analysis.common.CommonAnalysisPlugin;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.geo.GeoModulePlugin;
import org.opensearch.index.mapper.MapperExtrasPlugin;
import org.opensearch.index.reindex.ReindexPlugin;
import org.opensearch.ingest.common.IngestCommonPlugin;
import org.opensearch.join.ParentJoinPlugin;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.node.NodeValidationException;
import org.opensearch.painless.PainlessPlugin;
import org.opensearch.percolator.PercolatorPlugin;
import org.opensearch.plugins.Plugin;
import org.opensearch.script.expression.ExpressionPlugin;
import org.opensearch.script.mustache.MustachePlugin;
import org.opensearch.search.aggregations.matrix.MatrixAggregationPlugin;
import org.opensearch.transport.Netty4Plugin;

/**
 * Runs one single-node OpenSearch with the modules of its ordinary distribution, without security; or, where the system property
 * {@code flusso.distribution} names an unpacked distribution whose libraries are on the class path, with the modules and plugins of that.
 *
 * <p>Arguments: the home directory (made when absent, kept at the end), the HTTP port, then {@code name=value} node settings. It runs
 * until SIGTERM or until its standard input ends, so it does not outlive a parent that dies. It starts the {@link Node} itself and
 * not through OpenSearch's {@code Bootstrap}; so it also runs as root and asks nothing of the kernel's limits.
 */
public final class NodeMain {

    private NodeMain() {}

    public static void main(String[] args) throws IOException, NodeValidationException {
        if (args.length < 2) {
            System.err.println("usage: NodeMain <home directory> <http port> [setting=value]...");
            System.exit(2);
        }
        var home = Path.of(args[0]).toAbsolutePath();
        for (var folder : List.of("config", "plugins", "modules", "logs")) {
            Files.createDirectories(home.resolve(folder));
        }
        var distribution = System.getProperty("flusso.distribution");
        var settings = Settings.builder()
                .put("path.home", distribution == null ? home.toString() : distribution)
                .put("path.data", home.resolve("data").toString())
                .put("path.logs", home.resolve("logs").toString())
                .put("cluster.name", "flusso-dev")
                .put("node.name", "flusso-dev")
                .put("network.host", "127.0.0.1")
                .put("http.port", args[1])
                .put("transport.port", "0")
                .put("discovery.type", "single-node")
                .put("cluster.routing.allocation.disk.threshold_enabled", "false");
        if (distribution == null) {
            settings.put("transport.type", "netty4").put("http.type", "netty4");
        }
        for (var setting : List.of(args).subList(2, args.length)) {
            var equals = setting.indexOf('=');
            if (equals < 1) {
                System.err.println("node setting '" + setting + "' is not of the form name=value");
                System.exit(2);
            }
            settings.put(setting.substring(0, equals), setting.substring(equals + 1));
        }
        var environment = InternalSettingsPreparer.prepareEnvironment(
                settings.build(), Map.of(), home.resolve("config"), () -> "flusso-dev");
        run(distribution == null ? ModuleNode.with(environment) : new Node(environment));
    }

    private static void run(Node node) throws NodeValidationException, IOException {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(node), "close-node"));
        node.start();
        // The parent holds the other end and never writes: the end of input is the end of the parent.
        while (System.in.read() >= 0) {
            Thread.onSpinWait();
        }
        System.exit(0);
    }

    private static void close(Node node) {
        try {
            node.close();
        } catch (IOException e) {
            System.err.println("node did not close cleanly: " + e);
        }
    }

    /** Opens the constructor that takes modules from the flat classpath; only OpenSearch 2 has it in this form. */
    private static final class ModuleNode extends Node {

        private static final List<Class<? extends Plugin>> MODULES = List.of(
                Netty4Plugin.class,
                CommonAnalysisPlugin.class,
                IngestCommonPlugin.class,
                PainlessPlugin.class,
                MustachePlugin.class,
                ExpressionPlugin.class,
                MapperExtrasPlugin.class,
                ParentJoinPlugin.class,
                PercolatorPlugin.class,
                ReindexPlugin.class,
                MatrixAggregationPlugin.class,
                GeoModulePlugin.class);

        static Node with(Environment environment) {
            return new ModuleNode(environment, MODULES);
        }

        ModuleNode(Environment environment, Collection<Class<? extends Plugin>> modules) {
            super(environment, modules, true);
        }
    }
}
