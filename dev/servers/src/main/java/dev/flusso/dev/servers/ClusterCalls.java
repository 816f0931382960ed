package dev.flusso.dev.servers;

import dev.flusso.dev.servers.SearchServer.Credentials;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import javax.net.ssl.HttpsURLConnection;
import org.jspecify.annotations.Nullable;

/**
 * The two calls the test bed itself makes to an OpenSearch.
 *
 * @param credentials null where nobody asks for any
 * @param trusted the certificate to insist on, null for plain HTTP
 */
record ClusterCalls(
        URI server,
        @Nullable Credentials credentials,
        @Nullable Path trusted) {

    /** Whether all primary shards are there, so that after a restart the data is too. */
    boolean isHealthy() throws IOException {
        var connection = open("/_cluster/health?wait_for_status=yellow&timeout=10s", 15_000);
        try {
            return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
        } finally {
            connection.disconnect();
        }
    }

    /** For indexes that do not name a number, over restarts too. Only a cluster setting has effect, the node's file has not. */
    void setDefaultReplicas(int replicas) {
        var body = "{\"persistent\":{\"cluster.default_number_of_replicas\":" + replicas + "}}";
        try {
            var connection = open("/_cluster/settings", 30_000);
            connection.setRequestMethod("PUT");
            connection.setRequestProperty("Content-Type", "application/json");
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

    private HttpURLConnection open(String path, int readTimeoutMillis) throws IOException {
        var connection = (HttpURLConnection) server.resolve(path).toURL().openConnection();
        connection.setConnectTimeout(5_000);
        connection.setReadTimeout(readTimeoutMillis);
        if (trusted != null && connection instanceof HttpsURLConnection secured) {
            secured.setSSLSocketFactory(SelfSigned.trusting(trusted).getSocketFactory());
        }
        if (credentials != null) {
            var text = credentials.user() + ":" + credentials.password();
            connection.setRequestProperty(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
        }
        return connection;
    }
}
