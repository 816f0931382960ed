package dev.flusso.cli.http;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A place to listen at or to ask, as {@code host:port}; an IPv6 host stands in brackets.
 *
 * @param host a name or a number, without brackets
 * @param port 0 lets the system pick one
 */
public record Address(String host, int port) {

    public Address {
        if (host.isBlank() || port < 0 || port > 65535) {
            throw new IllegalArgumentException(
                    "'" + host + ":" + port + "' is not an address, expected host:port, the port 0 to 65535");
        }
    }

    /** Reads {@code 127.0.0.1:9464}, {@code [::1]:9464} or {@code localhost:9464}. */
    public static Address parse(String text) {
        var colon = text.lastIndexOf(':');
        var host = colon < 0 ? "" : text.substring(0, colon);
        var bracketed = host.startsWith("[") && host.endsWith("]");
        if (host.isBlank() || host.contains(":") != bracketed) {
            throw refused(text, null);
        }
        try {
            return new Address(
                    bracketed ? host.substring(1, host.length() - 1) : host,
                    Integer.parseUnsignedInt(text.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            throw refused(text, e);
        }
    }

    /** As something to bind or to connect to; the name is looked up now. */
    public InetSocketAddress resolve() {
        return new InetSocketAddress(host, port);
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    private static IllegalArgumentException refused(String text, @Nullable Exception cause) {
        return new IllegalArgumentException(
                "'" + text + "' is not an address, expected host:port like 127.0.0.1:9464 or [::1]:9464", cause);
    }
}
