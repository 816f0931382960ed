package dev.flusso.schema.parse;

import dev.flusso.schema.Field;
import dev.flusso.schema.LeafType;
import dev.flusso.schema.Link;
import dev.flusso.schema.Place;
import dev.flusso.schema.TableRef;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads fields that look into other tables. */
final class JoinReader {

    private static final TableRef UNREAD = new TableRef("public", "invalid");
    private static final Link NO_LINK = new Link.ForeignKey(List.of("invalid"));

    private JoinReader() {}

    /** The join; null when there is a problem with it or in it. */
    static @Nullable Field join(String key, String name, Table table, FieldReader.Level level, Place place) {
        int before = table.problems().size();
        var verb = Field.Join.Verb.valueOf(key.toUpperCase(Locale.ROOT));
        var primaryKey = primaryKey(table, "the joined table's primary key");
        var ref = table(table, level);
        var link = link(verb, name, table, level, primaryKey);
        var fields = FieldReader.fields(table, new FieldReader.Level(primaryKey, level.schema()));
        var filters = FilterReader.filters(table, "filters");
        var orderBy = FilterReader.orderBy(table);
        int limit = table.whole("limit", 0, 1, Integer.MAX_VALUE);
        boolean required = table.truth("required", false);
        var options = FieldReader.options(table, true);
        if (table.problems().size() > before) {
            return null;
        }
        return new Field.Join(
                name, verb, ref, primaryKey, link, fields, filters, orderBy, limit, required, options, place);
    }

    private static Link link(
            Field.Join.Verb verb, String name, Table table, FieldReader.Level level, List<String> primaryKey) {
        return switch (verb) {
            case BELONGS_TO -> new Link.ParentColumns(parentColumns(name, table, primaryKey));
            case HAS_ONE, HAS_MANY -> {
                if (!table.has("foreign_key")) {
                    table.missing("foreign_key", "the joined table's column that names the row above");
                    yield NO_LINK;
                }
                yield foreignKey(table, level);
            }
            case MANY_TO_MANY -> {
                if (!table.has("through")) {
                    table.missing("through", "the junction such as {table: t, left_key: a, right_key: b}");
                    yield NO_LINK;
                }
                yield through(table, level, primaryKey);
            }
        };
    }

    private static List<String> parentColumns(String name, Table table, List<String> primaryKey) {
        if (!table.has("column")) {
            if (primaryKey.size() > 1) {
                table.missing("column", "a list of " + primaryKey.size() + " columns, one for each of 'primary_key'");
            }
            return List.of(Names.columnOf(name));
        }
        return fitting(table, "column", primaryKey, "'primary_key'").orElse(List.of("invalid"));
    }

    private static Link foreignKey(Table table, FieldReader.Level level) {
        return fitting(table, "foreign_key", level.primaryKey(), "the primary key of the level above")
                .<Link>map(Link.ForeignKey::new)
                .orElse(NO_LINK);
    }

    private static Link through(Table owner, FieldReader.Level level, List<String> primaryKey) {
        var mapping = owner.mapping("through", "{table: t, left_key: a, right_key: b}");
        if (mapping.isEmpty()) {
            return NO_LINK;
        }
        var table = new Table(mapping.orElseThrow(), "'through' of " + owner.what(), Keys.THROUGH, owner.problems());
        for (var key : List.of("left_key", "right_key")) {
            if (!table.has(key)) {
                var side = key.equals("left_key") ? "the row above" : "the joined row";
                table.missing(key, "the junction's column that names " + side);
            }
        }
        var left = fitting(table, "left_key", level.primaryKey(), "the primary key of the level above");
        var right = fitting(table, "right_key", primaryKey, "'primary_key'");
        var ref = table(table, level);
        return left.isPresent() && right.isPresent()
                ? new Link.Through(ref, left.orElseThrow(), right.orElseThrow())
                : NO_LINK;
    }

    static Field aggregate(String key, String name, Table table, FieldReader.Level level, Place place) {
        var function = Field.Aggregate.Function.valueOf(key.toUpperCase(Locale.ROOT));
        var columnNode = table.node("column");
        @Nullable String column = null;
        if (function != Field.Aggregate.Function.COUNT) {
            if (columnNode == null) {
                table.missing("column", "the column of the other table it is of");
            }
            column = columnNode == null
                    ? "invalid"
                    : Names.column(table, "column", columnNode).orElse("invalid");
        }
        return new Field.Aggregate(
                name,
                function,
                table(table, level),
                figureLink(table, level),
                FilterReader.filters(table, "filters"),
                column,
                valueType(function, table),
                FieldReader.options(table, false),
                place);
    }

