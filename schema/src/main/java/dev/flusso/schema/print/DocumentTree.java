package dev.flusso.schema.print;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flusso.schema.DocumentSchema;
import dev.flusso.schema.Field;
import dev.flusso.schema.Filter;
import dev.flusso.schema.TableColumns;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The document a schema makes, as a tree of typed keys.
 *
 * <pre>
 * users  from public.users, id: id
 *   email       keyword!            email, lowercase, trim
 *   orders      has_many!           public.orders, on its user_id, first 5
 *     total     decimal             total
 * </pre>
 *
 * An exclamation mark says never null.
 */
public final class DocumentTree {

    private static final int WIDTH = 80;
    private static final int WIDEST_NAME = 28;
    private static final String BOLD = "\u001B[1m";
    private static final String CYAN = "\u001B[36m";
    private static final String DIM = "\u001B[2m";
    private static final String RESET = "\u001B[0m";

    private final String index;
    private final DocumentSchema schema;

    private DocumentTree(String index, DocumentSchema schema) {
        this.index = index;
        this.schema = schema;
    }

    /** The tree of one index by its name in the config. */
    public static DocumentTree of(String index, DocumentSchema schema) {
        return new DocumentTree(index, schema);
    }

    /** One line of the tree before it is laid out. */
    private record Line(int depth, String name, String type, List<String> source) {
        String indented() {
            return "  ".repeat(depth) + name;
        }
    }

    /**
     * As text, aligned, at most 80 columns wide where names allow, each line with its line feed.
     *
     * @param colour whether to use the colours of a terminal
     */
    public String text(boolean colour) {
        var lines = new ArrayList<Line>();
        collect(schema.fields(), 1, lines);
        int nameWidth = Math.min(
                WIDEST_NAME,
                lines.stream().mapToInt(line -> line.indented().length()).max().orElse(0));
        int typeWidth =
                lines.stream().mapToInt(line -> line.type().length()).max().orElse(0);
        var text = new StringBuilder();
        head(text, colour);
        for (var line : lines) {
            layOut(line, nameWidth, typeWidth, colour, text);
        }
        return text.toString();
    }

    private static void collect(List<Field> fields, int depth, List<Line> lines) {
        for (var field : fields) {
            var description = Description.of(field);
            var type = description.type() + (field.nullable() ? "" : "!");
            lines.add(new Line(depth, field.name(), type, description.source()));
            collect(children(field), depth + 1, lines);
        }
    }

    private static List<Field> children(Field field) {
        if (field instanceof Field.Group group) {
            return group.fields();
        }
        return field instanceof Field.Join join ? join.fields() : List.of();
    }

    private void head(StringBuilder text, boolean colour) {
        var parts = new ArrayList<String>();
        parts.add("from " + schema.table());
        parts.add("id: " + String.join(":", schema.primaryKey()));
        Description.filters(schema.filters(), parts);
        var softDelete = schema.softDelete();
        if (softDelete != null) {
            var when = new ArrayList<String>();
            softDelete.when().forEach(filter -> when.add(Description.filter(filter)));
            parts.add("deleted by " + softDelete.column()
                    + (when.isEmpty() ? "" : " when " + String.join(" and ", when)));
        }
        text.append(painted(BOLD, index, colour)).append("  ");
        wrap(parts, index.length() + 2, colour, text);
    }

    private static void layOut(Line line, int nameWidth, int typeWidth, boolean colour, StringBuilder text) {
        var name = line.indented();
        text.append("  ".repeat(line.depth())).append(painted(BOLD, line.name(), colour));
        text.append(" ".repeat(Math.max(0, nameWidth - name.length()) + 2));
        text.append(painted(CYAN, line.type(), colour));
        if (line.source().isEmpty()) {
            text.append('\n');
            return;
        }
        text.append(" ".repeat(typeWidth - line.type().length() + 2));
        wrap(line.source(), Math.max(nameWidth, name.length()) + typeWidth + 4, colour, text);
    }

    /**
     * Parts with commas between them, broken where a line would pass the width; a part that is wider than a line is broken between its
     * words, and a word that is wider is cut off. They begin at a column counted from 0.
     */
    private static void wrap(List<String> parts, int column, boolean colour, StringBuilder text) {
        int indent = Math.min(column, WIDTH / 2);
        int room = WIDTH - indent;
        int at = column;
        var line = new StringBuilder();
        for (var piece : pieces(parts, room)) {
            boolean first = line.isEmpty();
            if (!first && at + 1 + piece.length() > WIDTH) {
                text.append(painted(DIM, line.toString(), colour)).append('\n').append(" ".repeat(indent));
                line.setLength(0);
                at = indent;
                first = true;
            }
            line.append(first ? "" : " ").append(piece);
            at += piece.length() + (first ? 0 : 1);
        }
        text.append(painted(DIM, line.toString(), colour)).append('\n');
    }

    private static List<String> pieces(List<String> parts, int room) {
        var pieces = new ArrayList<String>();
        for (int i = 0; i < parts.size(); i++) {
            var part = parts.get(i) + (i + 1 < parts.size() ? "," : "");
            for (var piece : part.length() <= room ? List.of(part) : List.of(part.split(" "))) {
                pieces.add(piece.length() <= room ? piece : piece.substring(0, room - 1) + "…");
            }
        }
        return pieces;
    }

    private static String painted(String paint, String text, boolean colour) {
        return colour ? paint + text + RESET : text;
    }

    /** The tree and what follows from it, for tools. */
    public ObjectNode json() {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("index", index);
        json.put("table", schema.table().toString());
        strings(json.putArray("primary_key"), schema.primaryKey());
        filters(json, schema.filters());
        var softDelete = schema.softDelete();
        if (softDelete != null) {
            json.put("soft_delete", softDelete.column());
        }
        json.put("place", schema.place().toString());
        fields(json.putArray("fields"), schema.fields(), "");
        var needs = json.putObject("needs");
        schema.needs().forEach((table, columns) -> need(needs.putObject(table.toString()), columns));
        var paths = json.putArray("paths");
        for (var path : schema.paths()) {
            var item = paths.addObject().put("table", path.table().toString()).put("field", path.field());
            strings(item.putArray("start"), path.start());
            strings(
                    item.putArray("hops"),
                    path.hops().stream().map(Object::toString).toList());
        }
        return json;
    }

    private static void need(ObjectNode json, TableColumns columns) {
        strings(json.putArray("key"), columns.key());
        strings(json.putArray("references"), columns.references());
    }

    private static void filters(ObjectNode json, List<Filter> filters) {
        if (!filters.isEmpty()) {
            strings(
                    json.putArray("filters"),
                    filters.stream().map(Description::filter).toList());
        }
    }

    private static void fields(ArrayNode array, List<Field> fields, String above) {
        for (var field : fields) {
            var description = Description.of(field);
            var item = array.addObject()
                    .put("name", field.name())
                    .put("path", above + field.name())
                    .put("type", description.type())
                    .put("nullable", field.nullable())
                    .put("source", String.join(", ", description.source()))
                    .put("place", field.place().toString());
            var children = children(field);
            if (!children.isEmpty()) {
                fields(item.putArray("fields"), children, above + field.name() + ".");
            }
        }
    }

    private static void strings(ArrayNode array, Collection<String> strings) {
        strings.forEach(array::add);
    }
}
