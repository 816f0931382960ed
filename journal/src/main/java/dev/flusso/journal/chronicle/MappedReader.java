package dev.flusso.journal.chronicle;

import dev.flusso.journal.Entry;
import dev.flusso.journal.Gap;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.Position;
import dev.flusso.journal.PositionGoneException;
import dev.flusso.journal.Reader;
import dev.flusso.journal.Recorded;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The reading end: walks the segments' files, which it maps read-only. It knows of the writer only what the files say, so the writer
 * may be absent, in another process or in another container.
 *
 * <p>That nothing was missed between two segments is proven by the later one's head, which names the entry before it. Where that
 * does not fit, or a frame cannot be read, a gap is delivered in its place. Only at the end of an epoch that an operating system
 * crash ended is that no damage: the next epoch's head names the last good entry, and the source has sent everything after it again.
 */
final class MappedReader implements Reader {

    private static final Logger LOG = LoggerFactory.getLogger(MappedReader.class);

    /** After how many empty polls we look whether something newer was begun without marking this segment's end. */
    private static final int POLLS_BETWEEN_LOOKS = 16;

    /** After how many empty polls we look whether we wait before a hole; that reads the file's whole rest. */
    private static final int POLLS_BEFORE_PROBE = 1024;

    private final Chain chain;
    private final Survey survey;

    private @Nullable SegmentCursor cursor;

    /** The cursor already stands on the entry to be delivered next. */
    private boolean standing;

    /** What is told by {@link #position}. */
    private Position reported = Position.BEGINNING;

    /** The newest entry this reader has read or may leave out: what the next segment's head is held against. */
    private Position last = Position.BEGINNING;

    private Lsn lastLsn = Lsn.ZERO;

    /** A gap was delivered and no entry since: what else is missing here is covered by it. */
    private boolean inGap;

    /** Behind {@link #last} nothing can be trusted until the writer has begun a new epoch. */
    private boolean awaitsEpoch;

    /** Where the first entry of a hole would stand. */
    private Position missing = Position.BEGINNING;

    private long emptyPolls;
    private boolean closed;

    MappedReader(Chain chain) {
        this.chain = chain;
        this.survey = new Survey(chain);
    }

