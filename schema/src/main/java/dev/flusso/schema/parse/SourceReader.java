package dev.flusso.schema.parse;

import dev.flusso.schema.Setting;
import dev.flusso.schema.SourceConfig;
import dev.flusso.schema.connection.DatabaseUrl;
import java.time.Duration;
import java.util.Optional;

/** Reads {@code [source]}. */
final class SourceReader {

    private enum Type {
        POSTGRES
    }

    private final Problems problems;

    SourceReader(Problems problems) {
        this.problems = problems;
    }

    Optional<SourceConfig> read(Table config) {
        if (!config.has("source")) {
            config.missing("source", "a table [source] with type = \"postgres\"");
            return Optional.empty();
        }
        return config.mapping("source", "[source]").map(mapping -> {
            var source = new Table(mapping, "[source]", Keys.SOURCE, problems);
            if (!source.has("type")) {
                source.missing("type", "\"postgres\"");
            }
            source.choice("type", Type.class, Type.POSTGRES);
            return new SourceConfig(
                    connection(source),
                    source.truth("manage_publication", true),
                    source.choice(
                            "replica_identity",
                            SourceConfig.ReplicaIdentity.class,
                            SourceConfig.ReplicaIdentity.MANAGE),
                    source.choice("publish", SourceConfig.Publish.class, SourceConfig.Publish.ROWS),
                    source.choice("on_gap", SourceConfig.OnGap.class, SourceConfig.OnGap.HEAL),
                    Quantities.duration(
                            source, "heartbeat_interval", Duration.ofSeconds(5), Duration.ZERO, Duration.ofDays(1)),
                    source.place());
        });
    }

    private SourceConfig.Connection connection(Table source) {
        var found = source.node("connection_url");
        if (found == null) {
            return new SourceConfig.Connection.Url(new Setting.Unset());
        }
        if (!(found instanceof Node.Mapping mapping)) {
            var url = Settings.setting(source, "connection_url");
            if (url instanceof Setting.Given given) {
                check(source, given.value());
            }
            return new SourceConfig.Connection.Url(url);
        }
        boolean byReference =
                mapping.entries().stream().anyMatch(entry -> entry.key().equals("env"));
        return byReference
                ? new SourceConfig.Connection.Url(Settings.fromEnv(source, "connection_url", mapping))
                : parts(mapping);
    }

    private void check(Table source, String url) {
        try {
            DatabaseUrl.parse(url);
        } catch (IllegalArgumentException e) {
            problems.add(source.place("connection_url"), "'connection_url' cannot be read: " + e.getMessage());
        }
    }

    private SourceConfig.Connection parts(Node.Mapping mapping) {
        var parts = new Table(mapping, "[source.connection_url]", Keys.CONNECTION, problems);
        return new SourceConfig.Connection.Parts(
                notEmpty(parts, "host", DatabaseUrl.DEFAULT_HOST, "a host name or address"),
                parts.whole("port", DatabaseUrl.DEFAULT_PORT, 1, 65_535),
                notEmpty(parts, "user", DatabaseUrl.DEFAULT_USER, "a role"),
                Settings.setting(parts, "password"),
                parts.requiredText("database", "the database's name").orElse("invalid"));
    }

    private String notEmpty(Table table, String key, String fallback, String expected) {
        var text = table.text(key, fallback, expected);
        if (text.isBlank()) {
            problems.add(table.place(key), "'" + key + "' is empty, expected " + expected);
            return fallback;
        }
        return text;
    }
}
