package dev.flusso.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The schema in the reference is that of what is written; real processes are held against it where they are started. */
class StatusSchemaTest {

    @Test
    void takesAFullReport() throws Exception {
        assertThat(StatusSchema.read().violations(StatusJson.write(StatusJsonTest.full())))
                .isEmpty();
    }

    @Test
    void refusesWhatIsNotSo() throws Exception {
        var json = StatusJson.write(StatusJsonTest.full());
        var schema = StatusSchema.read();
        assertThat(schema.violations(json.replace("\"phase\":\"backfilling\"", "\"phase\":\"sleeping\"")))
                .singleElement()
                .asString()
                .startsWith("/phase is \"sleeping\", expected one of");
        assertThat(schema.violations(json.replace("\"errors\":1", "\"errors\":\"1\"")))
                .hasSize(1);
        assertThat(schema.violations(json.replace("\"errors\":1", "\"errors\":-1")))
                .hasSize(1);
        assertThat(schema.violations(json.replace("\"errors\":1,", ""))).containsExactly("/errors is missing");
        assertThat(schema.violations(json.replace("\"errors\":1,", "\"errors\":1,\"more\":1,")))
                .containsExactly("/more is not in the schema");
        assertThat(schema.violations(json.replace("2026-11-20T10:00:00Z", "yesterday")))
                .hasSize(2);
    }

    @Test
    void namesEveryStateThereIs() throws Exception {
        var root = StatusSchema.read().root();
        assertThat(words(root.at("/properties/phase/enum"))).isEqualTo(names(StatusReport.Phase.values()));
        assertThat(words(root.at("/properties/indexes/additionalProperties/enum")))
                .isEqualTo(names(StatusReport.IndexPhase.values()));
        assertThat(words(root.at("/$defs/capture/properties/state/enum")))
                .isEqualTo(names(CaptureStatus.State.values()));
        assertThat(words(root.at("/$defs/lane/properties/state/enum"))).isEqualTo(names(LaneStatus.State.values()));
    }

    private static List<String> words(JsonNode array) {
        var words = new ArrayList<String>();
        array.forEach(word -> words.add(word.asText()));
        return words;
    }

    private static List<String> names(Object[] values) {
        return Stream.of(values).map(Object::toString).toList();
    }
}
