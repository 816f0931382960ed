package dev.flusso.dev.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SearchServerIT {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @Test
    void keepsWhatItAcknowledgedThroughAKillAndAStopAndStandsStillWhenFrozen() throws Exception {
        try (var server = SearchServer.builder().defaultReplicas(0).start()) {
            var port = server.port();
            assertThat(put(server.url() + "/things/_doc/1", "{\"name\":\"one\"}")
                            .statusCode())
                    .isEqualTo(201);
            server.killHard();
            assertThat(server.isRunning()).isFalse();
            assertThatThrownBy(() -> get(server.url() + "/")).isInstanceOf(IOException.class);
            server.start();
            assertThat(server.port()).isEqualTo(port);
            assertThat(get(server.url() + "/things/_doc/1").body()).contains("\"one\"");
            assertThat(get(server.url() + "/_cluster/health").body()).contains("\"green\"");

            server.freeze();
            assertThatThrownBy(() -> get(server.url() + "/things/_doc/1")).isInstanceOf(HttpTimeoutException.class);
            server.thaw();
            assertThat(get(server.url() + "/things/_doc/1").statusCode()).isEqualTo(200);

            server.restart();
            assertThat(get(server.url() + "/things/_doc/1").statusCode()).isEqualTo(200);
            var major = System.getProperty("flusso.opensearch", "2");
            assertThat(get(server.url() + "/").body()).contains("\"number\" : \"" + major + ".");
            if (major.equals("2")) { // a distribution does not list its modules
                assertThat(get(server.url() + "/_cat/plugins").body().lines()).hasSize(12);
            }
        }
    }

    @Test
    void saysWhatIsMissing() {
        try (var server = SearchServer.builder().classPath("/nowhere").build()) {
            assertThatThrownBy(server::start)
                    .isInstanceOf(ServerException.class)
                    .hasMessageContaining("ended at its start")
                    .hasMessageContaining("NodeMain");
        }
    }

    @Test
    void refusesAWrongSettingByItsName() {
        try (var server = SearchServer.builder().setting("no.such.setting", "1").build()) {
            assertThatThrownBy(server::start).hasMessageContaining("no.such.setting");
        }
    }

    private static HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(url))
                        .timeout(Duration.ofSeconds(2))
                        .build(),
                BodyHandlers.ofString());
    }

    private static HttpResponse<String> put(String url, String body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(body))
                .build();
        return HTTP.send(request, BodyHandlers.ofString());
    }
}
