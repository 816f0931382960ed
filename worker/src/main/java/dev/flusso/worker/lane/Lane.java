package dev.flusso.worker.lane;

import dev.flusso.journal.Journal;
import dev.flusso.journal.LaneFile;
import dev.flusso.journal.LaneName;
import dev.flusso.journal.LanePhase;
import dev.flusso.journal.Needs;
import dev.flusso.journal.Ownership;
import dev.flusso.schema.IndexConfig;
import dev.flusso.schema.SourceConfig.OnGap;
import dev.flusso.worker.RowReader;
import dev.flusso.worker.Sink;
import dev.flusso.worker.SinkException;
import dev.flusso.worker.SinkGeneration;
import dev.flusso.worker.SinkIndex;
import dev.flusso.worker.SinkMemory;
import dev.flusso.worker.lane.Rebuild.Cause;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One index in one sink, kept true to the rows: a step machine for one thread of its own.
 *
 * <pre>
 *              ┌──────────────── a gap, an emptied root, another schema, reindex, index gone ──────────┐
 *              ▼                                                                                       │
 *   start ──▶ build the next generation ──seeded and caught up──▶ serve it, drop the others ──▶ keep it current
 *                         (the one that is served stays current meanwhile)
 * </pre>
 *
 * Killed anywhere, it finds its way from the lane files and from what the sink holds ({@link Standing}). A fault nobody thought of is
 * treated alike: everything in memory is dropped, and after a pause the lane starts from its files.
 */
