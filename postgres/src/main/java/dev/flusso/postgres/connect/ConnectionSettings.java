package dev.flusso.postgres.connect;

import dev.flusso.schema.Setting;
import dev.flusso.schema.SourceConfig;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * How the database is reached, with all secrets resolved.
 *
 * @param host a name or an address, IPv6 without brackets
 * @param password null for none: then {@code ~/.pgpass} or the server's trust decides
 * @param sslMode as libpq spells it; null for its default, {@code prefer}
 * @param sslRootCert path of the authorities trusted, PEM; {@code system} for the JVM's own; null for libpq's default place
 * @param sslCert path of the client's certificate, PEM; null for none
 * @param sslKey path of its key, PEM or PKCS-8; null for none
 * @param applicationName as the server shows the sessions; null for what the caller of {@link #properties} says
 * @param connectTimeout for one attempt; whole seconds, zero waits for ever
 */
public record ConnectionSettings(
        String host,
        int port,
        String database,
        String user,
        @Nullable String password,
        @Nullable String sslMode,
        @Nullable String sslRootCert,
        @Nullable String sslCert,
        @Nullable String sslKey,
        @Nullable String applicationName,
        Duration connectTimeout) {

    static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(10);

    /** The reserved variable: stands before a literal in the config. */
    private static final String VARIABLE = "DATABASE_URL";

    public ConnectionSettings {
        if (port < 1 || port > 65_535) {
            throw new ConnectionSettingsException("port " + port + " of the database, expected 1 to 65535");
        }
        if (host.isEmpty() || database.isEmpty() || user.isEmpty()) {
            throw new ConnectionSettingsException("host, database and user of the database must not be empty");
        }
    }

    /** Reads a {@code postgres://} or {@code postgresql://} URL. */
    public static ConnectionSettings parse(String url) {
        return ConnectionUrl.parse(url);
    }

    /**
     * What the config and the environment of this process say: an explicit {@code { env }} first, then {@code DATABASE_URL}, then the
     * literal.
     *
     * @param environment such as {@link System#getenv()}
     */
    public static ConnectionSettings from(SourceConfig.Connection connection, Map<String, String> environment) {
        if (connection instanceof SourceConfig.Connection.Url url && url.url() instanceof Setting.FromEnv named) {
            return parse(variable(named.variable(), "'source.connection_url'", environment));
        }
        var reserved = environment.get(VARIABLE);
        if (reserved != null && !reserved.isEmpty()) {
            return parse(reserved);
        }
        if (connection instanceof SourceConfig.Connection.Parts parts) {
            return new ConnectionSettings(
                    parts.host(),
                    parts.port(),
                    parts.database(),
                    parts.user(),
                    password(parts.password(), environment),
                    null,
                    null,
                    null,
                    null,
                    null,
                    DEFAULT_CONNECT_TIMEOUT);
        }
        if (((SourceConfig.Connection.Url) connection).url() instanceof Setting.Given given) {
            return parse(given.value());
        }
        throw new ConnectionSettingsException(
                "'source.connection_url' is not given and " + VARIABLE + " is not set, expected one of them");
    }

    private static @Nullable String password(Setting setting, Map<String, String> environment) {
        if (setting instanceof Setting.FromEnv named) {
            return variable(named.variable(), "'source.connection_url.password'", environment);
        }
        return setting instanceof Setting.Given given ? given.value() : null;
    }

    private static String variable(String name, String key, Map<String, String> environment) {
        var value = environment.get(name);
        if (value == null) {
            throw new ConnectionSettingsException(
                    key + " asks for the environment variable '" + name + "', which is not set");
        }
        return value;
    }

    /** The driver's URL; everything else is in {@link #properties}. */
    public String jdbcUrl() {
        var shownHost = host.contains(":") ? "[" + host + "]" : host;
        return "jdbc:postgresql://" + shownHost + ":" + port + "/" + ConnectionUrl.encoded(database);
    }

    /**
     * The driver's properties, for connections of any purpose: who, TLS, time-outs of connecting, keep-alive.
     *
     * @param purpose the application name unless the URL gave one, such as {@code flusso capture}
     */
    public Properties properties(String purpose) {
        var properties = new Properties();
        properties.setProperty("user", user);
        if (password != null) {
            properties.setProperty("password", password);
        }
        properties.setProperty("ApplicationName", applicationName == null ? purpose : applicationName);
        properties.setProperty("connectTimeout", Long.toString(connectTimeout.toSeconds()));
        properties.setProperty("loginTimeout", Long.toString(connectTimeout.toSeconds()));
        properties.setProperty("tcpKeepAlive", "true");
        put(properties, "sslmode", sslMode);
        if ("system".equals(sslRootCert)) {
            properties.setProperty("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
        } else {
            put(properties, "sslrootcert", sslRootCert);
        }
        put(properties, "sslcert", sslCert);
        put(properties, "sslkey", sslKey);
        return properties;
    }

    private static void put(Properties properties, String key, @Nullable String value) {
        if (value != null) {
            properties.setProperty(key, value);
        }
    }

    /** Where it leads, for messages: {@code host:port/database}, without secrets. */
    public String address() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port + "/" + database;
    }

    @Override
    public String toString() {
        return "postgres://" + user + "@" + address();
    }
}
