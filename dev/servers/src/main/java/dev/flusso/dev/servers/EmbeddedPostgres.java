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
final class EmbeddedPostgres extends ChildServer implements PostgresServer {

    private static final Duration STOP_DEADLINE = Duration.ofSeconds(15);
    /** Postgres' answers to a start over data whose former backends are not quite gone. */
    private static final List<String> PASSING_OBSTACLES =
            List.of("pre-existing shared memory block", "is another postmaster", "is another postgres");

    private final Builder builder;
    private final Map<String, String> settings;
    private final String password;
    private @Nullable SelfSigned certificate;
    private @Nullable Privileges privileges;
    private @Nullable PostgresBinaries binaries;

    EmbeddedPostgres(Builder builder) {
        super("postgres", builder.port, builder.startDeadline);
        this.builder = builder;
        this.settings = new TreeMap<>(builder.settings);
        var inherited = builder.origin == null ? "postgres" : builder.origin.password();
        this.password = builder.password == null ? inherited : builder.password;
    }

    @Override
    ProcessControl launch() {
        return ProcessControl.command(command())
                .name("postgres-" + port())
                .environment("LC_ALL", "C")
                .environment("TZ", "UTC")
                .directory(folder())
                .start();
    }

    @Override
    boolean isPortTaken(String log) {
        return log.contains("Address already in use");
    }

    @Override
    boolean isWorthAnotherTry(ProcessControl ended, String log) {
        return PASSING_OBSTACLES.stream().anyMatch(log::contains);
    }

    @Override
    boolean answers() throws SQLException {
        address().ping();
        return true;
    }

    private List<String> command() {
        var command = new ArrayList<>(privileges().prefix());
        command.addAll(List.of(binaries().program("postgres").toString(), "-D", data().toString()));
        command.addAll(List.of("-p", Integer.toString(port()), "-k", ""));
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

    @Override
    void prepare() {
        try {
            if (!Files.exists(folder())) {
                Files.createDirectory(folder());
                Files.setPosixFilePermissions(folder(), PosixFilePermissions.fromString("rwxr-xr-x"));
            }
            if (!Files.exists(data())) {
                makeData();
            }
        } catch (IOException e) {
            throw new ServerException("cannot prepare " + folder() + " for Postgres: " + e, e);
        }
    }

    private PostgresBinaries binaries() {
        var known = binaries;
        if (known == null) {
            var cache = privileges() == Privileges.NOBODY ? UserCache.sharedFolder() : UserCache.folder();
            known = builder.binaries == null
                    ? PostgresBinaries.ofClassPath(cache)
                    : PostgresBinaries.ofJar(cache, builder.binaries);
            binaries = known;
        }
        return known;
    }

    private void makeData() throws IOException {
        if (builder.tls != Builder.Tls.NONE) {
            var tls = Files.createDirectory(folder().resolve("tls"));
            certificate = SelfSigned.server(tls);
            privileges().handOver(tls);
        }
        if (builder.origin == null) {
            initialise();
        } else {
            copy(builder.origin);
        }
        if (builder.tls == Builder.Tls.REQUIRED) {
            var rules = data().resolve("pg_hba.conf");
            Files.writeString(rules, Files.readString(rules).replaceAll("(?m)^host ", "hostssl "));
        }
        privileges().handOver(data());
    }

    private void initialise() throws IOException {
        Files.createDirectory(
                data(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        var passwordFile =
                Files.writeString(folder().resolve("password"), password + "\n", StandardOpenOption.CREATE_NEW);
        privileges().handOver(folder());
        var command = new ArrayList<>(privileges().prefix());
        command.addAll(List.of(binaries().program("initdb").toString(), "-D", data().toString(), "-U", user()));
        command.addAll(List.of("-N", "-E", "UTF8", "--locale=C", "--pwfile=" + passwordFile));
        command.addAll(List.of("-A", builder.password == null ? "trust" : "scram-sha-256"));
        try (var initdb = ProcessControl.command(command)
                .environment("LC_ALL", "C")
                .environment("TZ", "UTC")
                .directory(folder())
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
    void end(ProcessControl running) {
        running.signal("INT"); // "fast": ends the sessions, then writes a checkpoint
        if (!ends(running, STOP_DEADLINE)) {
            running.signal("QUIT"); // a client that takes no more WAL holds up the fast way
            if (!ends(running, STOP_DEADLINE)) {
                running.killHard();
            }
        }
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
        return Optional.ofNullable(certificate).map(SelfSigned::certificate);
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
    public String toString() {
        return "Postgres at " + host() + ":" + port();
    }

    private Path data() {
        return folder().resolve("data");
    }

    private Privileges privileges() {
        var known = privileges;
        if (known == null) {
            known = builder.privileges == null ? Privileges.of(folder()) : builder.privileges;
            privileges = known;
        }
        return known;
    }

    private PostgresAddress address() {
        return new PostgresAddress(
                host(), port(), user(), password, certificate().orElse(null));
    }
}
