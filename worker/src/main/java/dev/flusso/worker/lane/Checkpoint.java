package dev.flusso.worker.lane;

import dev.flusso.journal.LaneFile;
import dev.flusso.journal.LanePhase;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.Position;
import dev.flusso.journal.Seeding;
import dev.flusso.worker.SinkIndex;
import dev.flusso.worker.SinkMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one generation's lane file: at most once a second while the lane moves, off the lane's thread, the sink's own memory of it first;
 * at once, on the lane's thread, when the phase changes. A file written late never replaces a newer one, nor comes back after
 * {@link #close}. The lane's thread, but for what is said otherwise.
 */
final class Checkpoint {

    private static final Logger LOG = LoggerFactory.getLogger(Checkpoint.class);

    /** How far the generation is, now. */
    interface Progress {

        Position position();

        Lsn lsn();

        Seeding seeding();

        long highestVersion();
    }

    private final LaneContext context;
    private final SinkIndex sinkIndex;
    private final String target;
    private final DeadLetters letters;
    private final Progress progress;
    private final SinkPulse pulse;

    private LaneFile file;
    private boolean dirty;
    private boolean saving;
    private long savedAtNanos;
    private long drawn;

    /** Guards what follows: files are written by this thread and by an executor's. */
    private final Object disk = new Object();

    private long kept;
    private boolean closed;
    private volatile LaneFile saved;

    Checkpoint(
            LaneContext context,
            SinkIndex sinkIndex,
            String target,
            DeadLetters letters,
            LaneFile file,
            Progress progress,
            SinkPulse pulse) {
        this.context = context;
        this.sinkIndex = sinkIndex;
        this.target = target;
        this.letters = letters;
        this.file = file;
        this.saved = file;
        this.progress = progress;
        this.pulse = pulse;
        this.savedAtNanos = context.clock().nanoTime();
    }

    /** The file as it would be written, but for progress since. */
    LaneFile file() {
        return file;
    }

    /** The file as it is on disk. */
    LaneFile saved() {
        return saved;
    }

    /** Something moved that is worth a checkpoint. */
    void moved() {
        dirty = true;
    }

    void note(String key, String value) {
        var notes = new TreeMap<>(file.notes());
        notes.put(key, value);
        file = LaneFiles.with(file, notes);
    }

    void drop(String key) {
        var notes = new TreeMap<>(file.notes());
        notes.remove(key);
        file = LaneFiles.with(file, notes);
    }

    /** Goes to another phase, durably, at this place. */
    void enter(LanePhase phase, Position position, Lsn lsn, Seeding seeding) throws IOException {
        file = LaneFiles.at(file, phase, position, lsn, seeding);
        save();
    }

    /** Writes the file as things are now; durable on return. */
    void save() throws IOException {
        letters.flush();
        file = present();
        keep(file, ++drawn);
        savedAtNanos = context.clock().nanoTime();
        dirty = false;
    }

    /** Writes a checkpoint when something moved and it is time. */
    void step() throws IOException {
        var due = context.clock().nanoTime() - savedAtNanos >= LaneOptions.CHECKPOINT_INTERVAL.toNanos();
        if (!dirty || saving || !due) {
            return;
        }
        letters.flush();
        var snapshot = present();
        var memory = memory(snapshot);
        var number = ++drawn;
        dirty = false;
        saving = true;
        context.asker()
                .ask(
                        () -> {
                            rememberAndKeep(snapshot, memory, number);
                            return memory;
                        },
                        done -> {
                            saving = false;
                            pulse.remembered();
                            savedAtNanos = context.clock().nanoTime();
                            note(Notes.REMEMBERED, text(done));
                        },
                        this::failed);
    }

    private void failed(RuntimeException e) {
        saving = false;
        dirty = true;
        savedAtNanos = context.clock().nanoTime();
        if (pulse.condition() == null) {
            LOG.warn("checkpoint failed lane={} error={}", context.name(), e.getMessage());
        }
        pulse.failed(e);
        context.monitor().failed(context.name(), String.valueOf(e.getMessage()));
    }

    /**
     * Leaves the last place in the file before the lane goes, if that can be done at once; else the file stays as it is, and what
     * was settled since is done again.
     */
    void finish() {
        if (!dirty || saving) {
            return;
        }
        try {
            letters.flush();
            var snapshot = present();
            rememberAndKeep(snapshot, memory(snapshot), ++drawn);
        } catch (IOException | RuntimeException e) { // done again after the next start
            LOG.debug("last checkpoint failed lane={} error={}", context.name(), e.getMessage());
        }
    }

    /** From now on nothing is written, also not by what is under way. */
    void close() {
        synchronized (disk) {
            closed = true;
        }
    }

    private LaneFile present() {
        return LaneFiles.now(file, progress, letters.size(), context.clock().now());
    }

    /** What the sink is to remember of a file. */
    private static SinkMemory memory(LaneFile snapshot) {
        var state = snapshot.notes().containsKey(Notes.UNSEEDED)
                ? "unseeded"
                : snapshot.phase() == LanePhase.SEEDING ? SinkMemory.SEEDING : "live";
        var number = rememberedBy(snapshot).number() + 1;
        return new SinkMemory(Sweep.firm(snapshot), snapshot.highestVersion(), number, state);
    }

    /** Any thread. */
    private void rememberAndKeep(LaneFile snapshot, SinkMemory memory, long number) {
        sinkIndex.remember(target, rememberedBy(snapshot), memory);
        var notes = new TreeMap<>(snapshot.notes());
        notes.put(Notes.REMEMBERED, text(memory));
        try {
            keep(LaneFiles.with(snapshot, notes), number);
        } catch (IOException e) {
            throw new UncheckedIOException("the checkpoint could not be written: " + e.getMessage(), e);
        }
    }

    /** Any thread. */
    private void keep(LaneFile snapshot, long number) throws IOException {
        synchronized (disk) {
            if (closed || number < kept) {
                return;
            }
            context.journal().lanes().save(snapshot);
            kept = number;
            saved = snapshot;
        }
    }

    private static String text(SinkMemory memory) {
        return memory.position() + " " + memory.highestVersion() + " " + memory.number();
    }

    /** What the sink said it remembers, at the last checkpoint; {@link SinkMemory#NONE} when it never did. */
    static SinkMemory rememberedBy(LaneFile file) {
        var parts = Notes.of(file, Notes.REMEMBERED).split(" ", -1);
        return parts.length < 3
                ? SinkMemory.NONE
                : new SinkMemory(Position.parse(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]), "");
    }
}
