package dev.flusso.journal.chronicle;

import dev.flusso.journal.Appender;
import dev.flusso.journal.Entry;
import dev.flusso.journal.JournalDamagedException;
import dev.flusso.journal.JournalFullException;
import dev.flusso.journal.JournalOptions;
import dev.flusso.journal.LaneFile;
import dev.flusso.journal.LaneName;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.Position;
import dev.flusso.journal.SourceIdentity;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The writing end: frames entries, begins segments and epochs, keeps within the disk's bounds. */
final class ChronicleAppender implements Appender, Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(ChronicleAppender.class);

    /** What a new epoch takes besides its first segment: the queue's own files, and what else is written meanwhile. */
    private static final int NEW_EPOCH_BYTES = 1 << 20;

    private final Layout layout;
    private final JournalOptions options;
    private final Room room;
    private final Reservation reservation = new Reservation();
    private final FrameWriter frames = new FrameWriter();
    private final FrameWriter heads = new FrameWriter();
    private final Pruning pruning;
    private final Tail tail;
    private final ForcingThread forcing;

    /** The size at which a segment is ended: never so large that fewer than four of them fit into {@code max_bytes}. */
    private final long segmentBytes;

    /** What the append refused last would have needed; 0 when none was. */
    private long wantedBytes;

    private volatile EpochWriter writer;
    private volatile JournalState state;

    /** Bytes of all segments but the one appended to. */
    private final AtomicLong bytesOfOthers = new AtomicLong();

    private volatile @Nullable Throwable broken;

    /**
     * @param tail what stands at the end; all of it is on disk
     * @param state what {@code current} says; its epoch is the one to append to
     */
    ChronicleAppender(Layout layout, JournalOptions options, Tail tail, JournalState state, Machine machine)
            throws IOException {
        this.layout = layout;
        this.options = options;
        this.tail = tail;
        this.state = state;
        this.room = new Room(layout.root(), options);
        this.pruning = new Pruning(layout, options, room, machine.clock());
        this.segmentBytes = Math.min(options.segmentBytes(), options.maxBytes() / 4);
        this.writer = open(state.epoch());
        this.bytesOfOthers.set(bytesOnDisk());
        this.forcing = new ForcingThread(
                "flusso-journal-force",
                tail::newest,
                tail.newest(),
                options.syncInterval().toNanos(),
                machine.forcing(),
                trusted -> new Doubt(this.state.epoch(), trusted).note(layout));
    }

    private EpochWriter open(int epoch) throws IOException {
        var segments = layout.segments(epoch);
        var last = segments.isEmpty() ? -1 : segments.get(segments.size() - 1).number();
        return new EpochWriter(layout, epoch, last, segmentBytes, room, reservation);
    }

    @Override
    public void append(Entry entry) {
        usable();
        frames.entry(entry);
        try {
            makeRoom(frames.length());
            wantedBytes = 0;
            write(entry);
        } catch (JournalFullException e) {
            wantedBytes = writer.bytesToBegin(frames.length());
            throw e;
        } catch (IOException | RuntimeException | InternalError e) {
            throw failed(entry, e);
        }
    }

    private void write(Entry entry) {
        var segment = writer.segment();
        var seq = writer.write(frames);
        tail.passed(segment.epoch(), ((long) segment.number() << 32) | Integer.toUnsignedLong(seq), entry);
    }

    private void makeRoom(int frameBytes) throws IOException {
        if (writer.isBegun() && writer.usedBytes() + frameBytes > segmentBytes && writer.nextSeq() > 1) {
            heads.head(tail.head());
            room.require(bytes(), writer.bytesToBegin(heads.length()));
            endSegment();
        }
        if (!writer.isBegun()) {
            heads.head(tail.head());
            room.require(bytesOfOthers.get(), writer.bytesToBegin(heads.length()));
            beginSegment();
        }
        writer.reserve(frameBytes, bytes());
    }

    private void endSegment() {
        forcing.finished(writer.segment().path(), writer.usedBytes());
        bytesOfOthers.addAndGet(writer.usedBytes());
        writer.finish();
    }

    /** Begins a segment with the head that stands ready. */
    private void beginSegment() throws IOException {
        if (forcing.unforcedSegments() >= Tail.UNFORCED_SEGMENTS) {
            forcing.force();
        }
        writer.begin(heads);
        forcing.began(writer.segment().path());
    }

    private JournalDamagedException failed(Entry entry, Throwable cause) {
        broken = cause;
        return new JournalDamagedException(
                "cannot append a " + entry.kind() + " at " + entry.lsn() + " to "
                        + writer.segment().path() + ": " + cause
                        + "; restart capture, which begins behind what it acknowledged",
                cause);
    }

    private void usable() {
        var cause = broken;
        if (cause != null) {
            throw new JournalDamagedException(
                    "the journal's writing end failed before and cannot be used: " + cause, cause);
        }
        forcing.check();
    }

    @Override
    public Position durable() {
        return forcing.durable();
    }

    @Override
    public void force() throws IOException {
        usable();
        forcing.force();
    }

    @Override
    public Position newest() {
        return tail.newest();
    }

    @Override
    public Lsn complete() {
        return tail.complete();
    }

    @Override
    public Optional<Entry> witness() {
        return Optional.ofNullable(tail.witness());
    }

    @Override
    public Optional<Entry.Coverage> coverage() {
        var recorded = tail.coverage();
        return recorded == null ? Optional.empty() : Optional.of((Entry.Coverage) recorded.entry());
    }

    @Override
    public Optional<SourceIdentity> identity() {
        return Optional.ofNullable(state.identity());
    }

    @Override
    public void claim(SourceIdentity identity) throws IOException {
        var present = state.identity();
        if (identity.equals(present)) {
            return;
        }
        if (present != null && !present.on(identity.timeline()).equals(identity)) {
            throw new IllegalStateException("the journal " + layout.root() + " holds the changes of " + present
                    + ", not of " + identity + "; a new epoch must be begun for them");
        }
        if (present == null && !tail.newest().equals(Position.BEGINNING)) {
            LOG.info("journal event=claimed source={} newest={}", identity, tail.newest());
        }
        save(state.with(identity));
    }

    private void save(JournalState next) throws IOException {
        next.save(layout.state());
        if (next.epoch() != state.epoch()) {
            Doubt.settle(layout);
        }
        state = next;
    }

    @Override
    public Position beginEpoch(SourceIdentity identity, Entry.Missing gap) throws IOException {
        usable();
        frames.entry(gap);
        heads.head(tail.head());
        // looked at before anything is ended: what fails half-way can only be mended by opening the journal anew
        room.requireOfDisk(writer.bytesToBegin(heads.length()) + frames.length() + NEW_EPOCH_BYTES);
        forcing.force();
        var next = state.epoch() + 1;
        // Readers enter an epoch when 'current' names it, and find its first entry there.
        Disk.deleteTree(layout.epoch(next));
        try {
            endEpoch();
            tail.afterGap();
            writer = open(next);
            heads.head(tail.head());
            beginSegment();
            writer.reserve(frames.length(), 0);
            write(gap);
            forcing.force();
            save(state.in(next).with(identity));
            LOG.info(
                    "journal event=epoch_begun epoch={} reason={}",
                    next,
                    gap.gap().reason());
            return newest();
        } catch (IOException | RuntimeException | InternalError e) {
            throw failed(gap, e);
        }
    }

    /** Begins the epoch that {@code current} is to name, with nothing in it but what is known at its beginning. */
    void beginEmptyEpoch() throws IOException {
        heads.head(tail.head());
        beginSegment();
        forcing.force();
        save(state);
        Doubt.settle(layout);
    }

    private void endEpoch() throws IOException {
        if (writer.isBegun()) {
            var segment = writer.segment();
            var used = writer.usedBytes();
            endSegment();
            writer.close();
            Tail.markEnd(segment, used);
            forcing.force();
        } else {
            writer.close();
        }
    }

    @Override
    public List<LaneName> prune(List<LaneFile> lanes) throws IOException {
        usable();
        var next = Math.max(wantedBytes, writer.bytesToBegin(64 << 10));
        var pruned = pruning.prune(lanes, state.epoch(), bytes(), next, Math.max(next, segmentBytes));
        if (pruned.segments() > 0) {
            writer.refresh();
            bytesOfOthers.addAndGet(-pruned.bytes());
        }
        return pruned.cutLoose();
    }

    /** What the journal takes on disk, counting what is reserved. Any thread. */
    long bytes() {
        return bytesOfOthers.get() + (writer.isBegun() ? writer.reservedBytes() : 0);
    }

    private long bytesOnDisk() throws IOException {
        var bytes = 0L;
        for (var segment : layout.segmentsThrough(state.epoch())) {
            bytes += Survey.size(segment.path());
        }
        return bytes;
    }

    /** Forces everything and says in {@code current} that it did. */
    @Override
    public void close() throws IOException {
        try {
            forcing.close();
            forcing.check();
            if (broken == null
                    && JournalState.load(layout.state()).filter(state::equals).isPresent()) {
                save(state.closed());
            }
        } finally {
            writer.close();
        }
    }

    /** Closes without saying so in {@code current}. */
    void abandon() throws IOException {
        forcing.close();
        writer.close();
    }

    /** For messages: where the newest entry stands, and the bounds. */
    @Override
    public String toString() {
        return "appender of " + layout.root() + " at " + tail.newest() + " with " + options;
    }
}
