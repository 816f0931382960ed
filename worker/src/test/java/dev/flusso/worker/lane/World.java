package dev.flusso.worker.lane;

import dev.flusso.journal.Entry;
import dev.flusso.journal.Gap;
import dev.flusso.journal.InMemoryJournal;
import dev.flusso.journal.Journal;
import dev.flusso.journal.LaneFile;
import dev.flusso.journal.LaneName;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.Position;
import dev.flusso.journal.SourceIdentity;
import dev.flusso.journal.TableCoverage;
import dev.flusso.journal.TableName;
import dev.flusso.schema.IndexConfig;
import dev.flusso.schema.OnError;
import dev.flusso.schema.SourceConfig.OnGap;
import dev.flusso.worker.InMemoryRows;
import dev.flusso.worker.InMemorySink;
import dev.flusso.worker.Key;
import dev.flusso.worker.Sink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A lane with all that is around it, in memory and driven by hand: rows, a capture that appends what is committed, a journal, a sink, a
 * clock, and the tasks the lane gave to its executors. One thread.
 */
final class World implements AutoCloseable, AfterEachCallback {

    static final SourceIdentity SOURCE = new SourceIdentity("7001", "shop", "flusso", 1);
    private static final Instant BEGIN = Instant.parse("2026-11-20T00:00:00Z");

    /** Remembers compiled schemas by a name. */
    private static final class Forms implements Lane.CompiledForm {
        private final Map<String, IndexConfig> known = new TreeMap<>();

        @Override
        public String text(IndexConfig index) {
            var text = index.name() + " " + index.schema().fields().get(0).name();
            known.put(text, index);
            return text;
        }

        @Override
        public IndexConfig parse(String text) {
            var index = known.get(text);
            if (index == null) {
                throw new IllegalArgumentException("'" + text + "' is no compiled schema");
            }
            return index;
        }
    }

    final InMemoryRows rows = Shop.rows();
    final InMemorySink memory = InMemorySink.named("primary");
    Sink sink = memory;
    InMemoryJournal journal = InMemoryJournal.create();

    /** After this entry the journal cannot be read; null when it can. */
    @Nullable
    Position damagedAfter;

    final RandomGenerator random;
    DocumentRoom room = DocumentRoom.of(32 << 20, System::nanoTime);
    final List<Runnable> tasks = new ArrayList<>();
    final List<String> failures = new ArrayList<>();
    final List<Duration> arrivals = new ArrayList<>();
    private final Forms forms = new Forms();
    private final List<Arrived> commits = new ArrayList<>();
    private final LaneName name = new LaneName("primary", "users");

    OnError onError = OnError.STOP;
    String nameField = "name";
    OnGap onGap = OnGap.HEAL;
    boolean skipBackfill;
    int batchSize = 50;
    SortedMap<TableName, TableCoverage> carried = Shop.covered();

    private long nanos;
    private @Nullable Lane lane;

    /** A commit in the journal. */
    private record Arrived(InMemoryRows.Committed commit, Position position) {}

    World() {
        this(new Random(1));
    }

    World(RandomGenerator random) {
        this.random = random;
    }

    // ---- source and capture

    Instant now() {
        return BEGIN.plusNanos(nanos);
    }

    void advance(Duration by) {
        nanos += by.toNanos();
    }

    /** Commits, shows and captures a transaction. */
    void commit(InMemoryRows.Writing writing) {
        capture(writing.commit(now()).show());
    }

    /** Appends what is decoded of a transaction. */
    void capture(InMemoryRows.Committed committed) {
        var last = Position.BEGINNING;
        for (var entry : committed.entries()) {
            journal.appender().append(entry);
            last = journal.appender().newest();
        }
        commits.add(new Arrived(committed, last));
    }

    private Position visibleThrough() {
        var through = Position.BEGINNING;
        for (var arrived : commits) {
            if (!arrived.commit.isVisible()) {
                return through;
            }
            through = arrived.position;
        }
        return through;
    }

    /** A user with an order, both of this number. */
    InMemoryRows.Writing user(int id) {
        return rows.begin()
                .insert(Shop.USERS, "id", "" + id, "name", "u" + id)
                .insert(Shop.ORDERS, "id", "" + id, "user_id", "" + id, "title", "o" + id);
    }

    /** So many users; the lane is live on them. */
    void begin(int users) {
        for (var i = 1; i <= users; i++) {
            commit(user(i));
        }
        cover();
        untilLive();
    }

