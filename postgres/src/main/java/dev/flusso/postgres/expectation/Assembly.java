package dev.flusso.postgres.expectation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flusso.schema.Field;
import dev.flusso.schema.Filter;
import dev.flusso.schema.Link;
import dev.flusso.schema.SortKey;
import dev.flusso.schema.TableRef;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Puts documents together from rows: for each join of a level one SELECT for all rows of the level. One thread, in one transaction. */
final class Assembly {

    private final Connection connection;
    private final TypeTree types;
    private final Values values;

    /** A row: the texts of its columns. */
    record Row(Map<String, @Nullable String> texts) {
        @Nullable
        String text(String column) {
            return texts.get(column);
        }
    }

    /** Rows of one table, and the columns that name a row there. */
    record Rows(TableRef table, List<String> key, List<Row> rows) {}

    Assembly(Connection connection, TypeTree types, Values values) {
        this.connection = connection;
        this.types = types;
        this.values = values;
    }

    /** For each row the object of these fields, in the order of the rows. */
    List<ObjectNode> objects(Rows rows, List<Field> fields) throws SQLException {
        var objects = new ArrayList<ObjectNode>();
        rows.rows().forEach(row -> objects.add(Values.NODES.objectNode()));
        for (var field : fields) {
            var column = values(rows, field);
            for (int i = 0; i < objects.size(); i++) {
                objects.get(i).set(field.name(), column.get(i));
            }
        }
        return objects;
    }

    private List<? extends JsonNode> values(Rows rows, Field field) throws SQLException {
        return switch (field.kind()) {
            case OBJECT -> objects(rows, ((Field.Group) field).fields());
            case JOIN -> joined(rows, (Field.Join) field);
            case AGGREGATE -> figures(rows, (Field.Aggregate) field);
            case IDS -> ids(rows, (Field.Ids) field);
            case LEAF, CUSTOM, GEO, MAP, CONSTANT -> {
                var columns = types.columns(rows.table().sql());
                yield rows.rows().stream()
                        .map(row -> ofRow(row, field, columns))
                        .toList();
            }
        };
    }

    private JsonNode ofRow(Row row, Field field, Map<String, ValueType> types) {
        return switch (field.kind()) {
            case LEAF -> {
                var leaf = (Field.Leaf) field;
                var value = values.of(row.text(leaf.column()), type(types, leaf.column()), leaf.transforms());
                yield value.isNull() && leaf.fallback() != null
                        ? Values.parse(leaf.fallback().json())
                        : value;
            }
            case CUSTOM -> {
                var custom = (Field.Custom) field;
                var value = values.of(row.text(custom.column()), type(types, custom.column()), List.of());
                yield value.isNull() && custom.fallback() != null
                        ? Values.parse(custom.fallback().json())
                        : value;
            }
            case GEO -> geo(row, (Field.Geo) field, types);
            case MAP -> {
                var map = (Field.MapOf) field;
                yield values.of(row.text(map.column()), type(types, map.column()), List.of());
            }
            case CONSTANT -> Values.parse(((Field.Constant) field).value().json());
            case OBJECT, JOIN, AGGREGATE, IDS -> throw new IllegalStateException(field + " is not of one row");
        };
    }

    private static ValueType type(Map<String, ValueType> types, String column) {
        var type = types.get(column);
        if (type == null) {
            throw new IllegalStateException("there is no column '" + column + "', only " + types.keySet());
        }
        return type;
    }

    private JsonNode geo(Row row, Field.Geo geo, Map<String, ValueType> types) {
        if (geo.source() instanceof Field.Geo.Source.LatLon pair) {
            return point(
                    values.of(row.text(pair.lat()), type(types, pair.lat()), List.of()),
                    values.of(row.text(pair.lon()), type(types, pair.lon()), List.of()));
        }
        var column = ((Field.Geo.Source.Column) geo.source()).column();
        var text = row.text(column);
        var type = type(types, column).base();
        if (text == null || !type.name().equals("point") || !type.builtin()) {
            return values.of(text, type, List.of());
        }
        var parts = text.substring(1, text.length() - 1).split(",", 2);
        var number = new ValueType("float8", true, 'b', "float8", null, List.of());
        return point(values.of(parts[1], number, List.of()), values.of(parts[0], number, List.of()));
    }

