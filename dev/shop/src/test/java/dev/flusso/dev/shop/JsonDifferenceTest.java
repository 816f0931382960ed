package dev.flusso.dev.shop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class JsonDifferenceTest {

    private static List<String> between(String before, String after) {
        return JsonDifference.between(Json.parse(before), Json.parse(after)).stream()
                .map(change -> change.path() + ": " + change.before() + " > " + change.after())
                .toList();
    }

    @Test
    void findsNothingBetweenEqualDocumentsWhateverTheOrderOfTheirMembers() {
        assertThat(between("{\"a\":1,\"b\":[{\"id\":1,\"x\":null}]}", "{\"b\":[{\"x\":null,\"id\":1}],\"a\":1}"))
                .isEmpty();
    }

    @Test
    void namesThePlaceInObjectsAndArrays() {
        assertThat(between("{\"a\":{\"b\":[1,2]},\"c\":true}", "{\"a\":{\"b\":[1,3,4]},\"d\":null}"))
                .containsExactly("a.b[1]: 2 > 3", "a.b[2]: null > 4", "d: null > null", "c: true > null");
    }

    @Test
    void tellsAMemberOfNullFromNone() {
        assertThat(JsonDifference.between(Json.parse("{}"), Json.parse("{\"a\":null}")))
                .containsExactly(new Change("a", null, JsonNodeFactory.instance.nullNode()));
    }

    @Test
    void comparesNumbersByTheirDigits() {
        assertThat(between(
                        "{\"a\":1.5,\"b\":7,\"c\":9007199254740993.01}",
                        "{\"a\":1.50,\"b\":7,\"c\":9007199254740993.02}"))
                .containsExactly("a: 1.5 > 1.50", "c: 9007199254740993.01 > 9007199254740993.02");
    }

    @Test
    void tellsANumberFromItsText() {
        assertThat(between("{\"a\":7}", "{\"a\":\"7\"}")).containsExactly("a: 7 > \"7\"");
    }

    @Test
    void takesElementsWithAnIdForTheSameWhereverTheyStand() {
        assertThat(between(
                        "{\"o\":[{\"id\":2,\"n\":1},{\"id\":1,\"n\":1}]}",
                        "{\"o\":[{\"id\":3,\"n\":1},{\"id\":2,\"n\":5}]}"))
                .containsExactly(
                        "o[id=3]: null > {\"id\":3,\"n\":1}", "o[id=2].n: 1 > 5", "o[id=1]: {\"id\":1,\"n\":1} > null");
    }

    @Test
    void seesThatElementsChangedPlaces() {
        assertThat(between("[{\"id\":1},{\"id\":2},{\"id\":3}]", "[{\"id\":3},{\"id\":1},{\"id\":4}]"))
                .contains(" order: [\"1\",\"3\"] > [\"3\",\"1\"]");
    }

    @Test
    void comparesElementsByPlaceWhereAnIdIsMissingOrShared() {
        assertThat(between("[{\"id\":1},{\"id\":1}]", "[{\"id\":1},{\"id\":2}]"))
                .containsExactly("[1].id: 1 > 2");
        assertThat(between("[{\"id\":1},5]", "[{\"id\":2},5]")).containsExactly("[0].id: 1 > 2");
    }

    @Test
    void tellsAnElementThatIsNewFromOneInAnotherPlace() {
        assertThat(between("[]", "[{\"id\":1}]")).containsExactly("[id=1]: null > {\"id\":1}");
        assertThat(between("[{\"id\":2}]", "[{\"id\":2},{\"id\":1}]")).containsExactly("[id=1]: null > {\"id\":1}");
    }

    @Test
    void seesWhereANewElementWasPut() {
        assertThat(between("[{\"id\":1},{\"id\":2}]", "[{\"id\":1},{\"id\":3},{\"id\":2}]"))
                .isNotEmpty();
    }

    @Test
    void aDocumentThatIsNotThereIsOneChange() {
        assertThat(JsonDifference.between(null, null)).isEmpty();
        assertThat(JsonDifference.between(null, Json.parse("{\"a\":1}"))).hasSize(1);
        assertThat(JsonDifference.between(Json.parse("{\"a\":1}"), null)).hasSize(1);
    }

    /** Both ways, for documents of which some are equal by chance: no difference if and only if they are written alike. */
    @Test
    void findsADifferenceWheneverThereIsOne() {
        var seed = Long.getLong("flusso.seed", System.nanoTime());
        var random = new SplittableRandom(seed);
        var equals = 0;
        for (var round = 0; round < 20_000; round++) {
            var before = value(random, 3);
            var after = value(random, 3);
            var equal = before.toString().equals(after.toString());
            equals += equal ? 1 : 0;
            assertThat(JsonDifference.between(before, after).isEmpty())
                    .as("seed %d: %s and %s", seed, before, after)
                    .isEqualTo(equal);
        }
        assertThat(equals).as("seed %d", seed).isBetween(100, 19_900);
    }

    /** Small on purpose, with members always in one order. */
    private static JsonNode value(SplittableRandom random, int depth) {
        var nodes = JsonNodeFactory.instance;
        return switch (depth == 0 ? random.nextInt(3) : random.nextInt(6)) {
            case 0 -> nodes.numberNode(random.nextInt(2));
            case 1 -> nodes.nullNode();
            case 2 -> nodes.textNode("1");
            case 3, 4 -> {
                var array = nodes.arrayNode();
                for (var i = random.nextInt(4); i > 0; i--) {
                    if (random.nextInt(4) == 0) {
                        array.add(value(random, depth - 1));
                    } else {
                        array.addObject().put("id", random.nextInt(3));
                    }
                }
                yield array;
            }
            default -> {
                var object = nodes.objectNode();
                for (var name : List.of("a", "b")) {
                    if (random.nextBoolean()) {
                        object.set(name, value(random, depth - 1));
                    }
                }
                yield object;
            }
        };
    }
}
