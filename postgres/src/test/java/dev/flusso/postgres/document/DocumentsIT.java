package dev.flusso.postgres.document;

import static dev.flusso.postgres.document.Schemas.count;
import static dev.flusso.postgres.document.Schemas.deleted;
import static dev.flusso.postgres.document.Schemas.foreignKey;
import static dev.flusso.postgres.document.Schemas.hasMany;
import static dev.flusso.postgres.document.Schemas.leaf;
import static dev.flusso.postgres.document.Schemas.schema;
import static dev.flusso.postgres.document.Schemas.where;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.schema.DocumentSchema;
import dev.flusso.schema.Filter;
import dev.flusso.schema.LeafType;
import dev.flusso.schema.ResolutionPath;
import dev.flusso.worker.Key;
import dev.flusso.worker.KeyRange;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The way from rows to documents, over a small shop. */
class DocumentsIT {

    private static Database database;

    private static final DocumentSchema USERS = schema(
            "users",
            List.of("id"),
            deleted("deleted_at"),
            List.of(),
            leaf("id", LeafType.LONG, "id"),
            leaf("name"),
            hasMany("orders", "orders", "id", "user_id")
                    .by("-placed")
                    .first(2)
                    .of(
                            leaf("id"),
                            leaf("total"),
                            hasMany("items", "items", "id", "order_id").of(leaf("id"), leaf("qty"))),
            count("order_count", "orders", foreignKey("user_id")),
            count("open_count", "orders", foreignKey("user_id"), where("total", Filter.Operator.GT, 10)));

    @BeforeAll
    static void fill() {
        database = Database.fresh(
                "documents_it",
                "create table users(id bigint primary key, name text, deleted_at timestamptz)",
                "create table orders(id int primary key, user_id int, total numeric(10,2), placed date)",
                "create index on orders(user_id)",
                "create table items(id int primary key, order_id int, qty int)",
                "insert into users values (1, 'Ada', null), (2, E'Bob \"B\"\\n', null), (3, 'gone', now()), (4, null, null)",
                "insert into orders values (10, 1, 9.50, '2026-01-01'), (11, 1, 20, '2026-01-02'), (12, 1, 30.1,"
                        + " '2026-01-02'), (20, 2, 1, '2026-01-03')",
                "insert into items values (100, 11, 1), (101, 11, 2), (102, 12, 3), (103, 10, 9)");
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void buildsWholeDocuments() {
        var index = database.open(USERS);
        var built = index.documents(Database.keys("1", "2", "3", "4", "5", "1"));
        assertThat(built.stamp().version()).isPositive();
        assertThat(built.answers()).hasSize(6);
        assertThat(Database.documents(index, "1", "2", "3", "4", "5"))
                .containsEntry(
                        "1",
                        "{\"id\":1,\"name\":\"Ada\",\"orders\":[{\"id\":11,\"total\":20.00,\"items\":[{\"id\":100,"
                                + "\"qty\":1},{\"id\":101,\"qty\":2}]},{\"id\":12,\"total\":30.10,\"items\":[{\"id\":102,"
                                + "\"qty\":3}]}],\"order_count\":3,\"open_count\":2}")
                .containsEntry(
                        "2",
                        "{\"id\":2,\"name\":\"Bob \\\"B\\\"\\n\",\"orders\":[{\"id\":20,\"total\":1.00,\"items\":[]}],"
                                + "\"order_count\":1,\"open_count\":0}")
                .containsEntry("3", "-")
                .containsEntry("4", "{\"id\":4,\"name\":null,\"orders\":[],\"order_count\":0,\"open_count\":0}")
                .containsEntry("5", "-");
    }

    @Test
    void scansWhatItBuilds() {
        var index = database.open(USERS);
        var scanned = new TreeMap<>(Database.scan(index, KeyRange.ALL));
        var built = new TreeMap<>(Database.documents(index, "1", "2", "3", "4"));
        built.values().remove("-");
        assertThat(scanned).isEqualTo(built);
        assertThat(Database.scan(index, new KeyRange(Key.of("2"), Key.of("4")))).containsOnlyKeys("2");
        assertThat(Database.scan(index, new KeyRange(Key.of("4"), null))).containsOnlyKeys("4");
        assertThat(Database.scan(index, new KeyRange(null, Key.of("2")))).containsOnlyKeys("1");
    }

    @Test
    void resolvesPathsByPages() {
        var index = database.open(USERS);
        var items = path("items");
        var first = index.resolve(items, Database.keys("10", "11", "20", "999"), null, 1);
        assertThat(first.keys()).containsExactly(Key.of("1"));
        assertThat(first.more()).isTrue();
        var second = index.resolve(
                items, Database.keys("10", "11", "20", "999"), first.keys().get(0), 5);
        assertThat(second.keys()).containsExactly(Key.of("2"));
        assertThat(second.more()).isFalse();
        var none = index.resolve(items, Database.keys("999"), null, 5);
        assertThat(none.keys()).isEmpty();
        assertThat(none.stamp().timeline()).isEqualTo(1);
    }

    @Test
    void cutsRangesThatHoldEachKeyOnce() {
        var index = database.open(USERS);
        var ranges = index.ranges(3);
        assertThat(ranges).hasSizeBetween(2, 3);
        var all = new TreeMap<String, String>();
        ranges.forEach(range -> Database.scan(index, range)
                .forEach((id, json) -> assertThat(all.put(id, json)).isNull()));
        assertThat(all).containsOnlyKeys("1", "2", "4");
    }

    @Test
    void knowsItsStamp() {
        assertThat(database.reader.stamp().timeline()).isEqualTo(1);
    }

    private static ResolutionPath path(String table) {
        return USERS.paths().stream()
                .filter(path -> path.table().name().equals(table))
                .findFirst()
                .orElseThrow();
    }
}
