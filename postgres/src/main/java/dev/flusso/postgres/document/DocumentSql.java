package dev.flusso.postgres.document;

import dev.flusso.schema.DocumentSchema;
import dev.flusso.schema.Field;
import dev.flusso.schema.Filter;
import dev.flusso.schema.Link;
import dev.flusso.schema.Place;
import dev.flusso.schema.SortKey;
import dev.flusso.schema.TableRef;
import dev.flusso.worker.DriftException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Writes the statements of one index. One thread. */
final class DocumentSql {

    /** Keys built together inside a scan: enough to be set-based, few enough for the first rows to come soon. */
    private static final int SCAN_CHUNK = 2_000;

    private final DocumentSchema schema;
    private final Catalog catalog;
    private final Marks marks;
    private final ValueSql values;
    private final FitSql fit;
    private final FilterSql filters;
    private final Fingerprint fingerprint;
    private final long maxDocumentBytes;
    private final Relation root;
    private int numbers;

    DocumentSql(DocumentSchema schema, Catalog catalog, Marks marks, Fingerprint fingerprint, long maxDocumentBytes) {
        this.schema = schema;
        this.catalog = catalog;
        this.marks = marks;
        this.fingerprint = fingerprint;
        this.maxDocumentBytes = maxDocumentBytes;
        this.values = new ValueSql(catalog.types(), catalog.isUtf8());
        this.fit = new FitSql(catalog.types());
        this.filters = new FilterSql(catalog.types(), marks);
        this.root = catalog.relation(schema.table(), schema.place());
        if (!root.isTable()) {
            throw new DriftException(
                    schema.place(),
                    schema.table()
                            + " is no table but a view or a foreign table, expected a table: changes of others are"
                            + " not replicated");
        }
    }

    /** The types of the root's key columns, without domains. */
    List<PgType> keyTypes() {
        return schema.primaryKey().stream()
                .map(column ->
                        catalog.types().base(root.column(column, schema.place()).type()))
                .toList();
    }

    /**
     * The documents of the keys in as many {@code text[]} parameters as the key has columns. Columns: number of the key from 1, its
     * {@code _id}, the {@code _id} found, bytes, JSON; and, in the row of key 1, snapshot, WAL file name, fingerprint. JSON above the
     * portion's limit, or above what is allowed at all, is NULL.
     */
    String documents(Portion portion) {
        var arrays = schema.primaryKey().stream().map(column -> "?::text[]").toList();
        return documents(arrays, portion, false);
    }

    /**
     * The documents of a range of keys. Columns as of {@link #documents}, the last three in each row, then the key's parts as text.
     * Parameters: the parts of the lower bound if there is one, then those of the upper.
     */
    String scan(boolean fromKey, boolean untilKey, Portion portion) {
        var self = SqlText.name(root.table().name());
        var key = schema.primaryKey();
        var types = keyTypes();
        var columns = RowSource.columns(self, key);
        var bounds = new ArrayList<String>();
        if (fromKey) {
            bounds.add("(" + columns + ") >= (" + parameters(types) + ")");
        }
        if (untilKey) {
            bounds.add("(" + columns + ") < (" + parameters(types) + ")");
        }
        key.forEach(column -> bounds.add(SqlText.column(self, column) + " IS DISTINCT FROM NULL"));
        bounds.addAll(rootConditions());
        var selected = IntStream.range(0, key.size())
                .mapToObj(i -> KeySql.text(SqlText.column(self, key.get(i)), types.get(i)) + " AS \"#" + (i + 1) + "\"")
                .collect(Collectors.joining(", "));
        var arrays = IntStream.rangeClosed(1, key.size())
                .mapToObj(i -> "array_agg(s.\"#" + i + "\" ORDER BY s.\"#n\") AS \"#" + i + "\"")
                .collect(Collectors.joining(", "));
        var chunks = "SELECT (s.\"#n\" - 1) / " + SCAN_CHUNK + " AS \"#c\", " + arrays + " FROM (SELECT " + selected
                + ", row_number() OVER (ORDER BY " + columns + ") AS \"#n\" FROM "
                + root.table().sql() + " WHERE "
                + String.join(" AND ", bounds) + ") s GROUP BY 1 ORDER BY 1";
        var given = IntStream.rangeClosed(1, key.size())
                .mapToObj(i -> "c.\"#" + i + "\"")
                .toList();
        return "SELECT x.* FROM (" + chunks + ") c CROSS JOIN LATERAL (\n" + documents(given, portion, true) + "\n) x";
    }

