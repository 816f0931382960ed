package dev.flusso.postgres.document;

import static dev.flusso.postgres.document.SqlText.name;

import dev.flusso.schema.Filter;
import dev.flusso.schema.Link;
import dev.flusso.schema.Place;
import dev.flusso.worker.DriftException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The rows of a table that belong to the rows of the level above: a SELECT of {@code "#1", "#2", …}, the upper row's key, and of the
 * columns asked for.
 *
 * <p>Where an index leads to the rows, they are found by {@code = ANY (ARRAY(…))}: one index scan whatever the planner believes of the
 * sizes. Where none does, by a join, which the planner hashes: an array would be searched from end to end for each row of the table.
 */
final class RowSource {

    private static final String UPPER = "\"#s\"";

    private final Catalog catalog;
    private final FilterSql filters;
    private final Level above;
    private final Relation relation;
    private final Link link;
    private final List<Filter> conditions;
    private final List<String> far;
    private final Place place;

    /**
     * A source of rows.
     *
     * @param far the key of the joined table, for a link that leads to it
     */
    RowSource(
            Catalog catalog,
            FilterSql filters,
            Level above,
            Relation relation,
            Link link,
            List<Filter> conditions,
            List<String> far,
            Place place) {
        this.catalog = catalog;
        this.filters = filters;
        this.above = above;
        this.relation = relation;
        this.link = link;
        this.conditions = List.copyOf(conditions);
        this.far = List.copyOf(far);
        this.place = place;
        check();
    }

    private void check() {
        var here = hereColumns();
        var there = upperColumns();
        if (here.size() != there.size()) {
            throw new DriftException(
                    place,
                    "the join has " + here.size() + " column(s) (" + String.join(", ", here) + ") for the "
                            + there.size() + " of the key (" + String.join(", ", there) + "), expected as many");
        }
        there.forEach(column -> above.column(column, place));
        if (link instanceof Link.Through through) {
            var junction = catalog.relation(through.table(), place);
            through.leftKey().forEach(column -> junction.column(column, place));
            through.rightKey().forEach(column -> junction.column(column, place));
            if (through.rightKey().size() != far.size()) {
                throw new DriftException(
                        place,
                        "'right_key' has " + through.rightKey().size() + " column(s), but the key of "
                                + relation.table() + " has " + far.size() + " (" + String.join(", ", far)
                                + "), expected as many");
            }
        } else {
            here.forEach(column -> relation.column(column, place));
        }
    }

    /** Columns of the level above that the rows are found by. */
    List<String> upperColumns() {
        return link instanceof Link.ParentColumns parent ? parent.columns() : above.key;
    }

    private List<String> hereColumns() {
        if (link instanceof Link.ForeignKey foreign) {
            return foreign.columns();
        }
        return link instanceof Link.Through through ? through.leftKey() : far;
    }

    /** Whether a row above has at most one. */
    boolean isSingle() {
        return !(link instanceof Link.Through) && relation.isUnique(hereColumns());
    }

    /** All of them. */
    String all(Collection<String> columns) {
        if (link instanceof Link.Through through) {
            var junction = catalog.relation(through.table(), place);
            return "SELECT " + keys("j", through.leftKey()) + list("f", columns) + " FROM "
                    + through.table().sql() + " j"
                    + members(
                            junction,
                            "j",
                            through.leftKey(),
                            List.of("JOIN (" + base(columns) + ") f ON " + equal("f", far, "j", through.rightKey())),
                            List.of());
        }
        if (!relation.isIndexed(hereColumns())) {
            return hashed(columns);
        }
        var self = name(relation.table().name());
        return "SELECT " + keys(self, hereColumns()) + list(self, columns) + " FROM "
                + relation.table().sql()
                + members(relation, self, hereColumns(), List.of(), filters.conditions(relation, conditions));
    }

    /** Reads the whole table, once: a full join cannot be a nested loop, however few rows the planner expects above. */
    private String hashed(Collection<String> columns) {
        var wanted = new LinkedHashSet<>(hereColumns());
        wanted.addAll(columns);
        return "SELECT " + keys("f", hereColumns()) + list("f", columns)
                + " FROM (SELECT b.*, true AS \"#there\" FROM ("
                + base(wanted) + " OFFSET 0) b) f FULL JOIN (SELECT u.*, true AS \"#hit\" FROM (" + upper() + ") u) "
                + UPPER + " ON " + equalUpper("f", hereColumns()) + " WHERE coalesce(f.\"#there\" AND " + UPPER
                + ".\"#hit\", false)";
    }

    /** At most {@code limit} for each row above, the first in {@code order}, whose columns are among {@code columns}. */
    String first(Collection<String> columns, int limit, List<SortTerm> order) {
        var searched = link instanceof Link.Through through ? catalog.relation(through.table(), place) : relation;
        return searched.isIndexed(hereColumns()) ? lateral(columns, limit, order) : numbered(columns, limit, order);
    }

