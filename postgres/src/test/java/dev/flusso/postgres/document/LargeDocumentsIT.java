package dev.flusso.postgres.document;

import static dev.flusso.postgres.document.Schemas.leaf;
import static dev.flusso.postgres.document.Schemas.schema;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.flusso.schema.DocumentSchema;
import dev.flusso.worker.Answer;
import dev.flusso.worker.KeyRange;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the driver holds at once stays small, however many large documents stand where small ones stood. */
class LargeDocumentsIT {

    private static final int SMALL = 700;
    private static final int ALL = SMALL + 30;
    private static final int GIANT_BYTES = 6_000_000;
    private static final long BUDGET = 4L << 20;

    /** What may be allocated for one answer of the budget: a portion and what goes with it, or a giant. */
    private static final long BOUND = 20L << 20;

    private static final DocumentSchema BODIES = schema("bodies", "id", leaf("id"), leaf("body"));

    private static Database database;

    @BeforeAll
    static void fill() {
        database = Database.fresh(
                "large_documents_it",
                "create table bodies(id int primary key, body text)",
                "insert into bodies select g, case when g <= " + SMALL
                        + " then 'small' when g % 3 = 0 then repeat('x', "
                        + GIANT_BYTES + ") when g % 3 = 1 then repeat('y', 600000) else repeat('z', 50000) end"
                        + " from generate_series(1, " + ALL + ") g",
                "analyze");
    }

    @AfterAll
    static void close() {
        database.close();
    }

    /** The driver reads on the caller's thread, each value into an array of its own. */
    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    private static int length(int id) {
        if (id <= SMALL) {
            return 5;
        }
        return id % 3 == 0 ? GIANT_BYTES : id % 3 == 1 ? 600_000 : 50_000;
    }

    private static void assertBodies(Map<Integer, Integer> lengths) {
        assertThat(lengths).hasSize(ALL);
        lengths.forEach((id, length) -> assertThat(length)
                .as("bytes of document %s", id)
                .isEqualTo(("{\"id\":" + id + ",\"body\":\"\"}").length() + length(id)));
    }

    private static void note(Map<Integer, Integer> lengths, Answer answer) {
        var before = lengths.put(
                Integer.valueOf(answer.askedId()), Database.found(answer).json().length);
        assertThat(before)
                .as("an answer given before to key %s", answer.asked())
                .isNull();
    }

    @Test
    @DisplayName("P11 each answer of a batch stays near its budget, though most of its documents are giants")
    void inBatches() {
        var index = database.open(BODIES);
        var lengths = new HashMap<Integer, Integer>();
        var open = new ArrayList<>(Database.ids(1, ALL + 1));
        var questions = 0;
        while (!open.isEmpty()) {
            var asked = List.copyOf(open);
            long before = allocated();
            var built = index.documents(asked, BUDGET);
            assertThat(allocated() - before)
                    .as("bytes allocated for %s answers", built.answers().size())
                    .isLessThan(BOUND);
            assertThat(built.answers()).isNotEmpty();
            built.answers().forEach(answer -> {
                note(lengths, answer);
                open.remove(answer.asked());
            });
            questions++;
        }
        assertBodies(lengths);
        assertThat(questions).isLessThan(25);
    }

    @Test
    @DisplayName("P11 a scan never holds more than a portion or a giant, and gives each document once")
    void inAScan() {
        var index = database.open(BODIES);
        for (int i = 0; i < 3; i++) { // the second and third time it knows what to expect
            var lengths = new HashMap<Integer, Integer>();
            long[] last = {allocated()};
            index.scan(KeyRange.ALL, (stamp, answer) -> {
                long now = allocated();
                assertThat(now - last[0])
                        .as("bytes allocated before document %s", answer.asked())
                        .isLessThan(BOUND);
                note(lengths, answer);
                last[0] = allocated();
            });
            assertBodies(lengths);
        }
    }

    @Test
    void allAtOnceForWhoWantsThemAll() {
        var lengths = new HashMap<Integer, Integer>();
        database.open(BODIES).documents(Database.ids(1, ALL + 1)).answers().forEach(answer -> note(lengths, answer));
        assertBodies(lengths);
    }

    @Test
    void aDocumentAboveTheLimitIsOnlyMeasuredWhateverItsPortion() {
        var index = database.reader.open("things", BODIES, 1_000_000);
        var giants = Database.ids(SMALL + 1, ALL + 1);
        for (int i = 0; i < 5; i++) {
            assertThat(index.documents(giants).answers())
                    .hasSize(30)
                    .filteredOn(answer -> Database.found(answer).tooLarge())
                    .hasSize(10)
                    .allSatisfy(
                            answer -> assertThat(Database.found(answer).bytes()).isGreaterThan(GIANT_BYTES));
        }
    }
}
