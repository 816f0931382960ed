package dev.flusso.postgres.document;

import static dev.flusso.postgres.document.Schemas.hasMany;
import static dev.flusso.postgres.document.Schemas.leaf;
import static dev.flusso.postgres.document.Schemas.raw;
import static dev.flusso.postgres.document.Schemas.schema;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flusso.schema.DocumentSchema;
import dev.flusso.worker.Answer;
import dev.flusso.worker.DriftException;
import dev.flusso.worker.Key;
import dev.flusso.worker.KeyRange;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A row for which the SQL itself fails poisons its own document, and no other. */
class RowFaultIT {

    private static final DocumentSchema DIVIDED =
            schema("divided", List.of("id"), null, List.of(raw("100 / x > 0")), leaf("x"));
    private static final DocumentSchema CAST = schema(
            "divided",
            "id",
            leaf("x"),
            hasMany("notes", "notes", "id", "divided_id")
                    .where(raw("note::int > 0"))
                    .of(leaf("note")));

    private static Database database;

    @BeforeAll
    static void fill() {
        database = Database.fresh(
                "row_fault_it",
                "create table divided(id int primary key, x int)",
                "insert into divided select g, case when g in (1, 500, 1501) then 0 else 7 end from generate_series(1, 3000) g",
                "create table notes(id int primary key, divided_id int, note text)",
                "insert into notes select g, g, g::text from generate_series(1, 3000) g",
                "create index on notes(divided_id)",
                "update notes set note = 'none' where id in (20, 2999)",
                "analyze");
    }

    @AfterAll
    static void close() {
        database.close();
    }

    /** By id: the JSON, or why there is none. */
    private static String shown(Answer answer) {
        var refused = Database.found(answer).refused();
        return refused == null ? Database.text(answer) : refused.type() + " " + refused.reason();
    }

    @Test
    @DisplayName("P12 a row that makes the statement fail is refused by name, the others of its batch are built")
    void inABatch() {
        var shown = new TreeMap<Integer, String>();
        for (var answer :
                database.open(DIVIDED).documents(Database.ids(1, 1001)).answers()) {
            shown.put(Integer.valueOf(answer.askedId()), shown(answer));
        }
        assertThat(shown).hasSize(1000);
        assertThat(shown.get(1)).startsWith("row_failed things.schema.yml:1:1: ERROR: division by zero");
        assertThat(shown.get(500)).startsWith("row_failed ");
        assertThat(shown.values()).filteredOn(text -> text.equals("{\"x\":7}")).hasSize(998);
    }

    @Test
    @DisplayName("P12 the same in a range, for an error in a filter of a child")
    void inARange() {
        for (var schema : List.of(DIVIDED, CAST)) {
            var shown = new TreeMap<Integer, String>();
            database.open(schema)
                    .scan(
                            new KeyRange(Key.of("10"), Key.of("3000")),
                            (stamp, answer) -> shown.put(Integer.valueOf(answer.askedId()), shown(answer)));
            assertThat(shown).hasSize(2990);
            assertThat(shown.values())
                    .filteredOn(text -> text.startsWith("row_failed"))
                    .hasSize(2);
        }
    }

    @Test
    void whatFailsForEveryRowByItsNamesIsDriftStill() {
        var index = database.open(schema("notes", "id", leaf("note")));
        database.run("alter table notes rename note to remark");
        try {
            assertThatThrownBy(() -> index.documents(Database.ids(1, 10))).isInstanceOf(DriftException.class);
        } finally {
            database.run("alter table notes rename remark to note");
        }
    }
}
