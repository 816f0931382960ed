package dev.flusso.postgres.document;

import static dev.flusso.postgres.document.Schemas.aggregate;
import static dev.flusso.postgres.document.Schemas.belongsTo;
import static dev.flusso.postgres.document.Schemas.constant;
import static dev.flusso.postgres.document.Schemas.count;
import static dev.flusso.postgres.document.Schemas.custom;
import static dev.flusso.postgres.document.Schemas.deleted;
import static dev.flusso.postgres.document.Schemas.foreignKey;
import static dev.flusso.postgres.document.Schemas.geo;
import static dev.flusso.postgres.document.Schemas.group;
import static dev.flusso.postgres.document.Schemas.hasMany;
import static dev.flusso.postgres.document.Schemas.hasOne;
import static dev.flusso.postgres.document.Schemas.ids;
import static dev.flusso.postgres.document.Schemas.latLon;
import static dev.flusso.postgres.document.Schemas.leaf;
import static dev.flusso.postgres.document.Schemas.leafOr;
import static dev.flusso.postgres.document.Schemas.line;
import static dev.flusso.postgres.document.Schemas.literal;
import static dev.flusso.postgres.document.Schemas.manyToMany;
import static dev.flusso.postgres.document.Schemas.map;
import static dev.flusso.postgres.document.Schemas.raw;
import static dev.flusso.postgres.document.Schemas.schema;
import static dev.flusso.postgres.document.Schemas.table;
import static dev.flusso.postgres.document.Schemas.through;
import static dev.flusso.postgres.document.Schemas.where;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flusso.dev.servers.SharedServers;
import dev.flusso.schema.DocumentSchema;
import dev.flusso.schema.Field;
import dev.flusso.schema.Field.Aggregate.Function;
import dev.flusso.schema.Filter;
import dev.flusso.schema.Filter.Operator;
import dev.flusso.schema.LeafType;
import dev.flusso.schema.Link;
import dev.flusso.schema.Literal;
import dev.flusso.schema.Transform;
import dev.flusso.worker.DriftException;
import dev.flusso.worker.Key;
import dev.flusso.worker.KeyRange;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Each kind of field, alone and inside others. */
class FieldsIT {

    private static Database database;

    @BeforeAll
    static void fill() {
        database = Database.fresh(
                "fields_it",
                "create extension citext",
                "create schema \"Other Shop\"",
                "create table category(id int primary key, parent int, name text)",
                "insert into category values (1, null, 'all'), (2, 1, 'tools'), (3, 2, 'saws')",
                "create table product(id int primary key, category int, second_category int, name text, price numeric,"
                        + " weight float8, made date, code uuid, tags jsonb, hidden boolean, kind citext)",
                "insert into product values (1, 3, 1, 'saw', 9.99, 1.5, '2026-01-01',"
                        + " '00000000-0000-0000-0000-000000000001', '{\"a\": 1}', false, 'HAND'),"
                        + " (2, 2, null, 'drill', 20, 'NaN', '2026-01-02', '00000000-0000-0000-0000-000000000002',"
                        + " '{\"b\": 2}', true, 'power'), (3, null, 1, 'nail', 0.01, null, 'infinity', null, null, null, null)",
                "create table \"Other Shop\".\"Pröduct Tag\"(\"product Id\" int, \"select\" text, \"Order\" int,"
                        + " primary key (\"product Id\", \"select\"))",
                "insert into \"Other Shop\".\"Pröduct Tag\" values (1, 'x', 2), (1, 'y', 1), (1, 'z', 1), (2, 'x', null)",
                "create table label(id int primary key, name text, rank int)",
                "insert into label values (1, 'red', 3), (2, 'green', 2), (3, 'blue', 1), (4, 'unused', 0)",
                "create table product_label(id int primary key, p int, l int)",
                "create index on product_label(p)",
                "insert into product_label values (1, 1, 1), (2, 1, 2), (3, 1, 3), (4, 2, 3), (5, 2, 99)",
                "create table detail(product_id int unique, note text, lat float8, lon numeric, at point)",
                "insert into detail values (1, 'sharp', 48.1, 11.50, '(11.5,48.1)'), (2, null, null, 1, '(NaN,1)')");
    }

