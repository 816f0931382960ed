package dev.flusso.postgres.document;

import static dev.flusso.postgres.document.Schemas.aggregate;
import static dev.flusso.postgres.document.Schemas.count;
import static dev.flusso.postgres.document.Schemas.deleted;
import static dev.flusso.postgres.document.Schemas.foreignKey;
import static dev.flusso.postgres.document.Schemas.hasMany;
import static dev.flusso.postgres.document.Schemas.leaf;
import static dev.flusso.postgres.document.Schemas.raw;
import static dev.flusso.postgres.document.Schemas.schema;
import static dev.flusso.postgres.document.Schemas.through;
import static dev.flusso.postgres.document.Schemas.where;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flusso.schema.DocumentSchema;
import dev.flusso.schema.Field;
import dev.flusso.schema.Filter;
import dev.flusso.schema.Filter.Operator;
import dev.flusso.worker.DriftException;
import dev.flusso.worker.Key;
import dev.flusso.worker.KeyRange;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens when the database is not, or no longer, as a schema needs it. */
class DriftIT {

    private static Database database;

    private static final DocumentSchema THINGS = schema(
            "thing",
            "id",
            leaf("id"),
            leaf("name"),
            leaf("n"),
            hasMany("parts", "part", "id", "thing_id").of(leaf("id"), leaf("size")));

    @BeforeAll
    static void fill() {
        database = Database.fresh("drift_it");
    }

    @BeforeEach
    void anew() {
        database.run(
                "drop schema public cascade",
                "create schema public",
                "create type dims as (w int, h int)",
                "create table thing(id int primary key, name text, n int, extra json, d dims)",
                "create table part(id int primary key, thing_id int, size int)",
                "create index on part(thing_id)",
                "insert into thing values (1, 'a \"1\"', 5, null, row(1, 2))",
                "insert into part values (1, 1, 9)");
    }

