package dev.flusso.postgres;

import dev.flusso.schema.connection.DatabaseUrl;
import java.net.InetAddress;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Properties;

/**
 * How a database is reached.
 *
 * @param host a name or an address; IPv6 without brackets
 * @param port TCP port
 * @param password may be empty; never printed
 * @param settings the driver's own properties, such as {@code sslmode}; copied
 */
public record PostgresAddress(
        String host, int port, String user, String password, String database, Properties settings) {

    private static final String DEFAULT_CONNECT_TIMEOUT_SECONDS = "10";

    public PostgresAddress {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port is " + port + ", expected 1 to 65535");
        }
        settings = copied(settings);
    }

    /**
     * What a database's URL says, as the driver takes it: who, TLS, time-outs of connecting, keep-alive.
     *
     * @param purpose how the server shows the sessions, unless the URL says it
     */
    public static PostgresAddress of(DatabaseUrl url, String purpose) {
        var given = url.parameters();
        var settings = new Properties();
        settings.setProperty("ApplicationName", given.getOrDefault("application_name", purpose));
        var timeout = given.getOrDefault("connect_timeout", DEFAULT_CONNECT_TIMEOUT_SECONDS);
        settings.setProperty("connectTimeout", timeout);
        settings.setProperty("loginTimeout", timeout);
        settings.setProperty("tcpKeepAlive", "true");
        TlsSettings.put(given, settings);
        var password = url.password();
        return new PostgresAddress(
                url.host(), url.port(), url.user(), password == null ? "" : password, url.database(), settings);
    }

    /** For the driver; user and password go by properties. */
    public String jdbcUrl() {
        return "jdbc:postgresql://" + (host.contains(":") ? "[" + spelledOut(host) + "]" : host) + ":" + port + "/"
                + URLEncoder.encode(database, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** The driver compares an IPv6 address with those of a certificate as texts, and Java spells the latter out. */
    private static String spelledOut(String address) {
        try {
            return InetAddress.getByName(address).getHostAddress();
        } catch (UnknownHostException e) {
            return address; // the driver will complain of it
        }
    }

    /** Settings, user and password; a new object each time. */
    public Properties properties() {
        var all = copied(settings);
        all.setProperty("user", user);
        if (!password.isEmpty()) {
            all.setProperty("password", password);
        }
        return all;
    }

    /** The settings, for reading. */
    @Override
    public Properties settings() {
        return copied(settings);
    }

    private static Properties copied(Properties original) {
        var copy = new Properties();
        original.stringPropertyNames().forEach(name -> copy.setProperty(name, original.getProperty(name)));
        return copy;
    }

    /** {@code user@host:port/database}: for messages. */
    @Override
    public String toString() {
        return user + "@" + host + ":" + port + "/" + database;
    }
}