    @AfterAll
    static void close() {
        database.close();
    }

    private static DocumentSchema products(Field... fields) {
        return schema("product", "id", fields);
    }

    private static String product(int id, Field... fields) {
        return database.json(products(fields), Integer.toString(id));
    }

    @Test
    void belongsToAndItselfAtAnyDepth() {
        Field[] fields = {
            belongsTo("category", "category", "id", "category")
                    .of(
                            leaf("name"),
                            belongsTo("up", "category", "id", "parent")
                                    .of(
                                            leaf("name"),
                                            belongsTo("up", "category", "id", "parent")
                                                    .of(leaf("name")))),
            belongsTo("second", "category", "id", "second_category").of(leaf("id"))
        };
        assertThat(product(1, fields))
                .isEqualTo("{\"category\":{\"name\":\"saws\",\"up\":{\"name\":\"tools\",\"up\":{\"name\":\"all\"}}},"
                        + "\"second\":{\"id\":1}}");
        assertThat(product(2, fields))
                .isEqualTo("{\"category\":{\"name\":\"tools\",\"up\":{\"name\":\"all\",\"up\":null}},\"second\":null}");
        assertThat(product(3, fields)).isEqualTo("{\"category\":null,\"second\":{\"id\":1}}");
    }

    @Test
    void belongsToOutsideItsFiltersIsNull() {
        assertThat(product(
                        1,
                        belongsTo("category", "category", "id", "category")
                                .where(where("name", Operator.NEQ, "saws"))
                                .of(leaf("id"))))
                .isEqualTo("{\"category\":null}");
    }

    @Test
    void aTableJoinsItselfDownwards() {
        assertThat(database.json(
                        schema(
                                "category",
                                "id",
                                hasMany("children", "category", "id", "parent")
                                        .of(
                                                leaf("name"),
                                                hasMany("children", "category", "id", "parent")
                                                        .of(leaf("name")),
                                                count("n", "product", foreignKey("category")))),
                        "1"))
                .isEqualTo("{\"children\":[{\"name\":\"tools\",\"children\":[{\"name\":\"saws\"}],\"n\":1}]}");
    }

    @Test
    void hasOneTakesTheFirst() {
        Field[] fields = {
            hasOne("detail", "detail", "product_id", "product_id")
                    .of(leaf("note"), latLon("pair", "lat", "lon"), geo("point", "at")),
            hasOne("link", "product_label", "id", "p").by("-l").of(leaf("l")),
            hasOne("other", "product_label", "id", "p")
                    .where(where("l", Operator.GT, 1))
                    .of(leaf("id"))
        };
        assertThat(product(1, fields))
                .isEqualTo("{\"detail\":{\"note\":\"sharp\",\"pair\":{\"lat\":48.1,\"lon\":11.50},"
                        + "\"point\":{\"lat\":48.1,\"lon\":11.5}},\"link\":{\"l\":3},\"other\":{\"id\":2}}");
        assertThat(product(2, fields))
                .isEqualTo("{\"detail\":{\"note\":null,\"pair\":null,\"point\":null},\"link\":{\"l\":99},"
                        + "\"other\":{\"id\":4}}");
        assertThat(product(3, fields)).isEqualTo("{\"detail\":null,\"link\":null,\"other\":null}");
    }

    @Test
    void manyToManyInOrderAndLimited() {
        var link = through("product_label", "p", "l");
        Field[] fields = {
            manyToMany("all", "label", "id", link).of(leaf("name")),
            manyToMany("top", "label", "id", link).by("rank").first(2).of(leaf("name")),
            manyToMany("raw", "label", "id", link)
                    .where(raw("rank > 1 and label.id < 99"))
                    .of(
                            leaf("name"),
                            manyToMany("back", "product", "id", through("product_label", "l", "p"))
                                    .of(leaf("id")))
        };
        assertThat(product(1, fields))
                .isEqualTo(
                        "{\"all\":[{\"name\":\"red\"},{\"name\":\"green\"},{\"name\":\"blue\"}],"
                                + "\"top\":[{\"name\":\"blue\"},{\"name\":\"green\"}],"
                                + "\"raw\":[{\"name\":\"red\",\"back\":[{\"id\":1}]},{\"name\":\"green\",\"back\":[{\"id\":1}]}]}");
        assertThat(product(2, fields))
                .isEqualTo("{\"all\":[{\"name\":\"blue\"}],\"top\":[{\"name\":\"blue\"}],\"raw\":[]}");
        assertThat(product(3, fields)).isEqualTo("{\"all\":[],\"top\":[],\"raw\":[]}");
    }

