package dev.flusso.postgres.document;

import dev.flusso.schema.Place;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One level of a document while its SQL is being written: the rows of one table, what of them is needed, and what hangs below.
 */
final class Level {

    /** The common table expression that holds the rows. */
    final String rows;

    /** What the rows are called where the JSON is made. */
    final String alias;

    final Relation relation;

    /** The columns that name a row. */
    final List<String> key;

    /** Columns the rows must carry. */
    final Set<String> needed = new LinkedHashSet<>();

    /** Expressions of the levels below, each {@code name AS (…)}, in an order in which they can refer to one another. */
    final List<String> below = new ArrayList<>();

    /** Joins that bring those to the rows. */
    final List<String> joins = new ArrayList<>();

    /** Figures over the same rows are taken in one go. */
    final Map<Object, Figures> figures = new LinkedHashMap<>();

    Level(String rows, String alias, Relation relation, List<String> key, Place place) {
        this.rows = rows;
        this.alias = alias;
        this.relation = relation;
        this.key = List.copyOf(key);
        key.forEach(column -> need(column, place));
    }

    /** A column of the level's rows, which from now on carry it. */
    String column(String name, Place place) {
        need(name, place);
        return SqlText.column(alias, name);
    }

    PgType type(String name, Place place) {
        return relation.column(name, place).type();
    }

    private void need(String name, Place place) {
        relation.column(name, place);
        needed.add(name);
    }

    /** Aggregates of one table by one link and the same filters. */
    static final class Figures {
        final String name;
        final List<String> expressions = new ArrayList<>();
        final Set<String> columns = new LinkedHashSet<>();

        /** Where its expression stands among {@link Level#below}. */
        int at;

        Figures(String name) {
            this.name = name;
        }

        /** Adds an expression, unless it is there, and returns where its value is found. */
        String value(String expression) {
            int number = expressions.indexOf(expression);
            if (number < 0) {
                number = expressions.size();
                expressions.add(expression);
            }
            return name + ".\"#v" + (number + 1) + "\"";
        }

        /** The values with their names, each after a comma. */
        String list() {
            var list = new StringBuilder();
            for (int i = 0; i < expressions.size(); i++) {
                list.append(", ")
                        .append(expressions.get(i))
                        .append(" AS \"#v")
                        .append(i + 1)
                        .append('"');
            }
            return list.toString();
        }
    }
}
