package dev.flusso.postgres;

import java.net.URLEncoder;
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

    public PostgresAddress {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port is " + port + ", expected 1 to 65535");
        }
        settings = copied(settings);
    }

    /** For the driver; user and password go by properties. */
    public String jdbcUrl() {
        var bracketed = host.contains(":") ? "[" + host + "]" : host;
        return "jdbc:postgresql://" + bracketed + ":" + port + "/"
                + URLEncoder.encode(database, StandardCharsets.UTF_8).replace("+", "%20");
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
