package dev.flusso.worker.lane;

import dev.flusso.journal.Journal;
import dev.flusso.journal.LaneFile;
import dev.flusso.journal.LaneName;
import dev.flusso.journal.LanePhase;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.Needs;
import dev.flusso.journal.Ownership;
import dev.flusso.journal.Position;
import dev.flusso.journal.PositionGoneException;
import dev.flusso.journal.Seeding;
import dev.flusso.schema.IndexConfig;
import dev.flusso.schema.SourceConfig.OnGap;
import dev.flusso.worker.RowReader;
import dev.flusso.worker.Sink;
import dev.flusso.worker.SinkException;
import dev.flusso.worker.SinkGeneration;
import dev.flusso.worker.SinkIndex;
import dev.flusso.worker.lane.LaneStatus.SeedingProgress;
import dev.flusso.worker.lane.LaneStatus.State;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One index in one sink, kept true to the rows: a step machine for one thread of its own.
 *
 * <pre>
 *              ┌──────────────── a gap, a TRUNCATE, another schema, reindex, index gone ───────────────┐
 *              ▼                                                                                       │
 *   start ──▶ build the next generation ──seeded and caught up──▶ serve it, drop the others ──▶ keep it current
 *                         (the one that is served stays current meanwhile)
 * </pre>
 *
 * Killed anywhere, it finds its way from the lane files and from what the sink holds.
 */
public final class Lane implements AutoCloseable {

    private static final Logger LOG = System.getLogger(Lane.class.getName());

    /** How a compiled index is written into a lane file and read back. */
    public interface CompiledForm {

        String text(IndexConfig index);

        IndexConfig parse(String text);
    }

    /** A gap was met and policy forbids to heal it: exit code 6. */
    public static final class GapForbiddenException extends RuntimeException {

        private static final long serialVersionUID = 1;

        GapForbiddenException(LaneName lane, String reason) {
            super(lane + ": " + reason
                    + "; 'source.on_gap' is \"stop\": start once with \"heal\" to seed this lane anew");
        }
    }

    private final LaneContext context;
    private final IndexConfig index;
    private final Needs needs;
    private final CompiledForm form;
    private final SinkIndex sinkIndex;
    private final Ownership ownership;
    private final DeadLetters letters;
    private final Backoff backoff;

    private boolean started;
    private boolean everServed;
    private @Nullable GenerationRun serving;
    private @Nullable GenerationRun building;
    private String buildingReason = "";
    private volatile @Nullable String requested;
    private long notBeforeNanos;
    private @Nullable SinkException trouble;
    private String lastError = "";
    private volatile LaneStatus status;
    private long statusAtNanos;

