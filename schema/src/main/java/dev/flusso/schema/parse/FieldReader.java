package dev.flusso.schema.parse;

import dev.flusso.schema.Field;
import dev.flusso.schema.LeafType;
import dev.flusso.schema.Literal;
import dev.flusso.schema.Place;
import dev.flusso.schema.Transform;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads {@code fields}: each has one type key and the siblings that key allows. */
final class FieldReader {

    private static final String EXAMPLE = "{keyword: email}";

    /**
     * The row fields are read from.
     *
     * @param primaryKey of its table; empty when it could not be read
     * @param schema where a table without a schema is looked for
     */
    record Level(List<String> primaryKey, String schema) {}

    private FieldReader() {}

    /** The fields of a document, an object or a join; what could not be read is left out and among the problems. */
    static List<Field> fields(Table owner, Level level) {
        var found = owner.node("fields");
        if (found == null) {
            owner.missing("fields", "a list of fields such as " + EXAMPLE);
            return List.of();
        }
        if (!(found instanceof Node.Items items)) {
            owner.wrong("fields", found, "a list of fields such as " + EXAMPLE);
            return List.of();
        }
        if (items.nodes().isEmpty()) {
            owner.problems().add(items.place(), "'fields' of " + owner.what() + " is empty, expected a field at least");
        }
        var fields = new ArrayList<Field>();
        Map<String, Place> names = new HashMap<>();
        for (var item : items.nodes()) {
            var field = field(item, level, owner.problems(), names);
            if (field != null) {
                fields.add(field);
            }
        }
        return fields;
    }

    private static @Nullable Field field(Node item, Level level, Problems problems, Map<String, Place> names) {
        if (!(item instanceof Node.Mapping mapping)) {
            problems.add(item.place(), "a field is " + item.found() + ", expected a mapping such as " + EXAMPLE);
            return null;
        }
        var types = mapping.entries().stream()
                .filter(entry -> Keys.SIBLINGS.containsKey(entry.key()))
                .toList();
        if (types.isEmpty()) {
            problems.add(mapping.place(), noType(mapping));
            return null;
        }
        var type = types.get(0);
        if (types.size() > 1) {
            problems.add(
                    types.get(1).place(),
                    "a field has one type key, found '" + type.key() + "' and '"
                            + types.get(1).key() + "'");
        }
        var name = name(type, problems);
        var before = name.isEmpty() ? null : names.putIfAbsent(name, type.place());
        if (before != null) {
            problems.add(
                    type.value().place(), "document key '" + name + "' is used twice, first in line " + before.line());
        }
        return body(type, name.isEmpty() ? "invalid" : name, mapping, level, problems);
    }

    private static String noType(Node.Mapping mapping) {
        for (var entry : mapping.entries()) {
            var hint = Nearest.hint(entry.key(), Keys.SIBLINGS.keySet());
            if (!hint.isEmpty() && !Keys.ALL_SIBLINGS.contains(entry.key())) {
                return "unknown type key '" + entry.key() + "'" + hint;
            }
        }
        var keys = mapping.entries().isEmpty()
                ? "no key"
                : String.join(
                        ", ", mapping.entries().stream().map(Node.Entry::key).toList());
        return "a field has no type key (found " + keys + "), expected one of "
                + String.join(", ", Keys.SIBLINGS.keySet()) + " with the document key as its value";
    }

    /** The document key; empty when it is none. */
    private static String name(Node.Entry type, Problems problems) {
        var name = Table.text(type.value()).map(String::strip).orElse("");
        if (!Names.isDocumentKey(name)) {
            problems.add(
                    type.value().place(),
                    "'" + type.key() + "' is " + type.value().found()
                            + ", expected a document key: letters, digits and '_', not a digit first, at most 63");
            return "";
        }
        return name;
    }

    private static @Nullable Field body(
            Node.Entry type, String name, Node.Mapping mapping, Level level, Problems problems) {
        var key = type.key();
        var siblings = Keys.SIBLINGS.getOrDefault(key, List.of());
        var table = new Table(
                without(mapping),
                key + " '" + name + "'",
                siblings,
                problems,
                sibling -> Keys.ALL_SIBLINGS.contains(sibling) ? reason(key, sibling, siblings) : "");
        return switch (key) {
            case "custom" -> custom(name, table, level, type.place());
            case "geo" -> geo(name, table, type.place());
            case "object" -> object(name, table, level, type.place());
            case "map" -> map(name, table, level, type.place());
            case "constant" -> constant(name, table, type.place());
            case "belongs_to", "has_one", "has_many", "many_to_many" ->
                JoinReader.join(key, name, table, level, type.place());
            case "count", "sum", "avg", "min", "max" -> JoinReader.aggregate(key, name, table, level, type.place());
            case "ids" -> JoinReader.ids(name, table, level, type.place());
            default -> leaf(leafType(key), name, table, level, type.place());
        };
    }