    /** The {@code _id} of each key in as many {@code text[]} parameters as the key has columns. */
    String askedIds() {
        var types = keyTypes();
        var arrays = types.stream().map(type -> "?::text[]").toList();
        var asked = IntStream.rangeClosed(1, types.size())
                .mapToObj(i -> "k.\"#" + i + "\"")
                .toList();
        return "SELECT " + KeySql.id(asked, types, catalog.isUtf8()) + " FROM (" + keys(arrays, types) + ") k";
    }

    /**
     * Keys of all rows of a range, also of those that have no document, in order. Parameters: the parts of the lower bound if there is one,
     * those of the upper, and how many keys.
     *
     * @param after whether the row of the lower bound is left out
     */
    String keyPage(boolean fromKey, boolean after, boolean untilKey) {
        var self = SqlText.name(root.table().name());
        var key = schema.primaryKey();
        var types = keyTypes();
        var columns = RowSource.columns(self, key);
        var bounds = new ArrayList<String>();
        if (fromKey) {
            bounds.add("(" + columns + ") " + (after ? ">" : ">=") + " (" + parameters(types) + ")");
        }
        if (untilKey) {
            bounds.add("(" + columns + ") < (" + parameters(types) + ")");
        }
        key.forEach(column -> bounds.add(SqlText.column(self, column) + " IS DISTINCT FROM NULL"));
        return "SELECT "
                + IntStream.range(0, key.size())
                        .mapToObj(i -> KeySql.text(SqlText.column(self, key.get(i)), types.get(i)))
                        .collect(Collectors.joining(", "))
                + " FROM " + root.table().sql() + " WHERE " + String.join(" AND ", bounds) + " ORDER BY " + columns
                + " LIMIT ?";
    }

    private static String parameters(List<PgType> types) {
        return types.stream().map(type -> "?::text::" + type.sql()).collect(Collectors.joining(", "));
    }

    private String documents(List<String> keyArrays, Portion portion, boolean scan) {
        numbers = 0;
        var level = new Level("r", "r", root, schema.primaryKey(), schema.place());
        var document = object(level, schema.fields());
        var key = schema.primaryKey();
        var types = keyTypes();
        var expressions = new ArrayList<String>();
        expressions.add("k AS MATERIALIZED (" + keys(keyArrays, types) + ")");
        expressions.add("r AS MATERIALIZED (" + rootRows(level) + ")");
        expressions.addAll(level.below);

        var asked = IntStream.rangeClosed(1, key.size())
                .mapToObj(i -> "k.\"#" + i + "\"")
                .toList();
        var found = key.stream().map(column -> SqlText.column("r", column)).toList();
        var matched = IntStream.range(0, key.size())
                .mapToObj(i -> found.get(i) + " = " + asked.get(i))
                .collect(Collectors.joining(" AND "));
        var size = catalog.isUtf8() ? "octet_length(x.doc)" : "octet_length(convert_to(x.doc, 'UTF8'))";
        var only = scan ? "" : "CASE WHEN k.\"#i\" = 1 THEN ";
        var end = scan ? "" : " END";
        var parts = scan
                ? ", "
                        + IntStream.rangeClosed(1, key.size())
                                .mapToObj(i -> "k.\"#a" + i + "\"")
                                .collect(Collectors.joining(", "))
                : "";
        return "WITH " + String.join(",\n", expressions) + "\nSELECT k.\"#i\", "
                + KeySql.id(asked, types, catalog.isUtf8())
                + " AS asked, CASE WHEN r.\"#hit\" THEN " + KeySql.id(found, types, catalog.isUtf8()) + " END AS id,\n "
                + size + " AS bytes, CASE WHEN " + size + " <= "
                + Math.min(maxDocumentBytes, portion.documentBytes()) + " THEN x.doc END AS json,\n "
                + only
                + Fingerprint.SNAPSHOT + end + ", " + only + Fingerprint.WAL_FILE + end + ", " + only
                + fingerprint.sql()
                + end + parts + "\nFROM k FULL JOIN r ON " + matched
                + String.join("", level.joins) + "\nCROSS JOIN LATERAL (SELECT CASE WHEN r.\"#hit\" THEN " + document
                + " END AS doc OFFSET 0) x"
                + (scan ? " WHERE coalesce(r.\"#hit\", false)" : "")
                + (scan && !root.isUnique(key) ? " ORDER BY k.\"#i\"" : "");
    }

