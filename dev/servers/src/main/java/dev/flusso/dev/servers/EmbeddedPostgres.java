package dev.flusso.dev.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Postgres as a child process: {@code postgres} in the foreground, so its pid is the postmaster's. Settings stand on its command line.
 *
 * <pre>
 * folder/          ours, below the work folder
 *   data/          the data directory
 *   tls/           server.p12, server.crt, server.key
 * </pre>
 */
final class EmbeddedPostgres implements PostgresServer {

    private static final Duration STOP_DEADLINE = Duration.ofSeconds(15);
    /** Postgres' answers to a start over data whose former backends are not quite gone. */
    private static final List<String> PASSING_OBSTACLES =
            List.of("pre-existing shared memory block", "is another postmaster", "is another postgres");

    private final Builder builder;
    private final Map<String, String> settings;
    private final Path folder;
    private final String password;
    private int port;
    private boolean everStarted;
    private @Nullable ServerCertificate certificate;
    private @Nullable Privileges privileges;
    private volatile @Nullable ProcessControl process;

    EmbeddedPostgres(Builder builder) {
        this.builder = builder;
        this.settings = new TreeMap<>(builder.settings);
        this.folder = WorkFolder.fresh("postgres");
        var inherited = builder.origin == null ? "postgres" : builder.origin.password();
        this.password = builder.password == null ? inherited : builder.password;
        this.port = builder.port == null ? FreePorts.next() : builder.port;
    }

    @Override
    public synchronized void start() {
        if (isRunning()) {
            throw new ServerException(this + " runs already");
        }
        var binaries = prepare();
        var end = System.nanoTime() + builder.startDeadline.toNanos();
        while (!attempt(binaries, end)) {
            if (System.nanoTime() - end >= 0) {
                throw new ServerException(this + " could not be started within " + builder.startDeadline + ":" + log());
            }
        }
        everStarted = true;
    }

    /** Returns whether the server answers; false when another try may help. */
    private boolean attempt(PostgresBinaries binaries, long endNanos) {
        var running = ProcessControl.command(command(binaries))
                .name("postgres-" + port)
                .environment("LC_ALL", "C")
                .environment("TZ", "UTC")
                .directory(folder)
                .start();
        process = running;
        var left = Duration.ofNanos(Math.max(1, endNanos - System.nanoTime()));
        try {
            Eventually.within(left).until(this + " to answer or to end", () -> !running.isAlive() || answers());
        } catch (AssertionError e) {
            running.close();
            throw new ServerException(
                    this + " does not answer after " + builder.startDeadline + ":" + running.lastLines(30), e);
        }
        if (running.isAlive()) {
            return true;
        }
        running.waitForExit(STOP_DEADLINE);
        var log = running.lastLines(30);
        if (!everStarted && builder.port == null && log.contains("Address already in use")) {
            port = FreePorts.next(); // somebody took it since it was picked
            return false;
        }
        if (PASSING_OBSTACLES.stream().anyMatch(log::contains)) {
            return false;
        }
        throw new ServerException(this + " ended at its start with exit code "
                + running.exitCode().orElse(-1) + ":" + log);
    }

    private boolean answers() throws SQLException {
        address().ping();
        return true;
    }

    private List<String> command(PostgresBinaries binaries) {
        var command = new ArrayList<>(privileges().prefix());
        command.addAll(List.of(binaries.program("postgres").toString(), "-D", data().toString()));
        command.addAll(List.of("-p", Integer.toString(port), "-k", ""));
        var all = new TreeMap<>(settings);
        all.putIfAbsent("listen_addresses", host());
        var own = certificate;
        if (own != null) {
            all.put("ssl", "on");
            all.put("ssl_cert_file", own.certificate().toString());
            all.put("ssl_key_file", own.key().toString());
        }
        if (builder.standby && builder.origin != null) {
            var primary = builder.origin;
            all.putIfAbsent("wal_retrieve_retry_interval", "200ms"); // else it looks for its primary every 5 s only
            all.putIfAbsent(
                    "primary_conninfo",
                    "host=" + primary.host() + " port=" + primary.port() + " user=" + primary.user() + " password="
                            + primary.password());
        }
        all.forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        return command;
    }

