package dev.flusso.journal.chronicle;

import dev.flusso.journal.Entry;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.Position;
import dev.flusso.journal.Recorded;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known at the journal's end: kept up by the writer with each entry, found out by reading when a journal is opened. One
 * thread, but for {@link #newest}, {@link #complete}, {@link #witness} and {@link #coverage}, which any may ask.
 */
final class Tail {

    private static final Logger LOG = LoggerFactory.getLogger(Tail.class);

    /** So many segments at the end may hold what was not forced: the writer begins no third one before the first is on disk. */
    static final int UNFORCED_SEGMENTS = 2;

    /** An epoch and how far it has come: by these two an entry is noted without making anything. */
    private static final class Come {
        final int epoch;
        volatile long index;

        Come(int epoch, long index) {
            this.epoch = epoch;
            this.index = index;
        }
    }

    private volatile Come come = new Come(0, 0);
    private volatile Lsn complete = Lsn.ZERO;
    private volatile @Nullable Recorded coverage;
    private volatile @Nullable Entry witness;
    private @Nullable Recorded visibility;
    private long newestMicros = Times.NONE;

    Position newest() {
        var now = come;
        var index = now.index;
        return now.epoch == 0 ? Position.BEGINNING : new Position(now.epoch, index);
    }

    Lsn complete() {
        return complete;
    }

    /** The newest commit or heartbeat, as far as it is known. */
    @Nullable
    Entry witness() {
        return witness;
    }

    @Nullable
    Recorded coverage() {
        return coverage;
    }

    /** Notes an entry that was appended. */
    void passed(int epoch, long index, Entry entry) {
        switch (entry.kind()) {
            case COMMIT -> {
                complete = entry.lsn();
                witness = entry;
            }
            case PROGRESS -> {
                complete = entry.lsn();
                visibility = new Recorded(new Position(epoch, index), entry);
            }
            case HEARTBEAT -> {
                visibility = new Recorded(new Position(epoch, index), entry);
                witness = entry;
            }
            case COVERAGE -> {
                coverage = new Recorded(new Position(epoch, index), entry);
                visibility = coverage;
            }
            case CHANGE, TRUNCATE, CATALOG_CHANGE, GAP -> {
                // nothing to carry on
            }
        }
        newestMicros = Math.max(newestMicros, Times.micros(entry));
        var now = come;
        if (now.epoch == epoch) {
            now.index = index; // one thread writes it
        } else {
            come = new Come(epoch, index);
        }
    }

    /** What a segment that begins here begins with. */
    SegmentHead head() {
        return new SegmentHead(newest(), complete, newestMicros, coverage, visibility);
    }

    /** A new epoch in place of one whose end a crash tore: what was complete, and covered, still is. */
    void afterCrash() {
        visibility = null;
    }

    /** A new epoch behind a gap. */
    void afterGap() {
        visibility = null;
        coverage = null;
        witness = null;
        complete = Lsn.ZERO;
    }

    private void begins(SegmentHead head) {
        come = new Come(head.previous().epoch(), head.previous().index());
        complete = head.complete();
        newestMicros = head.newestMicros();
        coverage = head.coverage();
        visibility = head.visibility();
        var beat = visibility;
        witness = beat != null && beat.entry().kind() == Entry.Kind.HEARTBEAT ? beat.entry() : null;
    }

    /**
     * Reads the end of a journal that a process left, with the operating system alive ever since: all that was appended is there.
     * Marks the last segment as ended and gives back what it had reserved.
     */
    void readIntact(Layout layout, List<Layout.Segment> segments) throws IOException {
        for (var i = segments.size() - 1; i >= 0; i--) {
            var opened = SegmentCursor.open(segments.get(i));
            if (opened.isEmpty()) {
                continue;
            }
            try (var cursor = opened.get()) {
                if (cursor.head().isEmpty()) {
                    LOG.error("journal event=damaged detail={}", cursor.file().damage());
                    continue;
                }
                begins(cursor.head().get());
                var rest = segments.subList(i + 1, segments.size());
                passAll(cursor);
                for (var later : rest) {
                    var next = SegmentCursor.open(later);
                    if (next.isPresent()) {
                        try (var behind = next.get()) {
                            passAll(behind);
                        }
                    }
                }
            }
            return;
        }
        LOG.debug("nothing stands in {}", layout.root());
    }

    private void passAll(SegmentCursor cursor) throws IOException {
        while (true) {
            switch (cursor.step()) {
                case ENTRY -> passed(cursor.segment().epoch(), cursor.index(), cursor.entry());
                case DAMAGED -> {
                    LOG.error(
                            "journal event=damaged position={} detail={}",
                            cursor.position(),
                            cursor.file().damage());
                    coverage = null; // a newer one may have stood here
                }
                case WAITING -> {
                    if (!cursor.file().isHole()) {
                        markEnd(cursor.segment(), cursor.file().offset());
                        return;
                    }
                    cursor.skipHole();
                }
                case ENDED -> {
                    return;
                }
            }
        }
    }

    /** What the queue would do with the next append, but after a time-out when a killed writer left half a record. */
    static void markEnd(Layout.Segment segment, long usedBytes) throws IOException {
        try (var file = new RandomAccessFile(segment.path().toFile(), "rw")) {
            file.seek(usedBytes);
            file.writeInt(Integer.reverseBytes(SegmentFile.END_MARK));
        }
        ForcingThread.cut(segment.path(), usedBytes);
    }

    /**
     * Reads the end of a journal under which the operating system crashed: everything up to the first thing that cannot be read.
     * Leaves the files as they are.
     *
     * @param trusted what comes behind it does not count, though it can be read; empty when all that can be read counts
     */
    void readCrashed(List<Layout.Segment> segments, Optional<Position> trusted) throws IOException {
        var from = Math.max(0, segments.size() - UNFORCED_SEGMENTS);
        while (from > 0 && !hasHead(segments.get(from))) {
            from--;
        }
        for (var i = from; i < segments.size(); i++) {
            var opened = SegmentCursor.open(segments.get(i));
            if (opened.isEmpty()) {
                return;
            }
            try (var cursor = opened.get()) {
                var head = cursor.head();
                if (head.isEmpty() || (i > from && !head.get().previous().equals(newest()))) {
                    return;
                }
                begins(head.get());
                var step = cursor.step();
                while (step == SegmentCursor.Step.ENTRY) {
                    if (trusted.isPresent() && cursor.position().isAfter(trusted.get())) {
                        return;
                    }
                    passed(cursor.segment().epoch(), cursor.index(), cursor.entry());
                    step = cursor.step();
                }
                if (step == SegmentCursor.Step.DAMAGED) {
                    return;
                }
            }
        }
    }

    private static boolean hasHead(Layout.Segment segment) throws IOException {
        var opened = SegmentCursor.open(segment);
        if (opened.isEmpty()) {
            return false;
        }
        try (var cursor = opened.get()) {
            return cursor.head().isPresent();
        }
    }

    /** Deletes segments at the end that were created but never begun. */
    static void dropUnbegun(List<Layout.Segment> segments) throws IOException {
        for (var i = segments.size() - 1; i >= 0; i--) {
            var opened = SegmentCursor.open(segments.get(i));
            if (opened.isPresent()) {
                opened.get().close();
                return;
            }
            Files.deleteIfExists(segments.get(i).path());
        }
    }
}
