package dev.flusso.schema.connection;

import dev.flusso.schema.Config;
import dev.flusso.schema.ConfigException;
import dev.flusso.schema.Place;
import dev.flusso.schema.Problem;
import dev.flusso.schema.Setting;
import dev.flusso.schema.SinkConfig;
import dev.flusso.schema.SourceConfig;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Resolves settings where the pipeline runs. Highest first: an explicit {@code { env = "X" }}, which must be set; the reserved variable
 * {@code DATABASE_URL} or {@code <SINK>_OPENSEARCH_…}, an empty one counts as unset; what the config says; else an error or nothing.
 */
public final class Environment {

    public static final String DATABASE_URL = "DATABASE_URL";

    private final Map<String, String> variables;

    private Environment(Map<String, String> variables) {
        this.variables = Map.copyOf(variables);
    }

    /** The environment of this process. */
    public static Environment ofProcess() {
        return new Environment(System.getenv());
    }

    public static Environment of(Map<String, String> variables) {
        return new Environment(variables);
    }

    /**
     * How the source is reached.
     *
     * @throws ConfigException when nothing says so, a variable is not set, or what it holds cannot be read
     */
    public DatabaseUrl database(SourceConfig source) {
        var connection = source.connection();
        var place = source.place();
        if (connection instanceof SourceConfig.Connection.Url url) {
            var found = resolved(url.url(), DATABASE_URL, "source.connection_url", place)
                    .orElseThrow(() -> new ConfigException(
                            place,
                            "'source.connection_url' is not given and " + DATABASE_URL
                                    + " is not set, expected one of them"));
            return read(found, place);
        }
        var reserved = reserved(DATABASE_URL);
        if (reserved.isPresent()) {
            return read(new Found(reserved.orElseThrow(), "variable " + DATABASE_URL), place);
        }
        var parts = (SourceConfig.Connection.Parts) connection;
        var password = resolved(parts.password(), null, "source.connection_url.password", place);
        try {
            return new DatabaseUrl(
                    parts.host(),
                    parts.port(),
                    parts.user(),
                    password.map(Found::value).orElse(null),
                    parts.database(),
                    new TreeMap<>(),
                    List.of());
        } catch (IllegalArgumentException e) {
            throw new ConfigException(place, "'source.connection_url' cannot be used: " + e.getMessage());
        }
    }

    private static DatabaseUrl read(Found found, Place place) {
        try {
            return DatabaseUrl.parse(found.value);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(place, found.origin + " cannot be read: " + e.getMessage());
        }
    }

    /**
     * How a cluster is reached. Credentials in its URL count as user name and password that were not given otherwise.
     *
     * @throws ConfigException when nothing says so, a variable is not set, or what it holds cannot be used
     */
    public ClusterAccess cluster(SinkConfig.OpenSearch sink) {
        var key = "sinks." + sink.name();
        var place = sink.place();
        var url = resolved(sink.url(), variable(sink, "URL"), key + ".url", place)
                .orElseThrow(() -> new ConfigException(
                        place,
                        "'" + key + ".url' is not given and " + variable(sink, "URL")
                                + " is not set, expected one of them"));
        var username = text(sink.username(), variable(sink, "USERNAME"), key + ".username", place);
        var password = text(sink.password(), variable(sink, "PASSWORD"), key + ".password", place);
        var apiKey = text(sink.apiKey(), variable(sink, "API_KEY"), key + ".api_key", place);
        var caCert = text(sink.caCert(), variable(sink, "CA_CERT"), key + ".ca_cert", place);
        try {
            var uri = ClusterAccess.checkedUrl(url.value);
            var login = uri.getUserInfo();
            if (login != null && username == null) {
                int colon = login.indexOf(':');
                username = colon < 0 ? login : login.substring(0, colon);
                password = password != null || colon < 0 ? password : login.substring(colon + 1);
            }
            return new ClusterAccess(withoutLogin(uri), username, password, apiKey, caCert, sink.tlsVerify());
        } catch (IllegalArgumentException e) {
            throw new ConfigException(place, url.origin + " cannot be used: " + e.getMessage());
        }
    }

    private static URI withoutLogin(URI uri) {
        try {
            return new URI(uri.getScheme(), null, uri.getHost(), uri.getPort(), uri.getPath(), null, null);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("expected a URL such as https://search.example.com:9200");
        }
    }

