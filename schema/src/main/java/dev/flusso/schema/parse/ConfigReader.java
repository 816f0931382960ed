package dev.flusso.schema.parse;

import dev.flusso.schema.Config;
import dev.flusso.schema.DocumentSchema;
import dev.flusso.schema.IndexConfig;
import dev.flusso.schema.JournalConfig;
import dev.flusso.schema.OnError;
import dev.flusso.schema.Place;
import dev.flusso.schema.ServerConfig;
import dev.flusso.schema.SinkConfig;
import dev.flusso.schema.WorkerConfig;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads a whole {@code flusso.toml}, whatever notation it came in. */
final class ConfigReader {

    private static final Duration LONGEST = Duration.ofDays(3650);
    private static final Pattern PREFIX =
            Pattern.compile("[\\p{Ll}\\p{Nd}\\p{Lo}][^\\p{Lu} ,:\"*+/\\\\|?#<>\\p{Cntrl}]*");
    private static final int MOST_PREFIX_BYTES = 50;
    private static final Pattern ADDRESS = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^:\\[\\]\\s]+):([0-9]{1,5})");

    /** Where the schema of an index comes from. */
    interface Schemas {
        /** The schema; empty when it cannot be read, which is then among the problems. */
        Optional<DocumentSchema> read(Node found, Table index);
    }

    private final Problems problems;
    private final Schemas schemas;

    ConfigReader(Problems problems, Schemas schemas) {
        this.problems = problems;
        this.schemas = schemas;
    }

    /** The config; empty when there is any problem. */
    Optional<Config> read(Node.Mapping root) {
        var table = new Table(root, "the config", Keys.CONFIG, problems);
        var onError = table.choice("on_error", OnError.class, OnError.STOP);
        var prefix = prefix(table);
        var source = new SourceReader(problems).read(table);
        var sinks = sinks(table);
        var indexes = indexes(table, onError);
        var server = server(table);
        var journal = journal(table);
        var worker = worker(table);
        if (!problems.isEmpty() || source.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Config(onError, prefix, source.orElseThrow(), sinks, indexes, server, journal, worker));
    }

    private static String prefix(Table table) {
        var expected = "lower case, a letter or digit first, at most 50 bytes, none of space , : \" * + / \\ | ? # < >";
        var prefix = table.text("prefix", "", expected);
        if (!prefix.isEmpty()
                && (!PREFIX.matcher(prefix).matches()
                        || prefix.getBytes(StandardCharsets.UTF_8).length > MOST_PREFIX_BYTES)) {
            table.problems().add(table.place("prefix"), "'prefix' is \"" + prefix + "\", expected " + expected);
        }
        return prefix;
    }

    private List<SinkConfig> sinks(Table config) {
        var all = config.mapping("sinks", "[sinks.primary]");
        if (all.isEmpty() || all.orElseThrow().entries().isEmpty()) {
            return List.of(new SinkConfig.Stdout("stdout", false, config.place()));
        }
        var sinks = new ArrayList<SinkConfig>();
        for (var entry : all.orElseThrow().entries()) {
            if (!Names.isLowerCase(entry.key())) {
                problems.add(entry.place(), "sink name '" + entry.key() + "', expected " + Names.LOWER);
            }
            if (entry.value() instanceof Node.Mapping mapping) {
                new SinkReader(problems).read(entry.key(), mapping).ifPresent(sinks::add);
            } else {
                problems.add(
                        entry.place(),
                        "'sinks." + entry.key() + "' is " + entry.value().kind() + ", expected a table such as [sinks."
                                + entry.key() + "]");
            }
        }
        return sinks;
    }

    private List<IndexConfig> indexes(Table config, OnError inherited) {
        var indexes = new ArrayList<IndexConfig>();
        Map<String, Place> names = new HashMap<>();
        for (var mapping : config.mappings("index", "[[index]] with 'name' and 'schema'")) {
            var index = new Table(mapping, "[[index]]", Keys.INDEX, problems);
            var name = index.requiredText("name", Names.LOWER);
            name.ifPresent(given -> {
                if (!Names.isLowerCase(given)) {
                    problems.add(index.place("name"), "'name' is \"" + given + "\", expected " + Names.LOWER);
                }
                var before = names.putIfAbsent(given, index.place("name"));
                if (before != null) {
                    problems.add(
                            index.place("name"),
                            "index name '" + given + "' is used twice, first in line " + before.line());
                }
            });
            var onError = index.choice("on_error", OnError.class, inherited);
            boolean enabled = index.truth("enabled", true);
            var found = index.node("schema");
            if (found == null) {
                index.missing("schema", "the path of a *.schema.yml");
                continue;
            }
            var schema = schemas.read(found, index);
            if (schema.isPresent() && name.isPresent()) {
                indexes.add(new IndexConfig(name.orElseThrow(), enabled, onError, schema.orElseThrow(), index.place()));
            }
        }
        return indexes;
    }

    /** A table that may be left out. */
    private Table optional(Table config, String key, List<String> known) {
        var mapping = config.mapping(key, "[" + key + "]");
        return new Table(
                mapping.orElse(new Node.Mapping(List.of(), config.place(key))), "[" + key + "]", known, problems);
    }

    private ServerConfig server(Table config) {
        var server = optional(config, "server", Keys.SERVER);
        return new ServerConfig(
                address(server, "public_address", "127.0.0.1:9464"),
                address(server, "private_address", "127.0.0.1:9465"),
                address(server, "capture_address", "127.0.0.1:9466"));
    }

    private static String address(Table table, String key, String fallback) {
        var expected = "host:port such as \"" + fallback + "\"";
        var address = table.text(key, fallback, expected);
        var match = ADDRESS.matcher(address);
        if (!match.matches() || Integer.parseInt(match.group(2)) > 65_535) {
            table.problems().add(table.place(key), "'" + key + "' is \"" + address + "\", expected " + expected);
            return fallback;
        }
        return address;
    }

    private JournalConfig journal(Table config) {
        var journal = optional(config, "journal", Keys.JOURNAL);
        int before = problems.size();
        var path = journal.text("path", "flusso-journal", "a directory");
        if (path.isBlank() || path.indexOf('\0') >= 0) {
            problems.add(journal.place("path"), "'path' is empty, expected a directory");
        }
        long maxBytes = Quantities.size(journal, "max_bytes", 20L << 30, 1 << 20, Long.MAX_VALUE);
        long segmentBytes = Quantities.size(journal, "segment_bytes", 128L << 20, 64 << 10, 1 << 30);
        if (maxBytes / 2 < segmentBytes) {
            problems.add(
                    journal.place("max_bytes"),
                    "'max_bytes' is " + maxBytes + " bytes, expected room for two segments at least, "
                            + 2 * segmentBytes + " ('segment_bytes' is " + segmentBytes + ")");
        }
        long minFreeBytes = Quantities.size(journal, "min_free_bytes", 512L << 20, 0, Long.MAX_VALUE);
        var retention = Quantities.duration(journal, "retention", Duration.ofHours(24), Duration.ZERO, LONGEST);
        var syncInterval = Quantities.duration(
                journal, "sync_interval", Duration.ofMillis(10), Duration.ZERO, Duration.ofMinutes(1));
        boolean good = problems.size() == before;
        return new JournalConfig(
                good ? path : "flusso-journal",
                retention,
                good ? maxBytes : 2 * segmentBytes,
                minFreeBytes,
                segmentBytes,
                syncInterval);
    }

    private WorkerConfig worker(Table config) {
        var worker = optional(config, "worker", Keys.WORKER);
        int connections = worker.whole("connections", 4, 1, 1000);
        int seedConnections = worker.whole("seed_connections", Math.min(2, connections), 1, 1000);
        if (seedConnections > connections) {
            problems.add(
                    worker.place("seed_connections"),
                    "'seed_connections' is " + seedConnections + ", expected at most 'connections', which is "
                            + connections);
        }
        return new WorkerConfig(
                worker.whole("batch_size", 2000, 1, 100_000),
                Quantities.duration(worker, "batch_delay", Duration.ofMillis(20), Duration.ZERO, Duration.ofMinutes(1)),
                connections,
                Math.min(seedConnections, connections));
    }
}
