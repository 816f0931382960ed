package dev.flusso.capture;

import dev.flusso.journal.TableName;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The watched tables as text. Lines of words apart by spaces; names percent-encoded, lists of names apart by commas, {@code -} for none:
 *
 * <pre>
 *   flusso-catalog 3
 *   table    schema name oid partitioned policies membership-seen obstacle remedy file
 *   key      name,…
 *   identity kind name,…
 *   member   published oid filtered name,…
 *   column   name number type notnull sent defined
 *   leaf     oid schema name born kind name,… attachment file
 * </pre>
 */
final class CatalogText {

    private static final String HEAD = "flusso-catalog 3";

    private CatalogText() {}

    static String print(Map<TableName, CatalogWatch.Seen> known) {
        var text = new StringBuilder(HEAD).append('\n');
        known.forEach((name, seen) -> {
            var table = seen.table();
            line(
                    text,
                    "table",
                    word(name.schema()),
                    word(name.name()),
                    table.oid(),
                    table.partitioned(),
                    table.policies(),
                    seen.membership(),
                    word(table.obstacle().problem()),
                    word(table.obstacle().remedy()),
                    table.file());
            line(text, "key", words(table.primaryKey()));
            line(
                    text,
                    "identity",
                    table.identity().kind(),
                    words(table.identity().columns()));
            var member = table.membership();
            line(text, "member", member.published(), member.oid(), member.filtered(), words(member.columns()));
            for (var column : table.columns()) {
                line(
                        text,
                        "column",
                        word(column.name()),
                        column.number(),
                        word(column.type()),
                        column.notNull(),
                        column.sent(),
                        column.defined());
            }
            for (var leaf : table.leaves()) {
                line(
                        text,
                        "leaf",
                        leaf.oid(),
                        word(leaf.name().schema()),
                        word(leaf.name().name()),
                        leaf.bornAttached(),
                        leaf.identity().kind(),
                        words(leaf.identity().columns()),
                        leaf.attachment(),
                        leaf.file());
            }
        });
        return text.toString();
    }

    private static void line(StringBuilder text, Object... words) {
        for (var i = 0; i < words.length; i++) {
            text.append(i == 0 ? "" : " ").append(words[i]);
        }
        text.append('\n');
    }

    /** Empty when it is of another version or damaged: then nothing is remembered. */
    static Optional<Map<TableName, CatalogWatch.Seen>> parse(String text) {
        var lines = text.lines().toList();
        if (lines.isEmpty() || !lines.get(0).equals(HEAD)) {
            return Optional.empty();
        }
        try {
            var known = new TreeMap<TableName, CatalogWatch.Seen>();
            var at = 1;
            while (at < lines.size()) {
                var end = at + 1;
                while (end < lines.size() && !lines.get(end).startsWith("table ")) {
                    end++;
                }
                var seen = table(lines.subList(at, end));
                known.put(seen.table().name(), seen);
                at = end;
            }
            return Optional.of(known);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    private static CatalogWatch.Seen table(List<String> lines) {
        var head = lines.get(0).split(" ", -1);
        var key = lines.get(1).split(" ", -1);
        var identity = lines.get(2).split(" ", -1);
        var member = lines.get(3).split(" ", -1);
        var columns = new ArrayList<SourceTable.Column>();
        var leaves = new ArrayList<SourceTable.Leaf>();
        for (var line : lines.subList(4, lines.size())) {
            var words = line.split(" ", -1);
            if (words[0].equals("column")) {
                columns.add(new SourceTable.Column(
                        unword(words[1]),
                        Integer.parseInt(words[2]),
                        unword(words[3]),
                        Boolean.parseBoolean(words[4]),
                        Boolean.parseBoolean(words[5]),
                        Long.parseLong(words[6])));
            } else {
                leaves.add(new SourceTable.Leaf(
                        Integer.parseInt(words[1]),
                        TableName.of(unword(words[2]), unword(words[3])),
                        identity(words[5], words[6]),
                        Boolean.parseBoolean(words[4]),
                        Long.parseLong(words[7]),
                        Long.parseLong(words[8])));
            }
        }
        var table = new SourceTable(
                TableName.of(unword(head[1]), unword(head[2])),
                Integer.parseInt(head[3]),
                Long.parseLong(head[9]),
                columns,
                list(key[1]),
                identity(identity[1], identity[2]),
                new SourceTable.Membership(
                        Boolean.parseBoolean(member[1]),
                        Long.parseLong(member[2]),
                        set(member[4]),
                        Boolean.parseBoolean(member[3])),
                Boolean.parseBoolean(head[4]),
                leaves,
                Boolean.parseBoolean(head[5]),
                new SourceTable.Obstacle(unword(head[7]), unword(head[8])));
        return new CatalogWatch.Seen(table, Long.parseLong(head[6]));
    }

    private static SourceTable.Identity identity(String kind, String columns) {
        return new SourceTable.Identity(SourceTable.IdentityKind.valueOf(kind), set(columns));
    }

    private static String word(String text) {
        return text.equals("-") ? "%2D" : URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String unword(String word) {
        return URLDecoder.decode(word, StandardCharsets.UTF_8);
    }

    private static String words(Collection<String> texts) {
        return texts.isEmpty()
                ? "-"
                : String.join(",", texts.stream().map(CatalogText::word).toList());
    }

    private static List<String> list(String words) {
        return words.equals("-")
                ? List.of()
                : List.of(words.split(",", -1)).stream()
                        .map(CatalogText::unword)
                        .toList();
    }

    private static SortedSet<String> set(String words) {
        return new TreeSet<>(list(words));
    }
}
