package dev.flusso.schema.parse;

import dev.flusso.schema.LeafType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every key of both languages. The JSON Schemas are held against these tables by a test. */
final class Keys {

    static final List<String> CONFIG =
            List.of("on_error", "prefix", "source", "sinks", "index", "server", "journal", "worker");
    static final List<String> SOURCE = List.of(
            "type",
            "connection_url",
            "manage_publication",
            "replica_identity",
            "publish",
            "on_gap",
            "heartbeat_interval");
    static final List<String> CONNECTION = List.of("host", "port", "user", "password", "database");
    static final List<String> OPENSEARCH = List.of(
            "type",
            "url",
            "username",
            "password",
            "api_key",
            "ca_cert",
            "tls_verify",
            "batch_size",
            "max_bytes",
            "timeout_secs",
            "max_retries",
            "pipeline",
            "number_of_shards",
            "number_of_replicas",
            "refresh_interval",
            "text_analysis",
            "auto_subfields",
            "compression",
            "in_flight",
            "max_nested",
            "max_document_bytes");
    static final List<String> STDOUT = List.of("type", "pretty");
    static final List<String> INDEX = List.of("name", "schema", "enabled", "on_error");
    static final List<String> SERVER = List.of("public_address", "private_address", "capture_address");
    static final List<String> JOURNAL =
            List.of("path", "retention", "max_bytes", "min_free_bytes", "segment_bytes", "sync_interval");
    static final List<String> WORKER = List.of("batch_size", "batch_delay", "connections", "seed_connections");

    static final List<String> SCHEMA =
            List.of("version", "table", "schema", "primary_key", "soft_delete", "filters", "fields");
    static final List<String> SOFT_DELETE = List.of("column", "field", "when");
    static final List<String> FILTER = List.of("raw", "column", "op", "value");
    static final List<String> ORDER_BY = List.of("column", "direction");
    static final List<String> THROUGH = List.of("table", "left_key", "right_key");

    /** The siblings of each type key, in the order of the reference. */
    static final Map<String, List<String>> SIBLINGS = siblings();

    /** Every key that is a sibling of some type key. */
    static final List<String> ALL_SIBLINGS =
            SIBLINGS.values().stream().flatMap(List::stream).distinct().toList();

    private Keys() {}

    private static Map<String, List<String>> siblings() {
        var leaf = List.of("required", "column", "options", "transforms", "default");
        var all = new LinkedHashMap<String, List<String>>();
        for (var type : LeafType.values()) {
            all.put(type.key(), type == LeafType.ENUM ? plus(leaf, "variants") : leaf);
        }
        all.put("custom", List.of("postgres", "opensearch", "required", "column", "options", "default"));
        all.put("geo", List.of("required", "options", "lat", "lon", "column"));
        all.put("object", List.of("fields", "options"));
        all.put("map", List.of("values", "required", "column", "options"));
        all.put("belongs_to", List.of("table", "primary_key", "fields", "column", "filters", "required", "options"));
        var has = List.of("table", "primary_key", "foreign_key", "fields", "filters", "order_by");
        all.put("has_one", plus(has, "required", "options"));
        all.put("has_many", plus(has, "limit", "options"));
        all.put(
                "many_to_many",
                List.of("table", "primary_key", "through", "fields", "filters", "order_by", "limit", "options"));
        var figure = List.of("table", "foreign_key", "through", "filters", "options");
        all.put("count", figure);
        all.put("avg", plus(figure, "column"));
        for (var function : List.of("sum", "min", "max")) {
            all.put(function, plus(figure, "column", "value_type"));
        }
        all.put("ids", List.of("table", "element_type", "foreign_key", "through", "filters"));
        all.put("constant", List.of("value"));
        return Collections.unmodifiableMap(all);
    }

    private static List<String> plus(List<String> keys, String... more) {
        var all = new ArrayList<>(keys);
        all.addAll(List.of(more));
        return List.copyOf(all);
    }

    /** Why a sibling that other types take does not go with this one; empty when there is no more to say than that. */
    static String reason(String type, String sibling) {
        boolean toMany = type.equals("has_many") || type.equals("many_to_many");
        return switch (sibling) {
            case "required" -> {
                if (toMany) {
                    yield "an array of rows is never null";
                }
                yield isFigure(type) ? "whether a figure can be null follows from its function" : "it is never null";
            }
            case "foreign_key", "through", "column" -> link(type, sibling);
            case "limit" -> "there is one row at most";
            case "order_by" -> type.equals("belongs_to") ? "the primary key finds one row at most" : "";
            case "value_type" -> {
                if (type.equals("count")) {
                    yield "a count is a long";
                }
                yield type.equals("avg") ? "an average is a double" : "";
            }
            case "transforms" -> "transforms are for text, identifier, keyword, uuid and enum";
            case "variants" -> "variants are for enum";
            case "primary_key" -> isFigure(type) ? "the key of the rows it looks at is the one the database knows" : "";
            case "default" -> "defaults are for fields that are one column";
            default -> "";
        };
    }

    private static String link(String type, String sibling) {
        return switch (type) {
            case "belongs_to" -> "the row above names the joined row: use 'column'";
            case "has_one", "has_many" -> "the joined row names the row above: use 'foreign_key'";
            case "many_to_many" -> "rows of a third table name both: use 'through'";
            case "count" -> sibling.equals("column") ? "a count counts rows" : "";
            case "ids" -> sibling.equals("column") ? "ids are the primary keys of the rows" : "";
            default -> "";
        };
    }

    private static boolean isFigure(String type) {
        return List.of("count", "sum", "avg", "min", "max", "ids").contains(type);
    }
}
