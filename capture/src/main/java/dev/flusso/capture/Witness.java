package dev.flusso.capture;

import dev.flusso.journal.Entry;
import dev.flusso.journal.Gap;
import dev.flusso.journal.Lsn;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Holds what the server sends again against what the journal has, before anything new is believed (promise P9). A server put back from
 * a copy of its files can have written on until it stands past the journal's end, on the same timeline: by its numbers alone it looks
 * like ours, and tells another history.
 *
 * <p>The slot of such a copy is as old as the copy. So whatever was not acknowledged by <em>this</em> slot is read again, and the newest
 * commit or heartbeat in the journal must come at its place; until then nothing is acknowledged, and what stands in the journal
 * already is not handed on. One thread.
 */
final class Witness {

    private final String slot;
    private @Nullable Entry waitedFor;

    /** Whether the transaction sent now may be the one waited for. */
    private boolean matches;

    private boolean inTransaction;

    private Witness(String slot, @Nullable Entry waitedFor) {
        this.slot = slot;
        this.waitedFor = waitedFor;
    }

    /** Nothing is waited for. */
    static Witness none() {
        return new Witness("", null);
    }

    /**
     * The newest commit or heartbeat of the journal, unless the slot will not send it again.
     *
     * @param confirmed what the server says was acknowledged
     */
    static Witness of(String slot, Optional<Entry> newest, Lsn confirmed) {
        return new Witness(
                slot, newest.filter(entry -> entry.lsn().isAfter(confirmed)).orElse(null));
    }

    /** Whether it has still to come: until then nothing may be acknowledged. */
    boolean isWaitedFor() {
        return waitedFor != null;
    }

    /**
     * Whether the event stands in the journal already; then it must not be handed on.
     *
     * @throws StreamBrokenException when what was waited for has not come at its place
     */
    boolean knows(StreamEvent event) {
        var entry = waitedFor;
        if (entry == null || event instanceof StreamEvent.Relation) {
            return false;
        }
        if (event instanceof StreamEvent.Begin begin) {
            begins(entry, begin);
        } else if (event instanceof StreamEvent.Message message) {
            says(entry, message);
        } else if (event instanceof StreamEvent.Commit commit) {
            ends(entry, commit);
        }
        return true;
    }

    private void begins(Entry entry, StreamEvent.Begin begin) {
        notPast(entry, begin.commitLsn());
        inTransaction = true;
        matches = entry instanceof Entry.Commit commit
                && commit.transaction().commitLsn().equals(begin.commitLsn())
                && (int) commit.transaction().xid() == begin.xid();
    }

    private void says(Entry entry, StreamEvent.Message message) {
        var ours = entry instanceof Entry.Heartbeat beat
                && message.prefix().equals(Translator.PREFIX)
                && message.content().equals(Translator.heartbeatContent(slot, beat.emittedAt()));
        if (inTransaction) {
            matches |= ours;
        } else if (ours && message.lsn().equals(entry.lsn())) {
            waitedFor = null;
        } else {
            notPast(entry, message.lsn());
        }
    }

    private void ends(Entry entry, StreamEvent.Commit commit) {
        inTransaction = false;
        if (matches && commit.endLsn().equals(entry.lsn())) {
            waitedFor = null;
        } else if (commit.endLsn().isAfter(entry.lsn()) || entry instanceof Entry.Commit) {
            // a message outside of transactions stands where the commit before it ends
            notPast(entry, commit.endLsn());
        }
    }

    /** The server has nothing more to send up to here. */
    void idle(Lsn received) {
        var entry = waitedFor;
        if (entry != null && !inTransaction && received.isAfter(entry.lsn())) {
            throw missed(entry, received);
        }
    }

    private static void notPast(Entry entry, Lsn lsn) {
        if (lsn.compareTo(entry.lsn()) >= 0) {
            throw missed(entry, lsn);
        }
    }

    private static StreamBrokenException missed(Entry entry, Lsn lsn) {
        return new StreamBrokenException(
                Gap.Reason.SOURCE_ROLLED_BACK,
                "the journal knows a " + entry.kind() + " at " + entry.lsn() + ", the server has come to " + lsn
                        + " without it: it was put back to an earlier state and tells another history");
    }
}
