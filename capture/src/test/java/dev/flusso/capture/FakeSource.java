package dev.flusso.capture;

import dev.flusso.journal.Lsn;
import dev.flusso.journal.Needs;
import dev.flusso.journal.TableName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A database made by hand: tests write transactions and say what is visible, away, held or gone. What a commit's end is numbered with
 * grows by 100 for each. One thread.
 */
final class FakeSource implements Source {

    static final String SLOT = "slot";

    final List<String> calls = new ArrayList<>();
    final SortedMap<TableName, SourceTable> tables = new TreeMap<>();
    final List<Blocker> running = new ArrayList<>();
    Timelines timelines = new Timelines(1, List.of());
    String system = "4711";
    boolean away;
    boolean publication = true;
    boolean exists;
    int holder;
    long holderHeard;

    /** The server has given up on the stream, and nobody here was told: a firewall forgot the connection. */
    boolean forgotten;

    Lsn confirmed = Lsn.ZERO;
    String lost = "";
    long xmin = 1000;
    long xmax = 1000;

    /** Above the ids given out so far; {@link #xmax} when nobody newer than the last one finished is at work. */
    long begun;

    long[] invisible = {};
    long log = 1000;
    boolean slotIsMade = true;

    @Nullable
    SourceNotUsableException refusal;

    @Nullable
    StreamBrokenException broken;

    private final List<StreamEvent> written = new ArrayList<>();
    private final List<Lsn> writtenAt = new ArrayList<>();

    @Nullable
    FakeStream stream;

    /** A table with an id and a column r, both in its replica identity. */
    FakeSource withTable(int oid, String name) {
        var columns = List.of(
                new SourceTable.Column("id", 1, "bigint", true, true, 1),
                new SourceTable.Column("r", 2, "bigint", true, true, 1));
        var names = new TreeSet<>(List.of("id", "r"));
        var table = new SourceTable(
                TableName.of("public", name),
                oid,
                1,
                columns,
                List.of("id"),
                new SourceTable.Identity(SourceTable.IdentityKind.FULL, names),
                new SourceTable.Membership(true, 1, names, false),
                false,
                List.of(),
                false,
                SourceTable.Obstacle.NONE);
        tables.put(table.name(), table);
        return this;
    }

    /** A committed transaction of inserts into the table; returns its end. */
    Lsn commit(long xid, int oid, String... ids) {
        var table =
                tables.values().stream().filter(t -> t.oid() == oid).findFirst().orElseThrow();
        var commitLsn = Lsn.of(log);
        write(new StreamEvent.Begin(commitLsn, 0, (int) xid), commitLsn);
        write(
                new StreamEvent.Relation(
                        oid,
                        table.name(),
                        'f',
                        List.of(new StreamEvent.Column("id", true, 20), new StreamEvent.Column("r", true, 20))),
                commitLsn);
        for (var id : ids) {
            write(
                    new StreamEvent.Row(
                            commitLsn, dev.flusso.journal.Entry.Operation.INSERT, oid, null, false, Tuple.of(id, "7")),
                    commitLsn);
        }
        log += 100;
        write(new StreamEvent.Commit(commitLsn, Lsn.of(log)), commitLsn);
        return Lsn.of(log);
    }

    private void write(StreamEvent event, Lsn commitLsn) {
        written.add(event);
        writtenAt.add(commitLsn);
        if (stream != null) {
            stream.pending.add(event);
        }
    }

    /** The server as it is now, to be gone back to. */
    FakeSource copy() {
        var copy = new FakeSource();
        copy.tables.putAll(tables);
        copy.exists = exists;
        copy.confirmed = confirmed;
        copy.xmin = xmin;
        copy.xmax = xmax;
        copy.log = log;
        copy.written.addAll(written);
        copy.writtenAt.addAll(writtenAt);
        return copy;
    }

    /** The stream breaks; the session too. */
    void cut() {
        if (stream != null) {
            stream.cut = true;
        }
    }

    final class FakeStream implements ChangeStream {

        final Deque<StreamEvent> pending = new ArrayDeque<>();
        boolean cut;
        private long heard = log;

