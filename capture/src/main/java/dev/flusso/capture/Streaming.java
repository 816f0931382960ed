package dev.flusso.capture;

import dev.flusso.journal.Entry;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.Needs;
import dev.flusso.journal.TableName;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time between a stream's begin and its end: events into entries, acknowledgements back, and what is due now and again. One
 * thread.
 */
final class Streaming implements Translator.Surroundings {

    private static final Logger LOG = LoggerFactory.getLogger(Streaming.class);

    /** Events handled in one step. */
    private static final int MOST_EVENTS = 1024;

    /** Commits that wait to be seen before the next look is brought forward. */
    private static final int MANY_UNSEEN = 20_000;

    private final Source source;
    private final ChangeStream stream;
    private final Outbox outbox;
    private final CoverageGate gate;
    private final CatalogWatch watch;
    private final Translator translator;
    private final Witness witness;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final boolean beats;
    private final Every progress;
    private final Every moment;
    private final Every heartbeat;
    private final Every lag;
    private final Every catalog;
    private final Every blockersDue;
    private Needs needs;
    private Lsn received;
    private Lsn acknowledged = Lsn.ZERO;
    private Optional<SlotState> slot = Optional.empty();
    private List<Blocker> waitedFor = List.of();

    Streaming(
            Source source,
            ChangeStream stream,
            Outbox outbox,
            CoverageGate gate,
            CatalogWatch watch,
            Session session,
            CaptureOptions options,
            InstantSource clock,
            LongSupplier nanos) {
        this.source = source;
        this.stream = stream;
        this.outbox = outbox;
        this.gate = gate;
        this.watch = watch;
        this.witness = session.witness();
        this.needs = session.needs();
        this.clock = clock;
        this.nanos = nanos;
        this.received = outbox.complete();
        this.beats = !options.heartbeatInterval().isZero();
        this.progress = new Every(nanos, Duration.ofSeconds(1));
        this.moment = new Every(nanos, Duration.ofMillis(250));
        this.heartbeat = new Every(nanos, options.heartbeatInterval());
        this.lag = new Every(nanos, options.lagInterval());
        this.catalog = new Every(nanos, options.watchInterval());
        this.blockersDue = new Every(nanos, Duration.ofSeconds(2));
        this.translator = new Translator(
                source.slotName(),
                session.facts().timelines(),
                session.moment().snapshot(),
                CoveragePlan.of(session.needs(), session.catalog()),
                this,
                outbox::append);
    }

    /**
     * What was found before the stream began.
     *
     * @param moment taken after {@code catalog}
     * @param witness of what stands in the journal and is sent again
     */
    record Session(ServerFacts facts, Needs needs, Catalog catalog, SourceMoment moment, Witness witness) {}

    /** One bounded piece of work; how many events and chores it did. */
    int step() {
        if (!outbox.flush()) {
            acknowledge();
            lookAtLag();
            return 0;
        }
        var done = 0;
        var idle = false;
        var started = nanos.getAsLong();
        while (done < MOST_EVENTS && !outbox.isWaiting()) {
            var event = stream.poll();
            if (event == null) {
                idle = true;
                break;
            }
            if (!witness.knows(event)) {
                translator.on(event);
            }
            done++;
        }
        if (done > 0) {
            outbox.monitor().appended(done, Duration.ofNanos(nanos.getAsLong() - started));
        }
        if (idle) {
            witness.idle(stream.received());
        }
        if (!translator.isOpen()) {
            received = received.max(translator.received());
            if (idle) {
                received = received.max(stream.received());
            }
            quiet();
        }
        acknowledge();
        return done + chores();
    }

    /** Between transactions: what may be said of the place reached. */
    private void quiet() {
        gate.received(received);
        if (received.isAfter(outbox.complete()) && progress.isDue()) {
            outbox.append(new Entry.Progress(received, outbox.visibleThrough()));
        }
    }

    void acknowledge() {
        if (witness.isWaitedFor()) {
            return;
        }
        var durable = outbox.durableNow();
        if (durable.isAfter(acknowledged)) {
            stream.acknowledge(durable);
            acknowledged = durable;
        }
    }

    private int chores() {
        var done = 0;
        var many = outbox.visibility().size() > MANY_UNSEEN;
        if ((gate.isClosed() || outbox.visibility().size() > 0) && (many || moment.isDue())) {
            look();
        }
        if (beats && heartbeat.isDue()) {
            look();
            emit();
            done++;
        }
        done += lookAtLag();
        if (gate.waitsForXidsBelow() == 0) {
            waitedFor = List.of();
        } else if (blockersDue.isDue()) {
            waitedFor = gate.blockers(source);
        }
        return done;
    }

    private int lookAtLag() {
        if (!lag.isDue()) {
            return 0;
        }
        slot = source.slot();
        // A connection that a firewall has forgotten says nothing for ever; the server gives it up and says so here.
        if (slot.isPresent() && !slot.get().isActive()) {
            throw new SourceUnavailableException("the server no longer sends what slot '" + source.slotName()
                    + "' holds, and the connection did not say so");
        }
        return 1;
    }

    private void look() {
        var now = source.moment();
        translator.moment(now.snapshot());
        outbox.visibility().seen(now.snapshot());
        var waited = gate.waitsForStream();
        gate.seen(now, source::boundary);
        if (gate.waitsForStream() && !waited) {
            emit(); // an idle server would say nothing of the place the gate waits for
        }
    }

    private void emit() {
        source.emit(Translator.PREFIX, Translator.heartbeatContent(source.slotName(), clock.instant()));
    }

    /** Whether the catalog should be read again: now and again, and after a needed table was described. */
    boolean isCatalogDue() {
        return catalog.isDue();
    }

    /** The catalog or the needs were read again, changed or not. */
    void provisioned(Needs newNeeds, Provisioned newest) {
        var plan = CoveragePlan.of(newNeeds, newest.catalog());
        translator.plan(plan);
        needs = newNeeds;
        watch.compare(newest.catalog(), newest.republished(), received);
        if (!plan.coverage().equals(gate.goal())) {
            gate.narrowed(plan.coverage(), received);
            LOG.info("coverage changes tables={}", plan.coverage().keySet());
        }
    }

    @Override
    public CoveragePlan lookUp(StreamEvent.Relation relation) {
        return CoveragePlan.of(needs, source.catalog(needs));
    }

    @Override
    public void described(TableName table) {
        catalog.now();
    }

    @Override
    public void heartbeat(Lsn lsn, Instant emittedAt) {
        outbox.append(new Entry.Heartbeat(lsn, emittedAt, outbox.visibleThrough()));
        progress.now();
    }

    Lsn received() {
        return received;
    }

    Lsn acknowledged() {
        return acknowledged;
    }

    Optional<SlotState> slot() {
        return slot;
    }

    /** Who keeps a coverage entry waiting. */
    List<Blocker> waitedFor() {
        return waitedFor;
    }

    void close() {
        try {
            acknowledge();
        } finally {
            stream.close();
        }
    }
}
