package dev.flusso.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How an index' documents come about.
 *
 * @param table the root table
 * @param primaryKey its columns that name a document
 * @param paths the ways by which changes touch the index
 * @param documentsSql the statement that builds the documents of keys; its parameters are arrays of key texts
 * @param plan of that statement, line by line
 * @param rangeSql the statement that builds the documents of a range, for seeding
 * @param document the one asked for; null when none was
 */
public record Explanation(
        String index,
        String table,
        List<String> primaryKey,
        List<Way> paths,
        String documentsSql,
        List<String> plan,
        String rangeSql,
        @Nullable Shown document) {

    public Explanation {
        primaryKey = List.copyOf(primaryKey);
        paths = List.copyOf(paths);
        plan = List.copyOf(plan);
    }

    /**
     * A way from a changed row to the documents it is part of.
     *
     * @param table whose row changed
     * @param field the document key it is part of, dotted; empty for the root itself
     * @param start columns of the changed row; empty means the table's primary key
     * @param hops the tables on the way
     * @param sql the statement that follows it; empty when the changed row names the documents itself
     */
    public record Way(String table, String field, List<String> start, List<Hop> hops, String sql) {
        public Way {
            start = List.copyOf(start);
            hops = List.copyOf(hops);
        }

        /** As a sentence about an index. */
        String sentence(String index) {
            var by = start.isEmpty() ? "its primary key" : columns(start);
            var sentence = new StringBuilder("a change in " + table + " touches " + index + " ");
            if (field.isEmpty()) {
                return sentence.append("by ").append(by).toString();
            }
            sentence.append("at ").append(field).append(", through ").append(by);
            for (var hop : hops) {
                sentence.append(", then the rows of ")
                        .append(hop.table())
                        .append(" with that ")
                        .append(columns(hop.match()))
                        .append(" and their ")
                        .append(columns(hop.result()));
            }
            return sentence.toString();
        }
    }

    /**
     * One table on the way.
     *
     * @param match its columns that hold the values handed in
     * @param result its columns handed on
     */
    public record Hop(String table, List<String> match, List<String> result) {
        public Hop {
            match = List.copyOf(match);
            result = List.copyOf(result);
        }
    }

    /**
     * What the database has under a key.
     *
     * @param key as it was asked for
     * @param id the {@code _id} of the document found; empty when there is none
     * @param content the document; null when there is none, or none to show
     * @param remark why there is nothing to show; empty when there is
     */
    public record Shown(String key, String id, @Nullable JsonNode content, String remark) {}

    /** For people. */
    String text() {
        var text = new StringBuilder();
        title(text, "index " + index + ": one document for each row of " + table + ", named by " + columns(primaryKey));
        title(text, "which changes touch it");
        paths.forEach(path -> text.append(path.sentence(index)).append('\n'));
        title(text, "documents by key; the parameters are arrays of key texts");
        text.append(documentsSql).append('\n');
        title(text, "its plan");
        plan.forEach(line -> text.append(line).append('\n'));
        title(text, "documents of a range, for seeding");
        text.append(rangeSql).append('\n');
        for (var path : paths) {
            if (!path.sql().isEmpty()) {
                title(text, "from " + path.table() + " at " + path.field());
                text.append(path.sql()).append('\n');
            }
        }
        var shown = document;
        if (shown != null) {
            title(text, "document " + shown.key());
            text.append(
                            shown.content() == null
                                    ? shown.remark()
                                    : "_id " + shown.id() + '\n'
                                            + shown.content().toPrettyString())
                    .append('\n');
        }
        return text.toString();
    }

    /** For programs. */
    String json() {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("index", index).put("table", table);
        primaryKey.forEach(json.putArray("primary_key")::add);
        var ways = json.putArray("paths");
        for (var path : paths) {
            var way = ways.addObject().put("table", path.table()).put("field", path.field());
            path.start().forEach(way.putArray("start")::add);
            var hops = way.putArray("hops");
            for (var hop : path.hops()) {
                var each = hops.addObject().put("table", hop.table());
                hop.match().forEach(each.putArray("match")::add);
                hop.result().forEach(each.putArray("result")::add);
            }
            way.put("sentence", path.sentence(index)).put("sql", path.sql().isEmpty() ? null : path.sql());
        }
        json.put("documents_sql", documentsSql);
        plan.forEach(json.putArray("plan")::add);
        json.put("range_sql", rangeSql);
        var shown = document;
        if (shown != null) {
            json.putObject("document")
                    .put("key", shown.key())
                    .put("id", shown.id().isEmpty() ? null : shown.id())
                    .put("remark", shown.remark().isEmpty() ? null : shown.remark())
                    .set("content", shown.content());
        }
        return json.toPrettyString() + "\n";
    }

    private static void title(StringBuilder text, String title) {
        text.append(text.isEmpty() ? "" : "\n").append("-- ").append(title).append('\n');
    }

    private static String columns(List<String> columns) {
        return columns.size() == 1 ? columns.get(0) : columns.stream().collect(Collectors.joining(", ", "(", ")"));
    }
}
