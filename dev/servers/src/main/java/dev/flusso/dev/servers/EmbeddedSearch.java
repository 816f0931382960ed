package dev.flusso.dev.servers;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** OpenSearch as a child JVM that runs {@code dev/opensearch-node} with a class path of its own. */
final class EmbeddedSearch extends ChildServer implements SearchServer {

    private static final String MAIN = "dev.flusso.dev.opensearch.NodeMain";
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(30);
    /** The first user of the security plugin, as its own configuration has it. */
    private static final Credentials FIRST_USER = new Credentials("admin", "admin");

    private final Builder builder;
    private final @Nullable NodeDistribution distribution;
    private final Path java;
    private String classPath = "";
    private @Nullable ClassArchive archive;
    private @Nullable SelfSigned certificate;

    EmbeddedSearch(Builder builder) {
        super("opensearch", builder.port, builder.startDeadline);
        this.builder = builder;
        this.distribution = builder.classPath == null ? NodeDistribution.of(builder.secured, builder.major) : null;
        this.java = builder.java == null ? JavaHome.atLeast(needed()).program("java") : builder.java;
    }

    private int needed() {
        return distribution == null ? 17 : distribution.java();
    }

    @Override
    void prepare() {
        classPath = nodeClassPath();
        if (!builder.steady) {
            archive = ClassArchive.of(UserCache.folder().resolve("opensearch"), java, classPath);
            classPath = archive.classPath();
        }
        try {
            Files.createDirectories(folder().resolve("tmp"));
            if (builder.secured && certificate == null) {
                secure(Files.createDirectories(folder().resolve("config")));
            }
        } catch (IOException e) {
            throw new ServerException("cannot make " + folder() + " for OpenSearch: " + e, e);
        }
    }

    private String nodeClassPath() {
        if (builder.classPath != null) {
            return builder.classPath;
        }
        return distribution == null ? NodeClassPath.found() : distribution.classPath();
    }

    /** The plugin takes files from the configuration's folder only. */
    private void secure(Path config) throws IOException {
        certificate = SelfSigned.server(config);
        var own = Files.createDirectory(config.resolve("opensearch-security"));
        if (distribution != null) {
            var given = distribution.home().resolve("plugins/opensearch-security/config");
            try (var files = Files.list(given)) {
                for (var file :
                        files.filter(path -> path.toString().endsWith(".yml")).toList()) {
                    Files.copy(file, own.resolve(given.relativize(file)));
                }
            }
            Files.deleteIfExists(own.resolve("whitelist.yml")); // an old name of another file; both are too many
        }
    }

    private static Map<String, String> securitySettings() {
        var settings = new TreeMap<String, String>();
        for (var layer : List.of("transport", "http")) {
            var at = "plugins.security.ssl." + layer + ".";
            settings.put(at + "enabled", "true");
            settings.put(at + "pemcert_filepath", "server.crt");
            settings.put(at + "pemkey_filepath", "server.key");
            settings.put(at + "pemtrustedcas_filepath", "server.crt");
        }
        settings.put("plugins.security.ssl.transport.enforce_hostname_verification", "false");
        settings.put("plugins.security.allow_default_init_securityindex", "true");
        settings.put("plugins.security.nodes_dn", "CN=localhost");
        settings.put("plugins.security.restapi.roles_enabled", "all_access,security_rest_api_access");
        return settings;
    }

    @Override
    ProcessControl launch() {
        return ProcessControl.command(command())
                .name("opensearch-" + port())
                .environment("CLASSPATH", classPath) // far too long for a readable list of processes
                .lifeLineAsInput()
                .start();
    }

    private List<String> command() {
        var command = new ArrayList<String>();
        command.add(java.toString());
        command.add("-Xmx" + builder.heapMegabytes + "m");
        if (!builder.steady) {
            command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"));
        }
        if (archive != null) {
            command.addAll(archive.options(recording()));
        }
        command.addAll(List.of("-Djava.awt.headless=true", "-Dfile.encoding=UTF-8", "-XX:-UsePerfData"));
        command.add("-Djava.io.tmpdir=" + folder().resolve("tmp"));
        if (distribution != null) {
            command.add("-Dflusso.distribution=" + distribution.home());
        }
        command.addAll(List.of(MAIN, folder().toString(), Integer.toString(port())));
        var settings = new TreeMap<>(builder.secured ? securitySettings() : Map.of());
        settings.putAll(builder.settings);
        settings.forEach((name, value) -> command.add(name + "=" + value));
        return command;
    }

    @Override
    boolean answers() throws IOException {
        return calls().isHealthy();
    }

    @Override
    void atFirstStart() {
        if (builder.defaultReplicas != null) {
            calls().setDefaultReplicas(builder.defaultReplicas);
        }
    }

    private ClusterCalls calls() {
        return new ClusterCalls(url(), credentials().orElse(null), certificate().orElse(null));
    }

    @Override
    boolean isPortTaken(String log) {
        return log.contains("BindHttpException");
    }

    @Override
    boolean isWorthAnotherTry(ProcessControl ended, String log) {
        if (archive != null && archive.isRecorded() && ended.exitCode().orElse(0) > 128) {
            archive.discard(); // it may be what made the JVM crash
            return true;
        }
        return false;
    }

    @Override
    void end(ProcessControl running) {
        running.terminate();
        if (!ends(running, STOP_DEADLINE)) {
            running.killHard();
        } else if (archive != null) {
            archive.publish(recording());
        }
    }

    private Path recording() {
        return folder().resolve("classes.jsa");
    }

    @Override
    public URI url() {
        return URI.create((builder.secured ? "https://" : "http://") + host() + ":" + port());
    }

    @Override
    public Optional<Credentials> credentials() {
        return builder.secured ? Optional.of(FIRST_USER) : Optional.empty();
    }

    @Override
    public Optional<Path> certificate() {
        return Optional.ofNullable(certificate).map(SelfSigned::certificate);
    }

    @Override
    public synchronized void close() {
        if (archive != null && !archive.isRecorded()) {
            stop(); // once for each user and class path: it records its classes at an orderly end only
        }
        super.close();
    }

    @Override
    public String toString() {
        return "OpenSearch at " + url();
    }
}
