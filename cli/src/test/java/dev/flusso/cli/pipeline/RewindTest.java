package dev.flusso.cli.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flusso.cli.command.StartFrom;
import dev.flusso.journal.Entry;
import dev.flusso.journal.HeldElsewhereException;
import dev.flusso.journal.InMemoryJournal;
import dev.flusso.journal.LaneFile;
import dev.flusso.journal.LaneName;
import dev.flusso.journal.LanePhase;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.Needs;
import dev.flusso.journal.Position;
import dev.flusso.journal.PositionGoneException;
import dev.flusso.journal.Seeding;
import dev.flusso.journal.SourceIdentity;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RewindTest {

    private static final LaneName USERS = LaneName.parse("primary/users");
    private static final LaneName ORDERS = LaneName.parse("primary/orders");

    private final InMemoryJournal journal = InMemoryJournal.create();
    private final List<Position> entries = new ArrayList<>();

    @BeforeEach
    void fill() throws IOException {
        journal.appender().claim(new SourceIdentity("1", "shop", "flusso", 1));
        for (var i = 1; i <= 5; i++) {
            var beat = new Entry.Heartbeat(Lsn.of(i), Instant.ofEpochSecond(i), Position.BEGINNING);
            journal.appender().append(beat);
            entries.add(journal.appender().newest());
        }
        save(USERS, LanePhase.TAILING);
        save(ORDERS, LanePhase.SEEDING);
    }

    private void save(LaneName lane, LanePhase phase) throws IOException {
        journal.lanes()
                .save(new LaneFile(
                        lane,
                        1,
                        phase,
                        entries.get(4),
                        Lsn.of(5),
                        Seeding.NONE,
                        7,
                        0,
                        Needs.NONE,
                        "",
                        new TreeMap<>(),
                        Instant.EPOCH));
    }

    private Position placeOf(LaneName lane) throws IOException {
        return journal.lanes().find(lane, 1).orElseThrow().position();
    }

    @Test
    void sendsALaneBackToAPositionATimeOrTheBeginning() throws IOException {
        Rewind.to(new StartFrom.Since(Instant.ofEpochSecond(4)), journal, List.of(USERS));
        assertThat(placeOf(USERS)).isEqualTo(entries.get(2));
        Rewind.to(new StartFrom.After(entries.get(1)), journal, List.of(USERS));
        assertThat(placeOf(USERS)).isEqualTo(entries.get(1));
        Rewind.to(new StartFrom.Beginning(), journal, List.of(USERS));
        assertThat(placeOf(USERS)).isEqualTo(Position.BEGINNING);
    }

    @Test
    void neverSendsALaneForwardNorOneThatIsNotSeeded() throws IOException {
        Rewind.to(new StartFrom.After(entries.get(0)), journal, List.of(USERS, ORDERS));
        Rewind.to(new StartFrom.After(entries.get(3)), journal, List.of(USERS, ORDERS));
        assertThat(placeOf(USERS)).isEqualTo(entries.get(0));
        assertThat(placeOf(ORDERS)).isEqualTo(entries.get(4));
    }

    @Test
    void movesNothingWhileAnotherWorkerRunsOneOfThem() throws IOException {
        try (var held = journal.lanes().own(ORDERS)) {
            assertThat(held).isNotNull();
            assertThatThrownBy(() -> Rewind.to(new StartFrom.Beginning(), journal, List.of(USERS, ORDERS)))
                    .isInstanceOf(HeldElsewhereException.class);
        }
        assertThat(placeOf(USERS)).isEqualTo(entries.get(4));
    }

    @Test
    void saysTheOldestUsablePositionWhenThePlaceIsGone() {
        var never = new Position(9, 9);
        assertThatThrownBy(() -> Rewind.to(new StartFrom.After(never), journal, List.of(USERS)))
                .isInstanceOf(PositionGoneException.class)
                .hasMessageContaining("oldest usable position");
    }
}