    void rename(int id, String name) {
        commit(rows.begin().update(Shop.USERS, Key.of("" + id), "name", name));
    }

    Position heartbeat() {
        journal.appender().append(new Entry.Heartbeat(Lsn.ZERO, now(), visibleThrough()));
        return journal.appender().newest();
    }

    Position cover() {
        journal.appender().append(new Entry.Coverage(Lsn.ZERO, visibleThrough(), carried));
        return journal.appender().newest();
    }

    void gap() {
        var gap = Gap.everywhere(Gap.Reason.SLOT_LOST, "as the test wants it");
        try {
            journal.appender().beginEpoch(SOURCE, new Entry.Missing(Lsn.ZERO, gap));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---- the lane

    Lane lane() {
        var open = lane;
        if (open == null) {
            open = open(new DamagedJournal(journal, () -> damagedAfter));
            lane = open;
        }
        return open;
    }

    /** What a lane's parts share. */
    LaneContext context(Journal on) {
        return new LaneContext(
                name,
                on,
                rows,
                sink,
                onError,
                new LaneOptions(batchSize, Duration.ofMillis(20), 2, skipBackfill, onGap, false),
                tasks::add,
                tasks::add,
                room,
                new Clock(this::now, () -> nanos),
                random,
                new Monitor(failures, arrivals),
                new Mailbox());
    }

    private Lane open(Journal on) {
        try {
            return Lane.open(context(on), Shop.index(onError, nameField), Shop.needs(), forms);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The worker dies: all it has in memory, and all that was under way in its process, is gone. */
    void crash() {
        var dead = lane;
        lane = null;
        tasks.clear();
        if (dead != null) {
            dead.die();
        }
    }

    /** The worker stops as it should. */
    void stop() {
        var open = lane;
        lane = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        tasks.clear();
    }

    /** One step of the lane and all tasks there are, in some order; the clock goes on a little. */
    void turn() {
        lane().step();
        while (!tasks.isEmpty()) {
            tasks.remove(random.nextInt(tasks.size())).run();
        }
        advance(Duration.ofMillis(5));
    }

    void turn(int times) {
        for (var i = 0; i < times; i++) {
            turn();
        }
    }

    /** Turns until something is so; fails after a minute of the lane's time. */
    void until(String what, BooleanSupplier isSo) {
        var giveUp = nanos + Duration.ofMinutes(12).toNanos();
        while (!isSo.getAsBoolean()) {
            if (nanos > giveUp) {
                throw new AssertionError("in vain waited until " + what + "; " + lane().status() + " failures "
                        + failures.subList(Math.max(0, failures.size() - 5), failures.size()));
            }
            turn();
        }
    }

    /** Turns until the lane is live and has settled the whole journal. */
    void untilLive() {
        until("the lane is live at " + journal.appender().newest(), this::isLive);
    }

    boolean isLive() {
        var status = lane().status();
        return status.state() == LaneStatus.State.LIVE
                && status.seeding() == null
                && status.target().equals(status.served())
                && !status.position().isBefore(journal.appender().newest());
    }

    // ---- what came of it

    /** What is served, by id. */
    SortedMap<String, String> served() {
        return memory.documents("users");
    }

    /** What should be served. */
    SortedMap<String, String> wanted() {
        return rows.documents(Shop.schema(nameField));
    }

    List<LaneFile> files() {
        try {
            return journal.lanes().of(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        stop();
        try {
            var letters = journal.lanes().letters(name);
            Files.deleteIfExists(letters);
            Files.deleteIfExists(Objects.requireNonNull(letters.getParent()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void afterEach(ExtensionContext test) {
        close();
    }

    /** Remembers what failed and when changes were searchable. */
    private record Monitor(List<String> failures, List<Duration> arrivals) implements LaneMonitor {

        @Override
        public void read(LaneName lane, int changes) {}

        @Override
        public void resolved(LaneName lane, int keys, Duration took) {}

        @Override
        public void built(LaneName lane, int documents, Duration took) {}

        @Override
        public void flushed(LaneName lane, int documents, Duration took) {}

        @Override
        public void settled(LaneName lane, int changes, Duration sinceCommit) {
            arrivals.add(sinceCommit);
        }

        @Override
        public void seeded(LaneName lane, int documents) {}

        @Override
        public void seedingFinished(LaneName lane) {}

        @Override
        public void quarantined(LaneName lane) {}

        @Override
        public void failed(LaneName lane, String what) {
            failures.add(what);
        }
    }
}
