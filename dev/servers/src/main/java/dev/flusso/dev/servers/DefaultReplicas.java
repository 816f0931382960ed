package dev.flusso.dev.servers;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** The number of replicas of indexes that do not name one; only a cluster setting has effect, the node's file has not. */
final class DefaultReplicas {

    private DefaultReplicas() {}

    /** Sets it for good, over restarts too. */
    static void set(URI server, int replicas) {
        var body = "{\"persistent\":{\"cluster.default_number_of_replicas\":" + replicas + "}}";
        try {
            var connection = (HttpURLConnection)
                    server.resolve("/_cluster/settings").toURL().openConnection();
            connection.setRequestMethod("PUT");
            connection.setRequestProperty("Content-Type", "application/json");
            connection.setConnectTimeout(5_000);
            connection.setReadTimeout(30_000);
            connection.setDoOutput(true);
            try (var request = connection.getOutputStream()) {
                request.write(body.getBytes(StandardCharsets.UTF_8));
            }
            if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
                throw new ServerException("OpenSearch at " + server + " answered " + connection.getResponseCode()
                        + " to cluster.default_number_of_replicas=" + replicas + ", expected 200");
            }
        } catch (IOException e) {
            throw new ServerException("cannot set the default number of replicas at " + server + ": " + e, e);
        }
    }
}
