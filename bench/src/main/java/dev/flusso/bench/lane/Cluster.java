package dev.flusso.bench.lane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Asks an OpenSearch, or anything else that answers in JSON. Any thread. */
final class Cluster {

    static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI url;

    Cluster(URI url) {
        this.url = url;
    }

    JsonNode get(String path) throws IOException {
        return send("GET", path, new byte[0]);
    }

    /** @param body JSON, or lines of it; nothing is sent when it is empty */
    JsonNode send(String method, String path, byte[] body) throws IOException {
        var publisher = body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body);
        var request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(Duration.ofMinutes(2))
                .header("Content-Type", "application/x-ndjson")
                .method(method, publisher)
                .build();
        try {
            var answer = http.send(request, BodyHandlers.ofByteArray());
            if (answer.statusCode() >= 400) {
                throw new IOException(
                        method + " " + path + " answered " + answer.statusCode() + ": " + JSON.readTree(answer.body()));
            }
            return JSON.readTree(answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(method + " " + path + " was interrupted", e);
        }
    }

    /** CPU the first node's process has used so far. */
    Duration cpu() throws IOException {
        var nodes = get("/_nodes/stats/process").path("nodes");
        return Duration.ofMillis(nodes.elements()
                .next()
                .path("process")
                .path("cpu")
                .path("total_in_millis")
                .longValue());
    }
}