    private static JsonNode point(JsonNode lat, JsonNode lon) {
        if (lat.isNull() || lon.isNull()) {
            return Values.NODES.nullNode();
        }
        var point = Values.NODES.objectNode();
        point.set("lat", lat);
        point.set("lon", lon);
        return point;
    }

    private List<JsonNode> joined(Rows above, Field.Join join) throws SQLException {
        var many = join.verb().isToMany();
        var order = order(join);
        var limit = many ? join.limit() : 1;
        var source = "SELECT k.n AS \"#n\", c.* FROM " + keys(above, join.link())
                + (limit == 0
                        ? " JOIN " + reached(above, join.link(), join.table(), join.primaryKey(), join.filters())
                        : ", LATERAL (SELECT c.* FROM "
                                + lateral(above, join.link(), join.table(), join.primaryKey(), join.filters())
                                + " ORDER BY " + order + " LIMIT " + limit + ") c")
                + " ORDER BY k.n, " + order;
        var rows = new ArrayList<Row>();
        var numbers = new ArrayList<Integer>();
        read(source, rows, numbers);
        var objects = objects(new Rows(join.table(), join.primaryKey(), rows), join.fields());
        var result = new ArrayList<JsonNode>();
        for (int i = 0; i < above.rows().size(); i++) {
            result.add(many ? Values.NODES.arrayNode() : Values.NODES.nullNode());
        }
        for (int i = 0; i < objects.size(); i++) {
            int number = numbers.get(i) - 1;
            if (many) {
                ((ArrayNode) result.get(number)).add(objects.get(i));
            } else {
                result.set(number, objects.get(i));
            }
        }
        return result;
    }

    private static String order(Field.Join join) {
        var terms = new ArrayList<String>();
        var rest = new LinkedHashSet<>(join.primaryKey());
        for (SortKey key : join.orderBy()) {
            terms.add("c." + TableRef.quoted(key.column()) + (key.descending() ? " DESC" : " ASC"));
            rest.remove(key.column());
        }
        rest.forEach(column -> terms.add("c." + TableRef.quoted(column)));
        return String.join(", ", terms);
    }

    /** The values that lead on from each row: {@code unnest(…) WITH ORDINALITY k(k1, …, n)}. */
    private String keys(Rows above, Link link) {
        var columns = link instanceof Link.ParentColumns parent ? parent.columns() : above.key();
        return columns.stream()
                        .map(column -> Sql.texts(above.rows().stream()
                                .map(row -> row.text(column))
                                .collect(Collectors.toCollection(ArrayList::new))))
                        .collect(Collectors.joining(", ", "unnest(", ")"))
                + " WITH ORDINALITY k("
                + IntStream.range(0, columns.size())
                        .mapToObj(i -> "k" + i + ", ")
                        .collect(Collectors.joining()) + "n)";
    }

    /** {@code (rows) c ON …}, for a JOIN after {@link #keys}. */
    private String reached(Rows above, Link link, TableRef table, List<String> far, List<Filter> filters)
            throws SQLException {
        var rows = Sql.within(table, filters, types.columns(table.sql())) + " c";
        if (link instanceof Link.Through through) {
            return through.table().sql() + " j ON " + equal(above, link, "j", through.leftKey()) + " JOIN " + rows
                    + " ON " + pairs("c", far, "j", through.rightKey());
        }
        return rows + " ON " + equal(above, link, "c", link instanceof Link.ForeignKey key ? key.columns() : far);
    }

    /** The same, row by row. */
    private String lateral(Rows above, Link link, TableRef table, List<String> far, List<Filter> filters)
            throws SQLException {
        var rows = Sql.within(table, filters, types.columns(table.sql())) + " c";
        if (link instanceof Link.Through through) {
            return through.table().sql() + " j JOIN " + rows + " ON " + pairs("c", far, "j", through.rightKey())
                    + " WHERE " + equal(above, link, "j", through.leftKey());
        }
        return rows + " WHERE " + equal(above, link, "c", link instanceof Link.ForeignKey key ? key.columns() : far);
    }

    private String equal(Rows above, Link link, String alias, List<String> here) throws SQLException {
        var there = link instanceof Link.ParentColumns parent ? parent.columns() : above.key();
        var upper = types.columns(above.table().sql());
        return IntStream.range(0, here.size())
                .mapToObj(i -> alias + "." + TableRef.quoted(here.get(i)) + " = k.k" + i + "::"
                        + type(upper, there.get(i)).base().sql())
                .collect(Collectors.joining(" AND "));
    }

