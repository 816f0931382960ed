package dev.flusso.journal.chronicle;

import dev.flusso.journal.Position;
import dev.flusso.journal.PositionGoneException;
import java.io.IOException;

/** Finds the place a reader is sent to, and sets its walk there. One thread. */
final class Seek {

    private final Chain chain;
    private final Survey survey;
    private final Walk walk;

    Seek(Chain chain, Survey survey, Walk walk) {
        this.chain = chain;
        this.survey = survey;
        this.walk = walk;
    }

    /** As {@link dev.flusso.journal.Reader#seekAfter}. */
    void after(Position position) throws IOException {
        if (position.equals(Position.BEGINNING)) {
            walk.leave();
            walk.stand(Position.BEGINNING);
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
                walk.enter(first.get());
                walk.stand(position);
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
            walk.enter(next.get());
            walk.stand(position);
            return;
        }
        // Wait at the last segment that can be opened; if there is none, the first one to come is of the next epoch.
        walk.leave();
        var segments = chain.layout().segmentsThrough(position.epoch());
        for (var i = segments.size() - 1; i >= 0 && !walk.isEntered(); i--) {
            SegmentCursor.open(segments.get(i)).ifPresent(walk::enter);
        }
        walk.stand(position);
        walk.awaitEpoch();
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
                    walk.enter(candidate);
                    if (order == 0) {
                        walk.cameFrom(candidate.lsn());
                    }
                    walk.stand(position);
                    if (order > 0) {
                        walk.standBefore();
                    }
                    return true;
                }
                if (order > 0) {
                    candidate.close();
                    throw new PositionGoneException(position, chain.oldest(), "no entry stands there");
                }
                damaged = false;
                walk.cameFrom(candidate.lsn());
            } else if (step == SegmentCursor.Step.DAMAGED) {
                damaged = !candidate.position().isAfter(position);
            } else if (damaged && !chain.isTailUnknown(position.epoch())) {
                walk.enter(candidate);
                walk.stand(position);
                walk.standInGap();
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
        walk.enter(next.get());
        walk.stand(position);
        return true;
    }

    /** As {@link dev.flusso.journal.Reader#seekTo}, in microseconds since 1970. */
    void to(long micros) throws IOException {
        walk.leave();
        walk.stand(Position.BEGINNING);
        var state = chain.state();
        if (state.isEmpty()) {
            return;
        }
        var segments = chain.layout().segmentsThrough(state.get().epoch());
        for (var i = segments.size() - 1; i >= 0 && !walk.isEntered(); i--) {
            var candidate = SegmentCursor.open(segments.get(i));
            if (candidate.isPresent()) {
                var head = candidate.get().head();
                if (i == 0 || (head.isPresent() && head.get().newestMicros() < micros)) {
                    walk.enter(candidate.get());
                    walk.stand(head.map(SegmentHead::previous).orElse(Position.BEGINNING));
                } else {
                    candidate.get().close();
                }
            }
        }
        while (walk.advance()) {
            if (Times.micros(walk.entry()) >= micros) {
                walk.again();
                return;
            }
        }
    }
}
