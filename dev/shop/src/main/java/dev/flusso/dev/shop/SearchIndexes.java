package dev.flusso.dev.shop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.flusso.dev.servers.Eventually;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What can be found in OpenSearch, asked over HTTP as any application would. Any thread may ask. */
final class SearchIndexes {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final int PAGE = 1_000;
    private static final int AT_ONCE = 200;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final URI url;

    SearchIndexes(URI url) {
        this.url = url;
    }

    /** How many documents were ever written to the generations of {@code index}, searchable or not; 0 when there is none yet. */
    long written(String index) {
        var answer = ask("GET", "/" + index + "_*/_stats/indexing?ignore_unavailable=true", null);
        return answer.at("/_all/primaries/indexing/index_total").asLong();
    }

    /** Whether {@code index} can be searched by its plain name. */
    boolean isServed(String index) {
        return send("HEAD", "/" + index, null).statusCode() == 200;
    }

    /** The documents as a search would find them at this moment; null: not found. */
    Map<DocumentName, @Nullable JsonNode> documents(Collection<DocumentName> names) {
        var found = new LinkedHashMap<DocumentName, @Nullable JsonNode>();
        if (names.isEmpty()) {
            return found;
        }
        var body = JsonNodeFactory.instance.objectNode();
        var docs = body.putArray("docs");
        for (var name : names) {
            docs.addObject().put("_index", name.index()).put("_id", name.id());
        }
        // not realtime: what is written but not refreshed is not there
        var answers = ask("POST", "/_mget?realtime=false", body.toString()).path("docs");
        var position = 0;
        for (var name : names) {
            var answer = answers.path(position++);
            found.put(name, answer.path("found").asBoolean() ? answer.get("_source") : null);
        }
        return found;
    }

    /** Waits until each of these is found as given; null: until it is not found. Returns how long after {@code sinceNanos}. */
    Duration await(Map<DocumentName, @Nullable JsonNode> wanted, long sinceNanos, Duration deadline) {
        var waiting = new ArrayList<>(wanted.keySet());
        Eventually.within(deadline).until("documents " + first(waiting) + " to be as the database says", () -> {
            // in order and not all each time: to look must not take longer than what is measured
            while (!waiting.isEmpty()) {
                var next = waiting.subList(0, Math.min(AT_ONCE, waiting.size()));
                var done = new ArrayList<DocumentName>();
                documents(List.copyOf(next)).forEach((name, found) -> {
                    if (JsonDifference.between(wanted.get(name), found).isEmpty()) {
                        done.add(name);
                    }
                });
                next.removeAll(done);
                if (done.isEmpty()) {
                    return false;
                }
            }
            return true;
        });
        return Duration.ofNanos(System.nanoTime() - sinceNanos);
    }

    private static List<DocumentName> first(List<DocumentName> names) {
        return List.copyOf(names.subList(0, Math.min(3, names.size())));
    }

    /** Every document of an index by id, made searchable first. */
    Map<String, JsonNode> all(String index) {
        ask("POST", "/" + index + "/_refresh", null);
        var documents = new HashMap<String, JsonNode>();
        var page = ask("POST", "/" + index + "/_search?scroll=1m&size=" + PAGE, "{\"sort\":[\"_doc\"]}");
        while (!page.path("hits").path("hits").isEmpty()) {
            page.path("hits")
                    .path("hits")
                    .forEach(hit -> documents.put(hit.path("_id").asText(), hit.get("_source")));
            var next = JsonNodeFactory.instance.objectNode();
            next.put("scroll", "1m").put("scroll_id", page.path("_scroll_id").asText());
            page = ask("POST", "/_search/scroll", next.toString());
        }
        return documents;
    }

    private JsonNode ask(String method, String path, @Nullable String body) {
        var answer = send(method, path, body);
        if (answer.statusCode() >= 300) {
            throw new DemoException(method + " " + url + path + " answered " + answer.statusCode() + ": "
                    + DifferenceTable.cut(answer.body(), 500));
        }
        return Json.parse(answer.body());
    }

    private HttpResponse<String> send(String method, String path, @Nullable String body) {
        var publisher = body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body);
        var request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .method(method, publisher)
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new DemoException(method + " " + url + path + " failed: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DemoException("interrupted while OpenSearch was asked", e);
        }
    }
}
