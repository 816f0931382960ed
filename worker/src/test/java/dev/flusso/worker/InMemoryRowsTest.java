package dev.flusso.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flusso.journal.Entry;
import dev.flusso.worker.lane.Shop;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class InMemoryRowsTest {

    private final InMemoryRows rows = Shop.rows();
    private final RowReader.IndexReader reader = rows.open("users", Shop.SCHEMA, 1_000);

    @Test
    void decodesACommitBeforeItIsVisible() {
        var committed =
                rows.begin().insert(Shop.USERS, "id", "1", "name", "ann").commit(Instant.EPOCH);

        assertThat(committed.entries()).hasSize(2).last().isInstanceOf(Entry.Commit.class);
        var before = reader.documents(List.of(Key.of("1")));
        assertThat(before.answers().get(0).document()).isNull();
        committed.show();
        var after = reader.documents(List.of(Key.of("1")));
        assertThat(json(after)).contains("\"name\":\"ann\"");
        assertThat(after.stamp().version()).isGreaterThan(before.stamp().version());
    }

    @Test
    void buildsDocumentsOfAllKindsOfJoins() {
        rows.begin()
                .insert(Shop.USERS, "id", "1", "name", "ann")
                .insert(Shop.ORDERS, "id", "7", "user_id", "1", "title", "tea")
                .insert(Shop.LINES, "id", "70", "order_id", "7", "sku", "x")
                .insert(Shop.TAGS, "id", "5", "label", "vip")
                .insert(Shop.USER_TAGS, "user_id", "1", "tag_id", "5")
                .commit(Instant.EPOCH)
                .show();

        assertThat(json(reader.documents(List.of(Key.of("1")))))
                .isEqualTo("{\"name\":\"ann\",\"orders\":[{\"title\":\"tea\",\"lines\":[{\"sku\":\"x\"}]}],"
                        + "\"tags\":[{\"label\":\"vip\"}]}");
        var path = Shop.SCHEMA.paths().stream()
                .filter(p -> p.field().equals("orders.lines"))
                .findFirst()
                .orElseThrow();
        assertThat(reader.resolve(path, List.of(Key.of("7")), null, 10).keys()).containsExactly(Key.of("1"));
    }

    @Test
    void keepsToTheBudgetButAnswersOneKeyAtLeast() {
        rows.begin()
                .insert(Shop.USERS, "id", "1", "name", "a".repeat(100))
                .insert(Shop.USERS, "id", "2", "name", "b".repeat(100))
                .commit(Instant.EPOCH)
                .show();

        assertThat(reader.documents(List.of(Key.of("1"), Key.of("2")), 10).answers())
                .hasSize(1);
    }

    @Test
    void failsWhileItIsAway() {
        rows.away();
        assertThatThrownBy(reader::estimate).isInstanceOf(SourceUnavailableException.class);
        rows.heal();
        assertThat(reader.estimate()).isZero();
    }

    private static String json(Built built) {
        var document = built.answers().get(0).document();
        return document == null ? "" : new String(document.json(), StandardCharsets.UTF_8);
    }
}
