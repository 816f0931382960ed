package dev.flusso.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flusso.journal.Cell;
import dev.flusso.journal.Entry;
import dev.flusso.journal.Image;
import dev.flusso.journal.Recorded;
import dev.flusso.journal.Transaction;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;

/** A journal entry in one line: for people, or as JSON. */
final class EntryText {
    private EntryText() {}

    static String of(Recorded recorded, OutputFormat format) {
        return format == OutputFormat.JSON ? json(recorded).toString() : human(recorded);
    }

    private static String human(Recorded recorded) {
        var entry = recorded.entry();
        return recorded.position() + "  " + entry.lsn() + "  " + name(entry) + " "
                + switch (entry.kind()) {
                    case CHANGE -> change((Entry.Change) entry);
                    case TRUNCATE -> truncate((Entry.Truncate) entry);
                    case COMMIT -> commit((Entry.Commit) entry);
                    case PROGRESS -> "visible through " + ((Entry.Progress) entry).visibleThrough();
                    case HEARTBEAT ->
                        ((Entry.Heartbeat) entry).emittedAt() + " visible through "
                                + ((Entry.Heartbeat) entry).visibleThrough();
                    case COVERAGE -> coverage((Entry.Coverage) entry);
                    case CATALOG_CHANGE ->
                        ((Entry.CatalogChange) entry).table() + ": " + ((Entry.CatalogChange) entry).detail();
                    case GAP -> gap((Entry.Missing) entry);
                };
    }

    private static String name(Entry entry) {
        return entry.kind().name().toLowerCase(Locale.ROOT);
    }

    private static String change(Entry.Change change) {
        var text = new StringBuilder(change.operation().name().toLowerCase(Locale.ROOT))
                .append(' ')
                .append(change.table());
        if (!change.before().isEmpty()) {
            text.append(" before ").append(image(change.before()));
        }
        if (!change.after().isEmpty()) {
            text.append(" after ").append(image(change.after()));
        }
        return text.append(" xid ").append(change.transaction().xid()).toString();
    }

    private static String image(Image image) {
        return image.cells().stream()
                .map(cell -> cell.column() + "=" + value(cell.value()))
                .collect(Collectors.joining(" ", "(", ")"));
    }

    private static String value(Cell.Value value) {
        if (value instanceof Cell.Value.Text text) {
            return JsonNodeFactory.instance.textNode(text.text()).toString();
        }
        return value instanceof Cell.Value.Null ? "null" : "unchanged";
    }

    private static String truncate(Entry.Truncate truncate) {
        return truncate.tables() + (truncate.leavesOf().isEmpty() ? "" : " leaves of " + truncate.leavesOf()) + " xid "
                + truncate.transaction().xid();
    }

    private static String commit(Entry.Commit commit) {
        return commit.changes() + (commit.changes() == 1 ? " change" : " changes") + " at "
                + commit.transaction().committedAt() + " xid "
                + commit.transaction().xid();
    }

    private static String coverage(Entry.Coverage coverage) {
        return coverage.tables().entrySet().stream()
                        .map(table -> table.getKey() + " " + table.getValue().after() + ", before "
                                + table.getValue().before())
                        .collect(Collectors.joining("; "))
                + " visible through " + coverage.visibleThrough();
    }

    private static String gap(Entry.Missing missing) {
        var gap = missing.gap();
        return gap.reason().name().toLowerCase(Locale.ROOT)
                + (gap.tables().isEmpty() ? " of every table" : " of " + gap.tables()) + ": " + gap.detail();
    }

    private static ObjectNode json(Recorded recorded) {
        var entry = recorded.entry();
        var json = JsonNodeFactory.instance.objectNode();
        json.put("position", recorded.position().toString());
        json.put("lsn", entry.lsn().toString());
        json.put("kind", name(entry));
        switch (entry.kind()) {
            case CHANGE -> {
                var change = (Entry.Change) entry;
                json.put("operation", change.operation().name().toLowerCase(Locale.ROOT));
                json.put("table", change.table().toString());
                image(json, "before", change.before());
                image(json, "after", change.after());
                transaction(json, change.transaction());
            }
            case TRUNCATE -> {
                var truncate = (Entry.Truncate) entry;
                strings(json.putArray("tables"), truncate.tables());
                strings(json.putArray("leaves_of"), truncate.leavesOf());
                transaction(json, truncate.transaction());
            }
            case COMMIT -> {
                json.put("changes", ((Entry.Commit) entry).changes());
                transaction(json, ((Entry.Commit) entry).transaction());
            }
            case PROGRESS ->
                json.put(
                        "visible_through",
                        ((Entry.Progress) entry).visibleThrough().toString());
            case HEARTBEAT -> {
                var heartbeat = (Entry.Heartbeat) entry;
                json.put("emitted_at", heartbeat.emittedAt().toString());
                json.put("visible_through", heartbeat.visibleThrough().toString());
            }
            case COVERAGE -> coverage(json, (Entry.Coverage) entry);
            case CATALOG_CHANGE -> {
                json.put("table", ((Entry.CatalogChange) entry).table().toString());
                json.put("detail", ((Entry.CatalogChange) entry).detail());
            }
            case GAP -> {
                var gap = ((Entry.Missing) entry).gap();
                json.put("reason", gap.reason().name().toLowerCase(Locale.ROOT));
                strings(json.putArray("tables"), gap.tables());
                json.put("detail", gap.detail());
            }
        }
        return json;
    }

    private static void coverage(ObjectNode json, Entry.Coverage coverage) {
        json.put("visible_through", coverage.visibleThrough().toString());
        var tables = json.putObject("tables");
        coverage.tables().forEach((table, carried) -> {
            var one = tables.putObject(table.toString());
            strings(one.putArray("after"), carried.after());
            strings(one.putArray("before"), carried.before());
        });
    }

    private static void image(ObjectNode json, String name, Image image) {
        if (image.isEmpty()) {
            json.putNull(name);
            return;
        }
        var cells = json.putObject(name);
        for (var cell : image.cells()) {
            if (cell.value() instanceof Cell.Value.Text text) {
                cells.put(cell.column(), text.text());
            } else if (cell.value() instanceof Cell.Value.Null) {
                cells.putNull(cell.column());
            } else {
                cells.putObject(cell.column()).put("unchanged", true);
            }
        }
    }

    private static void transaction(ObjectNode json, Transaction transaction) {
        json.put("xid", transaction.xid());
        json.put("timeline", transaction.timeline());
        json.put("committed_at", transaction.committedAt().toString());
    }

    private static void strings(ArrayNode array, Collection<?> values) {
        values.forEach(value -> array.add(value.toString()));
    }
}
