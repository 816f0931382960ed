package dev.flusso.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flusso.journal.Entry;
import dev.flusso.journal.Gap;
import dev.flusso.journal.InMemoryJournal;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.TableName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogWatchTest {

    private static final TableName NAME = TableName.of("odd schema", "t,1-");

    private final InMemoryJournal journal = InMemoryJournal.create();
    private final CatalogWatch watch =
            new CatalogWatch(new Outbox(journal.appender(), () -> 0, CaptureMonitor.NONE), true);

    private int oid = 1;
    private long file = 3;
    private long defined = 4;
    private String type = "numeric(10,2)";
    private int number = 2;
    private long member = 9;
    private boolean filtered;
    private List<SourceTable.Leaf> leaves = List.of(leaf(10, true));

    private static SourceTable.Leaf leaf(int oid, boolean born) {
        return leaf(oid, born, 1, 5);
    }

    private static SourceTable.Leaf leaf(int oid, boolean born, long attachment, long leafFile) {
        return new SourceTable.Leaf(
                oid,
                TableName.of("public", "leaf" + oid),
                new SourceTable.Identity(SourceTable.IdentityKind.FULL, new TreeSet<>(List.of("id", "r"))),
                born,
                attachment,
                leafFile);
    }

    private Catalog catalog() {
        var names = new TreeSet<>(List.of("id", "r"));
        var table = new SourceTable(
                NAME,
                oid,
                file,
                List.of(
                        new SourceTable.Column("id", 1, "int", true, true, 1),
                        new SourceTable.Column("r", number, type, false, true, defined)),
                List.of("id"),
                new SourceTable.Identity(SourceTable.IdentityKind.DEFAULT, new TreeSet<>(List.of("id"))),
                member == 0 ? SourceTable.Membership.NONE : new SourceTable.Membership(true, member, names, filtered),
                true,
                leaves,
                false,
                new SourceTable.Obstacle("a b", ""));
        var tables = new TreeMap<TableName, SourceTable>();
        tables.put(NAME, table);
        return new Catalog(new Catalog.Publication(1, false, true, false, false, true), tables);
    }

    private void look() {
        watch.compare(catalog(), Set.of(), Lsn.of(7));
    }

    private List<Entry> entries() {
        var all = new ArrayList<Entry>();
        try (var reader = journal.reader()) {
            for (var next = reader.next(); next != null; next = reader.next()) {
                all.add(next.entry());
            }
        }
        return all;
    }

    private void isGap(Gap.Reason reason, String words) {
        assertThat(entries()).hasSize(1);
        assertThat(entries().get(0)).isInstanceOfSatisfying(Entry.Missing.class, missing -> {
            assertThat(missing.gap().reason()).isEqualTo(reason);
            assertThat(missing.gap().tables()).containsExactly(NAME);
            assertThat(missing.gap().detail()).contains(words);
            assertThat(missing.lsn()).isEqualTo(Lsn.of(7));
        });
    }

    @Test
    void saysNothingWhileNothingChanges() {
        look();
        look();
        assertThat(entries()).isEmpty();
        assertThat(watch.takeChanged()).isTrue();
        look();
        assertThat(watch.takeChanged()).isFalse();
    }

    @Test
    void noticesARetypedColumn() {
        look();
        type = "numeric(10,1)";
        look();
        isGap(Gap.Reason.TABLE_CHANGED, "column 'r' was numeric(10,2), is numeric(10,1)");
    }

    @Test
    @DisplayName("P9 a column may keep its type and get other values")
    void noticesRowsWrittenAnewForAColumnDefinedAnew() {
        look();
        defined = 5; // SET NOT NULL, for instance
        look();
        file = 6; // VACUUM FULL, for instance
        look();
        assertThat(entries()).isEmpty();
        defined = 6;
        leaves = List.of(leaf(10, true, 1, 7));
        look();
        isGap(Gap.Reason.TABLE_CHANGED, "column 'r' was defined anew and the rows were written anew");
    }

    @Test
    void noticesAColumnDroppedAndAddedAgain() {
        look();
        number = 3;
        look();
        isGap(Gap.Reason.TABLE_CHANGED, "column 'r' is another one");
    }

    @Test
    void noticesAnotherTableUnderTheName() {
        look();
        oid = 2;
        leaves = List.of();
        look();
        isGap(Gap.Reason.TABLE_CHANGED, "oid 1, now 2");
    }

    @Test
    void noticesThatItWasOutOfThePublicationForAWhile() {
        look();
        member = 10;
        look();
        isGap(Gap.Reason.TABLE_CHANGED, "out of the publication");
    }

    @Test
    void noticesItsReturnToThePublication() {
        look();
        member = 0;
        look();
        assertThat(entries()).hasSize(1).first().isInstanceOf(Entry.CatalogChange.class);
        member = 10;
        look();
        assertThat(entries()).hasSize(2).last().isInstanceOf(Entry.Missing.class);
    }

    @Test
    void takesTheFirstPublicationForNoGap() {
        member = 0;
        look();
        member = 10;
        look();
        assertThat(entries()).noneMatch(Entry.Missing.class::isInstance);
    }

    @Test
    void believesProvisioningThatNothingWasLost() {
        look();
        member = 10;
        watch.compare(catalog(), Set.of(NAME), Lsn.of(7));
        look();
        assertThat(entries()).noneMatch(Entry.Missing.class::isInstance);
    }

    @Test
    void noticesARowFilterThatWent() {
        filtered = true;
        look();
        filtered = false;
        look();
        isGap(Gap.Reason.TABLE_CHANGED, "row filter");
    }

    @Test
    void tellsABornPartitionFromAnAttachedOne() {
        look();
        leaves = List.of(leaf(10, true), leaf(11, true));
        look();
        assertThat(entries()).hasSize(1).first().isInstanceOf(Entry.CatalogChange.class);
        leaves = List.of(leaf(10, true), leaf(11, true), leaf(12, false));
        look();
        assertThat(entries())
                .anySatisfy(entry -> assertThat(entry)
                        .isInstanceOfSatisfying(
                                Entry.Missing.class,
                                missing -> assertThat(missing.gap().detail()).contains("public.leaf12 was attached")));
    }

    @Test
    void noticesAPartitionThatWasAwayBetweenTwoLooks() {
        leaves = List.of(leaf(10, false, 1, 5));
        look();
        leaves = List.of(leaf(10, false, 2, 5));
        look();
        isGap(Gap.Reason.PARTITION_CHANGED, "public.leaf10 was detached and attached again");
    }

    @Test
    void noticesADroppedPartition() {
        look();
        leaves = List.of();
        look();
        isGap(Gap.Reason.PARTITION_CHANGED, "public.leaf10 was detached or dropped");
    }

    @Test
    void refusesAndFindsItAgainWhenGapsMayNotBeHealed() {
        var strict = new CatalogWatch(new Outbox(journal.appender(), () -> 0, CaptureMonitor.NONE), false);
        strict.compare(catalog(), Set.of(), Lsn.of(7));
        type = "text";
        for (var i = 0; i < 2; i++) {
            assertThatThrownBy(() -> strict.compare(catalog(), Set.of(), Lsn.of(7)))
                    .isInstanceOf(GapForbiddenException.class);
        }
        assertThat(entries()).isEmpty();
    }

    @Test
    void remembersThroughAFile(@TempDir Path folder) throws Exception {
        look();
        var memory = CatalogMemory.inFile(folder.resolve("catalog"));
        assertThat(memory.load()).isEmpty();
        memory.save("old");
        memory.save(CatalogText.print(watch.known()));

        var read = CatalogText.parse(memory.load().orElseThrow()).orElseThrow();

        assertThat(read).isEqualTo(watch.known());
        var next = new CatalogWatch(new Outbox(journal.appender(), () -> 0, CaptureMonitor.NONE), true);
        next.remember(read);
        next.compare(catalog(), Set.of(), Lsn.of(7));
        assertThat(entries()).isEmpty();
        type = "text";
        next.compare(catalog(), Set.of(), Lsn.of(7));
        isGap(Gap.Reason.TABLE_CHANGED, "is text");
    }

    @Test
    void remembersNothingOfADamagedFile() {
        assertThat(CatalogText.parse("")).isEmpty();
        assertThat(CatalogText.parse("flusso-catalog 4\n")).isEmpty();
        assertThat(CatalogText.parse("flusso-catalog 3\ntable a b\n")).isEmpty();
        assertThat(CatalogText.parse("flusso-catalog 3\n"))
                .hasValueSatisfying(known -> assertThat(known).isEmpty());
    }
}
