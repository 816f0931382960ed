package dev.flusso.journal.chronicle;

import dev.flusso.journal.Entry;
import dev.flusso.journal.JournalDamagedException;
import dev.flusso.journal.JournalInspection;
import dev.flusso.journal.LaneFile;
import dev.flusso.journal.LaneFileDamagedException;
import dev.flusso.journal.Position;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Looks at the files as they are now; keeps nothing open from one question to the next. */
final class FileInspection implements JournalInspection {

    private final Chain chain;
    private final LaneDirectory lanes;

    FileInspection(Chain chain, LaneDirectory lanes) {
        this.chain = chain;
        this.lanes = lanes;
    }

    @Override
    public Summary summary() throws IOException {
        var laneFiles = new ArrayList<LaneFile>();
        var unreadable = new ArrayList<String>();
        lanes.each(laneFiles::add, e -> unreadable.add(message(e)));
        var state = chain.state();
        if (state.isEmpty()) {
            return new Summary(
                    false,
                    0,
                    true,
                    null,
                    Position.BEGINNING,
                    Position.BEGINNING,
                    0,
                    null,
                    null,
                    List.of(),
                    laneFiles,
                    unreadable);
        }
        try (var survey = new Survey(chain)) {
            var newest = survey.newest();
            var segments = segments(state.get().epoch(), newest);
            return new Summary(
                    true,
                    state.get().epoch(),
                    state.get().clean(),
                    state.get().identity(),
                    chain.oldest(),
                    newest,
                    segments.stream().mapToLong(Segment::bytes).sum(),
                    oldestAt(),
                    newestAt(),
                    segments,
                    laneFiles,
                    unreadable);
        }
    }

    private static String message(LaneFileDamagedException e) {
        return String.valueOf(e.getMessage());
    }

    private List<Segment> segments(int throughEpoch, Position newest) throws IOException {
        var segments = new ArrayList<Segment>();
        var last = newest;
        var files = chain.layout().segmentsThrough(throughEpoch);
        for (var i = files.size() - 1; i >= 0; i--) {
            var file = files.get(i);
            var head = head(file);
            var previous = head.map(SegmentHead::previous).orElse(Position.BEGINNING);
            segments.add(
                    0, new Segment(file.epoch(), file.number(), file.path(), previous, last, Survey.size(file.path())));
            last = head.isPresent() ? previous : last;
        }
        return segments;
    }

    private static Optional<SegmentHead> head(Layout.Segment segment) throws IOException {
        var opened = SegmentCursor.open(segment);
        if (opened.isEmpty()) {
            return Optional.empty();
        }
        try (var cursor = opened.get()) {
            return cursor.head();
        }
    }

    private @Nullable Instant oldestAt() throws IOException {
        var first = chain.first();
        if (first.isEmpty()) {
            return null;
        }
        try (var cursor = first.get()) {
            for (var step = cursor.step(); step != SegmentCursor.Step.WAITING && step != SegmentCursor.Step.ENDED; ) {
                if (step == SegmentCursor.Step.ENTRY && Times.micros(cursor.entry()) != Times.NONE) {
                    return instant(Times.micros(cursor.entry()));
                }
                step = cursor.step();
            }
            return null;
        }
    }

    private @Nullable Instant newestAt() throws IOException {
        var newest = chain.newest();
        if (newest.isEmpty()) {
            return null;
        }
        try (var cursor = newest.get()) {
            var micros = cursor.head().map(SegmentHead::newestMicros).orElse(Times.NONE);
            for (var step = cursor.step(); step != SegmentCursor.Step.WAITING && step != SegmentCursor.Step.ENDED; ) {
                if (step == SegmentCursor.Step.ENTRY) {
                    micros = Math.max(micros, Times.micros(cursor.entry()));
                }
                step = cursor.step();
            }
            return micros == Times.NONE ? null : instant(micros);
        }
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    @Override
    public void verify(Consumer<Finding> each) throws IOException {
        var state = chain.state();
        if (state.isEmpty()) {
            return;
        }
        var files = chain.layout().segmentsThrough(state.get().epoch());
        var last = Position.BEGINNING;
        for (var i = 0; i < files.size(); i++) {
            var opened = SegmentCursor.open(files.get(i));
            if (opened.isPresent()) {
                try (var cursor = opened.get()) {
                    last = verify(cursor, i == 0 ? Optional.empty() : Optional.of(last), each);
                }
            }
        }
    }

    /** Verifies one segment; what was the last good entry in or before it. */
    private Position verify(SegmentCursor cursor, Optional<Position> before, Consumer<Finding> each)
            throws IOException {
        var end = end(cursor.segment().epoch());
        var head = cursor.head();
        if (head.isEmpty()) {
            each.accept(finding(Check.DAMAGED, cursor, null, "the segment's head cannot be read"));
        } else if (before.isPresent()
                && head.get().previous().isAfter(before.get())
                && (end.isEmpty() || !head.get().previous().isAfter(end.get()))) {
            each.accept(finding(
                    Check.DAMAGED,
                    cursor,
                    null,
                    "entries between " + before.get() + " and " + head.get().previous() + " are missing"));
        }
        var last = head.map(SegmentHead::previous).orElse(before.orElse(Position.BEGINNING));
        while (true) {
            var step = cursor.step();
            if (step == SegmentCursor.Step.WAITING && cursor.file().isHole()) {
                step = cursor.skipHole();
            }
            switch (step) {
                case ENTRY -> {
                    if (end.isPresent() && cursor.position().isAfter(end.get())) {
                        each.accept(finding(Check.LEFT_BY_CRASH, cursor, entry(cursor), ""));
                    } else {
                        each.accept(good(cursor));
                        last = cursor.position();
                    }
                }
                case DAMAGED -> {
                    var left = chain.isTailUnknown(cursor.segment().epoch())
                            || (end.isPresent() && cursor.position().isAfter(end.get()));
                    each.accept(finding(
                            left ? Check.LEFT_BY_CRASH : Check.DAMAGED,
                            cursor,
                            null,
                            cursor.file().damage()));
                }
                case WAITING, ENDED -> {
                    return last;
                }
            }
        }
    }

    private static Finding good(SegmentCursor cursor) {
        try {
            return finding(Check.GOOD, cursor, cursor.entry(), "");
        } catch (JournalDamagedException e) {
            return finding(Check.UNKNOWN, cursor, null, String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable Entry entry(SegmentCursor cursor) {
        try {
            return cursor.entry();
        } catch (JournalDamagedException e) {
            return null;
        }
    }

    private static Finding finding(Check check, SegmentCursor cursor, @Nullable Entry entry, String detail) {
        return new Finding(
                check,
                cursor.position(),
                cursor.file().path(),
                entry == null ? cursor.file().offset() : cursor.file().frameOffset(),
                entry == null ? 0 : cursor.frameBytes(),
                entry,
                detail);
    }

    /** Up to where an epoch that is over counts; empty for the newest one. */
    private Optional<Position> end(int epoch) throws IOException {
        var next = chain.afterEpoch(epoch);
        if (next.isEmpty()) {
            return Optional.empty();
        }
        try (var cursor = next.get()) {
            return cursor.head().map(SegmentHead::previous);
        }
    }
}