    private String lateral(Collection<String> columns, int limit, List<SortTerm> order) {
        var rows = new StringBuilder();
        var here = hereColumns();
        if (link instanceof Link.Through through) {
            rows.append("SELECT ")
                    .append(columns("f", columns))
                    .append(" FROM ")
                    .append(through.table().sql())
                    .append(" j JOIN (")
                    .append(base(columns))
                    .append(") f ON ")
                    .append(equal("f", far, "j", through.rightKey()))
                    .append(" WHERE ")
                    .append(equalUpper("j", here))
                    .append(SortTerm.orderBy(order, "f"));
        } else {
            var self = name(relation.table().name());
            var all = new ArrayList<String>();
            all.add(equalUpper(self, here));
            all.addAll(filters.conditions(relation, conditions));
            rows.append("SELECT ")
                    .append(columns(self, columns))
                    .append(" FROM ")
                    .append(relation.table().sql())
                    .append(" WHERE ")
                    .append(String.join(" AND ", all))
                    .append(SortTerm.orderBy(order, self));
        }
        return "SELECT " + ours(UPPER, here.size()) + list("t", columns) + " FROM (" + upper() + ") " + UPPER
                + " CROSS JOIN LATERAL (" + rows + " LIMIT " + limit + ") t";
    }

    private String numbered(Collection<String> columns, int limit, List<SortTerm> order) {
        var keys = ours("t", hereColumns().size());
        return "SELECT " + ours("w", hereColumns().size()) + list("w", columns) + " FROM (SELECT t.*, row_number() OVER"
                + " (PARTITION BY " + keys + SortTerm.orderBy(order, "t") + ") AS \"#n\" FROM (" + all(columns)
                + ") t) w WHERE w.\"#n\" <= " + limit;
    }

    /** The table's rows within the filters, whose SQL may name columns with or without the table. */
    private String base(Collection<String> columns) {
        var wanted = new LinkedHashSet<String>(far);
        wanted.addAll(columns);
        var conditions = filters.conditions(relation, this.conditions);
        return "SELECT " + columns(name(relation.table().name()), wanted) + " FROM "
                + relation.table().sql() + (conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions));
    }

    /** Joins and conditions that leave the rows that belong to a row above. */
    private String members(
            Relation searched, String alias, List<String> columns, List<String> joins, List<String> conditions) {
        var all = new ArrayList<String>();
        var from = new StringBuilder();
        if (columns.size() == 1 && searched.isIndexed(columns) && !isArray(columns.get(0), searched)) {
            all.add(SqlText.column(alias, columns.get(0)) + " = ANY (ARRAY(SELECT "
                    + SqlText.column("p", upperColumns().get(0)) + " FROM " + above.rows + " p))");
        } else {
            from.append(" JOIN (")
                    .append(upper())
                    .append(") ")
                    .append(UPPER)
                    .append(" ON ")
                    .append(equalUpper(alias, columns));
        }
        joins.forEach(join -> from.append(' ').append(join));
        all.addAll(conditions);
        return from + (all.isEmpty() ? "" : " WHERE " + String.join(" AND ", all));
    }

    private boolean isArray(String column, Relation searched) {
        var types = catalog.types();
        return types.base(searched.column(column, place).type()).form() == PgType.Form.ARRAY
                || types.base(above.type(upperColumns().get(0), place)).form() == PgType.Form.ARRAY;
    }

    private String upper() {
        var columns = upperColumns();
        return IntStream.range(0, columns.size())
                .mapToObj(i -> SqlText.column("p", columns.get(i)) + " AS \"#" + (i + 1) + "\"")
                .collect(Collectors.joining(", ", "SELECT DISTINCT ", " FROM " + above.rows + " p"));
    }

    private static String equalUpper(String alias, List<String> columns) {
        return IntStream.range(0, columns.size())
                .mapToObj(i -> SqlText.column(alias, columns.get(i)) + " = " + UPPER + ".\"#" + (i + 1) + "\"")
                .collect(Collectors.joining(" AND "));
    }

    static String equal(String left, List<String> leftColumns, String right, List<String> rightColumns) {
        return IntStream.range(0, leftColumns.size())
                .mapToObj(i ->
                        SqlText.column(left, leftColumns.get(i)) + " = " + SqlText.column(right, rightColumns.get(i)))
                .collect(Collectors.joining(" AND "));
    }

    private static String keys(String alias, List<String> columns) {
        return IntStream.range(0, columns.size())
                .mapToObj(i -> SqlText.column(alias, columns.get(i)) + " AS \"#" + (i + 1) + "\"")
                .collect(Collectors.joining(", "));
    }

    /** {@code alias."#1", alias."#2"}. */
    static String ours(String alias, int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> alias + ".\"#" + i + "\"")
                .collect(Collectors.joining(", "));
    }

    static String columns(String alias, Collection<String> columns) {
        return columns.stream().map(column -> SqlText.column(alias, column)).collect(Collectors.joining(", "));
    }

    private static String list(String alias, Collection<String> columns) {
        return columns.isEmpty() ? "" : ", " + columns(alias, columns);
    }

    /**
     * One term of an order.
     *
     * @param column of the rows ordered
     */
    record SortTerm(String column, boolean descending) {

        /** {@code ORDER BY …} with a blank before it; nothing for no terms. */
        static String orderBy(List<SortTerm> terms, String alias) {
            return terms.stream()
                    .map(term -> SqlText.column(alias, term.column()) + (term.descending() ? " DESC" : ""))
                    .collect(Collectors.collectingAndThen(
                            Collectors.joining(", "), text -> text.isEmpty() ? "" : " ORDER BY " + text));
        }
    }
}
