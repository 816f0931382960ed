package dev.flusso.worker.lane;

import dev.flusso.journal.LaneFile;
import dev.flusso.journal.LanePhase;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.Position;
import dev.flusso.journal.Seeding;
import dev.flusso.journal.Transaction;
import dev.flusso.worker.lane.LaneStatus.SeedingProgress;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds all documents of a live generation anew, in place and in the background, while its changes go on: after a TRUNCATE of a table
 * that is not the root nobody can tell whose rows those were.
 *
 * <p>The lane does not wait for it: what is still to be done stands in the lane file from the moment the TRUNCATE is read, so the
 * checkpoint may pass it, and a restart goes on where the last one ended. Versions keep a document built from an older snapshot from
 * replacing a newer one. While it lasts the sink is told a place before the TRUNCATE: a copy of the sink made meanwhile lacks some of it.
 * The lane's thread.
 */
final class Sweep {

    private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);

    /** What it leaves in the lane file's notes; the ranges are the file's {@link LaneFile#seeding}. */
    static final List<String> NOTES = List.of(Notes.SWEEP_AT, Notes.SWEEP_BEFORE, Notes.SWEEP_REASON, Notes.SWEEP_SEES);

    private final LaneContext context;
    private final Source source;
    private final Outbox outbox;
    private final DocumentRoom.Share room;
    private final Checkpoint checkpoint;
    private final Tail.Events events;
    private @Nullable Seeder seeder;

    Sweep(
            LaneContext context,
            Source source,
            Outbox outbox,
            DocumentRoom.Share room,
            Checkpoint checkpoint,
            Tail.Events events) {
        this.context = context;
        this.source = source;
        this.outbox = outbox;
        this.room = room;
        this.checkpoint = checkpoint;
        this.events = events;
    }

    /** The place to which all is surely in the sink: before the TRUNCATE as long as its documents are being built. */
    static Position firm(LaneFile file) {
        var before = Notes.position(file, Notes.SWEEP_BEFORE);
        return isPending(file) && before.isBefore(file.position()) ? before : file.position();
    }

    private static boolean isPending(LaneFile file) {
        return file.phase() == LanePhase.TAILING && file.notes().containsKey(Notes.SWEEP_AT);
    }

    boolean isPending() {
        return isPending(checkpoint.file());
    }

    /** Why, in words; empty when nothing is to be done. */
    String reason() {
        return isPending() ? Notes.of(checkpoint.file(), Notes.SWEEP_REASON) : "";
    }

    /**
     * All documents are to be built anew. Asked again for the same entry, as after a restart, it goes on with what is under way; for a
     * later one it begins anew, with the ranges whose turn it is.
     *
     * @param at the entry that asks for it
     * @param before a place before it: all up to there is settled
     */
    void begin(Position at, Position before, Transaction truncatedBy, String reason) {
        var file = checkpoint.file();
        if (isPending() && !at.isAfter(Notes.position(file, Notes.SWEEP_AT))) {
            return;
        }
        var mustSee = new LinkedHashSet<>(isPending() ? mustSee(file) : Set.of());
        mustSee.add(truncatedBy);
        if (isPending()) {
            seeder().again();
        } else {
            checkpoint.note(Notes.SWEEP_BEFORE, before.toString());
        }
        checkpoint.note(Notes.SWEEP_AT, at.toString());
        checkpoint.note(Notes.SWEEP_REASON, reason);
        noteMustSee(mustSee);
        LOG.info("all documents are built anew in place lane={} at={} reason={}", context.name(), at, reason);
    }

    private void noteMustSee(Set<Transaction> transactions) {
        checkpoint.note(
                Notes.SWEEP_SEES,
                transactions.stream()
                        .map(transaction -> transaction.timeline() + "/" + transaction.xid())
                        .collect(Collectors.joining(" ")));
        var now = seeder;
        if (now != null) {
            now.mustSee(transactions);
        }
        checkpoint.moved();
    }

    private static Set<Transaction> mustSee(LaneFile file) {
        return Arrays.stream(Notes.of(file, Notes.SWEEP_SEES).split(" "))
                .filter(text -> !text.isEmpty())
                .map(text -> text.split("/", 2))
                .map(parts -> new Transaction(Integer.parseInt(parts[0]), Long.parseLong(parts[1]), Lsn.ZERO, 0))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private Seeder seeder() {
        var now = seeder;
        if (now == null) {
            var file = checkpoint.file();
            now = new Seeder(context, source, outbox, file.seeding(), room, events, Seeder.Purpose.IN_PLACE);
            now.mustSee(mustSee(file));
            seeder = now;
        }
        return now;
    }

    /** Does what can be done now; returns how much that was. */
    int step() {
        if (!isPending()) {
            return 0;
        }
        var now = seeder();
        var done = now.step();
        if (!now.isDone()) {
            if (!Notes.of(checkpoint.file(), Notes.SWEEP_SEES).isEmpty() && now.hasSeen()) {
                noteMustSee(Set.of()); // however often it begins anew, there are few
            }
            return done;
        }
        LOG.info("all documents were built anew in place lane={} documents={}", context.name(), now.documents());
        NOTES.forEach(checkpoint::drop);
        close();
        seeder = null;
        checkpoint.moved();
        context.monitor().seedingFinished(context.name());
        return 1;
    }

    /** What the lane file is to remember besides the notes. */
    Seeding progress() {
        var now = seeder;
        if (!isPending()) {
            return Seeding.NONE;
        }
        return now == null ? checkpoint.file().seeding() : now.progress();
    }

    /** How it looks from outside; null when there is nothing to be seen. */
    @Nullable
    SeedingProgress seedingProgress() {
        return isPending() ? seeder().progress(reason()) : null;
    }

    void close() {
        var now = seeder;
        if (now != null) {
            now.close();
        }
    }
}
