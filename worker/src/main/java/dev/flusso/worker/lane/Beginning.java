package dev.flusso.worker.lane;

import dev.flusso.journal.LaneFile;
import dev.flusso.journal.LanePhase;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.Seeding;
import dev.flusso.worker.SinkIndex;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A generation's first two phases: it waits until the stream covers what it needs, notes the place from which it will tail, makes its
 * index, and reads the tables into it. The lane's thread.
 */
final class Beginning {

    private static final Logger LOG = LoggerFactory.getLogger(Beginning.class);

    private final LaneContext context;
    private final SinkIndex sinkIndex;
    private final String target;
    private final Source source;
    private final Outbox outbox;
    private final DocumentRoom.Share room;
    private final Checkpoint checkpoint;
    private final Tail.Events events;
    private final StartingPlace start;
    private final Backoff looks;

    private @Nullable Seeder seeder;
    private long nextLookNanos;

    /** Whether the tables were looked at since the stream lacks something. */
    private boolean tablesLooked;

    Beginning(
            LaneContext context,
            SinkIndex sinkIndex,
            String target,
            Source source,
            Outbox outbox,
            DocumentRoom.Share room,
            Checkpoint checkpoint,
            Tail.Events events) {
        this.context = context;
        this.sinkIndex = sinkIndex;
        this.target = target;
        this.source = source;
        this.outbox = outbox;
        this.room = room;
        this.checkpoint = checkpoint;
        this.events = events;
        this.start = new StartingPlace(context.journal());
        this.looks = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(1), context.random());
        this.nextLookNanos = context.clock().nanoTime();
    }

    private LaneFile file() {
        return checkpoint.file();
    }

    /** Looks whether the stream covers what is needed, and notes the place from which the generation will tail. */
    int look() throws IOException {
        var now = context.clock().nanoTime();
        if (now - nextLookNanos < 0) {
            return 0;
        }
        nextLookNanos = now + looks.next().toNanos();
        var found = start.find(file(), context.options().tolerateMissing());
        if (found == null) {
            lookForDrift();
            return 0;
        }
        if (!source.isOpen()) {
            return 0;
        }
        noteTarget();
        checkpoint.note(Notes.COVERED, found.covered().toString());
        checkpoint.note(Notes.DEFINITION, source.definition());
        var unseeded = file().notes().containsKey(Notes.UNSEEDED);
        if (unseeded) {
            sinkIndex.endSeeding(target);
        }
        var next = unseeded ? LanePhase.TAILING : LanePhase.SEEDING;
        checkpoint.enter(next, found.place(), Lsn.ZERO, Seeding.NONE);
        LOG.info("generation started lane={} index={} phase={} from={}", context.name(), target, next, found.place());
        return 1;
    }

    /** What the stream lacks the table may lack too: the reader, opened anew, says at which line of the schema that is. */
    private void lookForDrift() {
        if (!start.isBlocked()) {
            tablesLooked = false;
        } else if (source.isOpen()) {
            tablesLooked = true;
            source.refresh();
        } else {
            tablesLooked |= source.trouble() != null;
        }
    }

    /** Makes the index, and notes which it is, so that another of the same name is noticed. */
    private void noteTarget() {
        var generation = sinkIndex.create(file().generation());
        checkpoint.note(Notes.UUID, generation.uuid());
        checkpoint.note(Notes.HISTORY, generation.history());
        checkpoint.note(Notes.INDEX, target);
        checkpoint.note(Notes.HASH, sinkIndex.hash());
        checkpoint.drop(Notes.REMEMBERED);
    }

    /** Reads the tables; once all is settled the generation tails. */
    int seed() throws IOException {
        var now = seeder;
        if (now == null) {
            now = new Seeder(context, source, outbox, file().seeding(), room, events, Seeder.Purpose.NEW_GENERATION);
            seeder = now;
        }
        var done = now.step();
        if (done > 0) {
            checkpoint.moved();
        }
        if (now.isDone() && outbox.isEmpty()) {
            sinkIndex.endSeeding(target);
            now.close();
            seeder = null;
            checkpoint.enter(LanePhase.TAILING, file().position(), file().lsn(), Seeding.NONE);
            context.monitor().seedingFinished(context.name());
            LOG.info("seeded lane={} index={} documents={}", context.name(), target, now.documents());
            return 1;
        }
        return done;
    }

    @Nullable
    Seeder seeder() {
        return seeder;
    }

    /** What it waits for; empty when it does not, or nobody has looked yet. */
    String waitingFor() {
        return start.waitingFor();
    }

    /** Whether someone must act: said only when it is known whether the tables lack it too, which has a place in the schema. */
    boolean isBlocked() {
        return start.isBlocked() && tablesLooked;
    }

    /** Stops reading; what was read stays known. */
    void close() {
        var reading = seeder;
        if (reading != null) {
            reading.close();
        }
    }
}
