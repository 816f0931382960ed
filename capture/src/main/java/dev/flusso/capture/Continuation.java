package dev.flusso.capture;

import dev.flusso.journal.Appender;
import dev.flusso.journal.Gap;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.Position;
import dev.flusso.journal.SourceIdentity;
import java.util.Optional;

/** Whether the journal can go on where it ends (promise P9); decided once for each session, before anything is changed. */
sealed interface Continuation {

    /** Nothing was promised to anybody yet: a new slot, no gap. */
    record Fresh() implements Continuation {}

    /** The slot sends everything the journal does not have. */
    record Proven() implements Continuation {}

    /** It cannot be proven: a new epoch and a new slot. */
    record Broken(Gap gap) implements Continuation {}

    /**
     * Where the journal ends.
     *
     * @param identity whose changes the journal holds; empty while nobody has claimed it
     * @param complete everything of the source before it stands in the journal's epoch; ZERO when nothing does
     * @param covered whether a coverage stands in the epoch: before that no lane can have begun
     * @param isEmpty whether there is no entry at all
     */
    record JournalEnd(Optional<SourceIdentity> identity, Lsn complete, boolean covered, boolean isEmpty) {

        static JournalEnd of(Appender appender) {
            return new JournalEnd(
                    appender.identity(),
                    appender.complete(),
                    appender.coverage().isPresent(),
                    appender.newest().equals(Position.BEGINNING));
        }
    }

    static Continuation of(
            JournalEnd end, ServerFacts facts, String slotName, Optional<SlotState> slot, boolean publicationExists) {
        var known = end.identity();
        if (known.isEmpty()) {
            return slot.isEmpty()
                    ? new Fresh()
                    : broken(
                            Gap.Reason.JOURNAL_ROLLED_BACK,
                            "the journal is empty, but slot '" + slotName + "' exists and was acknowledged up to "
                                    + slot.get().confirmed());
        }
        var was = known.get();
        if (!was.on(1).equals(facts.identity(slotName).on(1))) {
            return broken(
                    Gap.Reason.SOURCE_REPLACED,
                    "the journal holds the changes of " + text(was) + ", this is " + text(facts.identity(slotName)));
        }
        var complete = end.complete();
        if (!end.covered() && complete.equals(Lsn.ZERO)) {
            return new Fresh();
        }
        return ofKnownSource(was, complete, facts, slotName, slot, publicationExists);
    }

    private static Continuation ofKnownSource(
            SourceIdentity was,
            Lsn complete,
            ServerFacts facts,
            String slotName,
            Optional<SlotState> slot,
            boolean publicationExists) {
        if (!facts.timelines().contain(was.timeline(), complete)) {
            return broken(
                    Gap.Reason.SOURCE_ROLLED_BACK,
                    "the journal knows timeline " + was.timeline() + " up to " + complete + ", the server is on "
                            + facts.timelines().current() + ", which left it before that: "
                            + facts.timelines().ends());
        }
        if (complete.isAfter(facts.end())) {
            return broken(
                    Gap.Reason.SOURCE_ROLLED_BACK,
                    "the journal knows the source up to " + complete + ", its log ends at " + facts.end());
        }
        if (slot.isEmpty()) {
            return broken(
                    Gap.Reason.SLOT_LOST, "slot '" + slotName + "' is gone; the journal is complete up to " + complete);
        }
        if (slot.get().isLost()) {
            return broken(
                    Gap.Reason.SLOT_INVALIDATED,
                    "slot '" + slotName + "' was invalidated: " + slot.get().lostBecause());
        }
        if (slot.get().confirmed().isAfter(complete)) {
            return broken(
                    Gap.Reason.JOURNAL_ROLLED_BACK,
                    "slot '" + slotName + "' was acknowledged up to "
                            + slot.get().confirmed() + ", the journal is complete only up to " + complete);
        }
        if (!publicationExists) {
            return broken(
                    Gap.Reason.SLOT_INVALIDATED,
                    "the publication was dropped; slot '" + slotName + "' can never be read past that");
        }
        return new Proven();
    }

    private static Broken broken(Gap.Reason reason, String detail) {
        return new Broken(Gap.everywhere(reason, detail));
    }

    private static String text(SourceIdentity identity) {
        return "system " + identity.systemIdentifier() + " database '" + identity.database() + "' slot '"
                + identity.slot() + "'";
    }
}
