package dev.flusso.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.journal.Gap;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.SourceIdentity;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("P9: continuation is proven or it is a gap")
class ContinuationTest {

    private static final SourceIdentity OURS = new SourceIdentity("1", "db", "s", 1);
    private static final Lsn COMPLETE = Lsn.of(500);

    private Optional<SourceIdentity> identity = Optional.of(OURS);
    private Lsn complete = COMPLETE;
    private boolean covered = true;
    private ServerFacts facts = new ServerFacts("1", "db", 160000, new Timelines(1, List.of()), Lsn.of(1000));
    private Optional<SlotState> slot = Optional.of(slot(Lsn.of(400), ""));
    private boolean publication = true;

    private static SlotState slot(Lsn confirmed, String lost) {
        return new SlotState(0, "", 0, confirmed, confirmed, lost, Lsn.of(1000));
    }

    private Continuation decided() {
        return Continuation.of(
                new Continuation.JournalEnd(identity, complete, covered, false), facts, "s", slot, publication);
    }

    private void isGap(Gap.Reason reason, String... words) {
        assertThat(decided()).isInstanceOfSatisfying(Continuation.Broken.class, broken -> {
            assertThat(broken.gap().reason()).isEqualTo(reason);
            assertThat(broken.gap().detail()).contains(words);
        });
    }

    @Test
    void isProvenWhenTheSlotSendsAllThatIsMissing() {
        assertThat(decided()).isInstanceOf(Continuation.Proven.class);
        slot = Optional.of(slot(COMPLETE, ""));
        assertThat(decided()).isInstanceOf(Continuation.Proven.class);
    }

    @Test
    void isFreshWhenNothingWasPromised() {
        identity = Optional.empty();
        complete = Lsn.ZERO;
        covered = false;
        slot = Optional.empty();
        assertThat(decided()).isInstanceOf(Continuation.Fresh.class);
        identity = Optional.of(OURS);
        assertThat(decided()).isInstanceOf(Continuation.Fresh.class);
        slot = Optional.of(slot(Lsn.of(400), ""));
        assertThat(decided()).isInstanceOf(Continuation.Fresh.class);
    }

    @Test
    void isProvenWhenOnlyTheFirstEntryStands() {
        covered = false;
        slot = Optional.of(slot(COMPLETE, ""));
        assertThat(decided()).isInstanceOf(Continuation.Proven.class);
    }

    @Test
    void breaksWhenTheJournalIsNew() {
        identity = Optional.empty();
        complete = Lsn.ZERO;
        covered = false;
        isGap(Gap.Reason.JOURNAL_ROLLED_BACK, "'s'", "0/190");
    }

    @Test
    void breaksWhenTheJournalIsOlderThanTheAcknowledgement() {
        slot = Optional.of(slot(Lsn.of(501), ""));
        isGap(Gap.Reason.JOURNAL_ROLLED_BACK, "0/1F5", "0/1F4");
    }

    @Test
    void breaksWhenTheSourceIsAnother() {
        identity = Optional.of(new SourceIdentity("2", "db", "s", 1));
        isGap(Gap.Reason.SOURCE_REPLACED, "system 2", "system 1");
        identity = Optional.of(new SourceIdentity("1", "other", "s", 1));
        isGap(Gap.Reason.SOURCE_REPLACED, "'other'");
        identity = Optional.of(new SourceIdentity("1", "db", "t", 1));
        isGap(Gap.Reason.SOURCE_REPLACED, "'t'");
    }

    @Test
    void breaksWhenTheSlotIsGoneOrInvalid() {
        slot = Optional.of(slot(Lsn.of(400), "wal_removed"));
        isGap(Gap.Reason.SLOT_INVALIDATED, "wal_removed");
        slot = Optional.empty();
        isGap(Gap.Reason.SLOT_LOST, "'s' is gone");
    }

    @Test
    void breaksWhenThePublicationIsGone() {
        publication = false;
        isGap(Gap.Reason.SLOT_INVALIDATED, "publication");
    }

    @Test
    void followsATimelineThatLeftOursLater() {
        facts = on(new Timelines(3, List.of(new Timelines.End(1, COMPLETE), new Timelines.End(2, Lsn.of(700)))));
        assertThat(decided()).isInstanceOf(Continuation.Proven.class);
    }

    @Test
    void breaksWhenTheTimelineLeftOursEarlierOrIsUnknown() {
        facts = on(new Timelines(2, List.of(new Timelines.End(1, Lsn.of(499)))));
        isGap(Gap.Reason.SOURCE_ROLLED_BACK, "timeline 1", "0/1F4");
        identity = Optional.of(OURS.on(3));
        isGap(Gap.Reason.SOURCE_ROLLED_BACK, "timeline 3");
    }

    @Test
    void breaksWhenTheServerHasLessHistoryThanWeSaw() {
        facts = new ServerFacts("1", "db", 160000, new Timelines(1, List.of()), Lsn.of(499));
        isGap(Gap.Reason.SOURCE_ROLLED_BACK, "0/1F4", "0/1F3");
    }

    private static ServerFacts on(Timelines timelines) {
        return new ServerFacts("1", "db", 160000, timelines, Lsn.of(1000));
    }
}
