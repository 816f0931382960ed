package dev.flusso.schema;

import java.util.ArrayList;
import java.util.List;

/**
 * A way from a changed row to the documents it is part of.
 *
 * <p>It begins with columns of the changed row itself, which the stream carries before and after the change, and goes on by set
 * queries: each {@link Hop} takes the values it is given, finds the rows of its table whose {@code match} columns hold them, and hands
 * on their {@code result} columns. What comes out last are primary keys of the root.
 *
 * @param table the table whose row changed
 * @param field the document key it is part of, dotted; empty for the root itself
 * @param start columns of the changed row; empty means the primary key of {@code table} as the catalog knows it
 * @param hops the queries, none when {@code start} already holds the root's keys
 */
public record ResolutionPath(TableRef table, String field, List<String> start, List<Hop> hops) {

    /**
     * One set query: {@code select distinct result from table where match in (…)}.
     *
     * @param match as many columns as the values handed in have parts, in their order
     * @param result the columns handed on
     */
    public record Hop(TableRef table, List<String> match, List<String> result) {
        public Hop {
            match = List.copyOf(match);
            result = List.copyOf(result);
        }

        @Override
        public String toString() {
            return table + "(" + String.join(", ", match) + " → " + String.join(", ", result) + ")";
        }
    }

    public ResolutionPath {
        start = List.copyOf(start);
        hops = List.copyOf(hops);
    }

    /** All ways of a schema: the root's own first, then in the order of the fields, each junction before its far table. */
    static List<ResolutionPath> of(DocumentSchema schema) {
        var paths = new ArrayList<ResolutionPath>();
        paths.add(new ResolutionPath(schema.table(), "", schema.primaryKey(), List.of()));
        var root = new Level(schema.table(), schema.primaryKey(), "", schema.primaryKey(), List.of());
        collect(root, schema.fields(), paths);
        return List.copyOf(paths);
    }

    /**
     * One level of the join tree: how to come from its rows to the root.
     *
     * @param outward columns of the level's rows by which the way goes on
     * @param hops the rest of the way
     */
    private record Level(TableRef table, List<String> primaryKey, String field, List<String> outward, List<Hop> hops) {

        /** The way on for values that equal {@code columns} of this level's rows. */
        List<Hop> from(List<String> columns) {
            if (columns.equals(outward)) {
                return hops;
            }
            var way = new ArrayList<Hop>();
            way.add(new Hop(table, columns, outward));
            way.addAll(hops);
            return way;
        }
    }

    private static void collect(Level level, List<Field> fields, List<ResolutionPath> paths) {
        for (var field : fields) {
            var name = level.field().isEmpty() ? field.name() : level.field() + "." + field.name();
            switch (field.kind()) {
                case OBJECT -> {
                    var group = (Field.Group) field;
                    var inside = new Level(level.table(), level.primaryKey(), name, level.outward(), level.hops());
                    collect(inside, group.fields(), paths);
                }
                case JOIN -> {
                    var join = (Field.Join) field;
                    var path = path(level, name, join.table(), join.primaryKey(), join.link(), paths);
                    paths.add(path);
                    collect(
                            new Level(join.table(), join.primaryKey(), name, path.start(), path.hops()),
                            join.fields(),
                            paths);
                }
                case AGGREGATE -> {
                    var aggregate = (Field.Aggregate) field;
                    paths.add(path(level, name, aggregate.table(), List.of(), aggregate.link(), paths));
                }
                case IDS -> {
                    var ids = (Field.Ids) field;
                    paths.add(path(level, name, ids.table(), List.of(), ids.link(), paths));
                }
                case LEAF, CUSTOM, GEO, MAP, CONSTANT -> {
                    // the level's own row
                }
            }
        }
    }

    /** The way of a joined table's rows; the way of its junction, if it has one, is added first. */
    private static ResolutionPath path(
            Level level, String field, TableRef table, List<String> primaryKey, Link link, List<ResolutionPath> paths) {
        if (link instanceof Link.ForeignKey foreign) {
            return new ResolutionPath(table, field, foreign.columns(), level.from(level.primaryKey()));
        }
        if (link instanceof Link.ParentColumns parent) {
            return new ResolutionPath(table, field, primaryKey, level.from(parent.columns()));
        }
        var through = (Link.Through) link;
        var onward = level.from(level.primaryKey());
        paths.add(new ResolutionPath(through.table(), field, through.leftKey(), onward));
        var way = new ArrayList<Hop>();
        way.add(new Hop(through.table(), through.rightKey(), through.leftKey()));
        way.addAll(onward);
        return new ResolutionPath(table, field, primaryKey, way);
    }
}
