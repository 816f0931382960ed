package dev.flusso.schema.connection;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a Postgres database is reached, decoded.
 *
 * @param host a name or an address; an IPv6 address without brackets
 * @param password null when none is given: the server then asks for none, or a password file is read
 * @param parameters those of {@link #PARAMETERS} that were given
 * @param ignored names of other URL parameters that were given, in order
 */
public record DatabaseUrl(
        String host,
        int port,
        String user,
        @Nullable String password,
        String database,
        SortedMap<String, String> parameters,
        List<String> ignored) {

    public static final String DEFAULT_HOST = "127.0.0.1";
    public static final int DEFAULT_PORT = 5432;
    public static final String DEFAULT_USER = "postgres";

    /** The URL parameters that are honoured, with libpq's meaning. */
    public static final List<String> PARAMETERS =
            List.of("application_name", "connect_timeout", "sslcert", "sslkey", "sslmode", "sslrootcert");

    private static final List<String> SSL_MODES =
            List.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");
    private static final Pattern SCHEME = Pattern.compile("postgres(ql)?://.*", Pattern.DOTALL);

    public DatabaseUrl {
        parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
        ignored = List.copyOf(ignored);
        if (host.isEmpty() || user.isEmpty() || database.isEmpty()) {
            throw new IllegalArgumentException("a database needs a host, a user and a name");
        }
        if (host.startsWith("/") || host.contains(",")) {
            throw new IllegalArgumentException(
                    "host '" + host + "' is a socket or a list, expected one host name or address");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + ", expected 1 to 65535");
        }
        var sslMode = parameters.get("sslmode");
        if (sslMode != null && !SSL_MODES.contains(sslMode)) {
            throw new IllegalArgumentException(
                    "sslmode '" + sslMode + "', expected one of " + String.join(", ", SSL_MODES));
        }
        if ("system".equals(parameters.get("sslrootcert")) && sslMode != null && !sslMode.equals("verify-full")) {
            throw new IllegalArgumentException("sslmode '" + sslMode
                    + "' beside sslrootcert=system, expected verify-full: of the authorities every system trusts anybody can have a"
                    + " certificate");
        }
        var timeout = parameters.get("connect_timeout");
        if (timeout != null && !timeout.matches("[0-9]{1,6}")) {
            throw new IllegalArgumentException("connect_timeout '" + timeout + "', expected a number of seconds");
        }
    }

    /**
     * Reads {@code postgres://user:password@host:port/database?parameters}; each part may be left out and is percent-decoded.
     *
     * @throws IllegalArgumentException when it is none; the message holds no secret
     */
    public static DatabaseUrl parse(String url) {
        if (!SCHEME.matcher(url).matches()) {
            throw new IllegalArgumentException("expected a URL that begins with postgres:// or postgresql://");
        }
        var rest = url.substring(url.indexOf("://") + 3);
        int fragment = rest.indexOf('#');
        if (fragment >= 0) {
            throw new IllegalArgumentException("a '#' in the URL, expected it percent-encoded as %23");
        }
        int mark = rest.indexOf('?');
        var given = new TreeMap<String, String>();
        if (mark >= 0) {
            query(rest.substring(mark + 1), given);
            rest = rest.substring(0, mark);
        }
        int slash = rest.indexOf('/');
        if (slash >= 0) {
            put(given, "dbname", decoded(rest.substring(slash + 1), "database"));
            rest = rest.substring(0, slash);
        }
        int at = rest.lastIndexOf('@');
        if (at >= 0) {
            var login = rest.substring(0, at);
            int colon = login.indexOf(':');
            put(given, "user", decoded(colon < 0 ? login : login.substring(0, colon), "user"));
            if (colon >= 0) {
                given.putIfAbsent("password", decoded(login.substring(colon + 1), "password"));
            }
        }
        address(rest.substring(at + 1), given);
        return of(given);
    }

    private static DatabaseUrl of(Map<String, String> given) {
        var parameters = new TreeMap<>(given);
        parameters.keySet().retainAll(PARAMETERS);
        var known = List.of("host", "port", "user", "password", "dbname");
        var ignored = given.keySet().stream()
                .filter(name -> !known.contains(name) && !PARAMETERS.contains(name))
                .toList();
        var user = given.getOrDefault("user", DEFAULT_USER);
        return new DatabaseUrl(
                given.getOrDefault("host", DEFAULT_HOST),
                port(given.getOrDefault("port", String.valueOf(DEFAULT_PORT))),
                user,
                given.get("password"),
                given.getOrDefault("dbname", user),
                parameters,
                ignored);
    }

    /** What a parameter says wins over what the part before it says, as with libpq. */
    private static void put(Map<String, String> given, String name, String value) {
        if (!value.isEmpty()) {
            given.putIfAbsent(name, value);
        }
    }

    private static void query(String query, Map<String, String> given) {
        for (var pair : query.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("a URL parameter without a name or a value, expected name=value");
            }
            var name = decoded(pair.substring(0, equals), "parameter");
            given.put(name, decoded(pair.substring(equals + 1), name));
        }
    }

    private static void address(String address, Map<String, String> given) {
        var host = address;
        var port = "";
        if (address.startsWith("[")) {
            int end = address.indexOf(']');
            if (end < 0) {
                throw new IllegalArgumentException("an IPv6 address without its closing bracket");
            }
            host = address.substring(1, end);
            port = address.substring(end + 1);
            if (!port.isEmpty() && !port.startsWith(":")) {
                throw new IllegalArgumentException("expected ':' and a port behind the IPv6 address");
            }
            port = port.isEmpty() ? "" : port.substring(1);
        } else {
            int colon = address.lastIndexOf(':');
            if (colon != address.indexOf(':')) {
                throw new IllegalArgumentException("expected host:port; an IPv6 address is written in brackets, [::1]");
            }
            if (colon >= 0) {
                host = address.substring(0, colon);
                port = address.substring(colon + 1);
            }
        }
        put(given, "host", decoded(host, "host"));
        put(given, "port", port);
    }

    private static int port(String text) {
        if (!text.matches("[0-9]{1,5}")) {
            throw new IllegalArgumentException(
                    "the port is no number from 1 to 65535; '@', ':' and '/' in a password are written %40, %3A, %2F");
        }
        return Integer.parseInt(text);
    }

    private static String decoded(String text, String part) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        var bytes = new ByteArrayOutputStream();
        int at = 0;
        while (at < text.length()) {
            int next = text.offsetByCodePoints(at, 1);
            if (text.charAt(at) != '%') {
                bytes.writeBytes(text.substring(at, next).getBytes(StandardCharsets.UTF_8));
                at = next;
                continue;
            }
            int high = at + 2 < text.length() ? Character.digit(text.charAt(at + 1), 16) : -1;
            int low = at + 2 < text.length() ? Character.digit(text.charAt(at + 2), 16) : -1;
            if (high < 0 || low < 0) {
                throw new IllegalArgumentException(
                        "a '%' in the " + part + " without two hex digits behind it; a plain one is written %25");
            }
            bytes.write(high * 16 + low);
            at += 3;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("the percent-encoded " + part + " is not UTF-8", e);
        }
    }

    /** Without the password. */
    @Override
    public String toString() {
        var address = host.contains(":") ? "[" + host + "]" : host;
        return "postgres://" + user + "@" + address + ":" + port + "/" + database;
    }
}