    private static LeafType valueType(Field.Aggregate.Function function, Table table) {
        return switch (function) {
            case COUNT -> LeafType.LONG;
            case AVG -> LeafType.DOUBLE;
            case SUM ->
                declared(
                        table,
                        "value_type",
                        Stream.of(LeafType.values()).filter(LeafType::isNumber).toList());
            case MIN, MAX ->
                declared(
                        table,
                        "value_type",
                        Stream.of(LeafType.values())
                                .filter(type ->
                                        type != LeafType.BOOLEAN && type != LeafType.BINARY && type != LeafType.JSON)
                                .toList());
        };
    }

    private static LeafType declared(Table table, String key, List<LeafType> allowed) {
        if (!table.has(key)) {
            table.missing(key, "one of " + FieldReader.words(allowed));
        }
        return table.choice(key, allowed, allowed.get(0));
    }

    static Field ids(String name, Table table, FieldReader.Level level, Place place) {
        var types = Stream.of(LeafType.values())
                .filter(type -> type != LeafType.JSON)
                .toList();
        return new Field.Ids(
                name,
                table(table, level),
                figureLink(table, level),
                declared(table, "element_type", types),
                FilterReader.filters(table, "filters"),
                place);
    }

    private static Link figureLink(Table table, FieldReader.Level level) {
        boolean direct = table.has("foreign_key");
        if (direct == table.has("through")) {
            var found = direct ? "both 'foreign_key' and 'through'" : "neither 'foreign_key' nor 'through'";
            table.problems().add(table.place(), table.what() + " has " + found + ", expected one of them");
            return NO_LINK;
        }
        return direct ? foreignKey(table, level) : through(table, level, List.of());
    }

    private static TableRef table(Table table, FieldReader.Level level) {
        var found = table.node("table");
        if (found == null) {
            table.missing("table", "a table's name, alone or as schema.table");
            return UNREAD;
        }
        return Names.table(table, "table", found, level.schema()).orElse(UNREAD);
    }

    /** A primary key; empty when it is missing or cannot be read. */
    static List<String> primaryKey(Table table, String expected) {
        if (!table.has("primary_key")) {
            table.missing("primary_key", expected + ": a column or a list of them");
            return List.of();
        }
        return columns(table, "primary_key").orElse(List.of());
    }

    /** Columns of which there must be as many as of others; those are empty when their number is not known. */
    private static Optional<List<String>> fitting(Table table, String key, List<String> others, String named) {
        var columns = columns(table, key);
        if (columns.isPresent() && !others.isEmpty() && columns.orElseThrow().size() != others.size()) {
            table.problems()
                    .add(
                            table.place(key),
                            "'" + key + "' has " + counted(columns.orElseThrow().size()) + ", expected " + others.size()
                                    + " as in " + named + " (" + String.join(", ", others) + ")");
            return Optional.empty();
        }
        return columns;
    }

    private static String counted(int columns) {
        return columns == 1 ? "1 column" : columns + " columns";
    }

    /** One column or a list of them; empty when it is not given or cannot be read. */
    private static Optional<List<String>> columns(Table table, String key) {
        var found = table.node(key);
        if (found == null) {
            return Optional.empty();
        }
        if (!(found instanceof Node.Items items)) {
            return Names.column(table, key, found).map(List::of);
        }
        var columns = new ArrayList<String>();
        for (var item : items.nodes()) {
            Names.column(table, key, item).ifPresent(columns::add);
        }
        if (items.nodes().isEmpty()) {
            table.problems().add(items.place(), "'" + key + "' is an empty list, expected a column at least");
        }
        if (new LinkedHashSet<>(columns).size() < columns.size()) {
            table.problems().add(items.place(), "'" + key + "' names a column twice: " + String.join(", ", columns));
            return Optional.empty();
        }
        return columns.isEmpty() || columns.size() < items.nodes().size() ? Optional.empty() : Optional.of(columns);
    }
}
