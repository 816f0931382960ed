package dev.flusso.schema.parse;

import dev.flusso.schema.Setting;
import dev.flusso.schema.SinkConfig;
import dev.flusso.schema.connection.ClusterAccess;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code [sinks.<name>]}. */
final class SinkReader {

    private static final Pattern REFRESH = Pattern.compile("-1|0|[0-9]{1,9}(ms|s|m|h|d)");
    private static final String REFRESH_EXPECTED = "\"-1\" for never or an interval such as \"10s\"";
    private static final int MOST_BYTES = Integer.MAX_VALUE;

    private enum Type {
        OPENSEARCH,
        STDOUT
    }

    private final Problems problems;

    SinkReader(Problems problems) {
        this.problems = problems;
    }

    Optional<SinkConfig> read(String name, Node.Mapping mapping) {
        var what = "[sinks." + name + "]";
        var keys = mapping.entries().stream().map(Node.Entry::key).toList();
        var sink = new Table(mapping, what, keys, problems);
        if (!sink.has("type")) {
            sink.missing("type", "one of opensearch, stdout");
            return Optional.empty();
        }
        int before = problems.size();
        var type = sink.choice("type", Type.class, Type.STDOUT);
        if (problems.size() > before) {
            return Optional.empty();
        }
        return Optional.of(
                type == Type.STDOUT
                        ? stdout(name, new Table(mapping, what, Keys.STDOUT, problems))
                        : openSearch(name, new Table(mapping, what, Keys.OPENSEARCH, problems)));
    }

    private static SinkConfig stdout(String name, Table sink) {
        return new SinkConfig.Stdout(name, sink.truth("pretty", false), sink.place());
    }

    private SinkConfig openSearch(String name, Table sink) {
        return new SinkConfig.OpenSearch(
                name,
                url(sink),
                Settings.setting(sink, "username"),
                Settings.setting(sink, "password"),
                Settings.setting(sink, "api_key"),
                Settings.setting(sink, "ca_cert"),
                sink.truth("tls_verify", true),
                sink.whole("batch_size", 1000, 1, 1_000_000),
                Quantities.size(sink, "max_bytes", 10_485_760, 1, MOST_BYTES),
                Duration.ofSeconds(sink.whole("timeout_secs", 30L, 1, 86_400)),
                sink.whole("max_retries", 3, 0, 1000),
                sink.text("pipeline", "", "the name of an ingest pipeline"),
                sink.whole("number_of_shards", 1, 1, 1024),
                sink.whole("number_of_replicas", 1, 0, 1000),
                refreshInterval(sink),
                sink.choice("text_analysis", SinkConfig.TextAnalysis.class, SinkConfig.TextAnalysis.BUILTIN),
                sink.truth("auto_subfields", true),
                sink.truth("compression", false),
                sink.whole("in_flight", 2, 1, 64),
                sink.whole("max_nested", 100_000, 1, Integer.MAX_VALUE),
                Quantities.size(sink, "max_document_bytes", 32 << 20, 1, MOST_BYTES),
                sink.place());
    }

    private Setting url(Table sink) {
        var url = Settings.setting(sink, "url");
        if (url instanceof Setting.Given given) {
            try {
                ClusterAccess.checkedUrl(given.value());
            } catch (IllegalArgumentException e) {
                problems.add(sink.place("url"), "'url' cannot be used: " + e.getMessage());
            }
        }
        return url;
    }

    private static String refreshInterval(Table sink) {
        var interval = sink.text("refresh_interval", "10s", REFRESH_EXPECTED);
        if (!REFRESH.matcher(interval).matches()) {
            sink.problems()
                    .add(
                            sink.place("refresh_interval"),
                            "'refresh_interval' is \"" + interval + "\", expected " + REFRESH_EXPECTED);
        }
        return interval;
    }
}