    /** Parts in text form become the key columns' own type here, and nowhere else. */
    private String keys(List<String> arrays, List<PgType> types) {
        var names = IntStream.rangeClosed(1, types.size())
                .mapToObj(i -> "\"#a" + i + "\"")
                .collect(Collectors.joining(", "));
        return "SELECT u.\"#i\", " + names + ", "
                + IntStream.range(0, types.size())
                        .mapToObj(
                                i -> "u.\"#a" + (i + 1) + "\"::" + types.get(i).sql() + " AS \"#" + (i + 1) + "\"")
                        .collect(Collectors.joining(", "))
                + " FROM unnest(" + String.join(", ", arrays) + ") WITH ORDINALITY u(" + names + ", \"#i\")";
    }

    private String rootRows(Level level) {
        var self = SqlText.name(root.table().name());
        var key = schema.primaryKey();
        var conditions = new ArrayList<String>();
        var from = root.table().sql();
        if (key.size() == 1 && root.isIndexed(key) && keyTypes().get(0).form() != PgType.Form.ARRAY) {
            conditions.add(SqlText.column(self, key.get(0)) + " = ANY (ARRAY(SELECT k.\"#1\" FROM k))");
        } else {
            from += " JOIN (SELECT DISTINCT " + RowSource.ours("k", key.size()) + " FROM k) \"#s\" ON "
                    + IntStream.range(0, key.size())
                            .mapToObj(i -> SqlText.column(self, key.get(i)) + " = \"#s\".\"#" + (i + 1) + "\"")
                            .collect(Collectors.joining(" AND "));
        }
        conditions.addAll(rootConditions());
        return "SELECT true AS \"#hit\", " + RowSource.columns(self, level.needed) + " FROM " + from
                + (conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions));
    }

    private List<String> rootConditions() {
        var conditions = new ArrayList<>(filters.conditions(root, schema.filters()));
        if (schema.softDelete() != null) {
            conditions.add(filters.alive(root, schema.softDelete()));
        }
        return conditions;
    }

    /** The JSON object of a level's fields; what they need of other tables is added to the level. */
    private String object(Level level, List<Field> fields) {
        var text = new ArrayList<String>();
        for (var field : fields) {
            text.add(SqlText.literal((text.isEmpty() ? "{" : ",") + JsonText.quoted(field.name()) + ":"));
            text.add(value(level, field));
        }
        text.add(text.isEmpty() ? "'{}'" : "'}'");
        return SqlText.concatenated(text);
    }

    /** Never NULL. */
    private String value(Level level, Field field) {
        return switch (field.kind()) {
            case LEAF -> {
                var leaf = (Field.Leaf) field;
                var column = level.column(leaf.column(), leaf.place());
                var type = level.type(leaf.column(), leaf.place());
                var json = values.json(column, type, leaf.transforms());
                yield orElse(
                        fit.value(json, type, leaf.type(), leaf.name(), leaf.place()),
                        leaf.fallback() == null ? "null" : leaf.fallback().json());
            }
            case CUSTOM -> {
                var custom = (Field.Custom) field;
                var column = level.column(custom.column(), custom.place());
                var type = level.type(custom.column(), custom.place());
                TypeName.check(custom, type, catalog.types().base(type), level.relation.table());
                var json = values.json(column, type);
                yield orElse(
                        fit.value(json, type, custom.opensearch(), custom.name(), custom.place()),
                        custom.fallback() == null ? "null" : custom.fallback().json());
            }
            case GEO -> orElse(geo(level, (Field.Geo) field), "null");
            case OBJECT -> object(level, ((Field.Group) field).fields());
            case MAP -> {
                var map = (Field.MapOf) field;
                var column = level.column(map.column(), map.place());
                var type = level.type(map.column(), map.place());
                yield orElse(fit.map(values.json(column, type), type, map.values(), map.name(), map.place()), "null");
            }
            case JOIN -> join(level, (Field.Join) field);
            case AGGREGATE -> aggregate(level, (Field.Aggregate) field);
            case IDS -> ids(level, (Field.Ids) field);
            case CONSTANT -> SqlText.literal(((Field.Constant) field).value().json());
        };
    }

    private static String orElse(String json, String fallback) {
        return "coalesce(" + json + ", " + SqlText.literal(fallback) + ")";
    }

    private String geo(Level level, Field.Geo geo) {
        if (geo.source() instanceof Field.Geo.Source.LatLon pair) {
            return point(
                    values.json(level.column(pair.lat(), geo.place()), level.type(pair.lat(), geo.place())),
                    values.json(level.column(pair.lon(), geo.place()), level.type(pair.lon(), geo.place())));
        }
        var name = ((Field.Geo.Source.Column) geo.source()).column();
        var column = level.column(name, geo.place());
        var type = catalog.types().base(level.type(name, geo.place()));
        return type.form() == PgType.Form.POINT
                ? point(values.json(column + "[1]", PgType.DOUBLE), values.json(column + "[0]", PgType.DOUBLE))
                : values.json(column, type);
    }

    private static String point(String lat, String lon) {
        return "('{\"lat\":' || " + lat + " || ',\"lon\":' || " + lon + " || '}')";
    }

    private String join(Level above, Field.Join join) {
        int number = ++numbers;
        var relation = catalog.relation(join.table(), join.place());
        var level = new Level("l" + number, "t" + number, relation, join.primaryKey(), join.place());
        var json = object(level, join.fields());
        var order = order(level, join);
        var source = source(above, relation, join.link(), join.filters(), join.primaryKey(), join.place());
        boolean toMany = join.verb().isToMany();
        int limit = toMany ? join.limit() : source.isSingle() ? 0 : 1;
        var rows = limit > 0 ? source.first(level.needed, limit, order) : source.all(level.needed);
        var from = level.alias;
        if (level.below.isEmpty()) {
            from = "(" + rows + ") " + from;
        } else {
            above.below.add(level.rows + " AS MATERIALIZED (" + marks.mark(join.place()) + rows + ")");
            above.below.addAll(level.below);
            from = level.rows + " " + from;
        }
        int width = source.upperColumns().size();
        var keys = RowSource.ours(level.alias, width);
        var each =
                toMany ? "string_agg(" + json + ", ','" + RowSource.SortTerm.orderBy(order, level.alias) + ")" : json;
        var grouping = toMany ? " GROUP BY " + keys : "";
        var name = "a" + number;
        above.below.add(name + " AS (" + marks.mark(join.place()) + "SELECT " + keys + ", " + each + " AS j FROM "
                + from + String.join("", level.joins) + grouping + ")");
        attach(above, name, source.upperColumns(), join.place());
        return toMany ? "'[' || coalesce(" + name + ".j, '') || ']'" : "coalesce(" + name + ".j, 'null')";
    }

    private RowSource source(
            Level above, Relation relation, Link link, List<Filter> conditions, List<String> far, Place place) {
        return new RowSource(catalog, filters, above, relation, link, conditions, far, place);
    }

    /** The order asked for, then the key, so that it is always the same. */
    private static List<RowSource.SortTerm> order(Level level, Field.Join join) {
        var terms = new ArrayList<RowSource.SortTerm>();
        for (SortKey key : join.orderBy()) {
            level.column(key.column(), key.place());
            terms.add(new RowSource.SortTerm(key.column(), key.descending()));
        }
        var named = new LinkedHashSet<>(join.primaryKey());
        join.orderBy().forEach(key -> named.remove(key.column()));
        named.forEach(column -> terms.add(new RowSource.SortTerm(column, false)));
        return terms;
    }

    /**
     * Brings what is below to the rows it belongs to. A full join and not a left one, although the keys below are all among those above,
     * because a full join cannot be a nested loop: where the planner takes thousands of rows for one (filters it misjudges, a table not
     * analyzed yet), comparing each with each would take minutes.
     */
    private static void attach(Level above, String name, List<String> upper, Place place) {
        var on = IntStream.range(0, upper.size())
                .mapToObj(i -> name + ".\"#" + (i + 1) + "\" = " + above.column(upper.get(i), place))
                .collect(Collectors.joining(" AND "));
        above.joins.add("\nFULL JOIN " + name + " ON " + on);
    }

    private String aggregate(Level above, Field.Aggregate aggregate) {
        var place = aggregate.place();
        var relation = catalog.relation(aggregate.table(), place);
        if (aggregate.column() == null) {
            var count = figure(above, relation, aggregate.link(), aggregate.filters(), place, List.of(), "count(*)");
            return "coalesce(" + count + ", 0)::text";
        }
        var type =
                catalog.types().base(relation.column(aggregate.column(), place).type());
        var figure = AggregateSql.of(aggregate.function(), SqlText.column("t", aggregate.column()), type);
        var value = figure(
                above,
                relation,
                aggregate.link(),
                aggregate.filters(),
                place,
                List.of(aggregate.column()),
                marks.mark(place) + figure.sql());
        var json = values.json(value, figure.type());
        boolean isWhole = type.form() == PgType.Form.WHOLE && aggregate.function() != Field.Aggregate.Function.AVG;
        return orElse(
                isWhole ? json : fit.value(json, figure.type(), aggregate.valueType(), aggregate.name(), place),
                "null");
    }

    private String ids(Level above, Field.Ids ids) {
        var relation = catalog.relation(ids.table(), ids.place());
        var key = primaryKey(relation, ids.place());
        var types = key.stream()
                .map(column -> catalog.types()
                        .base(relation.column(column, ids.place()).type()))
                .toList();
        var columns = key.stream().map(column -> SqlText.column("t", column)).toList();
        var each = key.size() == 1
                ? fit.value(
                        values.json(columns.get(0), types.get(0)),
                        types.get(0),
                        ids.elementType(),
                        ids.name(),
                        ids.place())
                : "to_json(" + KeySql.id(columns, types, catalog.isUtf8()) + ")::text";
        var list = "string_agg(coalesce(" + each + ", 'null'), ',' ORDER BY " + String.join(", ", columns) + ")";
        return "'[' || coalesce(" + figure(above, relation, ids.link(), ids.filters(), ids.place(), key, list)
                + ", '') || ']'";
    }

    private static List<String> primaryKey(Relation relation, Place place) {
        if (relation.primaryKey().isEmpty()) {
            throw new DriftException(
                    place, "table " + relation.table() + " has no primary key, expected one: it names the rows here");
        }
        return relation.primaryKey();
    }

    /** Adds an aggregate over the rows of a link and returns where its value is found. */
    private String figure(
            Level above,
            Relation relation,
            Link link,
            List<Filter> conditions,
            Place place,
            List<String> columns,
            String expression) {
        var far = link instanceof Link.Through ? primaryKey(relation, place) : List.<String>of();
        var source = source(above, relation, link, conditions, far, place);
        record Group(TableRef table, Link link, List<Object> conditions) {}
        var group = new Group(relation.table(), link, FilterSql.sameness(conditions));
        var figures = above.figures.get(group);
        if (figures == null) {
            figures = new Level.Figures("a" + ++numbers);
            above.figures.put(group, figures);
            above.below.add("");
            figures.at = above.below.size() - 1;
            attach(above, figures.name, source.upperColumns(), place);
        }
        var value = figures.value(expression);
        figures.columns.addAll(columns);
        var keys = RowSource.ours("t", source.upperColumns().size());
        above.below.set(
                figures.at,
                figures.name + " AS (" + marks.mark(place) + "SELECT " + keys + figures.list() + " FROM ("
                        + source.all(figures.columns) + ") t GROUP BY " + keys + ")");
        return value;
    }
}
