package dev.flusso.worker.lane;

import dev.flusso.journal.Entry;
import dev.flusso.journal.LaneFile;
import dev.flusso.journal.LanePhase;
import dev.flusso.journal.Position;
import dev.flusso.journal.Reader;
import dev.flusso.journal.Seeding;
import dev.flusso.schema.IndexConfig;
import dev.flusso.schema.OnError;
import dev.flusso.worker.DriftException;
import dev.flusso.worker.Outcome;
import dev.flusso.worker.SinkException;
import dev.flusso.worker.SinkIndex;
import dev.flusso.worker.SinkMemory;
import dev.flusso.worker.Stamp;
import dev.flusso.worker.lane.LaneStatus.State;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One generation of a lane, kept current from its first row on.
 *
 * <pre>
 *   WAITING ──coverage holds, a place is noted──▶ SEEDING ──all ranges settled──▶ TAILING
 * </pre>
 *
 * The lane decides what is served, built and dropped; the run only says when it is caught up, and when it cannot go on by itself
 * ({@link #rebuildReason}). The lane's thread.
 */
final class GenerationRun implements Tail.Events, Outbox.Policy {

    private static final Logger LOG = System.getLogger(GenerationRun.class.getName());

    /** How often the journal is asked whether the stream covers a waiting run. */
    private static final Duration COVERAGE_INTERVAL = Duration.ofMillis(50);

    private final LaneContext context;
    private final SinkIndex sinkIndex;
    private final String target;
    private final DeadLetters letters;
    private final Rejections rejections = new Rejections();
    private final Source source;
    private final Planner planner;
    private final Outbox outbox;
    private final Backoff refusals;

    private LaneFile file;
    private @Nullable Seeder seeder;
    private @Nullable Tail tail;
    private String waitingFor = "";
    private long nextLookNanos;
    private long highestVersion;
    private long built;
    private @Nullable String rebuildReason;
    private boolean rebuildIsGap;
    private boolean closed;
    private boolean dirty;
    private boolean saving;
    private long savedAtNanos;
    private boolean refreshing;
    private long refreshedAtNanos;
    private @Nullable Instant heartbeat;
    private final Set<Item> rebuilding = new HashSet<>();
    private long refusedNotBeforeNanos;

    GenerationRun(
            LaneContext context,
            LaneFile file,
            IndexConfig index,
            SinkIndex sinkIndex,
            String target,
            DeadLetters letters) {
        this.context = context;
        this.file = file;
        this.sinkIndex = sinkIndex;
        this.target = target;
        this.letters = letters;
        this.highestVersion = file.highestVersion();
        this.source = new Source(context, index);
        this.planner = new Planner(index.schema(), table -> source.reader().primaryKey(table));
        this.refusals = new Backoff(Duration.ofSeconds(5), Duration.ofMinutes(5), context.random());
        this.outbox = new Outbox(
                sinkIndex,
                target,
                context.sink(),
                context.mailbox(),
                context.clock(),
                this,
                new Backoff(Duration.ofMillis(50), Duration.ofSeconds(10), context.random()));
        var now = context.clock().nanoTime();
        this.nextLookNanos = now;
        this.savedAtNanos = now;
        this.refreshedAtNanos = now - LaneOptions.REFRESH_INTERVAL.toNanos();
        this.refusedNotBeforeNanos = now;
    }

    /** Does what can be done now; returns how much that was. */
    int step() throws IOException {
        if (closed) {
            return 0;
        }
        var done = switch (file.phase()) {
            case WAITING -> look();
            case SEEDING -> seed();
            case TAILING -> follow();
            case FROZEN, LOST -> 0;
        };
        done += outbox.send();
        retryRefused();
        rebuildStale();
        checkpoint(false);
        refresh();
        return done;
    }

    /** Looks whether the stream covers what this run needs, and notes the place from which it will tail. */
    private int look() throws IOException {
        var now = context.clock().nanoTime();
        if (now - nextLookNanos < 0) {
            return 0;
        }
        nextLookNanos = now + COVERAGE_INTERVAL.toNanos();
        try (var reader = context.journal().reader()) {
            var start = startingPlace(reader);
            if (start == null || !source.isOpen()) {
                return 0;
            }
            sinkIndex.create(file.generation());
            noteTarget();
            var phase = context.options().skipBackfill() ? LanePhase.TAILING : LanePhase.SEEDING;
            change(phase, start, Seeding.NONE);
            if (phase == LanePhase.TAILING) {
                sinkIndex.endSeeding(target);
                note("unseeded", "true");
            }
            save();
            LOG.log(
                    Level.INFO,
                    "generation started lane={0} index={1} phase={2} from={3}",
                    context.name(),
                    target,
                    phase,
                    start);
        }
        return 1;
    }

    private @Nullable Position startingPlace(Reader reader) {
        var coverage = reader.coverageAt(reader.newest());
        if (coverage.isEmpty()) {
            waitingFor = "capture has not said yet what the stream carries";
            return null;
        }
        var missing = coverage.get().missing(file.needs());
        if (!missing.isEmpty() && !context.options().tolerateMissing()) {
            waitingFor = "the stream does not carry " + String.join("; ", missing);
            return null;
        }
        var visible = reader.newestVisibility();
        if (visible.isEmpty()) {
            waitingFor = "capture has not said yet what is visible";
            return null;
        }
        waitingFor = "";
        return switch (visible.get().entry().kind()) {
            case HEARTBEAT -> ((Entry.Heartbeat) visible.get().entry()).visibleThrough();
            case COVERAGE -> ((Entry.Coverage) visible.get().entry()).visibleThrough();
            case PROGRESS -> ((Entry.Progress) visible.get().entry()).visibleThrough();
            case CHANGE, TRUNCATE, COMMIT, CATALOG_CHANGE, GAP ->
                throw new IllegalStateException("no entry of visibility: " + visible.get());
        };
    }

    /** Notes which index in the sink this generation is, so that another of the same name is noticed. */
    private void noteTarget() {
        for (var generation : sinkIndex.generations()) {
            if (generation.name().equals(target)) {
                note("uuid", generation.uuid());
                note("history", generation.history());
            }
        }
        note("index", target);
        note("hash", sinkIndex.hash());
    }

    private int seed() throws IOException {
        var now = seeder;
        if (now == null) {
            now = new Seeder(context, source, outbox, file.seeding(), this);
            seeder = now;
        }
        var done = now.step();
        if (done > 0) {
            dirty = true;
        }
        if (now.isDone() && outbox.isEmpty()) {
            sinkIndex.endSeeding(target);
            now.close();
            seeder = null;
            change(LanePhase.TAILING, file.position(), Seeding.NONE);
            save();
            context.monitor().seedingFinished(context.name());
            LOG.log(Level.INFO, "seeded lane={0} index={1} documents={2}", context.name(), target, now.documents());
            return 1;
        }
        return done;
    }

    private int follow() {
        var following = tail;
        if (following == null) {
            following = new Tail(
                    context, context.journal().reader(), file.position(), file.lsn(), source, outbox, planner, this);
            tail = following;
        }
        var mayRead = outbox.stopped().isEmpty();
        var done = following.step(mayRead);
        for (var batch : following.takeSettled()) {
            dirty = true;
            var newest = batch.newest();
            if (newest != null) {
                var since =
                        Duration.between(newest.committedAt(), context.clock().now());
                context.monitor().settled(context.name(), batch.changes().size(), since);
            }
        }
        heartbeat = following.heartbeat();
        return done;
    }

    /** Tries the documents that stop the lane again, built anew, now and then. */
    private void retryRefused() {
        if (outbox.stopped().isEmpty()) {
            refusals.reset();
            return;
        }
        if (context.clock().nanoTime() - refusedNotBeforeNanos >= 0 && source.isOpen()) {
            refusedNotBeforeNanos = context.clock().nanoTime() + refusals.next().toNanos();
            Set.copyOf(outbox.stopped().keySet()).forEach(this::buildAgain);
        }
    }

    private void rebuildStale() {
        if (source.isOpen()) {
            outbox.takeStale().forEach(this::buildAgain);
        }
    }

    private void buildAgain(Item item) {
        if (!rebuilding.add(item)) {
            return;
        }
        var started = context.clock().nanoTime();
        source.ask(
                rows -> rows.documents(List.of(item.key)),
                answered -> {
                    rebuilding.remove(item);
                    var owners = outbox.withdraw(item);
                    for (var owner : owners) {
                        for (var answer : answered.answers()) {
                            for (var again : Chunks.items(
                                    answer,
                                    answered.stamp(),
                                    started,
                                    context.sink().maxDocumentBytes(),
                                    owner)) {
                                owner.awaits();
                                outbox.offer(again);
                            }
                        }
                        owner.settled();
                    }
                },
                () -> {
                    rebuilding.remove(item);
                    outbox.staleAgain(item);
                });
    }

    private void refresh() {
        if (refreshing || !outbox.hasUnrefreshed() || !isCaughtUp()) {
            return;
        }
        var now = context.clock().nanoTime();
        if (now - refreshedAtNanos < LaneOptions.REFRESH_INTERVAL.toNanos()) {
            return;
        }
        outbox.takeUnrefreshed();
        refreshing = true;
        refreshedAtNanos = now;
        // It completes when the mailbox has the answer; a failed refresh is made good by the next, or by the interval.
        var unused = sinkIndex.refresh(target).handle((done, failure) -> {
            context.mailbox().post(() -> refreshing = false);
            return failure == null;
        });
    }

    // ---- the lane file

    private void change(LanePhase phase, Position position, Seeding seeding) {
        file = new LaneFile(
                file.lane(),
                file.generation(),
                phase,
                position,
                file.lsn(),
                seeding,
                highestVersion,
                letters.size(),
                file.needs(),
                file.compiledSchema(),
                file.notes(),
                context.clock().now());
    }

    private void note(String key, String value) {
        var notes = new TreeMap<>(file.notes());
        notes.put(key, value);
        file = new LaneFile(
                file.lane(),
                file.generation(),
                file.phase(),
                file.position(),
                file.lsn(),
                file.seeding(),
                highestVersion,
                letters.size(),
                file.needs(),
                file.compiledSchema(),
                notes,
                context.clock().now());
    }

    /** The lane file as things are now. */
    private LaneFile present() {
        var following = tail;
        var seeding = seeder;
        var position = following == null ? file.position() : following.position();
        var lsn = following == null ? file.lsn() : following.lsn();
        return new LaneFile(
                file.lane(),
                file.generation(),
                file.phase(),
                position,
                lsn,
                seeding == null ? file.seeding() : seeding.progress(),
                highestVersion,
                letters.size(),
                file.needs(),
                file.compiledSchema(),
                file.notes(),
                context.clock().now());
    }

    private void save() throws IOException {
        letters.flush();
        file = present();
        context.journal().lanes().save(file);
        savedAtNanos = context.clock().nanoTime();
        dirty = false;
    }

    /** Writes the checkpoint when something moved and it is time, the sink's own memory of it first. */
    private void checkpoint(boolean now) throws IOException {
        var due = context.clock().nanoTime() - savedAtNanos >= LaneOptions.CHECKPOINT_INTERVAL.toNanos();
        if (!dirty || saving || !(due || now)) {
            return;
        }
        dirty = false;
        saving = true;
        letters.flush();
        var snapshot = present();
        file = snapshot;
        context.asker()
                .ask(
                        () -> {
                            remember(snapshot);
                            return snapshot;
                        },
                        saved -> {
                            saving = false;
                            savedAtNanos = context.clock().nanoTime();
                        },
                        e -> {
                            saving = false;
                            dirty = true;
                            savedAtNanos = context.clock().nanoTime();
                            LOG.log(
                                    Level.WARNING,
                                    "checkpoint failed lane={0} error={1}",
                                    context.name(),
                                    e.getMessage());
                        });
    }

    private void remember(LaneFile snapshot) {
        var state = snapshot.phase() == LanePhase.SEEDING ? "seeding" : "live";
        sinkIndex.remember(target, new SinkMemory(snapshot.position(), snapshot.highestVersion(), state));
        try {
            context.journal().lanes().save(snapshot);
        } catch (IOException e) {
            throw new UncheckedIOException("the checkpoint could not be written: " + e.getMessage(), e);
        }
    }

    // ---- what the lane asks

    LaneFile file() {
        return file;
    }

    String target() {
        return target;
    }

    SinkIndex sinkIndex() {
        return sinkIndex;
    }

    /** Why this generation cannot go on by itself; null when it can. */
    @Nullable
    String rebuildReason() {
        return rebuildReason;
    }

    /** Whether the reason is a gap of source or journal, which policy may forbid to heal. */
    boolean rebuildIsGap() {
        return rebuildIsGap;
    }

    /** The lane has taken care of the reason. */
    void rebuildTaken() {
        rebuildReason = null;
    }

    /** Whether its pipe is closed. */
    boolean isClosed() {
        return closed;
    }

    boolean isUnseeded() {
        return file.notes().containsKey("unseeded");
    }

    /** Whether it is seeded and nothing more was to be done at the last look. */
    boolean isCaughtUp() {
        var following = tail;
        return file.phase() == LanePhase.TAILING
                && following != null
                && following.isCaughtUp()
                && outbox.isEmpty()
                && source.trouble() == null;
    }

    @Nullable
    Instant heartbeat() {
        return heartbeat;
    }

    Position position() {
        var following = tail;
        return following == null ? file.position() : following.position();
    }

    int waitingDocuments() {
        return outbox.size();
    }

    long documentsBuilt() {
        return built;
    }

    @Nullable
    Seeder seeder() {
        return seeder;
    }

    State state() {
        if (closed) {
            return State.CLOSED;
        }
        if (source.trouble() instanceof DriftException) {
            return State.BLOCKED;
        }
        if (source.trouble() != null) {
            return State.SOURCE_AWAY;
        }
        if (!outbox.stopped().isEmpty()) {
            return State.STOPPED;
        }
        if (outbox.trouble() != null) {
            return State.SINK_AWAY;
        }
        return switch (file.phase()) {
            case WAITING -> waitingFor.startsWith("the stream") ? State.BLOCKED : State.WAITING;
            case SEEDING -> State.SEEDING;
            case TAILING -> isCaughtUp() || wasCaughtUp ? State.LIVE : State.CATCHING_UP;
            case FROZEN, LOST -> State.BLOCKED;
        };
    }

    private boolean wasCaughtUp;

    /** Notes that it caught up once: from then on it is live, however long its queue. */
    void caughtUp() {
        wasCaughtUp = true;
    }

    /** Why it is not simply well; empty when it is. */
    String reason() {
        var trouble = source.trouble();
        if (trouble != null) {
            return String.valueOf(trouble.getMessage());
        }
        if (!outbox.stopped().isEmpty()) {
            var first = outbox.stopped().entrySet().iterator().next();
            return "document " + first.getKey().id() + " of " + target + " was rejected after " + position() + ": "
                    + first.getValue().type() + ": " + first.getValue().reason();
        }
        var sinkTrouble = outbox.trouble();
        if (sinkTrouble != null) {
            return String.valueOf(sinkTrouble.getMessage());
        }
        var following = tail;
        if (following != null && following.invisibleRetries() > 5) {
            return "waits for a committed transaction to become visible (a synchronous standby is away?)";
        }
        return file.phase() == LanePhase.WAITING ? waitingFor : "";
    }

    /** Stops, leaving the place it has reached in its lane file. */
    void close() throws IOException {
        var reading = tail;
        var seeding = seeder;
        if (seeding != null) {
            seeding.close();
        }
        if (file.phase() != LanePhase.WAITING && !saving) {
            save();
        }
        if (reading != null) {
            reading.close();
        }
    }

    // ---- Tail.Events

    @Override
    public void mustRebuild(String reason) {
        if (rebuildReason == null) {
            rebuildReason = reason;
        }
    }

    @Override
    public void gap(String reason) {
        rebuildIsGap = true;
        mustRebuild(reason);
    }

    @Override
    public void catalogChanged(Entry.CatalogChange change) {
        LOG.log(
                Level.INFO,
                "table changed lane={0} table={1} detail={2}",
                context.name(),
                change.table(),
                change.detail());
    }

    @Override
    public void coverage(Entry.Coverage coverage) {
        var missing = coverage.missing(file.needs());
        if (!missing.isEmpty() && !context.options().tolerateMissing()) {
            mustRebuild("the stream no longer carries " + String.join("; ", missing));
        }
    }

    @Override
    public void stamped(Stamp stamp, long versionBefore) {
        if (stamp.version() < versionBefore) {
            gap("the source is older than what was written from it: version " + stamp.version() + " after "
                    + versionBefore);
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
        var isMappingFault = rejections.rejected(rejected.type());
        if (context.onError() == OnError.STOP || isMappingFault || letters.size() >= DeadLetters.LIMIT) {
            if (outbox.stopped().isEmpty()) {
                refusedNotBeforeNanos =
                        context.clock().nanoTime() + refusals.next().toNanos();
                LOG.log(
                        Level.ERROR,
                        "lane stopped lane={0} index={1} id={2} type={3} reason={4} position={5}",
                        context.name(),
                        target,
                        item.id(),
                        rejected.type(),
                        rejected.reason(),
                        position());
            }
            context.monitor().failed(context.name(), rejected.type() + ": " + rejected.reason());
            return false;
        }
        letters.put(
                target,
                item.id(),
                rejected.type(),
                rejected.reason(),
                position(),
                context.clock().now());
        context.monitor().quarantined(context.name());
        dirty = true;
        LOG.log(
                Level.WARNING,
                "document put away lane={0} index={1} id={2} type={3} reason={4}",
                context.name(),
                target,
                item.id(),
                rejected.type(),
                rejected.reason());
        return true;
    }

    @Override
    public void written(Item item) {
        rejections.written();
        letters.settled(item.id());
        built++;
        dirty = true;
    }

    @Override
    public void missing(String message) {
        mustRebuild("its index is gone: " + message);
    }

    @Override
    public void closed(String message) {
        closed = true;
        LOG.log(Level.INFO, "lane closed lane={0} reason={1}", context.name(), message);
    }

    @Override
    public void flushed(int documents, Duration took) {
        context.monitor().flushed(context.name(), documents, took);
    }

    @Override
    public void failed(SinkException e) {
        context.monitor().failed(context.name(), String.valueOf(e.getMessage()));
    }
}