    @Override
    public @Nullable Recorded next() {
        open();
        try {
            return advance();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private @Nullable Recorded advance() throws IOException {
        while (true) {
            var current = cursor;
            if (current == null) {
                if (!begin()) {
                    return null;
                }
                continue;
            }
            var step = standing ? SegmentCursor.Step.ENTRY : awaitsEpoch ? SegmentCursor.Step.WAITING : current.step();
            standing = false;
            switch (step) {
                case ENTRY -> {
                    return delivered(current);
                }
                case DAMAGED -> {
                    if (crossedEpoch(current)) {
                        continue;
                    }
                    if (awaitsEpoch(current)) {
                        return null;
                    }
                    return gap(current.position(), current.file().damage());
                }
                case WAITING, ENDED -> {
                    var moved = onward(current, step);
                    if (moved == Onward.NOWHERE) {
                        return null;
                    }
                    if (moved == Onward.HOLE) {
                        return gap(
                                missing,
                                "entries are missing from " + missing + " on, in or after "
                                        + current.file().path());
                    }
                }
            }
        }
    }

    private Recorded delivered(SegmentCursor current) {
        standing = true; // should it not be readable, the next call must not pass it
        var recorded = current.recorded();
        standing = false;
        last = recorded.position();
        lastLsn = recorded.entry().lsn();
        reported = last;
        inGap = false;
        emptyPolls = 0;
        return recorded;
    }

    /** What takes the place of entries that cannot be read. */
    private Recorded gap(Position position, String detail) {
        var at = position.isAfter(last) ? position : last;
        LOG.error("journal event=damaged position={} detail={}", at, detail);
        last = at;
        reported = at;
        inGap = true;
        emptyPolls = 0;
        return new Recorded(at, new Entry.Missing(lastLsn, Gap.everywhere(Gap.Reason.JOURNAL_DAMAGED, detail)));
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
                throw new PositionGoneException(last, chain.oldest(), "what follows it was deleted meanwhile");
            }
            missing = current.nextPosition();
            enter(next);
            next.head().ifPresent(head -> last = head.previous());
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
        return next.head().map(head -> head.previous().isAfter(last)).orElse(true);
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

    private void enter(SegmentCursor next) {
        leave();
        cursor = next;
        emptyPolls = 0;
    }

    private void leave() {
        var old = cursor;
        cursor = null;
        standing = false;
        awaitsEpoch = false;
        if (old != null) {
            try {
                old.close();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot close " + old.file().path(), e);
            }
        }
    }

    @Override
    public void seekAfter(Position position) {
        guarded(() -> {
            seek(position);
            return true;
        });
    }

    private void seek(Position position) throws IOException {
        if (position.equals(Position.BEGINNING)) {
            leave();
            stand(Position.BEGINNING);
            return;
        }
        var state = chain.state();
        if (state.isEmpty()) {
            throw new PositionGoneException(position, Position.BEGINNING, "there is no journal yet");
        }
        if (position.epoch() > state.get().epoch()) {
            throw new PositionGoneException(
                    position,
                    chain.oldest(),
                    "the journal has only come to epoch " + state.get().epoch());
        }
        if (foundInSegment(position)) {
            return;
        }
        var oldest = chain.oldest();
        var first = chain.first();
        if (first.isPresent()) {
            if (position.equals(oldest)) {
                enter(first.get());
                stand(position);
                return;
            }
            first.get().close();
        }
        if (position.isBefore(oldest)) {
            throw new PositionGoneException(position, oldest, "entries behind it were deleted");
        }
        seekBehindEnd(position, state.get(), oldest);
    }

    /** A position the journal does not hold, though nothing was deleted there: it was lost with the end of its epoch. */
    private void seekBehindEnd(Position position, JournalState state, Position oldest) throws IOException {
        var unknown = chain.isTailUnknown(position.epoch());
        if (!unknown && position.epoch() == state.epoch()) {
            throw new PositionGoneException(
                    position, oldest, "the journal's newest entry is at " + survey.newest() + ", it has lost its end");
        }
        var next = chain.afterEpoch(position.epoch());
        if (next.isPresent()) {
            if (next.get().head().map(head -> head.previous().isAfter(position)).orElse(true)) {
                next.get().close();
                throw new PositionGoneException(position, oldest, "no entry stands there");
            }
            enter(next.get());
            stand(position);
            return;
        }
        // Wait at the last segment that can be opened; if there is none, the first one to come is of the next epoch.
        leave();
        var segments = chain.layout().segmentsThrough(position.epoch());
        for (var i = segments.size() - 1; i >= 0 && cursor == null; i--) {
            SegmentCursor.open(segments.get(i)).ifPresent(this::enter);
        }
        stand(position);
        awaitsEpoch = true;
    }

    /** Looks for the position in its own segment; true when the reader stands behind it. */
    private boolean foundInSegment(Position position) throws IOException {
        var found = chain.segmentOf(position);
        if (found.isEmpty()) {
            return false;
        }
        var candidate = found.get();
        var damaged = candidate.head().isEmpty();
        while (true) {
            var step = candidate.step();
            if (step == SegmentCursor.Step.WAITING
                    && !chain.isTailUnknown(position.epoch())
                    && candidate.file().isHole()) {
                step = candidate.skipHole();
            }
            if (step == SegmentCursor.Step.ENTRY) {
                var order = candidate.position().compareTo(position);
                if (order == 0 || (order > 0 && damaged)) {
                    enter(candidate);
                    lastLsn = order == 0 ? candidate.lsn() : lastLsn;
                    stand(position);
                    standing = order > 0;
                    return true;
                }
                if (order > 0) {
                    candidate.close();
                    throw new PositionGoneException(position, chain.oldest(), "no entry stands there");
                }
                damaged = false;
                lastLsn = candidate.lsn();
            } else if (step == SegmentCursor.Step.DAMAGED) {
                damaged = !candidate.position().isAfter(position);
            } else if (damaged && !chain.isTailUnknown(position.epoch())) {
                enter(candidate);
                stand(position);
                inGap = true;
                return true;
            } else {
                candidate.close();
                return precedesNext(candidate.segment(), position);
            }
        }
    }

    /** A segment's end may be lost; if its last entry is sought, the next segment tells that this was it. */
    private boolean precedesNext(Layout.Segment segment, Position position) throws IOException {
        var next = chain.after(segment, true);
        if (next.isEmpty()) {
            return false;
        }
        if (next.get()
                .head()
                .map(SegmentHead::previous)
                .filter(position::equals)
                .isEmpty()) {
            next.get().close();
            return false;
        }
        enter(next.get());
        stand(position);
        return true;
    }

    private void stand(Position position) {
        reported = position;
        last = position;
        inGap = false;
        emptyPolls = 0;
    }

    @Override
    public void seekTo(Instant time) {
        guarded(() -> {
            seekToMicros(Times.micros(time));
            return true;
        });
    }

    private void seekToMicros(long micros) throws IOException {
        leave();
        stand(Position.BEGINNING);
        var state = chain.state();
        if (state.isEmpty()) {
            return;
        }
        var segments = chain.layout().segmentsThrough(state.get().epoch());
        for (var i = segments.size() - 1; i >= 0 && cursor == null; i--) {
            var candidate = SegmentCursor.open(segments.get(i));
            if (candidate.isPresent()) {
                var head = candidate.get().head();
                if (i == 0 || (head.isPresent() && head.get().newestMicros() < micros)) {
                    enter(candidate.get());
                    stand(head.map(SegmentHead::previous).orElse(Position.BEGINNING));
                } else {
                    candidate.get().close();
                }
            }
        }
        var before = reported;
        for (var recorded = advance(); recorded != null; recorded = advance()) {
            if (Times.micros(recorded.entry()) >= micros) {
                standing = true;
                stand(before);
                return;
            }
            before = recorded.position();
        }
    }

    @Override
    public void seekToEnd() {
        guarded(() -> {
            seek(survey.newest());
            return true;
        });
    }

    @Override
    public Position position() {
        return reported;
    }

    @Override
    public Position newest() {
        return guarded(survey::newest);
    }

    @Override
    public Position oldest() {
        return guarded(chain::oldest);
    }

    @Override
    public Optional<Entry.Coverage> coverageAt(Position position) {
        return guarded(() -> survey.coverageAt(position));
    }

    @Override
    public Optional<Recorded> newestVisibility() {
        return guarded(survey::newestVisibility);
    }

    @Override
    public Optional<Entry.Heartbeat> newestHeartbeat() {
        return guarded(survey::newestHeartbeat);
    }

    @Override
    public long bytesAfter(Position position) {
        return guarded(() -> survey.bytesAfter(position));
    }

    private interface Question<T> {
        T answer() throws IOException;
    }

    private <T> T guarded(Question<T> question) {
        open();
        try {
            return question.answer();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private void open() {
        if (closed) {
            throw new IllegalStateException("this reader was closed");
        }
    }

    private UncheckedIOException unreadable(IOException e) {
        return new UncheckedIOException(
                "cannot read the journal " + chain.layout().root() + ": " + e.getMessage(), e);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            leave();
            try {
                survey.close();
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "cannot close the journal " + chain.layout().root(), e);
            }
        }
    }
}
