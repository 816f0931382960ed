package dev.flusso.capture;

import dev.flusso.journal.Entry;
import dev.flusso.journal.Gap;
import dev.flusso.journal.Lsn;
import dev.flusso.journal.TableName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Notices what DDL did, since the stream never says: compares each needed table with how it was seen before. A change that moved
 * values without events becomes a gap, any other a catalog change. One thread.
 */
final class CatalogWatch {

    private final Outbox outbox;
    private final boolean healGaps;
    private final Map<TableName, Seen> known = new TreeMap<>();

    /** @param membership the catalog row by which it was published last; 0 when it never was */
    record Seen(SourceTable table, long membership) {}

    private boolean changed;

    CatalogWatch(Outbox outbox, boolean healGaps) {
        this.outbox = outbox;
        this.healGaps = healGaps;
    }

    /** Forgets all: what comes next begins a new story. */
    void reset() {
        known.clear();
        changed = true;
    }

    /** Begins with what was known when capture last ran. */
    void remember(Map<TableName, Seen> before) {
        known.putAll(before);
    }

    Map<TableName, Seen> known() {
        return known;
    }

    /** Whether what is known differs from what was last taken to be remembered; asked once. */
    boolean takeChanged() {
        var was = changed;
        changed = false;
        return was;
    }

    /**
     * Compares and remembers; a table that is gone is remembered as it was.
     *
     * @param republished tables that have a new membership without having lost a change
     * @throws GapForbiddenException when values moved without events and gaps may not be healed; it is found again next time
     */
    void compare(Catalog catalog, Set<TableName> republished, Lsn lsn) {
        catalog.tables().forEach((name, now) -> {
            var before = known.get(name);
            if (before != null && republished.contains(name)) {
                before = new Seen(before.table(), now.membership().oid());
            }
            if (before != null && !before.table().equals(now)) {
                report(before, now, lsn);
            }
            var published = now.membership().published();
            var seen =
                    new Seen(now, published || before == null ? now.membership().oid() : before.membership());
            changed |= !seen.equals(known.put(name, seen));
        });
    }

    private void report(Seen seen, SourceTable now, Lsn lsn) {
        var before = seen.table();
        var moved = moved(before, now);
        if (moved.isEmpty()) {
            moved = unpublished(seen, now);
        }
        var partitions = partitions(before, now);
        if (!moved.isEmpty()) {
            gap(Gap.Reason.TABLE_CHANGED, now.name(), moved, lsn);
        }
        if (!partitions.isEmpty()) {
            gap(Gap.Reason.PARTITION_CHANGED, now.name(), partitions, lsn);
        }
        var detail = harmless(before, now);
        if (!detail.isEmpty()) {
            outbox.append(new Entry.CatalogChange(lsn, now.name(), String.join("; ", detail)));
        }
    }

    private void gap(Gap.Reason reason, TableName table, List<String> what, Lsn lsn) {
        var gap = new Gap(reason, new TreeSet<>(List.of(table)), table + ": " + String.join("; ", what));
        if (!healGaps) {
            throw new GapForbiddenException(gap);
        }
        outbox.append(new Entry.Missing(lsn, gap));
    }

    /** Values that changed, or events that were not sent. */
    private static List<String> moved(SourceTable before, SourceTable now) {
        var found = new ArrayList<String>();
        if (before.oid() != now.oid()) {
            found.add("another table has taken its name (oid " + Integer.toUnsignedString(before.oid()) + ", now "
                    + Integer.toUnsignedString(now.oid()) + ")");
            return found;
        }
        var rewritten = isRewritten(before, now);
        var columns = now.columns().stream().collect(Collectors.toMap(SourceTable.Column::name, Function.identity()));
        for (var was : before.columns()) {
            var is = columns.get(was.name());
            if (is != null && is.number() != was.number()) {
                found.add("column '" + was.name() + "' is another one now");
            } else if (is != null && !is.type().equals(was.type())) {
                found.add("column '" + was.name() + "' was " + was.type() + ", is " + is.type());
            } else if (is != null && rewritten && is.defined() != was.defined()) {
                found.add("column '" + was.name() + "' was defined anew and the rows were written anew");
            }
        }
        return found;
    }

    /**
     * Whether rows were written anew in another file. By itself that changes no value (VACUUM FULL does it); with a column that was
     * defined anew it may have: {@code ALTER COLUMN email TYPE text USING lower(email)} keeps the type.
     */
    private static boolean isRewritten(SourceTable before, SourceTable now) {
        var files = new HashMap<Integer, Long>();
        before.leaves().forEach(leaf -> files.put(leaf.oid(), leaf.file()));
        return before.file() != now.file()
                || now.leaves().stream().anyMatch(leaf -> leaf.file() != files.getOrDefault(leaf.oid(), leaf.file()));
    }

    /** Events that were not sent. */
    private static List<String> unpublished(Seen seen, SourceTable now) {
        var was = seen.table().membership();
        var is = now.membership();
        if (!is.published() || seen.membership() == 0) {
            return List.of();
        }
        if (!was.published() || is.oid() != seen.membership()) {
            return List.of("it was out of the publication for a while");
        }
        return was.filtered() && !is.filtered() ? List.of("a row filter held back rows before") : List.of();
    }

    /** Rows that came or went with their partition. */
    private static List<String> partitions(SourceTable before, SourceTable now) {
        var found = new ArrayList<String>();
        if (before.oid() != now.oid()) {
            return found;
        }
        var leaves = new HashMap<Integer, SourceTable.Leaf>();
        before.leaves().forEach(leaf -> leaves.put(leaf.oid(), leaf));
        for (var leaf : now.leaves()) {
            var was = leaves.remove(leaf.oid());
            if (was == null && !leaf.bornAttached()) {
                found.add("partition " + leaf.name() + " was attached");
            } else if (was != null && was.attachment() != leaf.attachment()) {
                found.add("partition " + leaf.name() + " was detached and attached again");
            }
        }
        leaves.values().forEach(leaf -> found.add("partition " + leaf.name() + " was detached or dropped"));
        return found;
    }

    private static List<String> harmless(SourceTable before, SourceTable now) {
        var found = new ArrayList<String>();
        var added = now.columnNames();
        added.removeAll(before.columnNames());
        var gone = before.columnNames();
        gone.removeAll(now.columnNames());
        if (!added.isEmpty() || !gone.isEmpty()) {
            found.add("columns added " + added + ", gone " + gone);
        }
        if (!before.primaryKey().equals(now.primaryKey())) {
            found.add("primary key was " + before.primaryKey() + ", is " + now.primaryKey());
        }
        if (!before.columnsBefore().equals(now.columnsBefore())) {
            found.add("replica identity carried " + before.columnsBefore() + ", carries " + now.columnsBefore());
        }
        if (before.policies() != now.policies()) {
            found.add("row-level security is " + (now.policies() ? "enabled" : "disabled"));
        }
        if (before.membership().published() && !now.membership().published()) {
            found.add("it is no longer published");
        }
        var born = now.leaves().size() > before.leaves().size();
        if (born) {
            found.add("it has new partitions");
        }
        return found;
    }
}