    private Lane(LaneContext context, IndexConfig index, Needs needs, CompiledForm form, Ownership ownership)
            throws IOException {
        this.context = context;
        this.index = index;
        this.needs = needs;
        this.form = form;
        this.ownership = ownership;
        this.sinkIndex = context.sink().index(index);
        this.letters = DeadLetters.open(context.journal().lanes().letters(context.name()));
        this.backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10), context.random());
        this.notBeforeNanos = context.clock().nanoTime();
        this.status = describe(State.WAITING, "starting");
    }

    /**
     * Takes a lane; makes no request yet.
     *
     * @param needs what the stream must carry for it
     * @param reading runs what blocks (database, sink's control surface, disk)
     * @param seeding runs scans, as many at once as it has threads
     * @throws dev.flusso.journal.HeldElsewhereException when another worker has it
     */
    public static Lane open(
            IndexConfig index,
            Needs needs,
            CompiledForm form,
            Journal journal,
            RowReader rows,
            Sink sink,
            LaneOptions options,
            Executor reading,
            Executor seeding,
            Clock clock,
            LaneMonitor monitor)
            throws IOException {
        var name = new LaneName(sink.name(), index.name());
        var context = new LaneContext(
                name,
                journal,
                rows,
                sink,
                index.onError(),
                options,
                reading,
                seeding,
                clock,
                RandomGenerator.getDefault(),
                monitor,
                new Mailbox());
        var ownership = journal.lanes().own(name);
        try {
            return new Lane(context, index, needs, form, ownership);
        } catch (IOException | RuntimeException e) {
            ownership.close();
            throw e;
        }
    }

    public LaneName name() {
        return context.name();
    }

    /** How it is; any thread. */
    public LaneStatus status() {
        return status;
    }

    /** Asks for a new generation from current rows; any thread. */
    public void reindex() {
        requested = "reindex";
    }

    /**
     * Does one bounded piece of work; returns how much, 0 when there is nothing to do now. Never throws for trouble with source or
     * sink: that is the lane's {@link #status}.
     *
     * @throws GapForbiddenException when a gap was met that must not be healed
     */
    public int step() throws IOException {
        var done = context.mailbox().drain();
        try {
            if (context.clock().nanoTime() - notBeforeNanos >= 0) {
                if (!started) {
                    start();
                    started = true;
                    done++;
                }
                done += step(serving) + step(building);
                done += decide();
                trouble = null;
                backoff.reset();
            }
        } catch (SinkException e) {
            failed(e);
        }
        publish(done > 0);
        return done;
    }

    private static int step(@Nullable GenerationRun run) throws IOException {
        if (run == null) {
            return 0;
        }
        try {
            return run.step();
        } catch (PositionGoneException e) {
            run.gap(String.valueOf(e.getMessage()));
            return 1;
        }
    }

    private void failed(SinkException e) {
        var message = String.valueOf(e.getMessage());
        if (trouble == null) {
            LOG.log(Level.WARNING, "sink failed lane={0} kind={1} error={2}", context.name(), e.kind(), message);
        }
        context.monitor().failed(context.name(), message);
        trouble = e;
        lastError = message;
        notBeforeNanos = context.clock().nanoTime() + backoff.next().toNanos();
    }

    // ---- generations

    /** Finds what there is: in the lane files, and in the sink. */
    private void start() throws IOException {
        var files = context.journal().lanes().of(context.name());
        var generations = sinkIndex.generations();
        everServed = generations.stream().anyMatch(SinkGeneration::served);
        for (var file : files) {
            var there = find(generations, file);
            if (isPresent(file) && (there != null || file.phase() == LanePhase.WAITING)) {
                var run = run(file, index, sinkIndex);
                if (there != null && there.served()) {
                    replaceServing(run);
                } else {
                    replaceBuilding(run, "first");
                }
            } else if (there != null && there.served()) {
                var old = form.parse(file.compiledSchema());
                replaceServing(run(file, old, context.sink().index(old)));
            } else {
                context.journal().lanes().delete(context.name(), file.generation());
            }
        }
        if (building == null && (serving == null || !isPresent(serving.file()))) {
            build(everServed ? "the schema changed" : "first");
        }
        dropOrphans(generations);
    }

    /** Whether a file's generation is of the schema as it is configured now. */
    private boolean isPresent(LaneFile file) {
        return sinkIndex.hash().equals(file.notes().get("hash"));
    }

    private static @Nullable SinkGeneration find(List<SinkGeneration> generations, LaneFile file) {
        for (var generation : generations) {
            if (generation.name().equals(file.notes().get("index"))
                    && generation.uuid().equals(file.notes().get("uuid"))) {
                return generation;
            }
        }
        return null;
    }

    private void replaceServing(GenerationRun run) throws IOException {
        if (serving != null) {
            serving.close();
        }
        serving = run;
    }

    private void replaceBuilding(GenerationRun run, String reason) throws IOException {
        if (building != null) {
            building.close();
        }
        building = run;
        buildingReason = reason;
    }

    private GenerationRun run(LaneFile file, IndexConfig of, SinkIndex in) {
        var target = file.notes().getOrDefault("index", in.generationName(file.generation()));
        return new GenerationRun(context, file, of, in, target, letters);
    }

    /** Begins the next generation; what is being built already, and is no better, is thrown away. */
    private void build(String reason) throws IOException {
        var generations = sinkIndex.generations();
        var number = 1;
        for (var generation : generations) {
            number = Math.max(number, generation.number() + 1);
        }
        for (var file : context.journal().lanes().of(context.name())) {
            number = Math.max(number, file.generation() + 1);
        }
        if (!sinkIndex.hasGenerations()) {
            number = 1;
        }
        var abandoned = building;
        var file = new LaneFile(
                context.name(),
                number,
                LanePhase.WAITING,
                Position.BEGINNING,
                Lsn.ZERO,
                Seeding.NONE,
                0,
                letters.size(),
                needs,
                form.text(index),
                new TreeMap<>(Map.of("index", sinkIndex.generationName(number), "hash", sinkIndex.hash())),
                context.clock().now());
        context.journal().lanes().save(file);
        if (abandoned != null) {
            building = null;
            abandoned.close();
            discard(abandoned);
        }
        building = run(file, index, sinkIndex);
        buildingReason = reason;
        LOG.log(Level.INFO, "next generation lane={0} index={1} reason={2}", context.name(), building.target(), reason);
    }

    private void discard(GenerationRun run) throws IOException {
        if (sinkIndex.hasGenerations()) {
            sinkIndex.drop(run.target());
            context.journal().lanes().delete(context.name(), run.file().generation());
        }
    }

    /** What a killed worker may have left: generations of ours that are neither served nor known to a lane file. */
    private void dropOrphans(List<SinkGeneration> generations) {
        var known = new HashSet<String>();
        if (serving != null) {
            known.add(serving.target());
        }
        if (building != null) {
            known.add(building.target());
        }
        for (var generation : generations) {
            if (!generation.served() && !known.contains(generation.name())) {
                LOG.log(Level.INFO, "orphan dropped lane={0} index={1}", context.name(), generation.name());
                sinkIndex.drop(generation.name());
            }
        }
    }

    private int decide() throws IOException {
        var wish = requested;
        if (wish != null) {
            requested = null;
            rebuild(wish, false);
            return 1;
        }
        for (var run : new GenerationRun[] {building, serving}) {
            var reason = run == null ? null : run.rebuildReason();
            if (run != null && reason != null) {
                run.rebuildTaken();
                if (run == building || building == null || sinkIndex.hasGenerations()) {
                    rebuild(reason, run.rebuildIsGap());
                }
                return 1;
            }
        }
        if (serving != null && serving.isCaughtUp()) {
            serving.caughtUp();
        }
        var next = building;
        if (next != null && next.isCaughtUp()) {
            serve(next);
            return 1;
        }
        return 0;
    }

    private void rebuild(String reason, boolean isGap) throws IOException {
        if (isGap && context.options().onGap() == OnGap.STOP) {
            throw new GapForbiddenException(context.name(), reason);
        }
        lastError = isGap ? reason : lastError;
        if (!sinkIndex.hasGenerations() && serving != null) {
            LOG.log(
                    Level.WARNING,
                    "written again from current rows lane={0} reason={1}: rows nobody remembers get no delete",
                    context.name(),
                    reason);
            serving.close();
            serving = null;
        }
        build(reason);
    }

    private void serve(GenerationRun next) throws IOException {
        if (!next.isUnseeded() || !everServed) {
            sinkIndex.serve(next.target());
        }
        next.caughtUp();
        var old = serving;
        serving = next;
        building = null;
        everServed = true;
        if (old != null) {
            old.close();
        }
        for (var generation : sinkIndex.generations()) {
            if (!generation.name().equals(next.target())) {
                sinkIndex.drop(generation.name());
            }
        }
        for (var file : context.journal().lanes().of(context.name())) {
            if (file.generation() != next.file().generation()) {
                context.journal().lanes().delete(context.name(), file.generation());
            }
        }
        LOG.log(Level.INFO, "serving lane={0} index={1}", context.name(), next.target());
    }

    // ---- status

    private void publish(boolean moved) {
        var now = context.clock().nanoTime();
        if (!moved && now - statusAtNanos < 100_000_000L) {
            return;
        }
        if (now - statusAtNanos >= 20_000_000L) {
            statusAtNanos = now;
            status = describe();
        }
    }

    private LaneStatus describe() {
        var run = building != null ? building : serving;
        if (trouble != null) {
            return describe(
                    trouble.kind() == SinkException.Kind.CLOSED ? State.CLOSED : State.SINK_AWAY,
                    String.valueOf(trouble.getMessage()));
        }
        if (run == null) {
            return describe(State.WAITING, "starting");
        }
        var reason = run.reason();
        return describe(
                run.state(),
                reason.isEmpty() && building != null && everServed && !buildingReason.equals("reindex")
                        ? buildingReason
                        : reason);
    }

    private LaneStatus describe(State state, String reason) {
        var run = building != null ? building : serving;
        var live = serving != null ? serving : building;
        if (!reason.isEmpty()) {
            lastError = reason;
        }
        return new LaneStatus(
                context.name(),
                state,
                reason,
                run == null ? "" : run.target(),
                serving == null ? "" : serving.target(),
                live == null ? Position.BEGINNING : live.position(),
                0,
                live == null ? null : live.heartbeat(),
                everServed,
                progress(),
                letters == null ? 0 : letters.size(),
                run == null ? 0 : run.waitingDocuments(),
                run == null ? 0 : run.documentsBuilt(),
                lastError == null ? "" : lastError);
    }

    private @Nullable SeedingProgress progress() {
        var seeder = building == null ? null : building.seeder();
        return seeder == null
                ? null
                : new SeedingProgress(buildingReason, seeder.documents(), seeder.estimate(), seeder.rate());
    }

    /** Stops within a few seconds, leaving its place in the lane file, and gives the lane back. */
    @Override
    public void close() throws IOException {
        try {
            if (serving != null) {
                serving.close();
            }
            if (building != null) {
                building.close();
            }
        } finally {
            ownership.close();
        }
    }
}
