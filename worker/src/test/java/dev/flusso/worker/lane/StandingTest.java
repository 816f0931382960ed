package dev.flusso.worker.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.journal.LaneFile;
import dev.flusso.journal.LaneName;
import dev.flusso.journal.LanePhase;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.Needs;
import dev.flusso.journal.Position;
import dev.flusso.journal.Seeding;
import dev.flusso.worker.SinkGeneration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Each moment a worker can be killed at, and what its successor makes of what it finds. */
@DisplayName("P8 killed at any point and started again")
class StandingTest {

    private static final String HASH = "aaaaaaaa";

    private static LaneFile file(int number, String hash, LanePhase phase, Map<String, String> more) {
        var notes = new TreeMap<>(more);
        notes.put(Notes.INDEX, name(number, hash));
        notes.put(Notes.HASH, hash);
        if (phase != LanePhase.WAITING) {
            notes.put(Notes.UUID, "uuid-" + number);
        }
        return new LaneFile(
                new LaneName("primary", "users"),
                number,
                phase,
                Position.BEGINNING,
                Lsn.ZERO,
                Seeding.NONE,
                0,
                0,
                Needs.NONE,
                "",
                notes,
                Instant.EPOCH);
    }

    private static LaneFile file(int number, LanePhase phase) {
        return file(number, HASH, phase, Map.of());
    }

    private static SinkGeneration index(int number, boolean served) {
        return index(number, HASH, served);
    }

    private static SinkGeneration index(int number, String hash, boolean served) {
        return new SinkGeneration(name(number, hash), hash, number, "uuid-" + number, "", served, null);
    }

    private static String name(int number, String hash) {
        return "users_" + hash + "_" + number;
    }

    private static Standing standing(List<LaneFile> files, SinkGeneration... generations) {
        return Standing.of(files, List.of(generations), HASH, true);
    }

    private static Rebuild.Cause cause(Standing standing) {
        var rebuild = standing.rebuild();
        return rebuild == null ? Rebuild.Cause.REINDEX : rebuild.cause();
    }

    @Test
    void nothingIsThere() {
        assertThat(cause(standing(List.of()))).isEqualTo(Rebuild.Cause.FIRST);
    }

    @Test
    @DisplayName("before or after the index of a begun generation was made: it goes on")
    void aBegunGenerationGoesOn() {
        var begun = file(1, LanePhase.WAITING);
        assertThat(standing(List.of(begun)).building()).isEqualTo(begun);
        assertThat(standing(List.of(begun), index(1, false)).building()).isEqualTo(begun);
        assertThat(standing(List.of(begun)).rebuild()).isNull();
    }

    @Test
    @DisplayName("while seeding, or before the swap: it goes on")
    void aSeedingGoesOn() {
        for (var phase : List.of(LanePhase.SEEDING, LanePhase.TAILING)) {
            var file = file(1, phase);
            var standing = standing(List.of(file), index(1, false));
            assertThat(standing.building()).isEqualTo(file);
            assertThat(standing.serving()).isNull();
            assertThat(standing.rebuild()).isNull();
        }
    }

    @Test
    @DisplayName("after the swap, before the older one was deleted: the newer serves, the older goes")
    void theNewerServes() {
        var older = file(1, LanePhase.TAILING);
        var newer = file(2, LanePhase.TAILING);
        var standing = standing(List.of(older, newer), index(1, false), index(2, true));
        assertThat(standing.serving()).isEqualTo(newer);
        assertThat(standing.building()).isNull();
        assertThat(standing.obsolete()).containsExactly(older);
        assertThat(standing.rebuild()).isNull();
    }

    @Test
    @DisplayName("during a reindex: both go on")
    void bothGoOnDuringAReindex() {
        var served = file(1, LanePhase.TAILING);
        var next = file(2, LanePhase.SEEDING);
        var standing = standing(List.of(served, next), index(1, true), index(2, false));
        assertThat(standing.serving()).isEqualTo(served);
        assertThat(standing.building()).isEqualTo(next);
        assertThat(standing.obsolete()).isEmpty();
    }

    @Test
    @DisplayName("a schema changed, and changed back: the generation of the other schema goes")
    void aSchemaChangedBack() {
        var served = file(1, LanePhase.TAILING);
        var other = file(2, "bbbbbbbb", LanePhase.SEEDING, Map.of());
        var standing = standing(List.of(served, other), index(1, true), index(2, "bbbbbbbb", false));
        assertThat(standing.serving()).isEqualTo(served);
        assertThat(standing.obsolete()).containsExactly(other);
        assertThat(standing.rebuild()).isNull();

        var changed = Standing.of(List.of(served), List.of(index(1, true)), "cccccccc", true);
        assertThat(changed.serving()).isEqualTo(served);
        assertThat(cause(changed)).isEqualTo(Rebuild.Cause.SCHEMA);
    }

    @Test
    void anIndexThatIsGoneIsBuiltAnew() {
        var standing = standing(List.of(file(1, LanePhase.TAILING)));
        assertThat(cause(standing)).isEqualTo(Rebuild.Cause.SINK);
        assertThat(standing.obsolete()).hasSize(1);
    }

    @Test
    void anotherIndexOfTheNameIsNotTakenForOurs() {
        var other = new SinkGeneration(name(1, HASH), HASH, 1, "another", "", false, null);
        assertThat(cause(standing(List.of(file(1, LanePhase.SEEDING)), other))).isEqualTo(Rebuild.Cause.SINK);
    }

    @Test
    void whatIsServedWithoutAFileIsBuiltAnew() {
        var standing = standing(List.of(), index(3, true));
        assertThat(cause(standing)).isEqualTo(Rebuild.Cause.SINK);
        assertThat(standing.isServed()).isTrue();
    }

    @Test
    void whatWasLostOrFrozenServesUntilItIsBuiltAnew() {
        var lost = file(1, HASH, LanePhase.LOST, Map.of(Notes.FROZEN, "since then"));
        var standing = standing(List.of(lost), index(1, true));
        assertThat(standing.serving()).isEqualTo(lost);
        assertThat(cause(standing)).isEqualTo(Rebuild.Cause.CUT_LOOSE);
    }

    @Test
    void aPipeGoesOnWhereItWas() {
        var file = file(1, LanePhase.TAILING);
        assertThat(Standing.ofPipe(List.of(file), HASH).serving()).isEqualTo(file);
        var seeding = file(1, LanePhase.SEEDING);
        assertThat(Standing.ofPipe(List.of(seeding), HASH).building()).isEqualTo(seeding);
        assertThat(cause(Standing.ofPipe(List.of(file), "bbbbbbbb"))).isEqualTo(Rebuild.Cause.SCHEMA);
        assertThat(cause(Standing.ofPipe(List.of(), HASH))).isEqualTo(Rebuild.Cause.FIRST);
    }
}