    private PostgresBinaries prepare() {
        try {
            if (!Files.exists(folder)) {
                Files.createDirectory(folder);
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
            var cache = privileges() == Privileges.NOBODY ? UserCache.sharedFolder() : UserCache.folder();
            var binaries = builder.binaries == null
                    ? PostgresBinaries.ofClassPath(cache)
                    : PostgresBinaries.ofJar(cache, builder.binaries);
            if (!Files.exists(data())) {
                makeData(binaries);
            }
            return binaries;
        } catch (IOException e) {
            throw new ServerException("cannot prepare " + folder + " for Postgres: " + e, e);
        }
    }

    private void makeData(PostgresBinaries binaries) throws IOException {
        if (builder.tls != Builder.Tls.NONE) {
            var tls = Files.createDirectory(folder.resolve("tls"));
            certificate = ServerCertificate.generated(tls);
            privileges().handOver(tls);
        }
        if (builder.origin == null) {
            initialise(binaries);
        } else {
            copy(builder.origin);
        }
        if (builder.tls == Builder.Tls.REQUIRED) {
            var rules = data().resolve("pg_hba.conf");
            Files.writeString(rules, Files.readString(rules).replaceAll("(?m)^host ", "hostssl "));
        }
        privileges().handOver(data());
    }

    private void initialise(PostgresBinaries binaries) throws IOException {
        Files.createDirectory(
                data(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        var passwordFile =
                Files.writeString(folder.resolve("password"), password + "\n", StandardOpenOption.CREATE_NEW);
        privileges().handOver(folder);
        var command = new ArrayList<>(privileges().prefix());
        command.addAll(List.of(binaries.program("initdb").toString(), "-D", data().toString(), "-U", user()));
        command.addAll(List.of("-N", "-E", "UTF8", "--locale=C", "--pwfile=" + passwordFile));
        command.addAll(List.of("-A", builder.password == null ? "trust" : "scram-sha-256"));
        try (var initdb = ProcessControl.command(command)
                .environment("LC_ALL", "C")
                .environment("TZ", "UTC")
                .directory(folder)
                .start()) {
            if (initdb.waitForExit(Duration.ofMinutes(2)) != 0) {
                throw new ServerException("initdb could not make " + data() + ":" + initdb.lastLines(30));
            }
        } finally {
            Files.delete(passwordFile);
        }
    }

    private void copy(PostgresServer origin) throws IOException {
        if (!(origin instanceof EmbeddedPostgres embedded)) {
            throw new ServerException("only the data of an embedded Postgres can be copied, not of " + origin);
        }
        if (embedded.isRunning()) {
            throw new ServerException("the data of " + origin + " can only be copied while it is stopped");
        }
        FileTree.copy(embedded.data(), data());
        if (builder.standby) {
            Files.createFile(data().resolve("standby.signal"));
        }
    }

    @Override
    public synchronized void stop() {
        var running = process;
        if (running == null || !running.isAlive()) {
            return;
        }
        running.thaw();
        running.signal("INT"); // "fast": ends the sessions, then writes a checkpoint
        if (!ends(running)) {
            running.signal("QUIT"); // a client that takes no more WAL holds up the fast way
            if (!ends(running)) {
                running.killHard();
            }
        }
    }

    private static boolean ends(ProcessControl running) {
        try {
            running.waitForExit(STOP_DEADLINE);
            return true;
        } catch (ServerException e) {
            return false;
        }
    }

    @Override
    public synchronized void killHard() {
        var running = process;
        if (running != null) {
            running.killHard();
        }
    }

    @Override
    public void freeze() {
        running().freeze();
    }

    @Override
    public void thaw() {
        running().thaw();
    }

    private ProcessControl running() {
        var running = process;
        if (running == null || !running.isAlive()) {
            throw new ServerException(this + " does not run");
        }
        return running;
    }

    @Override
    public synchronized void restart() {
        stop();
        start();
    }

    @Override
    public boolean isRunning() {
        var running = process;
        return running != null && running.isAlive();
    }

    @Override
    public String host() {
        return "127.0.0.1";
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public String user() {
        return "postgres";
    }

    @Override
    public String password() {
        return password;
    }

    @Override
    public String jdbcUrl(String database) {
        return address().jdbcUrl(database);
    }

    @Override
    public String url(String database) {
        return address().url(database);
    }

    @Override
    public Optional<Path> certificate() {
        return Optional.ofNullable(certificate).map(ServerCertificate::certificate);
    }

    @Override
    public Connection connect(String database) {
        return address().connect(database);
    }

    @Override
    public String freshDatabase(String name) {
        address().makeFresh(name);
        return jdbcUrl(name);
    }

    @Override
    public synchronized void set(String setting, String value) {
        settings.put(setting, value);
    }

    @Override
    public void promote() {
        address().promote();
    }

    @Override
    public String log() {
        var last = process;
        return last == null ? "" : last.lastLines(200);
    }

    @Override
    public synchronized void close() {
        killHard();
        try {
            FileTree.delete(folder);
        } catch (IOException e) {
            throw new ServerException("cannot remove " + folder + ": " + e, e);
        }
    }

    @Override
    public String toString() {
        return "Postgres at " + host() + ":" + port;
    }

    private Path data() {
        return folder.resolve("data");
    }

    private Privileges privileges() {
        var known = privileges;
        if (known == null) {
            known = builder.privileges == null ? Privileges.of(folder) : builder.privileges;
            privileges = known;
        }
        return known;
    }

    private PostgresAddress address() {
        return new PostgresAddress(host(), port, user(), password, certificate().orElse(null));
    }
}