    @Test
    void quotedNamesAndCompositeKeysOfAJoinedTable() {
        var tags = hasMany("tags", "Other Shop.Pröduct Tag", "product Id,select", "product Id");
        assertThat(product(
                        1,
                        tags.by("-Order").of(leaf("tag", LeafType.KEYWORD, "select")),
                        hasMany("two", "Other Shop.Pröduct Tag", "product Id,select", "product Id")
                                .by("Order")
                                .first(2)
                                .of(leaf("tag", LeafType.KEYWORD, "select")),
                        ids("keys", "Other Shop.Pröduct Tag", foreignKey("product Id"))))
                .isEqualTo("{\"tags\":[{\"tag\":\"x\"},{\"tag\":\"y\"},{\"tag\":\"z\"}],"
                        + "\"two\":[{\"tag\":\"y\"},{\"tag\":\"z\"}],\"keys\":[\"1:x\",\"1:y\",\"1:z\"]}");
    }

    @Test
    void aggregatesOverForeignKeysAndJunctions() {
        var mine = foreignKey("category");
        var fields = new Field[] {
            count("n", "product", mine),
            aggregate("sum", Function.SUM, "product", mine, "price"),
            aggregate("avg", Function.AVG, "product", mine, "id"),
            aggregate("min", Function.MIN, "product", mine, "made"),
            aggregate("max", Function.MAX, "product", mine, "code"),
            aggregate("last", Function.MAX, "product", mine, "hidden"),
            aggregate("heavy", Function.SUM, "product", mine, "weight"),
            count("cheap", "product", mine, where("price", Operator.LT, 1.5)),
            ids("ids", "product", mine)
        };
        var schema = schema("category", "id", fields);
        assertThat(database.json(schema, "3"))
                .isEqualTo("{\"n\":1,\"sum\":9.99,\"avg\":1.00000000000000000000,\"min\":\"2026-01-01\","
                        + "\"max\":\"00000000-0000-0000-0000-000000000001\",\"last\":false,\"heavy\":1.5,\"cheap\":0,"
                        + "\"ids\":[1]}");
        assertThat(database.json(schema, "1"))
                .isEqualTo("{\"n\":0,\"sum\":null,\"avg\":null,\"min\":null,\"max\":null,\"last\":null,\"heavy\":null,"
                        + "\"cheap\":0,\"ids\":[]}");
        var labels = through("product_label", "p", "l");
        assertThat(product(
                        1,
                        count("n", "label", labels),
                        aggregate("sum", Function.SUM, "label", labels, "rank"),
                        ids("ids", "label", labels, where("rank", Operator.GTE, 2))))
                .isEqualTo("{\"n\":3,\"sum\":6,\"ids\":[1,2]}");
    }

    @Test
    void figuresOverTheSameRowsAreOneScan() {
        var mine = foreignKey("category");
        var schema = schema(
                "category",
                "id",
                count("n", "product", mine),
                aggregate("sum", Function.SUM, "product", mine, "price"),
                aggregate("avg", Function.AVG, "product", mine, "price"));
        var reader = database.reader.open("things", schema, Database.UNLIMITED);
        assertThat(reader.sql().split("\"product\" JOIN|FROM \"public\".\"product\"", -1))
                .hasSize(2);
    }

