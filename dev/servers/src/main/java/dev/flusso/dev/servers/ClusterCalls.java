package dev.flusso.dev.servers;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** The two calls the test bed itself makes to an OpenSearch. */
final class ClusterCalls {

    private ClusterCalls() {}

    /** Whether all primary shards are there, so that after a restart the data is too. */
    static boolean isHealthy(URI server) throws IOException {
        var health = server.resolve("/_cluster/health?wait_for_status=yellow&timeout=10s");
        var connection = (HttpURLConnection) health.toURL().openConnection();
        connection.setConnectTimeout(2_000);
        connection.setReadTimeout(15_000);
        try {
            return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
        } finally {
            connection.disconnect();
        }
    }

    /** For indexes that do not name a number, over restarts too. Only a cluster setting has effect, the node's file has not. */
    static void setDefaultReplicas(URI server, int replicas) {
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
