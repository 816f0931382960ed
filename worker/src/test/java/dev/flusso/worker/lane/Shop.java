package dev.flusso.worker.lane;

import dev.flusso.journal.Needs;
import dev.flusso.journal.TableCoverage;
import dev.flusso.journal.TableName;
import dev.flusso.journal.TableNeed;
import dev.flusso.schema.DocumentSchema;
import dev.flusso.schema.Field;
import dev.flusso.schema.IndexConfig;
import dev.flusso.schema.LeafType;
import dev.flusso.schema.Link;
import dev.flusso.schema.Literal;
import dev.flusso.schema.OnError;
import dev.flusso.schema.Place;
import dev.flusso.schema.TableRef;
import dev.flusso.worker.InMemoryRows;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Users with orders with lines, and tags by a junction: the schema of the lane's tests. */
public final class Shop {

    public static final TableName USERS = TableName.of("public", "users");
    public static final TableName ORDERS = TableName.of("public", "orders");
    public static final TableName LINES = TableName.of("public", "lines");
    public static final TableName TAGS = TableName.of("public", "tags");
    public static final TableName USER_TAGS = TableName.of("public", "user_tags");

    private static final Place PLACE = Place.in("users.schema.yml");

    public static final DocumentSchema SCHEMA = schema("name");

    private Shop() {}

    /** The schema; the name of its first field makes another hash. */
    static DocumentSchema schema(String nameField) {
        var lines = join("lines", Field.Join.Verb.HAS_MANY, LINES, foreign("order_id"), List.of(leaf("sku", "sku")));
        var orders = join(
                "orders", Field.Join.Verb.HAS_MANY, ORDERS, foreign("user_id"), List.of(leaf("title", "title"), lines));
        var through = new Link.Through(ref(USER_TAGS), List.of("user_id"), List.of("tag_id"));
        var tags = join("tags", Field.Join.Verb.MANY_TO_MANY, TAGS, through, List.of(leaf("label", "label")));
        return new DocumentSchema(
                ref(USERS), List.of("id"), null, List.of(), List.of(leaf(nameField, "name"), orders, tags), PLACE);
    }

    static IndexConfig index(OnError onError, String nameField) {
        return new IndexConfig("users", true, onError, schema(nameField), PLACE);
    }

    public static InMemoryRows rows() {
        return new InMemoryRows()
                .table(USERS, "id")
                .table(ORDERS, "id")
                .table(LINES, "id")
                .table(TAGS, "id")
                .table(USER_TAGS, "user_id", "tag_id");
    }

    static Needs needs() {
        var needs = new TreeMap<TableName, TableNeed>();
        needs.put(USERS, TableNeed.of(List.of("id"), List.of()));
        needs.put(ORDERS, TableNeed.of(List.of("id"), List.of("user_id")));
        needs.put(LINES, TableNeed.of(List.of(), List.of("order_id")));
        needs.put(TAGS, TableNeed.of(List.of("id"), List.of()));
        needs.put(USER_TAGS, TableNeed.of(List.of(), List.of("user_id", "tag_id")));
        return new Needs(needs);
    }

    /** What the stream carries when all is well. */
    static SortedMap<TableName, TableCoverage> covered() {
        var covered = new TreeMap<TableName, TableCoverage>();
        needs().tables().forEach((table, need) -> covered.put(table, TableCoverage.of(need.columns(), need.columns())));
        return covered;
    }

    private static Field.Join join(String name, Field.Join.Verb verb, TableName table, Link link, List<Field> fields) {
        return new Field.Join(
                name,
                verb,
                ref(table),
                List.of("id"),
                link,
                fields,
                List.of(),
                List.of(),
                0,
                false,
                Literal.Entries.EMPTY,
                PLACE);
    }

    private static Link foreign(String column) {
        return new Link.ForeignKey(List.of(column));
    }

    private static Field leaf(String name, String column) {
        return new Field.Leaf(
                name, LeafType.KEYWORD, column, false, List.of(), List.of(), null, Literal.Entries.EMPTY, PLACE);
    }

    private static TableRef ref(TableName table) {
        return new TableRef(table.schema(), table.name());
    }
}