    @Test
    void constantsDefaultsGroupsMapsAndCustom() {
        var values = new LinkedHashMap<String, Literal>();
        values.put("it's", new Literal.Items(List.of(new Literal.Null(), literal(true), literal("?'\\"))));
        assertThat(product(
                        3,
                        constant("c", new Literal.Entries(values)),
                        constant("d", new Literal.Fraction(new BigDecimal("1.50"))),
                        constant("e", literal("1.50")),
                        leafOr("tags", literal("none")),
                        leafOr("weight", literal(-1)),
                        leafOr("name", literal("nameless")),
                        group(
                                "in",
                                leaf("id"),
                                group("deep", leaf("made"), map("tags")),
                                count("n", "product_label", foreignKey("p"))),
                        custom("price")))
                .isEqualTo(
                        "{\"c\":{\"it's\":[null,true,\"?'\\\\\"]},\"d\":1.50,\"e\":\"1.50\",\"tags\":\"none\",\"weight\":-1,"
                                + "\"name\":\"nail\",\"in\":{\"id\":3,\"deep\":{\"made\":null,\"tags\":null},\"n\":0},\"price\":0.01}");
    }

    @Test
    void hundredsOfFieldsOnALevel() {
        var fields = new ArrayList<Field>();
        var expected = new StringBuilder("{");
        for (int i = 0; i < 400; i++) {
            fields.add(leaf("f" + i, LeafType.TEXT, "name"));
            expected.append(i == 0 ? "" : ",").append("\"f").append(i).append("\":\"saw\"");
        }
        assertThat(product(1, fields.toArray(Field[]::new)))
                .isEqualTo(expected.append('}').toString());
    }

    @Test
    void filtersOfEveryOperator() {
        assertThat(matching(where("category", Operator.IS_NULL))).isEqualTo("3");
        assertThat(matching(where("category", Operator.IS_NOT_NULL))).isEqualTo("1,2");
        assertThat(matching(where("kind", Operator.EQ, "Power"))).isEqualTo("2");
        assertThat(matching(where("price", Operator.EQ, 9.990))).isEqualTo("1");
        assertThat(matching(where("name", Operator.NEQ, "o'saw"))).isEqualTo("1,2,3");
        assertThat(matching(where("id", Operator.LT, 2))).isEqualTo("1");
        assertThat(matching(where("made", Operator.LTE, "2026-01-02"))).isEqualTo("1,2");
        assertThat(matching(where("price", Operator.GT, 1))).isEqualTo("1,2");
        assertThat(matching(where("code", Operator.GTE, "00000000-0000-0000-0000-000000000002")))
                .isEqualTo("2");
        assertThat(matching(where("name", Operator.LIKE, "%a%"))).isEqualTo("1,3");
        assertThat(matching(where("name", Operator.ILIKE, "S_W"))).isEqualTo("1");
        assertThat(matching(where("kind", Operator.LIKE, "hand"))).isEqualTo("1");
        assertThat(matching(where("id", Operator.LIKE, "2%"))).isEqualTo("2");
        assertThat(matching(where("kind", Operator.IN, "POWER", "x"))).isEqualTo("2");
        assertThat(matching(where("id", Operator.NOT_IN, 1, 3))).isEqualTo("2");
        assertThat(matching(where("id", Operator.IN))).isEmpty();
        assertThat(matching(where("id", Operator.NOT_IN))).isEqualTo("1,2,3");
        assertThat(matching(where("id", Operator.BETWEEN, 2, 3))).isEqualTo("2,3");
        assertThat(matching(where("hidden", Operator.EQ, true))).isEqualTo("2");
        assertThat(matching(raw("tags ? 'a' -- really?"))).isEqualTo("1");
        assertThat(matching(raw("product.name <> '?' and \"name\" <> $q$?'$q$ or /* ? */ tags ?| array['b']")))
                .isEqualTo("1,2,3");
    }

    private static String matching(Filter filter) {
        var schema = schema("product", List.of("id"), null, List.of(filter), leaf("id"));
        var found = new TreeMap<>(Database.documents(database.open(schema), "1", "2", "3"));
        found.values().removeIf("-"::equals);
        assertThat(new TreeMap<>(Database.scan(database.open(schema), KeyRange.ALL)))
                .isEqualTo(found);
        var joined =
                schema("label", "id", ids("ids", "product", new Link.ForeignKey(List.of("second_category")), filter));
        assertThat(database.json(joined, "4")).isEqualTo("{\"ids\":[]}");
        return String.join(",", found.keySet());
    }

