package dev.flusso.journal.chronicle;

import dev.flusso.journal.Entry;
import dev.flusso.journal.Position;
import dev.flusso.journal.Recorded;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Answers questions about the journal without moving a reader. One thread. */
final class Survey implements Closeable {

    private final Chain chain;
    private final Tip tip;

    Survey(Chain chain) {
        this.chain = chain;
        this.tip = new Tip(chain);
    }

    Position newest() throws IOException {
        return tip.newest();
    }

    Optional<Recorded> newestVisibility() throws IOException {
        return tip.visibility();
    }

    Optional<Entry.Heartbeat> newestHeartbeat() throws IOException {
        return tip.heartbeat();
    }

    Optional<Entry.Coverage> coverageAt(Position position) throws IOException {
        var found = chain.segmentOf(position);
        if (found.isEmpty()) {
            return coverageBehind(position);
        }
        try (var at = found.get()) {
            return coverage(at, position);
        }
    }

    /** In force at a position whose segment is deleted, or was lost with its epoch's end. */
    private Optional<Entry.Coverage> coverageBehind(Position position) throws IOException {
        var first = position.equals(Position.BEGINNING) || position.equals(chain.oldest())
                ? chain.first()
                : chain.afterEpoch(position.epoch());
        if (first.isEmpty()) {
            return Optional.empty();
        }
        try (var cursor = first.get()) {
            return cursor.head().flatMap(Survey::coverage);
        }
    }

    private static Optional<Entry.Coverage> coverage(SegmentCursor from, Position through) {
        var coverage = from.head().flatMap(Survey::coverage);
        while (true) {
            var step = from.step();
            if (step == SegmentCursor.Step.WAITING && from.file().isHole()) {
                step = from.skipHole();
            }
            switch (step) {
                case ENTRY -> {
                    if (from.position().isAfter(through)) {
                        return coverage;
                    }
                    if (from.type() == FrameType.COVERAGE) {
                        coverage = Optional.of((Entry.Coverage) from.entry());
                    }
                }
                case DAMAGED -> {
                    if (from.position().isAfter(through)) {
                        return coverage;
                    }
                    // it may have held another one
                    coverage = Optional.empty();
                }
                case WAITING, ENDED -> {
                    return coverage;
                }
            }
        }
    }

    private static Optional<Entry.Coverage> coverage(SegmentHead head) {
        var recorded = head.coverage();
        return recorded == null ? Optional.empty() : Optional.of((Entry.Coverage) recorded.entry());
    }

    long bytesAfter(Position position) throws IOException {
        var end = tip.end();
        if (end.isEmpty()) {
            return 0;
        }
        var bytes = 0L;
        var newest = end.get().segment();
        for (var segment : chain.layout().segmentsThrough(newest.epoch())) {
            if (segment.compareTo(newest) <= 0) {
                var used = segment.equals(newest) ? end.get().file().offset() : size(segment.path());
                bytes += Math.max(0, used - offset(segment, position, used));
            }
        }
        return bytes;
    }

    /** How much of a segment lies at or before a position. */
    private long offset(Layout.Segment segment, Position position, long used) throws IOException {
        var byEpoch = Integer.compare(position.epoch(), segment.epoch());
        var order = byEpoch != 0 ? byEpoch : Long.compare(position.index() >>> 32, segment.number());
        if (order != 0) {
            return order < 0 ? 0 : used;
        }
        var opened = SegmentCursor.open(segment);
        if (opened.isEmpty()) {
            return used;
        }
        try (var at = opened.get()) {
            while (at.step() == SegmentCursor.Step.ENTRY && at.position().isBefore(position)) {
                // on to the position
            }
            return at.file().offset();
        }
    }

    /** A file's size in bytes; 0 when it is not there any more. */
    static long size(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    @Override
    public void close() throws IOException {
        tip.close();
    }
}
