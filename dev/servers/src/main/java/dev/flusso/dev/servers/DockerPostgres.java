package dev.flusso.dev.servers;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Optional;
import java.util.TreeMap;
import org.testcontainers.containers.GenericContainer;

/** Postgres as a container of the official image. */
final class DockerPostgres extends ContainerServer implements PostgresServer {

    private final Builder builder;
    private final String password;

    DockerPostgres(Builder builder) {
        super(checked(builder).image, builder.port, 5432, builder.startDeadline, image -> configure(image, builder));
        this.builder = builder;
        this.password = password(builder);
    }

    private static Builder checked(Builder builder) {
        if (builder.tls != Builder.Tls.NONE) {
            throw DockerEngine.unsupported("TLS");
        }
        if (builder.origin != null) {
            throw DockerEngine.unsupported("a copy of another server's data");
        }
        if (builder.binaries != null) {
            throw DockerEngine.unsupported("a version by its binaries (image(…) chooses one here)");
        }
        return builder;
    }

    private static String password(Builder builder) {
        return builder.password == null ? "postgres" : builder.password;
    }

    private static void configure(GenericContainer<?> image, Builder builder) {
        image.withEnv("POSTGRES_PASSWORD", password(builder));
        if (builder.password == null) {
            image.withEnv("POSTGRES_HOST_AUTH_METHOD", "trust");
        }
        var command = new ArrayList<String>();
        command.add("postgres");
        new TreeMap<>(builder.settings).forEach((name, value) -> {
            command.add("-c");
            command.add(name + "=" + value);
        });
        image.withCommand(command.toArray(String[]::new));
    }

    @Override
    boolean answers() throws SQLException {
        address().ping();
        return true;
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
        return Optional.empty();
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

    /** The container's command line is fixed once it is made. */
    @Override
    public void set(String setting, String value) {
        throw DockerEngine.unsupported("to change '" + setting + "' between two starts");
    }

    @Override
    public void promote() {
        address().promote();
    }

    @Override
    public String toString() {
        return "Postgres in a container of " + builder.image + " at " + host() + ":" + port();
    }

    private PostgresAddress address() {
        return new PostgresAddress(host(), port(), user(), password, null);
    }
}
