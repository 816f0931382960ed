package dev.flusso.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A look at a journal's files from outside, for people: from any process, also while it is written and read. Nothing is changed. One
 * thread.
 */
public interface JournalInspection {

    /** What there is, without reading all of it; what is written meanwhile may be in it or not. */
    Summary summary() throws IOException;

    /**
     * Reads every record of every segment, oldest first, up to what is written now, and says of each what it is.
     *
     * @param each called for each finding, in order
     */
    void verify(Consumer<Finding> each) throws IOException;

    /**
     * A journal at one moment.
     *
     * @param exists false when there is no journal in the directory; everything else is then empty
     * @param epoch the epoch that is appended to
     * @param clean whether its writer closed it; false also while it is open
     * @param source whose changes it holds; null when nobody has claimed it
     * @param oldest the oldest position a reader can go on after
     * @param newest the newest entry's position
     * @param bytes what the segments take on disk, with what is reserved
     * @param oldestAt the time of the first entry that names one; null when none does
     * @param newestAt the latest time any entry names; null when none does
     * @param segments all of them, oldest first
     * @param lanes the lane files that can be read
     * @param unreadableLanes what is wrong with the others, a line each
     */
    record Summary(
            boolean exists,
            int epoch,
            boolean clean,
            @Nullable SourceIdentity source,
            Position oldest,
            Position newest,
            long bytes,
            @Nullable Instant oldestAt,
            @Nullable Instant newestAt,
            List<Segment> segments,
            List<LaneFile> lanes,
            List<String> unreadableLanes) {

        public Summary {
            segments = List.copyOf(segments);
            lanes = List.copyOf(lanes);
            unreadableLanes = List.copyOf(unreadableLanes);
        }
    }

    /**
     * A segment.
     *
     * @param previous the newest entry before it
     * @param last its newest entry; that before it when it has none
     * @param bytes what it takes on disk
     */
    record Segment(int epoch, int number, Path file, Position previous, Position last, long bytes) {}

    /** What a record turned out to be. */
    enum Check {
        /** An entry, whole and right. */
        GOOD,
        /** Something that should be there cannot be read: readers find a gap here. */
        DAMAGED,
        /** Behind the last good entry of an epoch that a crash of the operating system ended: it was sent again, nobody reads it. */
        LEFT_BY_CRASH,
        /** Whole, but written by another release of flusso. */
        UNKNOWN
    }

    /**
     * One entry, or one place where none can be read.
     *
     * @param position its place; of damage, that of the first entry lost
     * @param file the segment's file
     * @param offset where in the file its record begins, or the damage was noticed, in bytes
     * @param bytes how many bytes its frame has; 0 for damage
     * @param entry the entry; null unless it is {@link Check#GOOD} or {@link Check#LEFT_BY_CRASH}
     * @param detail what is wrong; empty when nothing is
     */
    record Finding(
            Check check,
            Position position,
            Path file,
            long offset,
            int bytes,
            @Nullable Entry entry,
            String detail) {}
}
