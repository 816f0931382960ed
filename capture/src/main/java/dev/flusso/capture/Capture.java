package dev.flusso.capture;

import dev.flusso.journal.Appender;
import dev.flusso.journal.Entry;
import dev.flusso.journal.Gap;
import dev.flusso.journal.Journal;
import dev.flusso.journal.JournalException;
import dev.flusso.journal.JournalFullException;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.Needs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The capture half: moves committed changes from the source into the journal and tells the slot so once they are on disk.
 *
 * <p>A loop made of steps: {@link #step} belongs to one thread, which also closes it; {@link #status} to any. Time and the thread
 * come from outside; when a step returns 0 the caller may rest for a few milliseconds.
 *
 * <pre>
 *            ┌───────────────────────── the source is away ──────────────────────────┐
 *            ▼                                                                        │
 *      CONNECTING ──▶ PROVISIONING ──proven──▶ STREAMING ◀──room── FULL               │
 *                          │ fresh, or gap        ▲   └──no room──▶ ─┘ ───────────────┤
 *                          └──▶ CREATING_SLOT ────┘                                   │
 *                                    └────────────────────────────────────────────────┘
 *      any ──close, or an exception out of step──▶ ENDED
 * </pre>
 *
 * <p>Order of a first start (promise P2): publication, slot, the journal's first entry, coverage after the barrier.
 */
public final class Capture implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Capture.class);

    private final Source source;
    private final Journal journal;
    private final Appender appender;
    private final CatalogBook book;
    private final CaptureOptions options;
    private final Supplier<Needs> needsSupplier;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final Outbox outbox;
    private final CoverageGate gate;
    private final CatalogWatch watch;
    private final Backoff backoff;
    private final Troubles troubles = new Troubles();
    private final SlotPatience patience;
    private final Pruning pruning;
    private final Every needsDue;
    private final Every provisionAgain;
    private final Every blockersDue;

    private CapturePhase phase = CapturePhase.CONNECTING;
    private @Nullable ServerFacts facts;
    private Needs needs = Needs.NONE;
    private @Nullable Provisioned provisioned;
    private @Nullable SlotCreation creation;
    private long creationBoundary;
    private @Nullable Streaming streaming;
    private Lsn received = Lsn.ZERO;
    private Lsn acknowledged = Lsn.ZERO;
    private List<Blocker> creationBlockers = List.of();
    private String detail = "";
    private volatile CaptureStatus status;

    /**
     * Capture, not connected yet: the first step does that.
     *
     * @param journal opened for writing; stays the caller's
     * @param memory of the catalog; belongs to this journal
     * @param needs the union of what all lanes and the own config need; asked every few seconds by the stepping thread
     * @param clock stamps heartbeats
     * @param nanos {@code System::nanoTime}: intervals are measured with it
     * @param random jitter
     * @param monitor is told what is done
     */
    public Capture(
            Source source,
            Journal journal,
            CatalogMemory memory,
            CaptureOptions options,
            Supplier<Needs> needs,
            InstantSource clock,
            LongSupplier nanos,
            RandomGenerator random,
            CaptureMonitor monitor) {
        this.source = source;
        this.journal = journal;
        this.appender = journal.appender();
        this.options = options;
        this.needsSupplier = needs;
        this.clock = clock;
        this.nanos = nanos;
        this.outbox = new Outbox(appender, nanos, monitor);
        this.gate = new CoverageGate(outbox);
        this.watch = new CatalogWatch(outbox, options.healGaps());
        this.book = new CatalogBook(memory, watch, outbox, appender, nanos);
        this.backoff = new Backoff(nanos, random);
        this.patience = new SlotPatience(nanos);
        this.pruning = new Pruning(journal, appender, troubles, nanos);
        this.needsDue = new Every(nanos, options.watchInterval());
        this.provisionAgain = new Every(nanos, options.watchInterval().multipliedBy(2));
        this.blockersDue = new Every(nanos, Duration.ofSeconds(1));
        this.status = snapshotOfStatus();
    }

    /**
     * Does one bounded piece of work.
     *
     * @return how much; 0 when there was nothing to do
     * @throws SourceNotUsableException a person must change the source (exit code 4)
     * @throws GapForbiddenException a gap that policy forbids to heal (6); nothing was appended about it
     * @throws SlotHeldElsewhereException another process reads the slot (7)
     * @throws JournalException the journal cannot be used any more
     */
    public int step() {
        if (phase == CapturePhase.ENDED) {
            throw new IllegalStateException("capture has ended: " + troubles.last());
        }
        try {
            return worked();
        } catch (SourceUnavailableException e) {
            interrupted(e, "waits for the source: ");
            return 0;
        } catch (JournalFullException e) {
            interrupted(e, "waits for room in the journal: ");
            pruning.prune();
            return 0;
        } catch (StreamBrokenException e) {
            broken(e);
            return 1;
        } catch (RuntimeException e) {
            failed(e);
            throw e;
        } finally {
            status = snapshotOfStatus();
        }
    }

    private int worked() {
        return switch (phase) {
            case CONNECTING -> connect();
            case PROVISIONING -> provision();
            case CREATING_SLOT -> awaitSlot();
            case STREAMING, FULL -> stream();
            case ENDED -> 0;
        };
    }

    private int connect() {
        if (!backoff.isDue()) {
            return 0;
        }
        var found = source.connect();
        LOG.info(
                "connected database={} system={} version={} timeline={}",
                found.database(),
                found.systemIdentifier(),
                found.version(),
                found.timelines().current());
        facts = found;
        detail = "";
        phase = CapturePhase.PROVISIONING;
        return 1;
    }

    private int provision() {
        if (!patience.isDue()) {
            return 0;
        }
        needs = askedNeeds();
        var server = known(facts);
        var slot = source.slot();
        var before = source.catalog(needs).publication();
        var continuation =
                Continuation.of(Continuation.JournalEnd.of(appender), server, source.slotName(), slot, before.exists());
        if (continuation instanceof Continuation.Broken broken && !options.healGaps()) {
            throw new GapForbiddenException(broken.gap());
        }
        blocked(source.provision(needs));
        if (continuation instanceof Continuation.Proven) {
            claim(server);
            book.open();
            var confirmed = slot.map(SlotState::confirmed).orElse(Lsn.ZERO);
            return begin(appender.complete(), confirmed, Witness.of(source.slotName(), appender.witness(), confirmed));
        }
        if (slot.isPresent() && !dropped()) {
            return 0;
        }
        if (continuation instanceof Continuation.Broken broken) {
            var gap = broken.gap();
            LOG.warn("gap reason={} detail={}", gap.reason(), gap.detail());
            beginEpoch(server, new Entry.Missing(server.end(), gap));
        } else {
            claim(server);
            book.forget();
        }
        creationBoundary = source.boundary();
        creation = source.createSlot();
        phase = CapturePhase.CREATING_SLOT;
        return 1;
    }

    /** Whether the old slot is gone; else somebody reads it, and is given a little time. */
    private boolean dropped() {
        try {
            source.dropSlot();
            patience.ended();
            return true;
        } catch (SlotHeldElsewhereException e) {
            patience.heldBy(e, source.slot());
            detail = String.valueOf(e.getMessage());
            return false;
        }
    }

    private void claim(ServerFacts server) {
        try {
            appender.claim(server.identity(source.slotName()));
        } catch (IOException e) {
            throw new UncheckedIOException("the journal cannot note whose changes it holds", e);
        }
    }

    private void beginEpoch(ServerFacts server, Entry.Missing gap) {
        try {
            outbox.visibility().startAt(appender.beginEpoch(server.identity(source.slotName()), gap));
        } catch (IOException e) {
            throw new UncheckedIOException("the journal cannot begin a new epoch", e);
        }
        book.forget();
    }

    private int awaitSlot() {
        var making = known(creation);
        var made = making.done();
        if (made.isEmpty()) {
            if (blockersDue.isDue()) {
                creationBlockers = source.transactionsBefore(creationBoundary);
                detail = "slot '" + source.slotName() + "' is being made; it waits for "
                        + (creationBlockers.isEmpty() ? "transactions under way" : "these transactions");
            }
            return 0;
        }
        making.close();
        creation = null;
        creationBlockers = List.of();
        LOG.info("slot made name={} lsn={}", source.slotName(), made.get());
        outbox.startAt(Lsn.ZERO);
        outbox.append(new Entry.Progress(made.get(), outbox.visibleThrough()));
        return begin(made.get(), made.get(), Witness.none());
    }

    /**
     * Starts to read; everything of the source before {@code complete} stands in the journal.
     *
     * @param from what was acknowledged: what comes after it is sent again
     * @param witness must come among that
     */
    private int begin(Lsn complete, Lsn from, Witness witness) {
        ChangeStream stream;
        try {
            stream = source.stream(from);
            patience.ended();
        } catch (SlotHeldElsewhereException e) {
            patience.heldBy(e, source.slot());
            detail = String.valueOf(e.getMessage());
            phase = CapturePhase.PROVISIONING;
            return 0;
        }
        if (!outbox.isWaiting()) {
            outbox.startAt(complete);
        }
        received = complete;
        var found = known(provisioned);
        Streaming begun;
        try {
            var session = new Streaming.Session(known(facts), needs, found.catalog(), source.moment(), witness);
            begun = new Streaming(source, stream, outbox, gate, watch, session, options, clock, nanos);
            new VisibilityRecovery(journal, outbox.visibility()).recover(source::boundary);
        } catch (RuntimeException e) {
            stream.close();
            throw e;
        }
        streaming = begun;
        watch.compare(found.catalog(), found.republished(), complete);
        gate.changed(CoveragePlan.of(needs, found.catalog()).coverage(), complete);
        backoff.succeeded();
        troubles.over();
        detail = "";
        phase = CapturePhase.STREAMING;
        LOG.info("streaming slot={} from={}", source.slotName(), complete);
        return 1;
    }

    private int stream() {
        var running = known(streaming);
        var done = running.step();
        received = running.received();
        acknowledged = running.acknowledged();
        if (outbox.isWaiting()) {
            if (phase != CapturePhase.FULL) {
                phase = CapturePhase.FULL;
                pruning.soon();
                LOG.warn("journal full, changes wait in the source reason={}", outbox.fullBecause());
            }
            detail = "the journal is full: " + outbox.fullBecause();
            pruning.often();
            return 0;
        }
        if (phase == CapturePhase.FULL) {
            phase = CapturePhase.STREAMING;
            LOG.info("journal has room again");
        }
        detail = gate.detail();
        book.keep();
        pruning.nowAndThen();
        return done + provisionWhenDue(running);
    }

    private int provisionWhenDue(Streaming running) {
        var wanted = needsDue.isDue() ? askedNeeds() : needs;
        var found = known(provisioned);
        if (!wanted.equals(needs) || (!found.blockers().isEmpty() && provisionAgain.isDue())) {
            needs = wanted;
            reprovision(running);
            return 1;
        }
        if (running.isCatalogDue()) {
            var catalog = source.catalog(needs);
            if (!catalog.publication().exists()) {
                throw new StreamBrokenException(Gap.Reason.SLOT_INVALIDATED, "the publication was dropped");
            }
            if (!catalog.equals(found.catalog())) {
                reprovision(running);
            }
            return 1;
        }
        return 0;
    }

    /** Needs or catalog changed: puts right what may be put right, then looks at what came of it. */
    private void reprovision(Streaming running) {
        running.provisioned(needs, blocked(source.provision(needs)));
    }

    /** Takes what provisioning came to, and says what it could not do. */
    private Provisioned blocked(Provisioned found) {
        for (var blocker : found.blockers()) {
            if (provisioned == null || !provisioned.blockers().contains(blocker)) {
                LOG.warn("blocked blocker={}", blocker);
            }
        }
        provisioned = found;
        return found;
    }

    private Needs askedNeeds() {
        try {
            return needsSupplier.get();
        } catch (JournalException e) {
            troubles.noted(e);
            if (needs.tables().isEmpty()) {
                throw new SourceUnavailableException("what the lanes need cannot be read: " + e.getMessage(), e);
            }
            return needs;
        }
    }

    /** Capture as it is now. */
    public CaptureStatus status() {
        return status;
    }

    private CaptureStatus snapshotOfStatus() {
        var blockers = new ArrayList<>(creationBlockers);
        var slot = streaming == null ? null : streaming.slot().orElse(null);
        if (provisioned != null) {
            blockers.addAll(provisioned.blockers());
        }
        if (streaming != null) {
            blockers.addAll(streaming.waitedFor());
        }
        return new CaptureStatus(
                phase,
                detail,
                received,
                outbox.durable(),
                acknowledged,
                slot == null ? 0 : slot.lagBytes(),
                slot == null ? 0 : slot.retainedBytes(),
                outbox.changes(),
                outbox.commits(),
                outbox.heartbeatAppendedAt(),
                outbox.heartbeatDurableAt(),
                blockers,
                troubles.count(),
                troubles.last());
    }

    private void interrupted(RuntimeException e, String what) {
        troubles.noted(e);
        detail = what + e.getMessage();
        disconnect();
        backoff.failed();
        phase = CapturePhase.CONNECTING;
    }

    /** The slot cannot be read on: what {@link Continuation} finds next time, or is made to find. */
    private void broken(StreamBrokenException e) {
        troubles.noted(e);
        var server = known(facts);
        disconnect();
        backoff.failed();
        phase = CapturePhase.CONNECTING;
        var gap = Gap.everywhere(e.reason(), String.valueOf(e.getMessage()));
        if (!options.healGaps()) {
            var forbidden = new GapForbiddenException(gap);
            failed(forbidden);
            throw forbidden;
        }
        LOG.warn("gap reason={} detail={}", gap.reason(), gap.detail());
        try {
            beginEpoch(server, new Entry.Missing(server.end(), gap));
        } catch (JournalFullException full) {
            interrupted(full, "waits for room in the journal: "); // the next session finds the gap again
            pruning.prune();
        }
    }

    private void failed(RuntimeException e) {
        troubles.noted(e);
        disconnect();
        phase = CapturePhase.ENDED;
    }

    private void disconnect() {
        if (creation != null) {
            creation.close();
            creation = null;
        }
        if (streaming != null) {
            try {
                streaming.close();
            } catch (RuntimeException e) {
                LOG.debug("closing the stream failed: {}", e.getMessage());
            }
            acknowledged = streaming.acknowledged();
            streaming = null;
        }
        source.close();
    }

    /** Acknowledges what is on disk and leaves the slot. The journal stays open. Called by the stepping thread. */
    @Override
    public void close() {
        if (phase != CapturePhase.ENDED) {
            try {
                appender.force();
                book.keep();
            } catch (IOException | UncheckedIOException | JournalException e) {
                troubles.noted(e); // what is not on disk is not acknowledged
            }
            disconnect();
            phase = CapturePhase.ENDED;
            detail = "closed";
            status = snapshotOfStatus();
        }
    }

    private static <T> T known(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("capture is not where it thinks it is");
        }
        return value;
    }
}