    private static String pairs(String left, List<String> leftColumns, String right, List<String> rightColumns) {
        return IntStream.range(0, leftColumns.size())
                .mapToObj(i -> left + "." + TableRef.quoted(leftColumns.get(i)) + " = " + right + "."
                        + TableRef.quoted(rightColumns.get(i)))
                .collect(Collectors.joining(" AND "));
    }

    private List<JsonNode> figures(Rows above, Field.Aggregate aggregate) throws SQLException {
        var far = types.primaryKey(aggregate.table().sql());
        var rows = keys(above, aggregate.link()) + " JOIN "
                + reached(above, aggregate.link(), aggregate.table(), far, aggregate.filters());
        var named = aggregate.column();
        var column = named == null ? "" : "c." + TableRef.quoted(named);
        var isCount = named == null;
        var sql = switch (aggregate.function()) {
            case COUNT -> "SELECT k.n, count(*) FROM " + rows + " GROUP BY k.n";
            case SUM -> "SELECT k.n, sum(" + column + ") FROM " + rows + " GROUP BY k.n";
            case AVG -> "SELECT k.n, avg(" + column + ") FROM " + rows + " GROUP BY k.n";
            case MIN -> edge(rows, column, "");
            case MAX -> edge(rows, column, " DESC");
        };
        var result = new ArrayList<JsonNode>();
        above.rows().forEach(row -> result.add(isCount ? Values.NODES.numberNode(0) : Values.NODES.nullNode()));
        try (var statement = connection.createStatement();
                var found = query(statement, sql)) {
            var isEdge = aggregate.function() == Field.Aggregate.Function.MIN
                    || aggregate.function() == Field.Aggregate.Function.MAX;
            var type = isEdge && named != null
                    ? type(types.columns(aggregate.table().sql()), named)
                    : types.builtin(found.getMetaData().getColumnTypeName(2));
            while (found.next()) {
                var value = values.of(found.getString(2), type, List.of());
                result.set(
                        found.getInt(1) - 1,
                        !isEdge && type.isFloat() && value.isNumber()
                                ? Values.NODES.numberNode(value.doubleValue())
                                : value);
            }
        }
        return result;
    }

    private static String edge(String rows, String column, String direction) {
        return "SELECT DISTINCT ON (k.n) k.n, " + column + " FROM " + rows + " WHERE " + column
                + " IS NOT NULL ORDER BY k.n, " + column + direction;
    }

    private List<JsonNode> ids(Rows above, Field.Ids ids) throws SQLException {
        var key = types.primaryKey(ids.table().sql());
        var sql = "SELECT k.n AS \"#n\", c.* FROM " + keys(above, ids.link()) + " JOIN "
                + reached(above, ids.link(), ids.table(), key, ids.filters()) + " ORDER BY k.n, "
                + key.stream().map(column -> "c." + TableRef.quoted(column)).collect(Collectors.joining(", "));
        var rows = new ArrayList<Row>();
        var numbers = new ArrayList<Integer>();
        read(sql, rows, numbers);
        var columns = types.columns(ids.table().sql());
        var result = new ArrayList<JsonNode>();
        above.rows().forEach(row -> result.add(Values.NODES.arrayNode()));
        for (int i = 0; i < rows.size(); i++) {
            var row = rows.get(i);
            var value = key.size() == 1
                    ? values.of(row.text(key.get(0)), type(columns, key.get(0)), List.of())
                    : Values.NODES.textNode(Ids.of(row, key, columns));
            ((ArrayNode) result.get(numbers.get(i) - 1)).add(value);
        }
        return result;
    }

    private void read(String sql, List<Row> rows, List<Integer> numbers) throws SQLException {
        try (var statement = connection.createStatement();
                var found = query(statement, sql)) {
            var names = new ArrayList<String>();
            for (int i = 2; i <= found.getMetaData().getColumnCount(); i++) {
                names.add(found.getMetaData().getColumnName(i));
            }
            while (found.next()) {
                var texts = new HashMap<String, @Nullable String>();
                for (int i = 0; i < names.size(); i++) {
                    texts.put(names.get(i), found.getString(i + 2));
                }
                numbers.add(found.getInt(1));
                rows.add(new Row(texts));
            }
        }
    }

    private static java.sql.ResultSet query(java.sql.Statement statement, String sql) throws SQLException {
        statement.setEscapeProcessing(false);
        return statement.executeQuery(sql);
    }
}
