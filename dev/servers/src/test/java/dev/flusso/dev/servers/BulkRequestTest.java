package dev.flusso.dev.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BulkRequestTest {

    private static final String BULK = """
            {"index":{"_index":"users","_id":"a\\"b"}}
            {"index":{"_id":"not me"}}
            { "delete" : { "_id": "2" } }
            {"create":{"_index":"users","_id":"3"}}
            {"n":3}
            """;

    @Test
    void seesEachItemWhole() {
        var items = new ArrayList<BulkItem>();
        bulk(BULK, items);
        assertThat(items)
                .containsExactly(
                        new BulkItem(0, "index", "users", "a\\\"b", "{\"index\":{\"_id\":\"not me\"}}"),
                        new BulkItem(1, "delete", "inpath", "2", ""),
                        new BulkItem(2, "create", "users", "3", "{\"n\":3}"));
    }

    @Test
    void putsRejectionsIntoTheirPlaces() {
        var bulk = new BulkRequest(request(BULK), 400, item -> item.number() != 1);
        assertThat(bulk.rejectsNothing()).isFalse();
        assertThat(bulk.rejectsAll()).isFalse();
        assertThat(text(bulk.remainder())).isEqualTo("{ \"delete\" : { \"_id\": \"2\" } }\n");
        var merged =
                text(bulk.merged(response("{\"took\":12,\"errors\":false,\"items\":[{\"delete\":{\"status\":404}}]}")));
        assertThat(merged).startsWith("{\"took\":12,\"errors\":true,");
        assertThat(JsonArray.elements(merged, "items"))
                .satisfiesExactly(
                        first -> assertThat(first).contains("mapper_parsing_exception", "a\\\"b"),
                        second -> assertThat(second).isEqualTo("{\"delete\":{\"status\":404}}"),
                        third -> assertThat(third).contains("\"create\"", "\"status\":400"));
    }

    @Test
    void answersAloneWhenItRejectsAll() {
        var bulk = new BulkRequest(request(BULK), 429, item -> true);
        assertThat(bulk.rejectsAll()).isTrue();
        assertThat(JsonArray.elements(bulk.answer(), "items")).hasSize(3);
    }

    @Test
    void leavesAFailedAnswerAlone() {
        var bulk = new BulkRequest(request(BULK), 429, item -> item.number() == 0);
        var failed = HttpMessage.of("HTTP/1.1 503 Service Unavailable", Map.of(), new byte[0]);
        assertThat(bulk.merged(failed)).isSameAs(failed);
    }

    @Test
    void namesALineThatIsNoAction() {
        assertThatThrownBy(() -> bulk("{\"n\":1}\n", new ArrayList<>()))
                .isInstanceOf(ServerException.class)
                .hasMessageContaining("{\"n\":1}");
    }

    private static void bulk(String body, List<BulkItem> items) {
        var bulk = new BulkRequest(request(body), 429, item -> !items.add(item));
        assertThat(bulk.rejectsNothing()).isTrue();
    }

    private static ProxiedRequest request(String body) {
        return new ProxiedRequest(HttpMessage.of(
                "POST /inpath/_bulk?refresh=true HTTP/1.1", Map.of(), body.getBytes(StandardCharsets.UTF_8)));
    }

    private static HttpMessage response(String body) {
        return HttpMessage.of("HTTP/1.1 200 OK", Map.of(), body.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(HttpMessage message) {
        return new String(message.body(), StandardCharsets.UTF_8);
    }
}
