package dev.flusso.dev.shop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class DifferenceTableTest {

    private static List<String> lines(String before, String after, int maxRows, int columns) {
        return DifferenceTable.lines(JsonDifference.between(Json.parse(before), Json.parse(after)), maxRows, columns);
    }

    @Test
    void alignsItsColumns() {
        assertThat(lines(
                        "{\"count\":4,\"spent\":9.90,\"x\":1}", "{\"count\":5,\"spent\":12.00,\"name\":\"Z\"}", 9, 100))
                .containsExactly(
                        "count  4     →  5", //
                        "spent  9.90  →  12.00",
                        "name   +  \"Z\"",
                        "x      -  1");
    }

    @Test
    void keepsEveryLineWithinTheColumns() {
        var before = "{\"a\":\"" + "x".repeat(300) + "\",\"b\":{\"id\":\"" + "y".repeat(300) + "\"}}";
        var after = "{\"a\":\"" + "z".repeat(300) + "\",\"c\":[\"" + "y".repeat(300) + "\"]}";
        assertThat(lines(before, after, 9, 90))
                .hasSize(3)
                .allSatisfy(
                        line -> assertThat(line).hasSizeLessThanOrEqualTo(90).contains("…"));
    }

    @Test
    void countsWhatItLeavesOut() {
        assertThat(lines("{}", "{\"a\":1,\"b\":2,\"c\":3,\"d\":4}", 2, 80))
                .containsExactly("a  +  1", "b  +  2", "… and 2 more places");
    }

    @Test
    void cutsBetweenCharacters() {
        assertThat(DifferenceTable.cut("ab\ud83d\ude00cd", 4)).isEqualTo("ab\ud83d\ude00…");
        assertThat(DifferenceTable.cut("ab\ud83d\ude00c", 4)).isEqualTo("ab\ud83d\ude00c");
    }

    @Test
    void showsAWholeDocumentWithoutAPath() {
        assertThat(DifferenceTable.lines(JsonDifference.between(null, Json.parse("{\"a\":1}")), 9, 80))
                .containsExactly("+  {\"a\":1}");
    }
}