        FakeStream(Lsn from) {
            var after = from.max(confirmed);
            for (var i = 0; i < written.size(); i++) {
                if (writtenAt.get(i).compareTo(after) >= 0) {
                    pending.add(written.get(i));
                }
            }
        }

        @Override
        public @Nullable StreamEvent poll() {
            if (cut || away) {
                throw new SourceUnavailableException("the stream broke");
            }
            if (broken != null) {
                throw broken;
            }
            return forgotten ? null : pending.poll();
        }

        @Override
        public Lsn received() {
            heard = forgotten ? heard : log;
            return Lsn.of(heard);
        }

        @Override
        public void acknowledge(Lsn lsn) {
            confirmed = confirmed.max(lsn);
        }

        @Override
        public void close() {
            calls.add("close stream");
            stream = null;
        }
    }

    private void check() {
        if (away) {
            throw new SourceUnavailableException("the server is away");
        }
    }

    @Override
    public String slotName() {
        return SLOT;
    }

    @Override
    public ServerFacts connect() {
        calls.add("connect");
        check();
        return new ServerFacts(system, "db", 160000, timelines, Lsn.of(log));
    }

    @Override
    public Provisioned provision(Needs needs) {
        calls.add("provision");
        check();
        if (refusal != null) {
            throw refusal;
        }
        publication = true;
        return new Provisioned(catalog(needs), List.of(), new TreeSet<>());
    }

    @Override
    public Catalog catalog(Needs needs) {
        check();
        var known = new TreeMap<>(tables);
        known.keySet().retainAll(needs.tables().keySet());
        return new Catalog(
                publication ? new Catalog.Publication(1, false, true, false, false, true) : Catalog.Publication.NONE,
                known);
    }

    @Override
    public Optional<SlotState> slot() {
        check();
        return exists
                ? Optional.of(new SlotState(reader(), "", holderHeard, confirmed, confirmed, lost, Lsn.of(log)))
                : Optional.empty();
    }

    private int reader() {
        return holder == 0 && isRead() && !forgotten ? 1 : holder;
    }

    @Override
    public void dropSlot() {
        calls.add("drop slot");
        held();
        exists = false;
        lost = "";
    }

    private void held() {
        check();
        if (holder != 0 || isRead()) {
            throw new SlotHeldElsewhereException("slot is active for PID " + (holder == 0 ? 1 : holder));
        }
    }

    private boolean isRead() {
        return stream != null && !stream.cut && !away;
    }

    @Override
    public SlotCreation createSlot() {
        calls.add("create slot");
        check();
        return new SlotCreation() {
            @Override
            public Optional<Lsn> done() {
                check();
                if (slotIsMade && !exists) {
                    exists = true;
                    confirmed = Lsn.of(log);
                }
                return slotIsMade ? Optional.of(confirmed) : Optional.empty();
            }

            @Override
            public void close() {
                calls.add("close creation");
            }
        };
    }

    @Override
    public ChangeStream stream(Lsn from) {
        calls.add("stream from " + from);
        held();
        if (broken != null) {
            throw broken;
        }
        forgotten = false;
        var opened = new FakeStream(from);
        stream = opened;
        return opened;
    }

    @Override
    public SourceMoment moment() {
        check();
        return new SourceMoment(new Snapshot(xmin, xmax, invisible), Lsn.of(log));
    }

    @Override
    public long boundary() {
        check();
        return Math.max(begun, xmax);
    }

    @Override
    public List<Blocker> transactionsBefore(long xid) {
        return List.copyOf(running);
    }

    @Override
    public void emit(String prefix, String content) {
        check();
        if (stream != null) {
            write(new StreamEvent.Message(Lsn.of(log), prefix, content), Lsn.of(log));
            log++; // no two records stand at one place
        }
    }

    @Override
    public void close() {
        calls.add("close");
    }

    /** How often each call was made. */
    Map<String, Long> counts() {
        var counts = new TreeMap<String, Long>();
        calls.forEach(call -> counts.merge(call, 1L, Long::sum));
        return counts;
    }
}
