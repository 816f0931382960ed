package dev.flusso.dev.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The proxy before the real servers. */
class FaultProxyIT {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @BeforeAll
    static void warmUp() {
        SharedServers.warmUp();
    }

    @Test
    void cutsRefusesAndSilencesPostgres() throws SQLException {
        var server = SharedServers.postgres();
        try (var proxy = FaultProxy.before(server)) {
            var url = proxy.through(server.freshDatabase("proxied")) + "&socketTimeout=1&connectTimeout=1";
            try (var connection = DriverManager.getConnection(url);
                    var statement = connection.createStatement()) {
                statement.execute("create table t (id int)");
                proxy.dropResponses();
                assertThatThrownBy(() -> statement.execute("insert into t values (1)"))
                        .isInstanceOf(SQLException.class);
            }
            proxy.refuse();
            assertThatThrownBy(() -> DriverManager.getConnection(url)).hasMessageContaining("refused");
            proxy.blackhole();
            assertThatThrownBy(() -> DriverManager.getConnection(url)).isInstanceOf(SQLException.class);
            proxy.pass();
            Eventually.within(Duration.ofSeconds(10)).passes("the insert whose answer was lost", () -> {
                try (var connection = DriverManager.getConnection(url);
                        var statement = connection.createStatement();
                        var rows = statement.executeQuery("select count(*) from t")) {
                    rows.next();
                    assertThat(rows.getInt(1)).isEqualTo(1);
                }
            });
        }
    }

    @Test
    void rejectsItemsOfARealBulkAndDeliversAStaleRequestLate() throws Exception {
        var server = SharedServers.search();
        try (var proxy = FaultProxy.before(server)) {
            proxy.http().next(1).rejectItems(429, item -> item.id().equals("2"));
            var bulk = item(1, 5, "a") + item(2, 5, "b") + item(3, 5, "c");
            var answer = send(proxy, bulk, Duration.ofSeconds(20)).body();
            assertThat(JsonArray.elements(answer, "items"))
                    .satisfiesExactly(
                            first -> assertThat(first).contains("\"status\":201"),
                            second -> assertThat(second).contains("\"status\":429"),
                            third -> assertThat(third).contains("\"status\":201"));
            assertThat(JsonArray.elements(
                            send(proxy, item(2, 5, "b"), Duration.ofSeconds(20)).body(), "items"))
                    .satisfiesExactly(second -> assertThat(second).contains("\"status\":201"));

            var late = proxy.http().next(1).hold();
            assertThatThrownBy(() -> send(proxy, item(1, 4, "old"), Duration.ofMillis(300)))
                    .isInstanceOf(HttpTimeoutException.class);
            late.await(1, Duration.ofSeconds(5));
            assertThat(late.deliver(Duration.ofSeconds(20))).containsExactly(200);
            var kept = HttpRequest.newBuilder(server.url().resolve("/proxied/_doc/1"))
                    .build();
            assertThat(CLIENT.send(kept, BodyHandlers.ofString()).body()).contains("\"a\"");
        }
    }

    private static String item(int id, int version, String value) {
        return "{\"index\":{\"_index\":\"proxied\",\"_id\":\"" + id + "\",\"version\":" + version
                + ",\"version_type\":\"external_gte\"}}\n{\"v\":\"" + value + "\"}\n";
    }

    private static HttpResponse<String> send(FaultProxy proxy, String bulk, Duration timeout)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(
                        proxy.url().resolve("/_bulk?filter_path=errors,took,items.*.error,items.*.status"))
                .timeout(timeout)
                .header("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.ofString(bulk))
                .build();
        return CLIENT.send(request, BodyHandlers.ofString());
    }
}
