package dev.flusso.journal.chronicle;

import dev.flusso.journal.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.function.Supplier;

/** Which segment follows which, as the directories say now. Any thread. */
final class Chain {

    private final Layout layout;
    private final Supplier<String> bootId;

    Chain(Layout layout, Supplier<String> bootId) {
        this.layout = layout;
        this.bootId = bootId;
    }

    /** The oldest segment kept; empty when there is no journal, or nothing in it. */
    Optional<SegmentCursor> first() throws IOException {
        var state = JournalState.load(layout.state());
        return state.isEmpty() ? Optional.empty() : firstOf(0, state.get().epoch());
    }

    /** The newest segment that has a head; empty when there is none. */
    Optional<SegmentCursor> newest() throws IOException {
        var state = JournalState.load(layout.state());
        if (state.isEmpty()) {
            return Optional.empty();
        }
        var segments = layout.segmentsThrough(state.get().epoch());
        for (var i = segments.size() - 1; i >= 0; i--) {
            var cursor = SegmentCursor.open(segments.get(i));
            if (cursor.isPresent()) {
                return cursor;
            }
        }
        return Optional.empty();
    }

    /**
     * The next segment in the same epoch; empty when there is none, or its head is not complete yet.
     *
     * @param thorough whether to look also for one that is not the very next: somebody may have deleted that
     */
    Optional<SegmentCursor> after(Layout.Segment segment, boolean thorough) throws IOException {
        var next = layout.segment(segment.epoch(), segment.number() + 1);
        var opened = SegmentCursor.open(next);
        if (opened.isPresent() || !thorough || Files.exists(next.path())) {
            return opened;
        }
        for (var later : layout.segments(segment.epoch())) {
            if (later.number() > segment.number()) {
                return SegmentCursor.open(later);
            }
        }
        return Optional.empty();
    }

    /** The first segment of the next epoch; empty when there is none that readers may enter. */
    Optional<SegmentCursor> afterEpoch(int epoch) throws IOException {
        if (!Files.exists(layout.epoch(epoch + 1)) && Files.exists(layout.epoch(epoch))) {
            return Optional.empty();
        }
        var state = JournalState.load(layout.state());
        return state.isEmpty()
                ? Optional.empty()
                : firstOf(epoch + 1, state.get().epoch());
    }

    private Optional<SegmentCursor> firstOf(int fromEpoch, int throughEpoch) throws IOException {
        for (var segment : layout.segmentsThrough(throughEpoch)) {
            if (segment.epoch() >= fromEpoch) {
                var cursor = SegmentCursor.open(segment);
                if (cursor.isPresent() || Files.exists(segment.path())) {
                    return cursor;
                }
            }
        }
        return Optional.empty();
    }

    /**
     * Whether an epoch's end may have been torn by a crash of the operating system, or could not be forced, and the writer has not
     * looked at it yet: then what cannot be read there is no damage.
     */
    boolean isTailUnknown(int epoch) throws IOException {
        var state = JournalState.load(layout.state());
        return state.isPresent()
                && state.get().epoch() == epoch
                && (!state.get().survived(bootId.get())
                        || Doubt.about(epoch, layout).isPresent());
    }

    /** The oldest position one may go on after. */
    Position oldest() throws IOException {
        var first = first();
        if (first.isEmpty()) {
            return Position.BEGINNING;
        }
        try (var cursor = first.get()) {
            var head = cursor.head();
            if (head.isPresent()) {
                return head.get().previous();
            }
            return cursor.segment().number() == 0 && cursor.segment().epoch() == 1
                    ? Position.BEGINNING
                    : cursor.nextPosition();
        }
    }

    /** The segment a position lies in, if it is still there. */
    Optional<SegmentCursor> segmentOf(Position position) throws IOException {
        return SegmentCursor.open(layout.segment(position.epoch(), (int) (position.index() >>> 32)));
    }

    Optional<JournalState> state() throws IOException {
        return JournalState.load(layout.state());
    }

    Layout layout() {
        return layout;
    }
}
