package dev.flusso.journal;

import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/** Entries and lane files to test with. */
public final class Samples {

    public static final TableName ORDERS = TableName.of("public", "orders");
    public static final SourceIdentity SOURCE = new SourceIdentity("7300000000000000001", "shop", "flusso", 1);

    private Samples() {}

    public static Transaction transaction(long n) {
        return new Transaction(1, 700 + n, Lsn.of(1000 * n + 900), 1_700_000_000_000_000L + n * 1000);
    }

    /** An INSERT into orders, the key being {@code n}. */
    public static Entry.Change change(long n) {
        return change(n, "u" + n);
    }

    /** As {@link #change(long)}, with a reference of the caller's choice. */
    public static Entry.Change change(long n, String reference) {
        return new Entry.Change(
                transaction(n),
                Lsn.of(1000 * n),
                Entry.Operation.INSERT,
                ORDERS,
                Image.NONE,
                Image.of(Cell.text("id", Long.toString(n), true), Cell.text("user_id", reference, false)));
    }

    public static Entry.Commit commit(long n) {
        return new Entry.Commit(transaction(n), Lsn.of(1000 * n + 950), 1);
    }

    public static Entry.Heartbeat heartbeat(long n, Position visibleThrough) {
        return new Entry.Heartbeat(Lsn.of(1000 * n), transaction(n).committedAt(), visibleThrough);
    }

    public static Entry.Progress progress(long n, Position visibleThrough) {
        return new Entry.Progress(Lsn.of(1000 * n), visibleThrough);
    }

    public static Entry.Coverage coverage(long n, Position visibleThrough, String... columns) {
        var tables = new TreeMap<TableName, TableCoverage>();
        tables.put(ORDERS, TableCoverage.of(List.of(columns), List.of("id")));
        return new Entry.Coverage(Lsn.of(1000 * n), visibleThrough, tables);
    }

    public static Entry.Missing gap(long n) {
        return new Entry.Missing(Lsn.of(1000 * n), Gap.everywhere(Gap.Reason.SLOT_LOST, "slot flusso is gone"));
    }

    /** Appends an entry; where it stands. */
    public static Position append(Appender appender, Entry entry) {
        appender.append(entry);
        return appender.newest();
    }

    public static LaneFile lane(String index, LanePhase phase, Position position) {
        return lane(index, phase, position, Lsn.of(7));
    }

    public static LaneFile lane(String index, LanePhase phase, Position position, Lsn lsn) {
        return new LaneFile(
                LaneName.parse("primary/" + index),
                1,
                phase,
                position,
                lsn,
                Seeding.NONE,
                3,
                0,
                new Needs(new TreeMap<>(java.util.Map.of(
                        ORDERS, new TableNeed(new TreeSet<>(List.of("id")), new TreeSet<>(List.of("user_id")))))),
                "the compiled schema",
                new TreeMap<>(java.util.Map.of("index", "orders_1")),
                Instant.parse("2026-01-02T03:04:05.678901Z"));
    }
}