    @Test
    void softDeleteInAllItsForms() {
        database.run(
                "create table soft(id int primary key, flag boolean, at timestamptz, n int, d numeric, state text)",
                "insert into soft values (1, true, null, 0, 0.0, 'a'), (2, false, now(), 1, 0.1, 'b'),"
                        + " (3, null, null, null, null, null)");
        assertThat(alive("flag")).isEqualTo("2,3");
        assertThat(alive("at")).isEqualTo("1,3");
        assertThat(alive("n")).isEqualTo("1,3");
        assertThat(alive("d")).isEqualTo("1,3");
        assertThat(alive("state")).isEqualTo("3");
        assertThat(alive("flag", where("state", Operator.EQ, "b"))).isEqualTo("1,2,3");
        assertThat(alive("state", where("n", Operator.GT, 0))).isEqualTo("1,3");
        assertThat(alive("state", raw("null::boolean"))).isEqualTo("1,2,3");
    }

    private static String alive(String column, Filter... when) {
        var schema = schema("soft", List.of("id"), deleted(column, when), List.of(), leaf("id"));
        var found = Database.documents(database.open(schema), "1", "2", "3");
        found.values().removeIf("-"::equals);
        return String.join(",", found.keySet());
    }

    @Test
    void compositeKeysAnywhere() {
        database.run(
                "create table shelf(hall text, \"no\" int, primary key (hall, \"no\"))",
                "create table box(id int, sub int, hall text, \"no\" int, twin_hall text, twin_no int, primary key (id, sub))",
                "create table box_label(id int, sub int, l int, k int, primary key (id, sub, l, k))",
                "create table big_label(l int, k int, name text, primary key (l, k))",
                "insert into shelf values ('a:b', 1), ('c%', 2), ('d', 3)",
                "insert into box values (1, 1, 'a:b', 1, 'c%', 2), (1, 2, 'a:b', 1, null, 2), (2, 1, 'c%', 2, 'd', 4)",
                "insert into big_label values (1, 1, 'one'), (1, 2, 'two')",
                "insert into box_label values (1, 1, 1, 1), (1, 1, 1, 2), (2, 1, 1, 2)");
        var labels = new Link.Through(table("box_label"), List.of("id", "sub"), List.of("l", "k"));
        var schema = schema(
                "shelf",
                "hall,no",
                hasMany("boxes", "box", "id,sub", "hall", "no")
                        .by("-sub")
                        .of(
                                leaf("id"),
                                leaf("sub"),
                                belongsTo("twin", "shelf", "hall,no", "twin_hall", "twin_no")
                                        .of(leaf("hall")),
                                manyToMany("labels", "big_label", "l,k", labels).of(leaf("name")),
                                ids("label_ids", "big_label", labels)),
                count("n", "box", foreignKey("hall", "no")));
        var index = database.open(schema);
        assertThat(Database.json(index, "a:b", "1"))
                .isEqualTo("{\"boxes\":[{\"id\":1,\"sub\":2,\"twin\":null,\"labels\":[],\"label_ids\":[]},"
                        + "{\"id\":1,\"sub\":1,\"twin\":{\"hall\":\"c%\"},\"labels\":[{\"name\":\"one\"},"
                        + "{\"name\":\"two\"}],\"label_ids\":[\"1:1\",\"1:2\"]}],\"n\":2}");
        assertThat(new ArrayList<>(Database.scan(index, KeyRange.ALL).keySet()))
                .containsExactlyInAnyOrder("a%3Ab:1", "c%25:2", "d:3");
    }

