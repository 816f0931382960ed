package dev.flusso.opensearch;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;

/** The operator's and the searching application's way to a cluster, by another client than the sink's. */
final class PlainHttp {

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final URI url;

    PlainHttp(URI url) {
        this.url = url;
    }

    JsonNode get(String path) {
        return json(call("GET", path, ""));
    }

    JsonNode post(String path, String body) {
        return json(call("POST", path, body));
    }

    JsonNode put(String path, String body) {
        return json(call("PUT", path, body));
    }

    JsonNode delete(String path) {
        return json(call("DELETE", path, ""));
    }

    boolean exists(String path) {
        return call("HEAD", path, "").statusCode() == 200;
    }

    /** What a search in an index or alias finds, id to document. */
    SortedMap<String, String> documents(String indexOrAlias) {
        var found = new TreeMap<String, String>();
        for (var hit : get("/" + indexOrAlias + "/_search?size=1000").at("/hits/hits")) {
            found.put(hit.path("_id").asText(), hit.path("_source").toString());
        }
        return found;
    }

    private static JsonNode json(HttpResponse<String> response) {
        try {
            if (response.statusCode() >= 300) {
                throw new AssertionError(
                        response.request() + " was answered " + response.statusCode() + " " + response.body());
            }
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new AssertionError("no JSON: " + response.body(), e);
        }
    }

    private HttpResponse<String> call(String method, String path, String body) {
        var request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(request + " failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(request + " was interrupted", e);
        }
    }
}