    @AfterAll
    static void close() {
        database.close();
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> opening(DocumentSchema schema) {
        return assertThatThrownBy(() -> database.open(schema)).isInstanceOf(DriftException.class);
    }

    private static DocumentSchema filtered(Filter filter) {
        return schema("thing", List.of("id"), null, List.of(filter), leaf("id"));
    }

    @Test
    void namesThePlaceOfWhatIsMissing() {
        opening(schema("absent", "id", leaf("id")))
                .hasMessageStartingWith("things.schema.yml:1:1: there is no table public.absent in the database");
        opening(schema("thing", "id", leaf("Name")))
                .hasMessageStartingWith(
                        "things.schema.yml:7:5: table public.thing has no column 'Name' (there is 'name'");
        opening(schema("thing", "nope", leaf("id")))
                .hasMessageStartingWith(
                        "things.schema.yml:1:1: table public.thing has no column 'nope', only id, name");
        opening(schema("thing", "id", hasMany("p", "part", "id", "other").of(leaf("id"))))
                .hasMessageStartingWith("things.schema.yml:10:5: table public.part has no column 'other'");
        opening(filtered(where("gone", Operator.EQ, 1))).hasMessageStartingWith("things.schema.yml:21:5: ");
        opening(schema("thing", List.of("id"), deleted("gone"), List.of(), leaf("id")))
                .hasMessageStartingWith("things.schema.yml:3:5: ");
        opening(schema("thing", "id", count("c", "label", through("thing_label", "a", "b"))))
                .hasMessageStartingWith("things.schema.yml:11:5: there is no table public.label");
    }

    @Test
    void namesThePlaceOfWhatPostgresRefuses() {
        opening(filtered(raw("nonsense = 1")))
                .hasMessageStartingWith("things.schema.yml:20:5: ")
                .hasMessageContaining("column \"nonsense\" does not exist");
        opening(filtered(raw("id = ")))
                .hasMessageStartingWith("things.schema.yml:20:5: ")
                .hasMessageContaining("syntax error");
        opening(filtered(where("n", Operator.EQ, "many")))
                .hasMessageStartingWith("things.schema.yml:21:5: ")
                .hasMessageContaining("invalid input syntax for type integer: \"many\"");
        opening(filtered(where("extra", Operator.EQ, "{}")))
                .hasMessageStartingWith("things.schema.yml:21:5: ")
                .hasMessageContaining("operator does not exist: json = json");
        opening(schema("thing", "id", aggregate("s", Field.Aggregate.Function.SUM, "thing", foreignKey("n"), "name")))
                .hasMessageStartingWith("things.schema.yml:11:5: ")
                .hasMessageContaining("sum(text)");
        opening(schema(
                        "thing",
                        "id",
                        hasMany("p", "part", "id", "thing_id").by("size").of(leaf("id")),
                        hasMany("q", "thing", "id", "name").of(leaf("id"))))
                .hasMessageStartingWith("things.schema.yml:10:5: ")
                .hasMessageContaining("text = integer");
        opening(schema("thing", "extra", leaf("id"))).hasMessageContaining("json");
    }

    @Test
    void aColumnDroppedOrRenamedWhileOpenIsADriftUntilItIsBack() {
        var index = database.open(THINGS);
        var before = Database.json(index, "1");
        database.run("alter table part rename column size to length");
        assertThatThrownBy(() -> Database.json(index, "1"))
                .isInstanceOf(DriftException.class)
                .hasMessage("things.schema.yml:7:5: table public.part has no column 'size', only id, thing_id, length;"
                        + " name an existing one, or add it to the table");
        assertThatThrownBy(() -> Database.scan(index, KeyRange.ALL)).isInstanceOf(DriftException.class);
        database.run("alter table part rename column length to size");
        assertThat(Database.json(index, "1")).isEqualTo(before);
        database.run("alter table thing drop column name");
        assertThatThrownBy(() -> Database.json(index, "1"))
                .isInstanceOf(DriftException.class)
                .hasMessageContaining("table public.thing has no column 'name'");
    }

    @Test
    void aColumnRetypedWhileOpenIsSpelledByItsNewType() {
        var index = database.open(THINGS);
        assertThat(Database.json(index, "1")).contains("\"n\":5");
        database.run("alter table thing alter n type text using E'say \"' || n || '\"'");
        assertThat(Database.json(index, "1")).contains("\"n\":\"say \\\"5\\\"\"");
        database.run("alter table part alter size type timestamptz using '2026-01-01'");
        assertThat(Database.scan(index, KeyRange.ALL).get("1")).contains("\"size\":\"2026-01-01T00:00:00Z\"");
        database.run("alter table part alter thing_id type bigint");
        assertThat(Database.json(index, "1")).contains("\"parts\":[{");
        var path = THINGS.paths().get(0);
        assertThat(path.hops()).isEmpty();
    }

    @Test
    void aCompositeTypeChangedWhileOpenIsSpelledAnew() {
        var index = database.open(schema("thing", "id", leaf("d")));
        assertThat(Database.json(index, "1")).isEqualTo("{\"d\":{\"w\":1,\"h\":2}}");
        database.run("alter type dims add attribute made date");
        assertThat(Database.json(index, "1")).isEqualTo("{\"d\":{\"w\":1,\"h\":2,\"made\":null}}");
    }

    @Test
    void aTableSwappedUnderItsNameIsRead() {
        var index = database.open(THINGS);
        Database.json(index, "1");
        database.run(
                "begin",
                "alter table part rename to part_old",
                "create table part(id int primary key, thing_id int, size text)",
                "insert into part values (7, 1, 'XL')",
                "commit");
        assertThat(Database.json(index, "1")).contains("\"parts\":[{\"id\":7,\"size\":\"XL\"}]");
        database.run("drop table part, part_old");
        assertThatThrownBy(() -> Database.json(index, "1"))
                .isInstanceOf(DriftException.class)
                .hasMessageContaining("there is no table public.part");
    }

    @Test
    void aPathMeetsTheSameDrift() {
        var schema = schema(
                "thing", "id", hasMany("parts", "part", "id", "thing_id").of(count("n", "thing", foreignKey("n"))));
        var index = database.open(schema);
        var path = schema.paths().get(2);
        assertThat(index.resolve(path, Database.keys("1"), null, 9).keys()).containsExactly(Key.of("1"));
        database.run("alter table part alter id type text");
        assertThatThrownBy(() -> index.resolve(path, Database.keys("1"), null, 9))
                .isInstanceOf(DriftException.class);
        database.run("alter table part alter id type bigint using id::bigint");
        assertThat(index.resolve(path, Database.keys("1"), null, 9).keys()).containsExactly(Key.of("1"));
    }

    @Test
    void anUnrelatedColumnIsNoDrift() {
        var index = database.open(THINGS);
        Database.json(index, "1");
        database.run("alter table thing add column later text default 'x'");
        assertThat(Database.json(index, "1")).startsWith("{\"id\":1,");
    }

    @Test
    void anErrorInTheDataIsTheRowsOwnAndDoesNotDelete() {
        database.run("insert into thing values (2, 'b', 0)");
        var index = database.open(filtered(raw("10 / n > 1")));
        assertThat(Database.json(index, "1")).isEqualTo("{\"id\":1}");
        assertThat(index.documents(Database.keys("1", "2")).answers())
                .anySatisfy(answer -> assertThat(Database.found(answer).refused())
                        .hasFieldOrPropertyWithValue("type", "row_failed")
                        .extracting("reason")
                        .asString()
                        .contains("division by zero"));
    }

    @Test
    void rightsAndPolicies() {
        database.run(
                "drop role if exists reader_of_drift",
                "create role reader_of_drift login password 'secret'",
                "grant usage on schema public to reader_of_drift",
                "grant select on thing to reader_of_drift",
                "grant select (id) on part to reader_of_drift");
        try (var reader = database.readerAs("reader_of_drift")) {
            assertThatThrownBy(() -> reader.open("things", THINGS, 1000))
                    .isInstanceOf(DriftException.class)
                    .hasMessageContaining("column 'size' of table public.part may not be read")
                    .hasMessageContaining("GRANT SELECT ON \"public\".\"part\"");
            database.run("grant select on part to reader_of_drift");
            var index = reader.open("things", THINGS, 1000);
            assertThat(Database.json(index, "1")).startsWith("{");
            database.run("alter table part enable row level security");
            assertThatThrownBy(() -> Database.json(index, "1"))
                    .isInstanceOf(DriftException.class)
                    .hasMessageContaining("row-level security");
            database.run("alter table part disable row level security");
            assertThat(Database.json(index, "1")).startsWith("{");
            database.run("revoke usage on schema public from reader_of_drift, public");
            assertThatThrownBy(() -> Database.json(index, "1"))
                    .isInstanceOf(DriftException.class)
                    .hasMessageContaining("GRANT USAGE ON SCHEMA");
        } finally {
            database.run("drop owned by reader_of_drift", "drop role reader_of_drift");
        }
    }
}