    /** The literals of a config that a reserved variable replaces here, to be logged: nothing is overridden in silence. */
    public List<Problem> overridden(Config config) {
        var notes = new ArrayList<Problem>();
        var connection = config.source().connection();
        boolean literal =
                !(connection instanceof SourceConfig.Connection.Url url) || url.url() instanceof Setting.Given;
        if (literal) {
            note("source.connection_url", DATABASE_URL, config.source().place(), notes);
        }
        for (var sink : config.sinks()) {
            if (sink instanceof SinkConfig.OpenSearch cluster) {
                note(cluster, "url", cluster.url(), notes);
                note(cluster, "username", cluster.username(), notes);
                note(cluster, "password", cluster.password(), notes);
                note(cluster, "api_key", cluster.apiKey(), notes);
                note(cluster, "ca_cert", cluster.caCert(), notes);
            }
        }
        return List.copyOf(notes);
    }

    /**
     * Where each setting that may come from the environment comes from here: {@code variable X}, or {@code file}; by its key, without
     * those nobody gave. Never a value.
     */
    public SortedMap<String, String> origins(Config config) {
        var origins = new TreeMap<String, String>();
        var connection = config.source().connection();
        var url = connection instanceof SourceConfig.Connection.Url given ? given.url() : new Setting.Given("");
        origin("source.connection_url", DATABASE_URL, url, origins);
        for (var sink : config.sinks()) {
            if (sink instanceof SinkConfig.OpenSearch cluster) {
                origin(cluster, "url", cluster.url(), origins);
                origin(cluster, "username", cluster.username(), origins);
                origin(cluster, "password", cluster.password(), origins);
                origin(cluster, "api_key", cluster.apiKey(), origins);
                origin(cluster, "ca_cert", cluster.caCert(), origins);
            }
        }
        return origins;
    }

    private void origin(SinkConfig.OpenSearch sink, String key, Setting setting, Map<String, String> origins) {
        origin("sinks." + sink.name() + "." + key, variable(sink, key.toUpperCase(Locale.ROOT)), setting, origins);
    }

    private void origin(String key, String variable, Setting setting, Map<String, String> origins) {
        if (setting instanceof Setting.FromEnv reference) {
            origins.put(key, "variable " + reference.variable());
        } else if (reserved(variable).isPresent()) {
            origins.put(key, "variable " + variable);
        } else if (setting instanceof Setting.Given) {
            origins.put(key, "file");
        }
    }

    private void note(SinkConfig.OpenSearch sink, String key, Setting setting, List<Problem> notes) {
        if (setting instanceof Setting.Given) {
            var variable = variable(sink, key.toUpperCase(Locale.ROOT));
            note("sinks." + sink.name() + "." + key, variable, sink.place(), notes);
        }
    }

    private void note(String key, String variable, Place place, List<Problem> notes) {
        if (reserved(variable).isPresent()) {
            notes.add(new Problem(place, "'" + key + "' is overridden by the variable " + variable));
        }
    }

    /** The reserved variable of a sink, such as {@code PRIMARY_OPENSEARCH_URL}. */
    public static String variable(SinkConfig.OpenSearch sink, String what) {
        return sink.name().toUpperCase(Locale.ROOT) + "_OPENSEARCH_" + what;
    }

    private @Nullable String text(Setting setting, String reserved, String key, Place place) {
        return resolved(setting, reserved, key, place).map(Found::value).orElse(null);
    }

    /** A value and where it came from, for messages. */
    private record Found(String value, String origin) {
        /** Never prints the value. */
        @Override
        public String toString() {
            return origin;
        }
    }

    private Optional<Found> resolved(Setting setting, @Nullable String reserved, String key, Place place) {
        if (setting instanceof Setting.FromEnv reference) {
            var value = variables.get(reference.variable());
            if (value == null) {
                throw new ConfigException(
                        place,
                        "variable " + reference.variable() + ", which '" + key
                                + "' refers to, is not set in this environment");
            }
            return Optional.of(new Found(value, "variable " + reference.variable()));
        }
        var override = reserved == null ? Optional.<String>empty() : reserved(reserved);
        if (override.isPresent()) {
            return override.map(value -> new Found(value, "variable " + reserved));
        }
        return setting instanceof Setting.Given given
                ? Optional.of(new Found(given.value(), "'" + key + "'"))
                : Optional.empty();
    }

    private Optional<String> reserved(String variable) {
        return Optional.ofNullable(variables.get(variable)).filter(value -> !value.isEmpty());
    }
}
