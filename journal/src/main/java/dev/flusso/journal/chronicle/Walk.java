package dev.flusso.journal.chronicle;

import dev.flusso.journal.Entry;
import dev.flusso.journal.Gap;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.Position;
import dev.flusso.journal.PositionGoneException;
import dev.flusso.journal.TableName;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a reader stands in the chain of segments, and how it gets on from there. One thread.
 *
 * <p>That nothing was missed between two segments is proven by the later one's head, which names the entry before it. Where that
 * does not fit, or a frame cannot be read, a gap is delivered in its place. Only at the end of an epoch that an operating system
 * crash ended is that no damage: the next epoch's head names the last good entry, and the source has sent everything after it again.
 *
 * <p>Going on makes no garbage while it stays in a segment: what an entry says is decoded when it is asked for, and the place is kept
 * as two numbers.
 */
final class Walk implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(Walk.class);

    /** After how many empty polls we look whether something newer was begun without marking this segment's end. */
    private static final int POLLS_BETWEEN_LOOKS = 16;

    /** After how many empty polls we look whether we wait before a hole; that reads the file's whole rest. */
    private static final int POLLS_BEFORE_PROBE = 1024;

    private final Chain chain;

    private @Nullable SegmentCursor cursor;

    /** The cursor already stands on the entry to be stepped to next. */
    private boolean standing;

    /** Whether an entry was stepped to, and nothing sought since. */
    private boolean onEntry;

    /** The entry stepped to when it is one of our own making. */
    private Entry.@Nullable Missing gap;

    /** The newest entry stepped to or left out: what the next segment's head is held against. */
    private int epoch;

    private long index;

    /** The same before the last step. */
    private int epochBefore;

    private long indexBefore;

    private long lsn;

    /** A gap was delivered and no entry since: what else is missing here is covered by it. */
    private boolean inGap;

    /** Behind the place nothing can be trusted until the writer has begun a new epoch. */
    private boolean awaitsEpoch;

    /** Where the first entry of a hole would stand. */
    private Position missing = Position.BEGINNING;

    private long emptyPolls;

    Walk(Chain chain) {
        this.chain = chain;
    }

    /** The entry stepped to last, or the place sought. */
    Position place() {
        return epoch == 0 && index == 0 ? Position.BEGINNING : new Position(epoch, index);
    }

    private boolean isAfterPlace(Position other) {
        return other.epoch() != epoch ? other.epoch() > epoch : other.index() > index;
    }

    private void moveTo(Position position) {
        epoch = position.epoch();
        index = position.index();
    }

    // ---- the entry stepped to

    Entry.Kind kind() {
        onEntry();
        return gap == null ? FrameType.kind(entered().type()) : Entry.Kind.GAP;
    }

    Lsn lsn() {
        onEntry();
        return Lsn.of(lsn);
    }

    /** Of a change. */
    TableName table() {
        onEntry();
        if (gap != null) {
            throw new IllegalStateException("a gap is of no one table");
        }
        return entered().table();
    }

    Entry entry() {
        onEntry();
        var own = gap;
        return own == null ? entered().entry() : own;
    }

    private void onEntry() {
        if (!onEntry) {
            throw new IllegalStateException("the reader has not stepped to an entry");
        }
    }

    private SegmentCursor entered() {
        var current = cursor;
        if (current == null) {
            throw new IllegalStateException("the reader is in no segment");
        }
        return current;
    }

    // ---- stepping

    /** Steps to the next entry; false when there is none now. */
    boolean advance() throws IOException {
        onEntry = false;
        gap = null;
        while (true) {
            var current = cursor;
            if (current == null) {
                if (!begin()) {
                    return false;
                }
                continue;
            }
            var step = standing ? SegmentCursor.Step.ENTRY : awaitsEpoch ? SegmentCursor.Step.WAITING : current.step();
            standing = false;
            switch (step) {
                case ENTRY -> {
                    return arrived(current);
                }
                case DAMAGED -> {
                    if (crossedEpoch(current)) {
                        continue;
                    }
                    if (awaitsEpoch(current)) {
                        return false;
                    }
                    return arrivedAtGap(current.position(), current.file().damage());
                }
                case WAITING, ENDED -> {
                    var moved = onward(current, step);
                    if (moved == Onward.NOWHERE) {
                        return false;
                    }
                    if (moved == Onward.HOLE) {
                        return arrivedAtGap(
                                missing,
                                "entries are missing from " + missing + " on, in or after "
                                        + current.file().path());
                    }
                }
            }
        }
    }

    private boolean arrived(SegmentCursor current) {
        standing = true; // should it make no sense, the next call must not pass it
        current.checkKnown();
        standing = false;
        epochBefore = epoch;
        indexBefore = index;
        epoch = current.segment().epoch();
        index = current.index();
        lsn = current.lsnValue();
        inGap = false;
        emptyPolls = 0;
        onEntry = true;
        return true;
    }

    /** What takes the place of entries that cannot be read. */
    private boolean arrivedAtGap(Position position, String detail) {
        if (isAfterPlace(position)) {
            moveTo(position);
        }
        LOG.error("journal event=damaged position={} detail={}", place(), detail);
        inGap = true;
        emptyPolls = 0;
        gap = new Entry.Missing(Lsn.of(lsn), Gap.everywhere(Gap.Reason.JOURNAL_DAMAGED, detail));
        onEntry = true;
        return true;
    }

    /** The next step comes to the present entry again: it could not be used. */
    void again() {
        if (onEntry && gap == null) {
            standing = true;
            onEntry = false;
            epoch = epochBefore;
            index = indexBefore;
        }
    }

    /** What came of looking behind the end of a segment. */
    private enum Onward {
        MOVED,
        NOWHERE,
        HOLE
    }

    private Onward onward(SegmentCursor current, SegmentCursor.Step step) throws IOException {
        emptyPolls++;
        var waiting = step == SegmentCursor.Step.WAITING;
        var rareLook = emptyPolls % POLLS_BETWEEN_LOOKS == 1;
        if (waiting && !awaitsEpoch && !rareLook) {
            return Onward.NOWHERE;
        }
        if (crossedEpoch(current)) {
            return Onward.MOVED;
        }
        if (awaitsEpoch) {
            return Onward.NOWHERE;
        }
        var found = chain.after(current.segment(), rareLook);
        if (found.isEmpty()) {
            found = chain.afterEpoch(current.segment().epoch());
        }
        if (found.isEmpty()) {
            return hole(current, waiting);
        }
        var next = found.get();
        if (waiting && current.step() == SegmentCursor.Step.ENTRY) {
            // appended between our look at this segment and the look for the next one
            next.close();
            standing = true;
            return Onward.MOVED;
        }
        if (goesOnBehindUs(next) && !inGap) {
            if (awaitsEpoch(current)) {
                next.close();
                return Onward.NOWHERE;
            }
            if (!current.file().isThere()) {
                next.close();
                throw new PositionGoneException(place(), chain.oldest(), "what follows it was deleted meanwhile");
            }
            missing = current.nextPosition();
            enter(next);
            next.head().map(SegmentHead::previous).ifPresent(this::moveTo);
            return Onward.HOLE;
        }
        enter(next);
        return Onward.MOVED;
    }

    /** Whether what is amiss here is left to the writer to judge. */
    private boolean awaitsEpoch(SegmentCursor current) throws IOException {
        awaitsEpoch = chain.isTailUnknown(current.segment().epoch());
        return awaitsEpoch;
    }

    /** Whether a segment begins later than where we are: entries in between are missing. */
    private boolean goesOnBehindUs(SegmentCursor next) {
        return next.head().map(head -> isAfterPlace(head.previous())).orElse(true);
    }

    /** Only after a long wait: a place that will never be written, with entries behind it. */
    private Onward hole(SegmentCursor current, boolean waiting) throws IOException {
        if (!waiting
                || emptyPolls % POLLS_BEFORE_PROBE != 1
                || emptyPolls == 1
                || !current.file().isHole()
                || awaitsEpoch(current)) {
            return Onward.NOWHERE;
        }
        missing = current.nextPosition();
        current.skipHole();
        return inGap ? Onward.MOVED : Onward.HOLE;
    }

    /** Goes over to the next epoch if there is one and it goes on where we are: what stands behind that here, a crash left. */
    private boolean crossedEpoch(SegmentCursor current) throws IOException {
        var next = chain.afterEpoch(current.segment().epoch());
        if (next.isEmpty()) {
            return false;
        }
        if (goesOnBehindUs(next.get())) {
            next.get().close();
            return false;
        }
        enter(next.get());
        return true;
    }

    private boolean begin() throws IOException {
        var first = chain.first();
        first.ifPresent(this::enter);
        return first.isPresent();
    }

    /** Goes over to a segment, before its next entry. */
    void enter(SegmentCursor next) {
        leave();
        cursor = next;
        emptyPolls = 0;
    }

    /** Stands nowhere: the next step begins at the oldest segment. */
    void leave() {
        var old = cursor;
        cursor = null;
        standing = false;
        onEntry = false;
        awaitsEpoch = false;
        if (old != null) {
            try {
                old.close();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot close " + old.file().path(), e);
            }
        }
    }

    // ---- standing where a seek has found the place

    /** The place is this one; the segment entered goes on behind it. */
    void stand(Position position) {
        moveTo(position);
        onEntry = false;
        inGap = false;
        emptyPolls = 0;
    }

    /** The segment entered stands on an entry that the next step comes to. */
    void standBefore() {
        standing = true;
    }

    /** What is missing behind the place was told already. */
    void standInGap() {
        inGap = true;
    }

    /** Nothing comes until the writer has begun a new epoch. */
    void awaitEpoch() {
        awaitsEpoch = true;
    }

    /** The source's place at the entry before. */
    void cameFrom(Lsn newLsn) {
        lsn = newLsn.value();
    }

    boolean isEntered() {
        return cursor != null;
    }

    @Override
    public void close() {
        leave();
    }
}
