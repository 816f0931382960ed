package dev.flusso.dev.shop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ComparisonTest {

    private static Map<String, JsonNode> documents(String... idsAndTexts) {
        var documents = new TreeMap<String, JsonNode>();
        for (var i = 0; i < idsAndTexts.length; i += 2) {
            documents.put(idsAndTexts[i], Json.parse(idsAndTexts[i + 1]));
        }
        return documents;
    }

    @Test
    void findsEqualWhatIsEqual() {
        var comparison = Comparison.of(
                "users",
                documents("1", "{\"a\":1.50,\"b\":2}", "2", "{}"),
                documents("1", "{\"b\":2,\"a\":1.50}", "2", "{}"));
        assertThat(comparison.isEqual()).isTrue();
        assertThat(comparison.compared()).isEqualTo(2);
        assertThat(comparison.report(5, 100)).isEmpty();
    }

    @Test
    void tellsMissingUnexpectedAndDifferentApart() {
        var comparison = Comparison.of(
                "users",
                documents("1", "{\"a\":1}", "2", "{\"a\":1}", "3", "{\"a\":1}"),
                documents("1", "{\"a\":1}", "3", "{\"a\":2}", "4", "{\"a\":1}"));
        assertThat(comparison.isEqual()).isFalse();
        assertThat(comparison.differences()).isEqualTo(3);
        assertThat(comparison.compared()).isEqualTo(4);
        assertThat(comparison.report(5, 100))
                .containsExactly(
                        "users: 1 missing in the index: 2",
                        "users: 1 not in the database: 4",
                        "users/3 differs: database → index",
                        "    a  1  →  2");
    }

    @Test
    void anEmptyIndexIsMissingEverything() {
        var comparison = Comparison.of("users", documents("1", "{}", "2", "{}"), Map.of());
        assertThat(comparison.missing()).containsExactly("1", "2");
    }

    @Test
    void showsOnlySoManyOfEachKind() {
        var expected = new TreeMap<String, JsonNode>();
        var found = new TreeMap<String, JsonNode>();
        IntStream.range(0, 30).forEach(id -> {
            expected.put("gone" + id, Json.parse("{}"));
            expected.put("other" + id, Json.parse("{\"a\":1}"));
            found.put("other" + id, Json.parse("{\"a\":2}"));
            found.put("more" + id, Json.parse("{}"));
        });
        var report = Comparison.of("users", expected, found).report(2, 100);
        assertThat(report)
                .contains(
                        "users: 30 missing in the index: gone0, gone1, …",
                        "users: 30 not in the database: more0, more1, …",
                        "… and 28 more documents of users that differ")
                .hasSize(2 + 2 * 2 + 1);
    }
}
