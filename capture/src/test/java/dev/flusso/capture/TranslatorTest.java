package dev.flusso.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flusso.journal.Cell;
import dev.flusso.journal.Entry;
import dev.flusso.journal.Image;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.Needs;
import dev.flusso.journal.TableName;
import dev.flusso.journal.TableNeed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TranslatorTest {

    private static final TableName ORDERS = TableName.of("public", "orders");
    private static final StreamEvent.Relation BY_KEY = new StreamEvent.Relation(
            1,
            ORDERS,
            'd',
            List.of(
                    new StreamEvent.Column("id", true, 20),
                    new StreamEvent.Column("note", false, 25),
                    new StreamEvent.Column("user_id", false, 20)));

    private static final SourceTable.Identity BY_ID =
            new SourceTable.Identity(SourceTable.IdentityKind.DEFAULT, new TreeSet<>(List.of("id")));

    private final List<Entry> entries = new ArrayList<>();
    private final List<Instant> heartbeats = new ArrayList<>();
    private final List<TableName> described = new ArrayList<>();
    private int lookUps;
    private final Translator translator = new Translator(
            "slot",
            new Timelines(2, List.of(new Timelines.End(1, Lsn.of(50)))),
            new Snapshot(1L << 32, (1L << 32) + 10, new long[0]),
            plan("id", "user_id"),
            new Translator.Surroundings() {
                @Override
                public CoveragePlan lookUp(StreamEvent.Relation relation) {
                    lookUps++;
                    return plan("id", "user_id");
                }

                @Override
                public void described(TableName table) {
                    described.add(table);
                }

                @Override
                public void heartbeat(Lsn lsn, Instant emittedAt) {
                    heartbeats.add(emittedAt);
                }
            },
            entries::add);

    private static CoveragePlan plan(String... columns) {
        return plan(List.of(ORDERS), List.of(columns));
    }

    /** @param there those of the needed tables that exist */
    private static CoveragePlan plan(List<TableName> needed, List<String> columns, SourceTable... there) {
        var needs = new TreeMap<TableName, TableNeed>();
        needed.forEach(name -> needs.put(name, TableNeed.of(columns, List.of())));
        var tables = new TreeMap<TableName, SourceTable>();
        List.of(there).forEach(table -> tables.put(table.name(), table));
        return CoveragePlan.of(
                new Needs(needs), new Catalog(new Catalog.Publication(1, false, true, false, false, true), tables));
    }

    private static SourceTable table(TableName name, int oid, SourceTable.Leaf... leaves) {
        return new SourceTable(
                name,
                oid,
                1,
                List.of(),
                List.of("id"),
                BY_ID,
                SourceTable.Membership.NONE,
                leaves.length > 0,
                List.of(leaves),
                false,
                SourceTable.Obstacle.NONE);
    }

    private void begin(long lsn) {
        translator.on(new StreamEvent.Begin(Lsn.of(lsn), 77, 3));
    }

    private void commit(long lsn) {
        translator.on(new StreamEvent.Commit(Lsn.of(lsn), Lsn.of(lsn + 5)));
    }

    private static StreamEvent.Row update(int oid, Tuple before, boolean key, Tuple after) {
        return new StreamEvent.Row(Lsn.of(9), Entry.Operation.UPDATE, oid, before, key, after);
    }

    @Test
    void keepsTheNeededColumnsAndTheTransaction() {
        begin(100);
        translator.on(BY_KEY);
        translator.on(update(1, Tuple.of("1", null, null), true, Tuple.of("2", "secret", "8")));
        commit(100);

        var change = (Entry.Change) entries.get(0);
        assertThat(change.before()).isEqualTo(Image.of(Cell.text("id", "1", true)));
        assertThat(change.after()).isEqualTo(Image.of(Cell.text("id", "2", true), Cell.text("user_id", "8", false)));
        assertThat(change.transaction().xid()).isEqualTo((1L << 32) + 3);
        assertThat(change.transaction().timeline()).isEqualTo(2);
        assertThat(entries.get(1)).isEqualTo(new Entry.Commit(change.transaction(), Lsn.of(105), 1));
        assertThat(described).containsExactly(ORDERS);
        assertThat(translator.received()).isEqualTo(Lsn.of(105));
    }

    @Test
    void namesTheTimelineOnWhichItWasCommitted() {
        begin(49);
        translator.on(BY_KEY);
        translator.on(update(1, Tuple.of("1", null, null), true, Tuple.of("2", "x", "8")));

        assertThat(((Entry.Change) entries.get(0)).transaction().timeline()).isEqualTo(1);
        assertThat(translator.isOpen()).isTrue();
    }

    @Test
    void leavesOutForeignTablesAndTheirCommits() {
        begin(100);
        translator.on(new StreamEvent.Relation(5, TableName.of("public", "other"), 'd', BY_KEY.columns()));
        translator.on(update(5, Tuple.of("1", null, null), true, Tuple.of("2", "x", "8")));
        translator.on(new StreamEvent.Truncate(Lsn.of(9), List.of(5)));
        commit(100);

        assertThat(entries).isEmpty();
        assertThat(lookUps).isEqualTo(1);
        assertThat(translator.received()).isEqualTo(Lsn.of(105));
    }

    @Test
    void keepsTheKeyWhenNoneOfTheNeededColumnsIsThere() {
        begin(100);
        translator.on(new StreamEvent.Relation(
                1,
                ORDERS,
                'd',
                List.of(new StreamEvent.Column("text", false, 25), new StreamEvent.Column("nr", true, 20))));
        translator.on(new StreamEvent.Row(Lsn.of(9), Entry.Operation.DELETE, 1, Tuple.of(null, "4"), true, null));

        assertThat(((Entry.Change) entries.get(0)).before()).isEqualTo(Image.of(Cell.text("nr", "4", true)));
    }

    @Test
    void keepsTheKeyWhenTheIdentityHasNoneOfTheNeededColumns() {
        begin(100);
        translator.on(new StreamEvent.Relation(
                1,
                ORDERS,
                'i',
                List.of(new StreamEvent.Column("id", false, 20), new StreamEvent.Column("code", true, 25))));
        translator.on(new StreamEvent.Row(Lsn.of(9), Entry.Operation.DELETE, 1, Tuple.of(null, "c"), true, null));

        assertThat(((Entry.Change) entries.get(0)).before()).isEqualTo(Image.of(Cell.text("code", "c", true)));
    }

    @Test
    void followsAChangeOfThePlanInMidTransaction() {
        begin(100);
        translator.on(BY_KEY);
        translator.plan(plan("id", "note"));
        translator.on(update(1, Tuple.of("1", null, null), true, Tuple.of("2", "x", "8")));

        assertThat(((Entry.Change) entries.get(0)).after())
                .isEqualTo(Image.of(Cell.text("id", "2", true), Cell.text("note", "x", false)));
    }

    @Test
    @DisplayName("P3 a table that has another name for a while is still the one that is needed")
    void keepsATableThatWasRenamedForAWhile() {
        var away = TableName.of("public", "away");
        var columns = List.of("id", "user_id");
        for (var newest : List.of(plan(List.of(ORDERS), columns, table(ORDERS, 1)), plan("id", "user_id"))) {
            translator.plan(newest); // with its name, and at a look when it had none
            begin(100);
            translator.on(new StreamEvent.Relation(1, away, 'd', BY_KEY.columns()));
            translator.on(update(1, Tuple.of("1", null, null), true, Tuple.of("1", "x", "8")));
            commit(100);
        }
        assertThat(entries)
                .filteredOn(Entry.Change.class::isInstance)
                .hasSize(2)
                .allSatisfy(
                        change -> assertThat(((Entry.Change) change).table()).isEqualTo(ORDERS));

        translator.plan(plan(List.of(ORDERS), columns, table(ORDERS, 7))); // another has taken its name
        entries.clear();
        begin(200);
        translator.on(new StreamEvent.Relation(1, away, 'd', BY_KEY.columns()));
        translator.on(update(1, Tuple.of("1", null, null), true, Tuple.of("1", "x", "8")));
        commit(200);
        assertThat(entries).isEmpty();
    }

    @Test
    @DisplayName("P3 C12 where a table and a partition of it are both needed, a row of the partition is one of both")
    void tellsBothOfARowThatIsNeededTwice() {
        var part = TableName.of("public", "orders_1");
        var leaf = new SourceTable.Leaf(1, part, BY_ID, true, 1, 1);
        var other = new SourceTable.Leaf(2, TableName.of("public", "orders_2"), BY_ID, true, 1, 1);
        translator.plan(plan(List.of(ORDERS, part), List.of("id"), table(ORDERS, 9, leaf, other), table(part, 1)));
        begin(100);
        translator.on(new StreamEvent.Relation(1, part, 'd', BY_KEY.columns()));
        translator.on(update(1, Tuple.of("1", null, null), true, Tuple.of("2", "x", "8")));
        translator.on(new StreamEvent.Truncate(Lsn.of(9), List.of(1)));
        commit(100);

        assertThat(entries.subList(0, 2))
                .extracting(change -> ((Entry.Change) change).table())
                .containsExactly(ORDERS, part);
        assertThat(entries.get(2)).isInstanceOfSatisfying(Entry.Truncate.class, truncate -> {
            assertThat(truncate.tables()).containsExactly(part);
            assertThat(truncate.leavesOf()).containsExactly(ORDERS);
        });
        assertThat(((Entry.Commit) entries.get(3)).changes()).isEqualTo(3);
    }

    @Test
    void knowsItsOwnHeartbeats() {
        var now = Instant.ofEpochMilli(1234);
        var content = Translator.heartbeatContent("slot", now);
        translator.on(new StreamEvent.Message(Lsn.of(1), "flusso", content));
        begin(100);
        translator.on(new StreamEvent.Message(Lsn.of(1), "flusso", content));
        assertThat(heartbeats).hasSize(1);
        commit(100);
        translator.on(new StreamEvent.Message(Lsn.of(1), "flusso", Translator.heartbeatContent("other", now)));
        translator.on(new StreamEvent.Message(Lsn.of(1), "somebody", content));
        translator.on(new StreamEvent.Message(Lsn.of(1), "flusso", "slot what"));

        assertThat(heartbeats).containsExactly(now, now);
        assertThat(entries).isEmpty();
    }

    @Test
    void saysWhenTheStreamMakesNoSense() {
        assertThatThrownBy(() -> translator.on(update(1, Tuple.of(), false, Tuple.of())))
                .hasMessageContaining("oid 1");
        translator.on(BY_KEY);
        assertThatThrownBy(() -> translator.on(update(1, Tuple.of("1", "2", "3"), false, Tuple.of("1", "2", "3"))))
                .hasMessageContaining("outside of a transaction");
    }
}
