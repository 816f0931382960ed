package dev.flusso.dev.servers;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A {@code _bulk} request cut into its items, so that some can be kept back and answered as rejected.
 *
 * <pre>
 * {"index":{"_index":"users","_id":"1",…}} LF source LF
 * {"delete":{"_id":"2"}} LF
 * </pre>
 *
 * The answer has one element in {@code items} for each item, in order; the rejected ones are put in at their places.
 */
final class BulkRequest {

    private static final Pattern OPERATION = Pattern.compile("^\\s*\\{\\s*\"(index|create|update|delete)\"");
    private static final Pattern ID = Pattern.compile("\"_id\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern INDEX = Pattern.compile("\"_index\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");

    private final ProxiedRequest request;
    private final List<BulkItem> items = new ArrayList<>();
    private final TreeMap<Integer, String> rejected = new TreeMap<>();
    private final StringBuilder rest = new StringBuilder();

    /** Cuts {@code original} and keeps those items back that {@code rejection} wants. */
    BulkRequest(ProxiedRequest original, int status, Predicate<BulkItem> rejection) {
        this.request = original;
        var pathIndex = original.path().replaceFirst("^/", "").replaceFirst("/?_bulk$", "");
        var lines = original.text().split("\n", -1);
        for (var line = 0; line < lines.length; line++) {
            var head = lines[line];
            if (head.isBlank()) {
                continue;
            }
            var operation = first(OPERATION, head)
                    .orElseThrow(() -> new ServerException(
                            "bulk line '" + head + "' is no action, expected index, create, update or delete"));
            var source = operation.equals("delete") ? "" : line + 1 < lines.length ? lines[++line] : "";
            var item = new BulkItem(
                    items.size(),
                    operation,
                    first(INDEX, head).orElse(pathIndex),
                    first(ID, head).orElse(""),
                    source);
            items.add(item);
            if (rejection.test(item)) {
                rejected.put(item.number(), rejection(item, status));
            } else {
                rest.append(head).append('\n');
                if (!operation.equals("delete")) {
                    rest.append(source).append('\n');
                }
            }
        }
    }

    boolean rejectsNothing() {
        return rejected.isEmpty();
    }

    boolean rejectsAll() {
        return rejected.size() == items.size();
    }

    /** The request without the rejected items, and without gzip in either direction. */
    HttpMessage remainder() {
        return request.message()
                .with(
                        rest.toString().getBytes(StandardCharsets.UTF_8),
                        "Content-Encoding",
                        "Accept-Encoding",
                        "Transfer-Encoding");
    }

    /** What to answer when every item is rejected. */
    String answer() {
        return whole("0", new ArrayList<>(rejected.values()));
    }

    /** The target's answer to {@link #remainder} with the rejected items put in; an answer without items comes back as it is. */
    HttpMessage merged(HttpMessage response) {
        if (response.status() != 200) {
            return response;
        }
        var json = new String(response.body(), StandardCharsets.UTF_8);
        var answered = new ArrayList<>(JsonArray.elements(json, "items"));
        if (answered.size() == items.size() - rejected.size()) {
            rejected.forEach(answered::add); // ascending, so each finds its final place
        } else {
            answered.addAll(rejected.values()); // a filter_path has removed items: no places to keep
        }
        var took = first(Pattern.compile("\"took\"\\s*:\\s*(\\d+)"), json).orElse("0");
        return response.with(whole(took, answered).getBytes(StandardCharsets.UTF_8), "Transfer-Encoding");
    }

    private static String whole(String took, List<String> answers) {
        return "{\"took\":" + took + ",\"errors\":true,\"items\":[" + String.join(",", answers) + "]}";
    }

    private static String rejection(BulkItem item, int status) {
        var type = switch (status) {
            case 400 -> "mapper_parsing_exception";
            case 403 -> "cluster_block_exception";
            case 409 -> "version_conflict_engine_exception";
            case 429 -> "rejected_execution_exception";
            case 503 -> "unavailable_shards_exception";
            default -> "exception";
        };
        return "{\"" + item.operation() + "\":{\"_index\":\"" + item.index() + "\",\"_id\":\"" + item.id()
                + "\",\"status\":" + status + ",\"error\":{\"type\":\"" + type
                + "\",\"reason\":\"rejected by the fault proxy\"}}}";
    }

    private static Optional<String> first(Pattern pattern, String text) {
        var matcher = pattern.matcher(text);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
}