    @Test
    void partitionedTables() {
        database.run(
                "create table event(id int, day date, user_id int, primary key (id, day)) partition by range (day)",
                "create table event_a partition of event for values from ('2026-01-01') to ('2026-02-01')",
                "create table event_b partition of event default",
                "insert into event values (1, '2026-01-05', 1), (2, '2026-05-05', 1), (3, '2026-01-06', 2)");
        var root = schema("event", "id", leaf("day"));
        assertThat(Database.scan(database.open(root), KeyRange.ALL)).hasSize(3);
        assertThat(database.json(root, "2")).isEqualTo("{\"day\":\"2026-05-05\"}");
        assertThat(database.json(
                        schema(
                                "label",
                                "id",
                                hasMany("events", "event", "id,day", "user_id")
                                        .by("-day")
                                        .first(1)
                                        .of(leaf("id"))),
                        "1"))
                .isEqualTo("{\"events\":[{\"id\":2}]}");
        database.run("insert into event values (1, '2026-09-09', 9)");
        assertThatThrownBy(() -> database.json(root, "1"))
                .isInstanceOf(DriftException.class)
                .hasMessageContaining("two rows of table public.event have the primary key '1'");
        assertThatThrownBy(() -> Database.scan(database.open(root), KeyRange.ALL))
                .isInstanceOf(DriftException.class)
                .hasMessageContaining("two rows");
    }

    @Test
    void joinsWithoutAnIndexAreHashedAndViewsMayBeJoined() {
        database.run(
                "create table plain(id int primary key, product_id int, n int)",
                "create view seen as select id, product_id, n from plain where n < 5",
                "insert into plain select g, 1 + g % 3, g from generate_series(1, 3000) g",
                "analyze plain");
        var schema = products(
                hasMany("first", "plain", "id", "product_id").by("-n").first(1).of(leaf("n")),
                hasMany("view", "seen", "id", "product_id").of(leaf("n")),
                count("n", "plain", foreignKey("product_id")));
        assertThat(database.json(schema, "1")).isEqualTo("{\"first\":[{\"n\":3000}],\"view\":[{\"n\":3}],\"n\":1000}");
        assertThatThrownBy(() -> database.open(schema("seen", "id", leaf("id"))))
                .isInstanceOf(DriftException.class)
                .hasMessageContaining("public.seen is no table but a view");
    }

    @Test
    void aCustomFieldsColumnHasOneOfItsTypes() {
        assertThat(product(
                        1,
                        new Field.Custom(
                                "p",
                                List.of("float4", "Numeric(10, 2)"),
                                "scaled_float",
                                "price",
                                false,
                                null,
                                Literal.Entries.EMPTY,
                                line(8))))
                .isEqualTo("{\"p\":9.99}");
        assertThat(product(
                        1,
                        new Field.Custom(
                                "k",
                                List.of("public.CITEXT"),
                                "keyword",
                                "kind",
                                false,
                                literal("x"),
                                Literal.Entries.EMPTY,
                                line(8))))
                .isEqualTo("{\"k\":\"HAND\"}");
        assertThatThrownBy(() -> product(
                        1,
                        new Field.Custom(
                                "p",
                                List.of("int4", "text[]"),
                                "long",
                                "price",
                                false,
                                null,
                                Literal.Entries.EMPTY,
                                line(8))))
                .isInstanceOf(DriftException.class)
                .hasMessage(
                        "things.schema.yml:8:5: column 'price' of table public.product is of type numeric, expected one of"
                                + " int4, text[]; add it to 'postgres', or name another column");
    }

    @Test
    void aDatabaseThatDoesNotStoreUtf8() {
        database.run(
                "drop database if exists fields_latin",
                "create database fields_latin encoding 'LATIN1' locale 'C' template template0");
        try (var connection = SharedServers.postgres().connect("fields_latin");
                var statement = connection.createStatement();
                var reader = PostgresRowReader.open(Database.settings("fields_latin"), ReaderSettings.of(1, 1))) {
            statement.execute("create table t(id text primary key, v text)");
            statement.execute("insert into t values ('ä', '\u00a0é\t'), (repeat('ö', 300), 'x')");
            var index = reader.open("t", schema("t", "id", leaf("v", Transform.TRIM)), 1000);
            var answers = index.documents(Database.keys("ä", "ö".repeat(300))).answers();
            assertThat(Database.text(answers.get(0))).isEqualTo("{\"v\":\"\u00a0é\"}");
            assertThat(Database.found(answers.get(0)).bytes())
                    .isEqualTo(Database.found(answers.get(0)).json().length);
            assertThat(Database.found(answers.get(1)).id()).isEqualTo(KeyText.id(Key.of("ö".repeat(300))));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } finally {
            database.run("drop database if exists fields_latin with (force)");
        }
    }
}