public final class Lane implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

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

    private final IndexConfig index;
    private final Needs needs;
    private final CompiledForm form;
    private final SinkIndex sinkIndex;
    private final Ownership ownership;
    private final DeadLetters letters;
    private final Backoff backoff;
    private final Backoff stumbles;
    private final LaneView view;

    private LaneContext context;
    private Generations generations;
    private boolean started;
    private boolean everServed;
    private boolean untidy;

    /** The sink's names lead elsewhere than to what is served: it was put back to before the swap, or somebody moved them. */
    private boolean unserved;

    private SinkLook look;
    private @Nullable GenerationRun serving;
    private @Nullable GenerationRun building;
    private @Nullable GenerationRun unservable;
    private volatile boolean reindex;
    private long notBeforeNanos;
    private @Nullable RuntimeException trouble;
    private volatile LaneStatus status;

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
        this.stumbles = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1), context.random());
        this.generations = new Generations(context, sinkIndex, index, needs, form, letters);
        this.look = new SinkLook(context, sinkIndex);
        this.view = new LaneView(context);
        this.notBeforeNanos = context.clock().nanoTime();
        this.status = view.starting(letters.size());
    }

    /**
     * Takes a lane; makes no request yet.
     *
     * @param needs what the stream must carry for it
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
            Commons commons)
            throws IOException {
        var context = new LaneContext(
                new LaneName(sink.name(), index.name()),
                journal,
                rows,
                sink,
                index.onError(),
                options,
                commons.reading(),
                commons.seeding(),
                commons.room(),
                commons.clock(),
                RandomGenerator.getDefault(),
                commons.monitor(),
                new Mailbox());
        return open(context, index, needs, form);
    }

    /** As the other, with all that is shared given. */
    static Lane open(LaneContext context, IndexConfig index, Needs needs, CompiledForm form) throws IOException {
        var ownership = context.journal().lanes().own(context.name());
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
        reindex = true;
    }

    /**
     * Does one bounded piece of work; returns how much, 0 when there is nothing to do now. Never throws for trouble with source,
     * sink or disk: that is the lane's {@link #status}.
     *
     * @throws GapForbiddenException when a gap was met that must not be healed
     */
    public int step() {
        var done = 0;
        try {
            done += context.mailbox().drain();
            done += work();
        } catch (GapForbiddenException e) {
            throw e;
        } catch (IOException | RuntimeException e) { // whatever it was, the lane starts again from its files
            stumbled(e);
        }
        if (view.isDue(done > 0)) {
            status = view.look(serving, building, trouble, look.trouble(), everServed, letters.size());
        }
        return done;
    }

    private int work() throws IOException {
        var now = context.clock().nanoTime();
        var mayManage = now - notBeforeNanos >= 0;
        var done = 0;
        try {
            if (!started && mayManage) {
                start();
                started = true;
                done++;
            }
            var run = serving;
            done += run == null || !started ? 0 : run.step();
            if (started && mayManage) {
                var next = building;
                done += next == null ? 0 : next.step();
                done += decide();
                if (trouble != null) {
                    LOG.debug("goes on lane={}", context.name());
                    trouble = null;
                }
                backoff.reset();
            }
        } catch (SinkException e) {
            failed(e);
        }
        watch();
        return done;
    }

    private void failed(SinkException e) {
        var message = String.valueOf(e.getMessage());
        if (trouble == null) {
            // the state that follows from it is said where states are watched
            LOG.debug("sink failed lane={} kind={} error={}", context.name(), e.kind(), message);
        }
        context.monitor().failed(context.name(), message);
        trouble = e;
        notBeforeNanos = context.clock().nanoTime() + backoff.next().toNanos();
    }

    private void stumbled(Exception e) {
        LOG.error("lane starts again lane=" + context.name(), e);
        context.monitor().failed(context.name(), e.toString());
        runs().forEach(GenerationRun::abandon);
        serving = null;
        building = null;
        started = false;
        context = context.anew();
        look = new SinkLook(context, sinkIndex);
        generations = new Generations(context, sinkIndex, index, needs, form, letters);
        trouble = e instanceof RuntimeException known ? known : new UncheckedIOException((IOException) e);
        notBeforeNanos = context.clock().nanoTime() + stumbles.next().toNanos();
    }

    // ---- generations

    /** Finds what there is: in the lane files, and in the sink. */
    private void start() throws IOException {
        var files = context.journal().lanes().of(context.name());
        var found = sinkIndex.hasGenerations() ? sinkIndex.generations() : List.<SinkGeneration>of();
        var standing = sinkIndex.hasGenerations()
                ? Standing.of(files, found, sinkIndex.hash(), !context.options().skipBackfill())
                : Standing.ofPipe(files, sinkIndex.hash());
        everServed = standing.isServed();
        serving = standing.serving() == null ? null : generations.served(standing.serving());
        building = standing.building() == null ? null : generations.resumed(standing.building());
        untidy = sinkIndex.hasGenerations();
        var rebuild = standing.rebuild();
        if (rebuild != null) {
            build(rebuild, context.options().skipBackfill());
        }
        var begun = building == null ? 0 : building.file().generation();
        var obsolete = standing.obsolete().stream()
                .filter(file -> file.generation() != begun)
                .toList();
        generations.delete(obsolete, building == null ? serving : building);
        compare(found, serving, serving == null ? null : serving.saved());
        compare(found, building, building == null ? null : building.saved());
    }

    private int decide() throws IOException {
        if (reindex) {
            build(Rebuild.of(Cause.REINDEX, "reindex"), false);
            reindex = false;
            return 1;
        }
        var next = building;
        if (next != null && next.rebuild() != null) {
            permit(next.rebuild());
            build(next.rebuild(), false);
            return 1;
        }
        var run = serving;
        if (run != null && run.rebuild() != null) {
            heal(run, run.rebuild(), next);
            return 1;
        }
        if (run != null && next != null && run.drift() != null && generations.isOfOldSchema(run.file())) {
            run.freeze(String.valueOf(run.drift().getMessage()));
        }
        if (run != null && run.isCaughtUp()) {
            run.caughtUp();
        }
        if (next != null && next != unservable && next.isCaughtUp()) {
            serve(next);
            return 1;
        }
        if (run != null && next == null && unserved && run.isCaughtUp()) {
            serveAgain(run);
            return 1;
        }
        if (untidy) {
            tidy();
        }
        return 0;
    }

    /** The served generation met something; what is being built may be past it already, or not have begun. */
    private void heal(GenerationRun run, Rebuild why, @Nullable GenerationRun next) throws IOException {
        permit(why);
        if (next == null) {
            build(why, false);
        } else if (next.file().phase() == LanePhase.WAITING) {
            next.wantsMore(why);
        } else if (!why.isMetBy(next.file().position(), Notes.position(next.file(), Notes.COVERED))) {
            build(why, false);
        }
        run.rebuildTaken();
    }

    private void permit(Rebuild why) {
        if (why.cause() == Cause.GAP && context.options().onGap() == OnGap.STOP) {
            throw new GapForbiddenException(context.name(), why.reason());
        }
    }

    /** Begins the next generation; what is being built already is thrown away. */
    private void build(Rebuild why, boolean unseeded) throws IOException {
        var number = generations.nextNumber();
        var abandoned = building;
        var wanted = abandoned == null ? why : why.and(abandoned.wanted());
        if (!sinkIndex.hasGenerations() && serving != null) {
            LOG.warn(
                    "written again from current rows lane={} reason={}: rows nobody remembers get no delete",
                    context.name(),
                    why.reason());
            serving.abandon();
            serving = null;
        }
        if (abandoned != null) {
            abandoned.abandon();
            building = null;
        }
        building = generations.begin(number, wanted, unseeded);
        LOG.info("next generation lane={} index={} reason={}", context.name(), building.target(), why.reason());
        if (abandoned != null && abandoned.file().generation() != number) {
            context.journal().lanes().delete(context.name(), abandoned.file().generation());
            untidy = true;
        }
    }

    private void serve(GenerationRun next) throws IOException {
        if (next.isUnseeded() && sinkIndex.hasGenerations() && sinkIndex.isServing()) {
            LOG.warn(
                    "not served lane={} index={}: it was begun without seeding, and others hold its alias",
                    context.name(),
                    next.target());
            next.caughtUp();
            unservable = next;
            return;
        }
        sinkIndex.serve(next.target());
        next.caughtUp();
        var old = serving;
        serving = next;
        building = null;
        unserved = false;
        everServed = true;
        untidy = sinkIndex.hasGenerations();
        if (old != null) {
            old.abandon();
            context.journal().lanes().delete(context.name(), old.file().generation());
        }
        LOG.info("serving lane={} index={}", context.name(), next.target());
    }

    /** What another program's index holds was given to it on purpose, and is left there. */
    private void serveAgain(GenerationRun run) {
        var isOurs = sinkIndex.generations().stream().anyMatch(SinkGeneration::served);
        if (isOurs || !sinkIndex.isServing()) {
            sinkIndex.serve(run.target());
            untidy = true;
            LOG.warn("serving again lane={} index={}: its alias led elsewhere", context.name(), run.target());
        }
        unserved = false;
    }

    private void tidy() {
        var known = new HashSet<String>();
        runs().forEach(run -> known.add(run.target()));
        generations.keepOnly(known);
        untidy = false;
    }

    private List<GenerationRun> runs() {
        return Stream.of(Optional.ofNullable(serving), Optional.ofNullable(building))
                .flatMap(Optional::stream)
                .toList();
    }

    // ---- the sink, whether it is still what it was

    private void watch() {
        if (!started || !look.isDue()) {
            return;
        }
        var served = serving;
        var next = building;
        var watchedServed = served == null ? null : served.saved();
        var watchedNext = next == null ? null : next.saved();
        look.ask(found -> {
            compare(found, served, watchedServed);
            compare(found, next, watchedNext);
        });
    }

    private void compare(List<SinkGeneration> found, @Nullable GenerationRun run, @Nullable LaneFile saved) {
        if (run == null
                || saved == null
                || !saved.phase().holdsHistory()
                || (run != serving && run != building)
                || !sinkIndex.hasGenerations()) {
            return;
        }
        var there = SinkWatch.named(run.target(), found);
        unserved |= run == serving && there != null && !there.served();
        switch (SinkWatch.find(saved, found)) {
            case AS_IT_WAS -> run.recognise(there);
            case GONE -> run.missing("the sink has no " + run.target());
            case REPLACED ->
                restored(run, "another index, or an older copy of it, stands in the place of " + run.target());
            case OLDER -> {
                untidy = true; // what was dropped since may be there again
                if (!rewind(run, there == null ? null : there.memory())) {
                    restored(run, run.target() + " is older than what the sink acknowledged to us");
                }
            }
        }
    }

    private boolean rewind(GenerationRun run, @Nullable SinkMemory memory) {
        if (memory == null || memory.state().equals(SinkMemory.SEEDING) || !run.mayGoBack()) {
            return false;
        }
        var place = memory.position();
        var file = SinkWatch.rewound(context.journal(), run.file(), place);
        if (file == null) {
            return false;
        }
        LOG.warn(
                "rewound lane={} index={} from={} to={}: the sink is older than what it acknowledged",
                context.name(),
                run.target(),
                run.position(),
                place);
        run.abandon();
        try {
            context.journal().lanes().save(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var again = run.from(file);
        if (run == serving) {
            serving = again;
        } else {
            building = again;
        }
        return true;
    }

    /** One that is built already makes good what the served one lost. */
    private void restored(GenerationRun run, String reason) {
        if (run == building || building == null) {
            run.mustRebuild(Rebuild.of(Cause.SINK, reason));
        }
    }

    /** Goes as a killed process goes: writes nothing, but gives the lane back, as the kernel would. */
    void die() {
        runs().forEach(GenerationRun::abandon);
        view.close();
        try {
            ownership.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops within a few seconds, leaving its place in the lane file if it can, and gives the lane back. */
    @Override
    public void close() throws IOException {
        try (ownership) {
            runs().forEach(GenerationRun::close);
        } finally {
            view.close();
        }
    }
}
