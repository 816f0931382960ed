package dev.flusso.postgres.document;

import dev.flusso.schema.DocumentSchema;
import dev.flusso.schema.Field;
import dev.flusso.schema.Filter;
import dev.flusso.schema.LeafType;
import dev.flusso.schema.Link;
import dev.flusso.schema.Literal;
import dev.flusso.schema.Place;
import dev.flusso.schema.SoftDelete;
import dev.flusso.schema.SortKey;
import dev.flusso.schema.TableRef;
import dev.flusso.schema.Transform;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Schemas in few words. */
final class Schemas {

    /** Where everything stands that has no place of its own. */
    static final Place PLACE = new Place("things.schema.yml", 1, 1);

    private static final Literal.Entries NO_OPTIONS = Literal.Entries.EMPTY;

    private Schemas() {}

    static TableRef table(String name) {
        var dot = name.indexOf('.');
        return dot < 0 ? new TableRef("public", name) : new TableRef(name.substring(0, dot), name.substring(dot + 1));
    }

    static DocumentSchema schema(String table, String key, Field... fields) {
        return schema(table, List.of(key.split(",")), null, List.of(), fields);
    }

    static DocumentSchema schema(
            String table, List<String> key, @Nullable SoftDelete softDelete, List<Filter> filters, Field... fields) {
        return new DocumentSchema(table(table), key, softDelete, filters, List.of(fields), PLACE);
    }

    static Place line(int line) {
        return new Place("things.schema.yml", line, 5);
    }

    static Field.Leaf leaf(String name) {
        return leaf(name, LeafType.KEYWORD, name);
    }

    static Field.Leaf leaf(String name, LeafType type, String column) {
        return new Field.Leaf(name, type, column, false, List.of(), List.of(), null, NO_OPTIONS, line(7));
    }

    static Field.Leaf leaf(String name, Transform... transforms) {
        return new Field.Leaf(
                name, LeafType.KEYWORD, name, false, List.of(transforms), List.of(), null, NO_OPTIONS, line(7));
    }

    static Field.Leaf leafOr(String name, Literal fallback) {
        return new Field.Leaf(name, LeafType.KEYWORD, name, false, List.of(), List.of(), fallback, NO_OPTIONS, line(7));
    }

    static Field group(String name, Field... fields) {
        return new Field.Group(name, List.of(fields), NO_OPTIONS, line(8));
    }

    static Field map(String name) {
        return new Field.MapOf(name, LeafType.KEYWORD, name, false, NO_OPTIONS, line(8));
    }

    static Field custom(String name) {
        return new Field.Custom(name, List.of(), "ip", name, false, null, NO_OPTIONS, line(8));
    }

    static Field constant(String name, Literal value) {
        return new Field.Constant(name, value, line(8));
    }

    static Field latLon(String name, String lat, String lon) {
        return new Field.Geo(name, new Field.Geo.Source.LatLon(lat, lon), false, NO_OPTIONS, line(8));
    }

    static Field geo(String name, String column) {
        return new Field.Geo(name, new Field.Geo.Source.Column(column), false, NO_OPTIONS, line(8));
    }

    static Link foreignKey(String... columns) {
        return new Link.ForeignKey(List.of(columns));
    }

    static Link through(String table, String left, String right) {
        return new Link.Through(table(table), List.of(left.split(",")), List.of(right.split(",")));
    }

    static Join belongsTo(String name, String table, String key, String... columns) {
        return new Join(Field.Join.Verb.BELONGS_TO, name, table, key, new Link.ParentColumns(List.of(columns)));
    }

    static Join hasOne(String name, String table, String key, String... columns) {
        return new Join(Field.Join.Verb.HAS_ONE, name, table, key, foreignKey(columns));
    }

    static Join hasMany(String name, String table, String key, String... columns) {
        return new Join(Field.Join.Verb.HAS_MANY, name, table, key, foreignKey(columns));
    }

    static Join manyToMany(String name, String table, String key, Link through) {
        return new Join(Field.Join.Verb.MANY_TO_MANY, name, table, key, through);
    }

    /** A join with all that may be added to it. */
    record Join(
            Field.Join.Verb verb,
            String name,
            String table,
            String key,
            Link link,
            List<Filter> filters,
            List<SortKey> order,
            int limit) {

        Join(Field.Join.Verb verb, String name, String table, String key, Link link) {
            this(verb, name, table, key, link, List.of(), List.of(), 0);
        }

        Join where(Filter... conditions) {
            return new Join(verb, name, table, key, link, List.of(conditions), order, limit);
        }

        /** Columns; a minus before one means largest first. */
        Join by(String... columns) {
            var keys = Arrays.stream(columns)
                    .map(column -> column.startsWith("-")
                            ? new SortKey(column.substring(1), true, line(9))
                            : new SortKey(column, false, line(9)))
                    .toList();
            return new Join(verb, name, table, key, link, filters, keys, limit);
        }

        Join first(int rows) {
            return new Join(verb, name, table, key, link, filters, order, rows);
        }

        Field of(Field... fields) {
            return new Field.Join(
                    name,
                    verb,
                    Schemas.table(table),
                    List.of(key.split(",")),
                    link,
                    List.of(fields),
                    filters,
                    order,
                    limit,
                    false,
                    NO_OPTIONS,
                    line(10));
        }
    }

    static Field count(String name, String table, Link link, Filter... filters) {
        return aggregate(name, Field.Aggregate.Function.COUNT, table, link, null, filters);
    }

    static Field aggregate(
            String name,
            Field.Aggregate.Function function,
            String table,
            Link link,
            @Nullable String column,
            Filter... filters) {
        return new Field.Aggregate(
                name, function, table(table), link, List.of(filters), column, LeafType.DOUBLE, NO_OPTIONS, line(11));
    }

    static Field ids(String name, String table, Link link, Filter... filters) {
        return new Field.Ids(name, table(table), link, LeafType.LONG, List.of(filters), line(12));
    }

    static Filter raw(String sql) {
        return new Filter.Raw(sql, line(20));
    }

    static Filter where(String column, Filter.Operator operator, Object... operands) {
        return new Filter.Comparison(
                column, operator, Arrays.stream(operands).map(Schemas::literal).toList(), line(21));
    }

    static SoftDelete deleted(String column, Filter... when) {
        return new SoftDelete(column, List.of(when), line(3));
    }

    static Literal literal(@Nullable Object value) {
        if (value == null) {
            return new Literal.Null();
        }
        if (value instanceof Boolean bool) {
            return new Literal.Bool(bool);
        }
        if (value instanceof Integer whole) {
            return new Literal.Whole(BigInteger.valueOf(whole));
        }
        if (value instanceof Double fraction) {
            return new Literal.Fraction(new BigDecimal(fraction.toString()));
        }
        return new Literal.Text(value.toString());
    }
}
