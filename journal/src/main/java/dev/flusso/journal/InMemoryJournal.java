package dev.flusso.journal;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A journal in memory, for tests and for trying things: the same contract as the one on disk, shared by a writer and any number of
 * readers in one process. Segments are counted in entries, and each entry counts for {@value #ENTRY_BYTES} bytes. Any thread.
 *
 * <p>What is forced can be held back ({@link #forceByHand}), made to fail ({@link #failForce}), refused ({@link #fillDisk}) and lost ({@link #afterCrash}), so that
 * what a caller does between an append and its durability can be looked at.
 */
public final class InMemoryJournal implements Journal {

    /** What an entry counts for. */
    public static final int ENTRY_BYTES = 100;

    private final InMemoryEntries entries;
    private boolean closed;

    private InMemoryJournal(InMemoryEntries entries) {
        this.entries = entries;
    }

    /** Segments of 16 entries, without a bound; forced at once. */
    public static InMemoryJournal create() {
        return create(16, Integer.MAX_VALUE);
    }

    /** One that keeps no consumed history. */
    public static InMemoryJournal create(int segmentEntries, int maxSegments) {
        return create(segmentEntries, maxSegments, Duration.ZERO, () -> Instant.MAX);
    }

    /**
     * An empty one.
     *
     * @param segmentEntries how many entries a segment takes, 1 or more
     * @param maxSegments how many segments there may be, 4 or more
     * @param retention how long consumed history is kept as far as {@code maxSegments} allows
     * @param clock tells how old history is
     */
    public static InMemoryJournal create(int segmentEntries, int maxSegments, Duration retention, InstantSource clock) {
        if (segmentEntries < 1 || maxSegments < 4) {
            throw new IllegalArgumentException("segments of " + segmentEntries + " entries, at most " + maxSegments
                    + " of them; expected 1 or more, 4 or more");
        }
        return new InMemoryJournal(new InMemoryEntries(segmentEntries, maxSegments, retention, clock));
    }

    /** From now on {@link Appender#durable} moves only by {@link Appender#force}. */
    public void forceByHand() {
        entries.forceByHand();
    }

    /** From now on forcing fails, as on a broken disk. */
    public void failForce() {
        entries.failForce();
    }

    /** From now on the disk under it is full, or has room again. */
    public void fillDisk(boolean full) {
        entries.fillDisk(full);
    }

    /** What a process finds that opens this journal after the writer was closed or killed: all that was appended. */
    public InMemoryJournal afterKill() {
        closed = true;
        return new InMemoryJournal(entries.afterKill());
    }

    /** What a process finds after the operating system crashed: what was durable, and a new epoch. */
    public InMemoryJournal afterCrash() {
        closed = true;
        return new InMemoryJournal(entries.afterCrash());
    }

    @Override
    public Appender appender() {
        open();
        return new End();
    }

    @Override
    public Reader reader() {
        open();
        return new InMemoryReader(entries);
    }

    @Override
    public Lanes lanes() {
        return entries.lanes;
    }

    @Override
    public Optional<SourceIdentity> identity() {
        return Optional.ofNullable(entries.identity());
    }

    @Override
    public long bytes() {
        return entries.size() * (long) ENTRY_BYTES;
    }

    @Override
    public void close() {
        closed = true;
    }

    private void open() {
        if (closed) {
            throw new IllegalStateException("this journal was closed");
        }
    }

    /** The writing end. */
    private final class End implements Appender {

        @Override
        public void append(Entry entry) {
            open();
            entries.append(entry);
        }

        @Override
        public Position durable() {
            return entries.durable();
        }

        @Override
        public void force() {
            open();
            entries.force();
        }

        @Override
        public Position newest() {
            return entries.newest();
        }

        @Override
        public Lsn complete() {
            return entries.complete();
        }

        @Override
        public Optional<Entry> witness() {
            return entries.witness();
        }

        @Override
        public Optional<Entry.Coverage> coverage() {
            return entries.coverageAt(entries.newest());
        }

        @Override
        public Optional<SourceIdentity> identity() {
            return InMemoryJournal.this.identity();
        }

        @Override
        public void claim(SourceIdentity identity) {
            open();
            var present = entries.identity();
            if (present != null && !present.on(identity.timeline()).equals(identity)) {
                throw new IllegalStateException("the journal holds the changes of " + present + ", not of " + identity);
            }
            entries.claim(identity);
        }

        @Override
        public Position beginEpoch(SourceIdentity identity, Entry.Missing gap) {
            open();
            return entries.beginEpoch(identity, gap);
        }

        @Override
        public List<LaneName> prune(List<LaneFile> lanes) throws IOException {
            open();
            return entries.prune(lanes);
        }
    }

    /** The latest time an entry names; null when it names none. */
    static @Nullable Instant time(Entry entry) {
        return switch (entry.kind()) {
            case CHANGE -> ((Entry.Change) entry).transaction().committedAt();
            case TRUNCATE -> ((Entry.Truncate) entry).transaction().committedAt();
            case COMMIT -> ((Entry.Commit) entry).transaction().committedAt();
            case HEARTBEAT -> ((Entry.Heartbeat) entry).emittedAt();
            case PROGRESS, COVERAGE, CATALOG_CHANGE, GAP -> null;
        };
    }

    /** Everything there is, oldest first: for assertions. */
    public List<Recorded> everything() {
        var all = new ArrayList<Recorded>();
        try (var reader = new InMemoryReader(entries)) {
            for (var next = reader.next(); next != null; next = reader.next()) {
                all.add(next);
            }
        }
        return List.copyOf(all);
    }
}
