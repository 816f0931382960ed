package dev.flusso.worker.lane;

import dev.flusso.journal.Entry;
import dev.flusso.journal.JournalDamagedException;
import dev.flusso.journal.LaneFile;
import dev.flusso.journal.LanePhase;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.Position;
import dev.flusso.journal.PositionGoneException;
import dev.flusso.journal.Seeding;
import dev.flusso.journal.Transaction;
import dev.flusso.schema.IndexConfig;
import dev.flusso.worker.DriftException;
import dev.flusso.worker.Outcome;
import dev.flusso.worker.SinkException;
import dev.flusso.worker.SinkGeneration;
import dev.flusso.worker.SinkIndex;
import dev.flusso.worker.Stamp;
import dev.flusso.worker.lane.LaneStatus.SeedingProgress;
import dev.flusso.worker.lane.LaneStatus.State;
import java.io.IOException;
import java.time.Duration;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One generation of a lane, kept current from its first row on.
 *
 * <pre>
 *   WAITING ──coverage holds, a place is noted──▶ SEEDING ──all ranges settled──▶ TAILING ──┬──▶ FROZEN  its statement cannot run
 *                                                                                           └──▶ LOST    its place cannot be read
 * </pre>
 *
 * The lane decides what is served, built and dropped; the run only says when it is caught up, and when it cannot go on by itself
 * ({@link #rebuild}). While it cannot, its checkpoint stays before what it could not follow. The lane's thread.
 */
final class GenerationRun implements Tail.Events, Outbox.Policy, Checkpoint.Progress {

    private static final Logger LOG = LoggerFactory.getLogger(GenerationRun.class);

    private final LaneContext context;
    private final IndexConfig index;
    private final SinkIndex sinkIndex;
    private final String target;
    private final DeadLetters letters;
    private final Source source;
    private final Planner planner;
    private final Outbox outbox;
    private final Renewal renewal;
    private final Refusals refusals;
    private final Searchable searchable;
    private final Checkpoint checkpoint;
    private final SinkPulse pulse;
    private final Sweep sweep;
    private final DefinitionWatch definition;
    private final Beginning beginning;
    private final DocumentRoom.Share room;

    private @Nullable Tail tail;
    private long highestVersion;
    private long built;
    private @Nullable Rebuild rebuild;
    private boolean lost;
    private boolean closed;
    private boolean wasCaughtUp;

    GenerationRun(
            LaneContext context,
            LaneFile file,
            IndexConfig index,
            SinkIndex sinkIndex,
            String target,
            DeadLetters letters) {
        this.context = context;
        this.index = index;
        this.sinkIndex = sinkIndex;
        this.target = target;
        this.letters = letters;
        this.highestVersion = file.highestVersion();
        this.source = new Source(context, index);
        this.planner = new Planner(index.schema(), source::primaryKey);
        source.lookUp(planner.unnamedKeys());
        this.room = context.room().open();
        this.outbox = new Outbox(
                sinkIndex,
                target,
                context.sink(),
                context.mailbox(),
                context.clock(),
                this,
                new Backoff(Duration.ofMillis(50), Duration.ofSeconds(10), context.random()),
                room);
        this.renewal = new Renewal(context, source, outbox, room, this);
        this.refusals = new Refusals(context, target, letters);
        this.searchable = new Searchable(context, sinkIndex, target);
        this.pulse = new SinkPulse(context.clock());
        this.checkpoint = new Checkpoint(context, sinkIndex, target, letters, file, this, pulse);
        this.sweep = new Sweep(context, source, outbox, room, checkpoint, this);
        this.definition = new DefinitionWatch(source, checkpoint, this);
        this.beginning = new Beginning(context, sinkIndex, target, source, outbox, room, checkpoint, this);
    }

    /** Does what can be done now; returns how much that was. */
    int step() throws IOException {
        if (closed || lost) {
            return 0;
        }
        var done = switch (phase()) {
            case WAITING -> beginning.look();
            case SEEDING -> beginning.seed();
            case TAILING -> follow() + sweep.step();
            case FROZEN, LOST -> 0;
        };
        if (!phase().holdsHistory()) {
            return done;
        }
        definition.step();
        renewal.add(outbox.takeStale());
        if (!outbox.stopped().isEmpty() && source.isOpen() && refusals.isTime()) {
            renewal.add(outbox.stopped().keySet());
        }
        done += renewal.step() + outbox.send();
        if (rebuild == null) {
            checkpoint.step();
        }
        return done;
    }

    private LanePhase phase() {
        return file().phase();
    }

    private int follow() throws IOException {
        try {
            var following = tail;
            if (following == null) {
                following = Tail.open(
                        context, file(), source, new Questions(context, source, outbox, room, this), planner, this);
                tail = following;
            }
            var done = following.step(outbox.stopped().isEmpty());
            for (var batch : following.takeSettled()) {
                checkpoint.moved();
                var newest = batch.newest();
                if (newest != null) {
                    searchable.settled(batch.size(), newest);
                }
            }
            searchable.step(following.isNearEnd());
            return done;
        } catch (PositionGoneException e) {
            var cause = e.wanted().isBefore(e.oldest()) ? Rebuild.Cause.CUT_LOOSE : Rebuild.Cause.GAP;
            lose(Rebuild.of(cause, String.valueOf(e.getMessage())));
        } catch (JournalDamagedException e) {
            var place = tail == null ? file().position() : tail.readTo(); // it stands behind this
            lose(Rebuild.past(Rebuild.Cause.GAP, String.valueOf(e.getMessage()), place));
        }
        return 1;
    }

    // ---- what the lane does with it

    /** It can no longer be kept current: it is served as it is until another is ready. */
    private void lose(Rebuild why) {
        if (!lost) {
            LOG.warn("served as it is lane={} index={} reason={}", context.name(), target, why.reason());
        }
        mustRebuild(why);
        lost = true;
    }

    /** Why it cannot go on by itself; null when it can. */
    @Nullable
    Rebuild rebuild() {
        return rebuild;
    }

    /** The lane has taken care of {@link #rebuild}, durably. Until then the next start must meet the same again. */
    void rebuildTaken() throws IOException {
        var why = rebuild;
        rebuild = null;
        if (lost && why != null && phase().holdsHistory()) {
            leave(LanePhase.LOST, why.reason());
        }
    }

    /** What it was begun for. */
    Rebuild wanted() {
        return Rebuild.of(file());
    }

    /** It has not begun yet, and must begin so that this is met too. */
    void wantsMore(Rebuild why) throws IOException {
        var notes = new TreeMap<String, String>();
        why.and(wanted()).note(notes);
        notes.forEach(checkpoint::note);
        checkpoint.save();
    }

    /** Notes what tells the index from an older copy of itself, if that could not be told when it was made. */
    void recognise(@Nullable SinkGeneration there) {
        if (there != null
                && !there.history().isEmpty()
                && there.name().equals(Notes.of(file(), Notes.INDEX))
                && Notes.of(file(), Notes.HISTORY).isEmpty()) {
            checkpoint.note(Notes.HISTORY, there.history());
            checkpoint.moved();
        }
    }

    /** Remembers, durably, that a number was given out. */
    void noteHighestNumber(int number) throws IOException {
        checkpoint.note(Notes.HIGHEST_NUMBER, Integer.toString(number));
        checkpoint.save();
    }

    /** Whether it could go back to an earlier place. */
    boolean mayGoBack() {
        return phase() == LanePhase.TAILING && !lost && rebuild == null;
    }

    /** Notices that retention took what it has not read; called now and then, since a long seeding does not read the journal. */
    void checkKept(Position oldest) {
        if (phase().holdsHistory() && position().isBefore(oldest)) {
            lose(Rebuild.of(Rebuild.Cause.CUT_LOOSE, "what stands after " + position() + " is not kept any more"));
        }
    }

    /** Its statement can no longer run: it is served as it is until another is ready. */
    void freeze(String why) throws IOException {
        LOG.warn("frozen lane={} index={} reason={}", context.name(), target, why);
        leave(LanePhase.FROZEN, why);
    }

    private void leave(LanePhase next, String why) throws IOException {
        var position = position();
        var lsn = lsn();
        closeParts();
        tail = null;
        lost = true;
        checkpoint.note(Notes.FROZEN, "since " + context.clock().now() + ": " + why);
        checkpoint.enter(next, position, lsn, Seeding.NONE);
    }

    /** Whether it is served as it is, and why and since when; empty when it is kept current. */
    String frozen() {
        return Notes.of(file(), Notes.FROZEN);
    }

    /** Notes that it caught up once: from then on it is live, however long its queue. */
    void caughtUp() {
        wasCaughtUp = true;
    }

    /** Stops. Leaves the place it has reached in its lane file, if it may and can. */
    void close() {
        closeParts();
        if (phase().holdsHistory()
                && !lost
                && rebuild == null
                && outbox.trouble() == null
                && pulse.condition() == null) {
            checkpoint.finish();
        }
        checkpoint.close();
        closed = true;
    }

    /** Stops and writes nothing more: its file is about to be replaced or deleted, or it went wrong. */
    void abandon() {
        closeParts();
        checkpoint.close();
        closed = true;
    }

    private void closeParts() {
        var reading = tail;
        if (reading != null) {
            reading.close();
        }
        beginning.close();
        sweep.close();
        outbox.drop();
        room.close();
    }

    // ---- what the lane asks

    LaneFile file() {
        return checkpoint.file();
    }

    /** The file as it is on disk. */
    LaneFile saved() {
        return checkpoint.saved();
    }

    String target() {
        return target;
    }

    /** The same generation, begun again from a file. */
    GenerationRun from(LaneFile other) {
        return new GenerationRun(context, other, index, sinkIndex, target, letters);
    }

    boolean isUnseeded() {
        return file().notes().containsKey(Notes.UNSEEDED);
    }

    /** Whether it is seeded and, a moment ago, everything was settled that stood in the journal a moment before. */
    boolean isCaughtUp() {
        var following = tail;
        return phase() == LanePhase.TAILING
                && !lost
                && rebuild == null
                && following != null
                && following.isCaughtUp()
                && !sweep.isPending()
                && source.trouble() == null
                && outbox.trouble() == null
                && outbox.stopped().isEmpty();
    }

    /** What the schema asks for and the database does not have; null when all is there. */
    @Nullable
    DriftException drift() {
        return source.trouble() instanceof DriftException drift ? drift : null;
    }

    Heartbeats heartbeats() {
        var following = tail;
        return following == null ? Heartbeats.NONE : following.heartbeats(pulse.answeredAt());
    }

    int changesUnderWay() {
        var following = tail;
        return following == null ? 0 : following.changesUnderWay();
    }

    /** Why all documents are being built anew in place; empty when they are not. */
    String sweeping() {
        return sweep.reason();
    }

    int waitingDocuments() {
        return outbox.size();
    }

    long documentsBuilt() {
        return built;
    }

    /** Progress of the rows being read for a new generation, or for all documents in place; null when none are. */
    @Nullable
    SeedingProgress seedingProgress() {
        var seeding = beginning.seeder();
        return seeding == null ? sweep.seedingProgress() : seeding.progress(wanted().reason());
    }

    /** How it is, and why it is not simply well. */
    Condition condition() {
        if (closed) {
            return new Condition(State.CLOSED, "nobody reads any more");
        }
        var trouble = Condition.ofTrouble(source.trouble(), outbox, pulse, target, position(), refusals.why());
        if (trouble != null) {
            return trouble;
        }
        var following = tail;
        return switch (phase()) {
            case WAITING ->
                new Condition(beginning.isBlocked() ? State.BLOCKED : State.WAITING, beginning.waitingFor());
            case SEEDING -> new Condition(State.SEEDING, "");
            case TAILING ->
                new Condition(
                        lost ? State.BLOCKED : isCaughtUp() || wasCaughtUp ? State.LIVE : State.CATCHING_UP,
                        following != null && following.invisibleRetries() > 5 ? Condition.INVISIBLE : "");
            case FROZEN, LOST -> new Condition(State.BLOCKED, frozen());
        };
    }

    // ---- Checkpoint.Progress

    @Override
    public Position position() {
        var following = tail;
        return following == null ? file().position() : following.position();
    }

    @Override
    public Lsn lsn() {
        var following = tail;
        return following == null ? file().lsn() : following.lsn();
    }

    @Override
    public Seeding seeding() {
        var reading = beginning.seeder();
        return phase() == LanePhase.TAILING
                ? sweep.progress()
                : reading == null ? file().seeding() : reading.progress();
    }

    // ---- Tail.Events

    @Override
    public void mustRebuild(Rebuild why) {
        if (rebuild == null) {
            rebuild = why;
        }
    }

    @Override
    public void mustSweep(Position at, Transaction truncatedBy, String reason) {
        sweep.begin(at, position(), truncatedBy, reason);
    }

    @Override
    public void coverage(Position position, Entry.Coverage coverage) {
        var missing = coverage.missing(file().needs());
        if (!missing.isEmpty() && !context.options().tolerateMissing()) {
            var reason = "the stream no longer carries " + String.join("; ", missing);
            mustRebuild(Rebuild.seen(Rebuild.Cause.STREAM, reason, position));
        }
    }

    @Override
    public void stamped(Stamp stamp, long versionBefore) {
        if (stamp.version() < versionBefore) {
            var reason = "the source is older than what was written from it: version " + stamp.version() + " after "
                    + versionBefore;
            lose(Rebuild.of(Rebuild.Cause.GAP, reason));
        }
        highestVersion = Math.max(highestVersion, stamp.version());
    }

    @Override
    public long highestVersion() {
        return highestVersion;
    }

    // ---- Outbox.Policy

    @Override
    public boolean putAway(Item item, Outcome.Rejected rejected) {
        checkpoint.moved();
        return refusals.putAway(item, rejected, position());
    }

    @Override
    public void written(Item item) {
        refusals.written(item);
        searchable.written();
        built++;
        checkpoint.moved();
    }

    @Override
    public void missing(String message) {
        lose(Rebuild.of(Rebuild.Cause.SINK, "its index is gone: " + message));
    }

    @Override
    public void closed(String message) {
        closed = true;
        LOG.info("lane closed lane={} reason={}", context.name(), message);
    }

    @Override
    public void flushed(int documents, Duration took) {
        pulse.answered();
        context.monitor().flushed(context.name(), documents, took);
    }

    @Override
    public void failed(SinkException e) {
        context.monitor().failed(context.name(), String.valueOf(e.getMessage()));
    }
}
