package dev.flusso.dev.servers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JsonArrayTest {

    @Test
    void takesTheElementsOfTheOutermostKeyOnly() {
        var json =
                "{ \"a\": {\"items\": [9]}, \"s\":\"items\", \"items\" : [ {\"x\":[1,2,\"]\"]} , {\"y\":\"a,\\\"b}\"},3 ], \"z\":1}";
        assertThat(JsonArray.elements(json, "items"))
                .containsExactly("{\"x\":[1,2,\"]\"]}", "{\"y\":\"a,\\\"b}\"}", "3");
    }

    @Test
    void findsNothingWhereNothingIs() {
        assertThat(JsonArray.elements("{\"items\":[]}", "items")).isEmpty();
        assertThat(JsonArray.elements("{\"items\":{\"items\":[1]}}", "items")).isEmpty();
        assertThat(JsonArray.elements("{\"errors\":false}", "items")).isEmpty();
        assertThat(JsonArray.elements("", "items")).isEmpty();
        assertThat(JsonArray.elements("{\"items", "items")).isEmpty();
    }
}