    private static String reason(String type, String sibling, List<String> siblings) {
        var reason = Keys.reason(type, sibling);
        return reason.isEmpty() ? "it takes " + String.join(", ", siblings) : reason;
    }

    /** The siblings alone. */
    private static Node.Mapping without(Node.Mapping mapping) {
        return new Node.Mapping(
                mapping.entries().stream()
                        .filter(entry -> !Keys.SIBLINGS.containsKey(entry.key()))
                        .toList(),
                mapping.place());
    }

    private static LeafType leafType(String key) {
        for (var type : LeafType.values()) {
            if (type.key().equals(key)) {
                return type;
            }
        }
        throw new IllegalArgumentException("'" + key + "' is no leaf type");
    }

    private static Field leaf(LeafType type, String name, Table table, Level level, Place place) {
        var options = options(table, false);
        var column = column(table, "column", name);
        var required = table.truth("required", false) || level.primaryKey().contains(column);
        return new Field.Leaf(
                name,
                type,
                column,
                required,
                transforms(table, type),
                variants(table),
                fallback(table, type, options),
                options,
                place);
    }

    private static @Nullable Literal fallback(Table table, LeafType type, Literal.Entries options) {
        var value = scalar(table, "default");
        if (value == null) {
            return null;
        }
        var expected = Defaults.expected(type, value, options);
        if (!expected.isEmpty()) {
            table.problems()
                    .add(
                            table.place("default"),
                            "'default' is " + new Node.Scalar(value, table.place()).found() + ", expected " + expected);
        }
        return value;
    }

    private static @Nullable Literal scalar(Table table, String key) {
        var found = table.node(key);
        if (found == null) {
            return null;
        }
        if (found instanceof Node.Scalar scalar) {
            return scalar.value();
        }
        table.wrong(key, found, "a single value");
        return null;
    }

    private static List<Transform> transforms(Table table, LeafType type) {
        var found = table.node("transforms");
        if (found == null) {
            return List.of();
        }
        if (!type.isString()) {
            table.problems()
                    .add(
                            found.place(),
                            "'transforms' does not go with " + table.what() + ": "
                                    + Keys.reason(type.key(), "transforms"));
            return List.of();
        }
        var transforms = new ArrayList<Transform>();
        for (var typed : strings(table, "transforms", "a list of lowercase, trim")) {
            transform(table, typed).ifPresent(transforms::add);
        }
        return transforms;
    }

    private static Optional<Transform> transform(Table table, Typed typed) {
        for (var transform : Transform.values()) {
            if (Table.word(transform).equals(typed.text)) {
                return Optional.of(transform);
            }
        }
        var words = Stream.of(Transform.values()).map(Table::word).toList();
        table.problems()
                .add(
                        typed.place,
                        "unknown transform '" + typed.text + "', expected one of " + String.join(", ", words)
                                + Nearest.hint(typed.text, words));
        return Optional.empty();
    }

    private static List<String> variants(Table table) {
        var found = table.node("variants");
        if (found == null) {
            return List.of();
        }
        var variants = new LinkedHashSet<String>();
        for (var typed : strings(table, "variants", "a list of strings in rank order")) {
            if (!variants.add(typed.text)) {
                table.problems().add(typed.place, "variant '" + typed.text + "' is listed twice");
            }
            if (typed.text.chars().anyMatch(c -> c == '\uE000' || c == '\uE001')) {
                table.problems().add(typed.place, "a variant holds U+E000 or U+E001, which mark its ends in the index");
            }
        }
        if (variants.isEmpty()
                && found instanceof Node.Items items
                && items.nodes().isEmpty()) {
            table.wrong("variants", found, "at least one, or no 'variants' for an enum without an order");
        }
        return List.copyOf(variants);
    }

    private record Typed(String text, Place place) {}

    private static List<Typed> strings(Table table, String key, String expected) {
        var found = table.node(key);
        if (!(found instanceof Node.Items items)) {
            if (found != null) {
                table.wrong(key, found, expected);
            }
            return List.of();
        }
        var strings = new ArrayList<Typed>();
        for (var item : items.nodes()) {
            var text = Table.text(item);
            if (text.isEmpty()) {
                table.problems().add(item.place(), "'" + key + "' holds " + item.found() + ", expected " + expected);
            } else {
                strings.add(new Typed(text.orElseThrow(), item.place()));
            }
        }
        return strings;
    }

