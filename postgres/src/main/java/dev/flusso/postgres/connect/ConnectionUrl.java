package dev.flusso.postgres.connect;

import java.net.URLEncoder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code postgres://user:password@host:port/database?key=value}, as libpq reads it: every part may be left out and may be
 * percent-encoded; an IPv6 address stands in brackets. Messages never show the part before the {@code @}.
 */
final class ConnectionUrl {

    private static final System.Logger LOG = System.getLogger(ConnectionUrl.class.getName());

    private ConnectionUrl() {}

    static ConnectionSettings parse(String url) {
        var rest = afterScheme(url.strip());
        var query = rest.indexOf('?');
        var parameters = query < 0 ? Map.<String, String>of() : parameters(rest.substring(query + 1));
        rest = query < 0 ? rest : rest.substring(0, query);
        var slash = rest.indexOf('/');
        var path = slash < 0 ? "" : decoded(rest.substring(slash + 1), "the database");
        var authority = slash < 0 ? rest : rest.substring(0, slash);
        var at = authority.lastIndexOf('@');
        var who = at < 0 ? "" : authority.substring(0, at);
        var where = authority.substring(at + 1);
        var colon = who.indexOf(':');
        var user = decoded(colon < 0 ? who : who.substring(0, colon), "the user");
        var password = colon < 0 ? null : decoded(who.substring(colon + 1), "the password");

        var settledUser = first(parameters.get("user"), user, System.getProperty("user.name", "postgres"));
        return new ConnectionSettings(
                first(parameters.get("host"), host(where), "127.0.0.1"),
                port(first(parameters.get("port"), portText(where), "5432")),
                first(parameters.get("dbname"), path, settledUser),
                settledUser,
                parameters.getOrDefault("password", password),
                parameters.get("sslmode"),
                parameters.get("sslrootcert"),
                parameters.get("sslcert"),
                parameters.get("sslkey"),
                parameters.get("application_name"),
                connectTimeout(parameters.get("connect_timeout")));
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String afterScheme(String url) {
        for (var scheme : new String[] {"postgres://", "postgresql://"}) {
            if (url.regionMatches(true, 0, scheme, 0, scheme.length())) {
                return url.substring(scheme.length());
            }
        }
        throw new ConnectionSettingsException(
                "the database URL does not begin with 'postgres://' or 'postgresql://', expected"
                        + " postgres://user:password@host:5432/database");
    }

    private static Map<String, String> parameters(String query) {
        var known = new LinkedHashMap<String, String>();
        for (var pair : query.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            var equals = pair.indexOf('=');
            var key = decoded(equals < 0 ? pair : pair.substring(0, equals), "a parameter");
            var value = equals < 0 ? "" : decoded(pair.substring(equals + 1), "parameter '" + key + "'");
            switch (key) {
                case "sslmode" -> known.put(key, sslMode(value));
                case "sslrootcert", "sslcert", "sslkey", "application_name", "connect_timeout" -> known.put(key, value);
                case "host", "port", "user", "password", "dbname" -> known.put(key, value);
                default ->
                    LOG.log(
                            System.Logger.Level.WARNING,
                            "a parameter of the database URL is not used parameter={0}",
                            key);
            }
        }
        return known;
    }

    private static String sslMode(String value) {
        return switch (value) {
            case "disable", "allow", "prefer", "require", "verify-ca", "verify-full" -> value;
            default ->
                throw new ConnectionSettingsException("'sslmode' of the database URL is '" + value
                        + "', expected one of disable, allow, prefer, require, verify-ca, verify-full");
        };
    }

    private static String host(String where) {
        if (where.startsWith("[")) {
            var close = where.indexOf(']');
            if (close < 0) {
                throw new ConnectionSettingsException("the database URL's host '" + where + "' lacks a ']'");
            }
            return where.substring(1, close);
        }
        if (where.contains(",")) {
            throw new ConnectionSettingsException(
                    "the database URL names several hosts ('" + where + "'), expected one");
        }
        var colon = where.lastIndexOf(':');
        return decoded(colon < 0 ? where : where.substring(0, colon), "the host");
    }

    private static String portText(String where) {
        var colon = where.lastIndexOf(':');
        return colon > where.lastIndexOf(']') && colon >= 0 ? where.substring(colon + 1) : "";
    }

    private static int port(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new ConnectionSettingsException("the database URL's port is '" + text + "', expected 1 to 65535");
        }
    }

    private static Duration connectTimeout(@Nullable String seconds) {
        if (seconds == null || seconds.isEmpty()) {
            return ConnectionSettings.DEFAULT_CONNECT_TIMEOUT;
        }
        try {
            return Duration.ofSeconds(Math.max(0, Integer.parseInt(seconds)));
        } catch (NumberFormatException e) {
            throw new ConnectionSettingsException(
                    "'connect_timeout' of the database URL is '" + seconds + "', expected whole seconds");
        }
    }

    private static String first(@Nullable String... candidates) {
        for (var candidate : candidates) {
            if (candidate != null && !candidate.isEmpty()) {
                return candidate;
            }
        }
        return "";
    }

    /** Percent-decoded; a plus stays a plus. */
    private static String decoded(String text, String what) {
        var bytes = new java.io.ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); ) {
            if (text.charAt(i) == '%') {
                var high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
                var low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    throw new ConnectionSettingsException(
                            what + " in the database URL has a '%' that two hexadecimal digits must follow");
                }
                bytes.write(high << 4 | low);
                i += 3;
            } else {
                var next = text.offsetByCodePoints(i, 1);
                bytes.writeBytes(text.substring(i, next).getBytes(StandardCharsets.UTF_8));
                i = next;
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(java.nio.ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ConnectionSettingsException(what + " in the database URL is not UTF-8 once decoded");
        }
    }
}
