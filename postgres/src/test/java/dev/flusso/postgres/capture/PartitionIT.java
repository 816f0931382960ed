package dev.flusso.postgres.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.dev.servers.SharedServers;
import dev.flusso.journal.Cell;
import dev.flusso.journal.Entry;
import dev.flusso.journal.Gap;
import dev.flusso.journal.TableName;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PartitionIT {

    private static final TableName ROOT = TableName.of("public", "events");

    private CaptureBed bed;

    @BeforeEach
    void open() {
        bed = new CaptureBed(SharedServers.postgres(), "partition");
        bed.run("create table events(id int, day int, user_id int, primary key (id, day)) partition by range (day);"
                + " create table events_1 partition of events for values from (0) to (10);"
                + " create table events_2 partition of events for values from (10) to (20) partition by range (day);"
                + " create table events_2a partition of events_2 for values from (10) to (20)");
        bed.needs = CaptureBed.need(ROOT, "id", "user_id");
        bed.live();
    }

    @AfterEach
    void close() throws SQLException {
        bed.close();
    }

    private List<Entry.Change> rows() {
        return bed.changes().stream()
                .filter(Entry.Change.class::isInstance)
                .map(Entry.Change.class::cast)
                .toList();
    }

    @Test
    void namesTheRootWhicheverLeafTheRowLiesIn() {
        bed.run("insert into events values (1, 5, 7), (2, 15, 8); update events set user_id = 9 where id = 2;"
                + " delete from events where id = 1");

        var rows = rows();

        assertThat(rows).hasSize(4).extracting(Entry.Change::table).containsOnly(ROOT);
        assertThat(rows.get(2).valueBefore("user_id")).contains(new Cell.Value.Text("8"));
        assertThat(rows.get(3).valueBefore("user_id")).contains(new Cell.Value.Text("7"));
        assertThat(bed.one("select string_agg(relreplident::text, '' order by relname) from pg_class"
                        + " where relname like 'events%' and relkind in ('r', 'p') and relname <> 'events_2'"))
                .isEqualTo("fff");
    }

    @Test
    void sendsAMoveBetweenLeavesAsDeleteAndInsert() {
        bed.run("insert into events values (1, 5, 7); update events set day = 15");

        assertThat(rows())
                .extracting(Entry.Change::operation)
                .containsExactly(Entry.Operation.INSERT, Entry.Operation.DELETE, Entry.Operation.INSERT);
    }

    @Test
    void tellsATruncateOfTheRootFromOneOfALeaf() {
        bed.run("insert into events values (1, 5, 7); truncate events; truncate events_1; truncate events_2");

        var truncates = bed.changes().stream()
                .filter(Entry.Truncate.class::isInstance)
                .map(Entry.Truncate.class::cast)
                .toList();

        assertThat(truncates).hasSize(3);
        assertThat(truncates.get(0).tables()).containsExactly(ROOT);
        assertThat(truncates.get(0).leavesOf()).isEmpty();
        assertThat(truncates.get(1).tables()).isEmpty();
        assertThat(truncates.get(1).leavesOf()).containsExactly(ROOT);
        assertThat(truncates.get(2).leavesOf()).containsExactly(ROOT);
    }

    @Test
    void takesNewPartitionsInWithoutAGap() {
        bed.run("create table events_3 partition of events for values from (20) to (30)");
        bed.run("insert into events values (3, 25, 1)");

        assertThat(rows()).hasSize(1).extracting(Entry.Change::table).containsExactly(ROOT);

        bed.until(
                "its identity",
                () -> bed.one("select relreplident from pg_class where relname = 'events_3'")
                        .equals("f"));
        bed.live();
        bed.run("update events set user_id = 2 where id = 3");
        assertThat(rows().get(1).valueBefore("user_id")).contains(new Cell.Value.Text("1"));
        assertThat(bed.gaps()).isEmpty();
    }

    @Test
    void makesAGapOfRowsThatCameOrWentWithTheirPartition() {
        bed.run("create table events_4 (like events including all); insert into events_4 values (4, 35, 1);"
                + " alter table events attach partition events_4 for values from (30) to (40)");
        bed.until("the gap", () -> bed.gaps().size() == 1);
        bed.run("alter table events detach partition events_4");
        bed.until("the gap", () -> bed.gaps().size() == 2);
        bed.run("drop table events_1");
        bed.until("the gap", () -> bed.gaps().size() == 3);

        assertThat(bed.gaps()).allSatisfy(gap -> {
            assertThat(gap.reason()).isEqualTo(Gap.Reason.PARTITION_CHANGED);
            assertThat(gap.tables()).containsExactly(ROOT);
        });
        assertThat(bed.gaps().get(0).detail()).contains("public.events_4 was attached");
    }

    @Test
    @DisplayName("P9 a partition that was away for less than a look, with other rows than before, is a gap")
    void makesAGapOfAPartitionThatWasAwayInBetween() {
        for (var i = 1; i <= 2; i++) {
            bed.run("begin; alter table events detach partition events_1; insert into events_1 values (" + i
                    + ", 5, 1); alter table events attach partition events_1 for values from (0) to (10); commit");
            var count = i;
            bed.until("the gap", () -> bed.gaps().size() == count);
            assertThat(bed.gaps().get(i - 1).detail()).contains("events_1 was detached and attached again");
        }
        bed.run("begin; alter table events detach partition events_2; insert into events_2 values (9, 15, 1);"
                + " alter table events attach partition events_2 for values from (10) to (20); commit");
        bed.until("the gap", () -> bed.gaps().size() == 3);
        assertThat(bed.gaps().get(2).detail()).contains("events_2a was detached and attached again");
    }

    @Test
    @DisplayName("P9 rows that come with a partitioned partition are a gap")
    void makesAGapOfAnAttachedPartitionThatIsPartitionedItself() {
        bed.run("create table events_6 (like events including all) partition by range (day);"
                + " create table events_6a partition of events_6 for values from (50) to (60);"
                + " insert into events_6 values (6, 55, 1);"
                + " alter table events attach partition events_6 for values from (50) to (60)");
        bed.until("the gap", () -> bed.gaps().size() == 1);
        assertThat(bed.gaps().get(0).detail()).contains("events_6a was attached");
    }

    @Test
    void noticesWhatHappenedWhileItWasDown() {
        bed.stop();
        bed.run("create table events_5 (like events including all); insert into events_5 values (5, 45, 1);"
                + " alter table events attach partition events_5 for values from (40) to (50)");
        bed.capture = bed.make();
        bed.live();

        assertThat(bed.gaps()).hasSize(1).extracting(Gap::reason).containsExactly(Gap.Reason.PARTITION_CHANGED);
        bed.restart();
        bed.live();
        assertThat(bed.gaps()).hasSize(1);
    }
}