    private static Field custom(String name, Table table, Level level, Place place) {
        var column = column(table, "column", name);
        var postgres = strings(table, "postgres", "a list of Postgres types").stream()
                .map(Typed::text)
                .toList();
        if (!table.has("postgres")) {
            table.missing("postgres", "a list of the Postgres types the column may have");
        } else if (postgres.isEmpty()
                && table.node("postgres") instanceof Node.Items items
                && items.nodes().isEmpty()) {
            table.wrong("postgres", items, "one Postgres type at least");
        }
        var opensearch = table.requiredText("opensearch", "an OpenSearch field type");
        return new Field.Custom(
                name,
                postgres,
                opensearch.orElse("keyword"),
                column,
                table.truth("required", false) || level.primaryKey().contains(column),
                scalar(table, "default"),
                options(table, false),
                place);
    }

    private static @Nullable Field object(String name, Table table, Level level, Place place) {
        int before = table.problems().size();
        var fields = fields(table, level);
        var options = options(table, true);
        return table.problems().size() > before ? null : new Field.Group(name, fields, options, place);
    }

    private static Field geo(String name, Table table, Place place) {
        Field.Geo.Source source;
        if (table.has("lat") || table.has("lon")) {
            for (var key : List.of("lat", "lon")) {
                if (!table.has(key)) {
                    table.missing(key, "both 'lat' and 'lon', or 'column' alone");
                }
            }
            if (table.has("column")) {
                table.problems()
                        .add(
                                table.place("column"),
                                table.what()
                                        + " has 'lat' or 'lon' and 'column', expected both of the former or the latter");
            }
            source = new Field.Geo.Source.LatLon(column(table, "lat", name), column(table, "lon", name));
        } else {
            source = new Field.Geo.Source.Column(column(table, "column", name));
        }
        return new Field.Geo(name, source, table.truth("required", false), options(table, false), place);
    }

    private static Field map(String name, Table table, Level level, Place place) {
        var allowed = Stream.of(LeafType.values())
                .filter(type ->
                        type.isString() || type.isNumber() || type == LeafType.DATE || type == LeafType.TIMESTAMP)
                .toList();
        if (!table.has("values")) {
            table.missing("values", "the type of the values, one of " + words(allowed));
        }
        var values = table.choice("values", allowed, LeafType.KEYWORD);
        var column = column(table, "column", name);
        var required = table.truth("required", false) || level.primaryKey().contains(column);
        return new Field.MapOf(name, values, column, required, options(table, true), place);
    }

    static String words(List<LeafType> types) {
        return String.join(", ", types.stream().map(LeafType::key).toList());
    }

    private static Field constant(String name, Table table, Place place) {
        var found = table.raw("value");
        if (found == null) {
            return new Field.Constant(name, new Literal.Null(), place);
        }
        var value = found.literal();
        if (value.isEmpty()) {
            table.wrong("value", found, "a value that has a JSON form");
        }
        return new Field.Constant(name, value.orElse(new Literal.Null()), place);
    }

    /** The column named by a key; else the one named like the document key. */
    private static String column(Table table, String key, String name) {
        var found = table.node(key);
        return found == null
                ? Names.columnOf(name)
                : Names.column(table, key, found).orElse("invalid");
    }

    /** @param ownsProperties whether the properties below are made from fields, so that options may not give them */
    static Literal.Entries options(Table table, boolean ownsProperties) {
        var found = table.node("options");
        if (found == null) {
            return Literal.Entries.EMPTY;
        }
        if (!(found instanceof Node.Mapping mapping)) {
            table.wrong("options", found, "a mapping of OpenSearch mapping parameters");
            return Literal.Entries.EMPTY;
        }
        for (var entry : mapping.entries()) {
            if (ownsProperties && List.of("properties", "type").contains(entry.key())) {
                table.problems()
                        .add(
                                entry.place(),
                                "'" + entry.key() + "' may not stand in the options of " + table.what()
                                        + ": it follows from the field itself");
            }
        }
        Optional<Literal> literal = mapping.literal();
        if (literal.isEmpty()) {
            table.wrong("options", found, "values that have a JSON form");
        }
        return literal.filter(Literal.Entries.class::isInstance)
                .map(Literal.Entries.class::cast)
                .orElse(Literal.Entries.EMPTY);
    }
}
