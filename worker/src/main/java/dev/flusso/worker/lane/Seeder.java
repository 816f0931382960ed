package dev.flusso.worker.lane;

import dev.flusso.journal.Seeding;
import dev.flusso.journal.Transaction;
import dev.flusso.worker.Answer;
import dev.flusso.worker.KeyRange;
import dev.flusso.worker.RowReader.IndexReader;
import dev.flusso.worker.SourceUnavailableException;
import dev.flusso.worker.Stamp;
import dev.flusso.worker.lane.LaneStatus.SeedingProgress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the root table range by range, several at once, and hands the documents to the outbox. A range is finished when all of its
 * documents are settled; a finished range is not read again, unless all are ({@link #again}). The lane's thread, but for the scans
 * themselves.
 */
final class Seeder {

    /** Root rows in a range, about. */
    private static final long RANGE_ROWS = 5_000;

    private static final int MOST_RANGES = 2_000;

    /** Ranges asked for when nobody knows how many rows there are: a table that was never analyzed may be large. */
    private static final int UNKNOWN_RANGES = 64;

    /** Bytes handed over at once. */
    private static final int HANDFUL_BYTES = 1 << 20;

    private static final int HANDFUL_DOCUMENTS = 500;

    /** For whom it reads. */
    enum Purpose {
        /** A generation nobody follows yet: all there is room for. */
        NEW_GENERATION(64 << 10),
        /** One that is being kept current: most of the room is left to its changes, and documents may grow too old to be sent. */
        IN_PLACE(4 << 10);

        /** KiB of documents on their way at once. */
        private final int ownKib;

        Purpose(int ownKib) {
            this.ownKib = ownKib;
        }
    }

    /** Between two tries to read for a generation that is live. */
    private static final long PAUSE_NANOS = 1_000_000_000L;

    /** How long a scan waits for room before it gives its connection back. */
    private static final long PATIENCE_NANOS = 5_000_000_000L;

    /** The sink takes nothing for so long that the connection is better used by another lane. */
    private static final class NoRoomException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** A snapshot does not show what the documents must show. */
    private static final class NotVisibleException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private final LaneContext context;
    private final Source source;
    private final Outbox outbox;
    private final Tail.Events events;
    private final Purpose purpose;
    private final Semaphore own;
    private final DocumentRoom.Share room;
    private volatile boolean closed;

    /** What every document must show. */
    private Set<Transaction> mustSee = Set.of();

    private boolean hasSeen;

    /** How often all ranges were begun anew. */
    private int round;

    /** The range begun last: the next ones come first, so that all have their turn however often it begins anew. */
    private int last = -1;

    private int notVisible;
    private long notBeforeNanos;

    private Seeding seeding;
    private boolean planning;
    private final BitSet finished = new BitSet();
    private final BitSet scanning = new BitSet();
    private final Set<Scan> scans = new HashSet<>();

    /** Documents of finished ranges. */
    private long documents;

    private long rateSinceNanos;
    private long rateDocuments;
    private double rate;

    Seeder(
            LaneContext context,
            Source source,
            Outbox outbox,
            Seeding resumed,
            DocumentRoom.Share room,
            Tail.Events events,
            Purpose purpose) {
        this.context = context;
        this.purpose = purpose;
        this.own = new Semaphore(purpose.ownKib);
        this.notBeforeNanos = context.clock().nanoTime();
        this.source = source;
        this.outbox = outbox;
        this.events = events;
        this.room = room;
        this.seeding = resumed;
        this.documents = resumed.documents();
        this.rateSinceNanos = context.clock().nanoTime();
        this.rateDocuments = documents;
        resumed.finished().forEach(finished::set);
    }

    /** From now on a range is finished only when its documents show what these did. */
    void mustSee(Set<Transaction> transactions) {
        mustSee = Set.copyOf(transactions);
        hasSeen = false;
    }

    /** Whether a finished range's documents showed it all: then so do all that are read from now on. */
    boolean hasSeen() {
        return mustSee.isEmpty() || hasSeen;
    }

    /** Every range is to be read once more; what is being read now does not count. */
    void again() {
        round++;
        finished.clear();
        documents = 0;
        rateDocuments = 0;
    }

    /** Does what can be done now; returns how much that was. */
    int step() {
        if (context.clock().nanoTime() - notBeforeNanos < 0) {
            return 0;
        }
        if (seeding.plan().isEmpty()) {
            return plan();
        }
        var begun = 0;
        while (scanning.cardinality() < context.options().seedRanges()
                && room.isOpen()
                && outbox.trouble() == null
                && outbox.stopped().isEmpty()
                && source.isOpen()) {
            var next = nextRange();
            if (next < 0) {
                break;
            }
            scan(next);
            begun++;
        }
        return begun;
    }

    private int nextRange() {
        var ranges = seeding.plan().size();
        for (var i = 1; i <= ranges; i++) {
            var number = (last + i) % ranges;
            if (!finished.get(number) && !scanning.get(number)) {
                last = number;
                return number;
            }
        }
        return -1;
    }

    private int plan() {
        if (planning || !source.isOpen()) {
            return 0;
        }
        planning = true;
        var reader = source.reader();
        new Asker(context.seeding(), context.mailbox())
                .ask(
                        () -> ranges(reader),
                        planned -> {
                            source.succeeded();
                            planning = false;
                            seeding = planned;
                        },
                        e -> {
                            planning = false;
                            failed(e);
                        });
        return 1;
    }

    /** A turn that did not come, or a database that is away: the changes of a live generation notice the latter by themselves. */
    private void failed(RuntimeException e) {
        if (purpose == Purpose.IN_PLACE && e instanceof SourceUnavailableException) {
            context.monitor().failed(context.name(), String.valueOf(e.getMessage()));
            notBeforeNanos = context.clock().nanoTime() + PAUSE_NANOS;
        } else {
            source.failed(e);
        }
    }

    private static Seeding ranges(IndexReader reader) {
        var estimate = reader.estimate();
        var count = estimate == 0 ? UNKNOWN_RANGES : (int) Math.max(1, Math.min(MOST_RANGES, estimate / RANGE_ROWS));
        var found = reader.ranges(count);
        var ranges = found.isEmpty() ? List.of(KeyRange.ALL) : found;
        return new Seeding(ranges.stream().map(RangeText::of).toList(), List.of(), 0, estimate);
    }

    private void scan(int number) {
        scanning.set(number);
        var reader = source.reader();
        var range = RangeText.parse(seeding.plan().get(number));
        var scan = new Scan(number, round, mustSee, events.highestVersion());
        scans.add(scan);
        new Asker(context.seeding(), context.mailbox())
                .ask(
                        () -> {
                            reader.scan(range, scan::found);
                            scan.handOver();
                            return scan;
                        },
                        done -> {
                            // on an idle source nothing else would ask soon, and what once went wrong would stay
                            source.succeeded();
                            notVisible = 0;
                            done.scanned = true;
                            done.check();
                        },
                        e -> {
                            scanning.clear(number);
                            scans.remove(scan);
                            if (e instanceof NotVisibleException) {
                                var pause = Math.min(500_000_000L, 2_000_000L << Math.min(notVisible++, 10));
                                notBeforeNanos = context.clock().nanoTime() + pause;
                            } else if (!(e instanceof NoRoomException) && !closed) {
                                failed(e);
                            }
                        });
    }

    boolean isDone() {
        return !seeding.plan().isEmpty()
                && finished.cardinality() == seeding.plan().size();
    }

    /** What the lane file is to remember. */
    Seeding progress() {
        var numbers = IntStream.range(0, seeding.plan().size())
                .filter(finished::get)
                .boxed()
                .toList();
        return new Seeding(seeding.plan(), numbers, documents, seeding.estimate());
    }

    /** How it looks from outside. */
    SeedingProgress progress(String reason) {
        return new SeedingProgress(reason, documents(), estimate(), rate());
    }

    /** Documents settled so far, those of unfinished ranges too. */
    long documents() {
        var all = documents;
        for (var scan : scans) {
            all += scan.settled;
        }
        return all;
    }

    private long estimate() {
        return seeding.estimate();
    }

    /** Documents a second, lately. */
    private double rate() {
        var now = context.clock().nanoTime();
        var elapsed = now - rateSinceNanos;
        if (elapsed > 1_000_000_000L) {
            var total = documents();
            var lately = Math.max(0, total - rateDocuments) * 1e9 / elapsed;
            rate = rate == 0 ? lately : rate * 0.7 + lately * 0.3;
            rateSinceNanos = now;
            rateDocuments = total;
        }
        return rate;
    }

    void close() {
        closed = true;
    }

    /** One range being read: filled by the scanning thread, a handful at a time, and settled on the lane's. */
    private final class Scan implements Item.Owner {

        private final int number;
        private final int ofRound;
        private final Set<Transaction> toSee;
        private final long versionBefore;
        private List<Answer> handful = new ArrayList<>();
        private long handfulBytes;
        private @Nullable Stamp stamp;
        private final long startedNanos = context.clock().nanoTime();
        private long handfulNanos = startedNanos;

        private boolean scanned;
        private int unsettled;
        private long settled;

        Scan(int number, int ofRound, Set<Transaction> toSee, long versionBefore) {
            this.number = number;
            this.ofRound = ofRound;
            this.toSee = toSee;
            this.versionBefore = versionBefore;
        }

        /** The scanning thread. */
        void found(Stamp seen, Answer answer) {
            if (closed) {
                throw new NoRoomException();
            }
            if (stamp == null && toSee.stream().anyMatch(transaction -> Questions.isUnseen(transaction, seen))) {
                throw new NotVisibleException();
            }
            if (!seen.equals(stamp)) {
                handOver(); // what was found before belongs to the stamp before
            }
            stamp = seen;
            handful.add(answer);
            var document = answer.document();
            handfulBytes += document == null ? 0 : document.json().length;
            if (handfulBytes >= HANDFUL_BYTES || handful.size() >= HANDFUL_DOCUMENTS) {
                handOver();
            }
        }

        /** The scanning thread: waits for room, then leaves the handful for the lane's thread. */
        void handOver() {
            var seen = stamp;
            if (handful.isEmpty() || seen == null) {
                return;
            }
            var reserved = handfulBytes;
            var kib = (int) Math.min(purpose.ownKib, 1 + (handfulBytes >> 10));
            try {
                if (!own.tryAcquire(kib, PATIENCE_NANOS, TimeUnit.NANOSECONDS)) {
                    throw new NoRoomException();
                }
                if (!room.await(reserved, PATIENCE_NANOS)) {
                    own.release(kib);
                    throw new NoRoomException();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new NoRoomException();
            }
            var answers = handful;
            handful = new ArrayList<>();
            handfulBytes = 0;
            var now = context.clock().nanoTime();
            context.monitor().built(context.name(), answers.size(), Duration.ofNanos(now - handfulNanos));
            handfulNanos = now;
            context.mailbox().post(() -> offer(answers, seen, reserved, kib));
        }

        private void offer(List<Answer> answers, Stamp seen, long reserved, int kib) {
            room.give(reserved);
            events.stamped(seen, versionBefore);
            var handed = new Handful(this, kib);
            // A long scan's first rows and last have one snapshot; while seeding versions, not ages, keep old news out.
            var builtAt =
                    purpose == Purpose.IN_PLACE ? startedNanos : context.clock().nanoTime();
            for (var answer : answers) {
                for (var item :
                        Chunks.items(answer, seen, builtAt, context.sink().maxDocumentBytes(), List.of(handed))) {
                    handed.awaits();
                    outbox.offer(item);
                }
            }
        }

        @Override
        public void awaits() {
            unsettled++;
        }

        @Override
        public void settled() {
            unsettled--;
            settled++;
            check();
        }

        private void check() {
            if (scanned && unsettled == 0 && scanning.get(number)) {
                scanning.clear(number);
                scans.remove(this);
                if (ofRound == round) {
                    finished.set(number);
                    documents += settled;
                    hasSeen |= stamp != null && toSee.equals(mustSee);
                }
                context.monitor().seeded(context.name(), (int) settled);
            }
        }
    }

    /** Documents that came together; their room is given back together. */
    private final class Handful implements Item.Owner {

        private final Scan scan;
        private final int kib;
        private int unsettled;

        Handful(Scan scan, int kib) {
            this.scan = scan;
            this.kib = kib;
        }

        @Override
        public void awaits() {
            unsettled++;
            scan.awaits();
        }

        @Override
        public void settled() {
            unsettled--;
            if (unsettled == 0) {
                own.release(kib);
            }
            scan.settled();
        }
    }
}
