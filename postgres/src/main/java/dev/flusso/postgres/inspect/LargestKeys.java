package dev.flusso.postgres.inspect;

import dev.flusso.schema.DocumentSchema;
import dev.flusso.schema.Field;
import dev.flusso.schema.Link;
import dev.flusso.schema.TableRef;
import dev.flusso.worker.Key;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds the documents that are likely to be the largest: of the largest rows, and of those with the most in each table joined to the root;
 * a few more by chance. One thread.
 */
final class LargestKeys {

    private static final int ROWS = 40;
    private static final int PARENTS = 10;
    private static final int BY_CHANCE = 50;

    private final Connection connection;
    private final Map<TableRef, TableFacts> facts;
    private final Scan scan;
    private final Set<String> ways = new LinkedHashSet<>();

    LargestKeys(Connection connection, Map<TableRef, TableFacts> facts, Scan scan) {
        this.connection = connection;
        this.scan = scan;
        this.facts = facts;
    }

    /** By what they were chosen, for people. */
    String ways() {
        return String.join(", ", ways);
    }

    /** @param root the table of the schema */
    Set<Key> of(DocumentSchema schema, TableFacts root) throws SQLException {
        var keys = new LinkedHashSet<Key>();
        ask(largest(root, schema.primaryKey()), schema, "the largest rows", keys);
        for (var field : schema.fields()) {
            joined(schema, root, field, keys);
        }
        ask(byChance(root, schema.primaryKey()), schema, "some by chance", keys);
        return keys;
    }

    private void joined(DocumentSchema schema, TableFacts root, Field field, Set<Key> keys) throws SQLException {
        switch (field.kind()) {
            case OBJECT -> {
                for (var inner : ((Field.Group) field).fields()) {
                    joined(schema, root, inner, keys);
                }
            }
            case JOIN -> {
                var join = (Field.Join) field;
                most(schema, root, join.table(), join.link(), keys);
            }
            case IDS -> most(schema, root, ((Field.Ids) field).table(), ((Field.Ids) field).link(), keys);
            case LEAF, CUSTOM, GEO, MAP, AGGREGATE, CONSTANT -> {
                // takes the same room in every document
            }
        }
    }

    private void most(DocumentSchema schema, TableFacts root, TableRef table, Link link, Set<Key> keys)
            throws SQLException {
        if (link instanceof Link.ForeignKey foreign) {
            most(schema, root, table, foreign.columns(), keys);
        } else if (link instanceof Link.Through through) {
            most(schema, root, through.table(), through.leftKey(), keys);
        }
    }

    private void most(DocumentSchema schema, TableFacts root, TableRef table, List<String> references, Set<Key> keys)
            throws SQLException {
        var found = facts.get(table);
        if (found != null && isReadable(found) && sameTypes(root, schema.primaryKey(), found, references)) {
            ask(
                    "SELECT " + texts("t", references) + " FROM "
                            + found.table().sql() + " t"
                            + scan.sql(found) + " WHERE " + present("t", references) + " GROUP BY "
                            + columns("t", references) + " ORDER BY sum(" + RowInspection.width(found, "t")
                            + ") DESC LIMIT " + PARENTS,
                    schema,
                    "those with the most in " + table,
                    keys);
        }
    }

    /** Only then the text of a reference is one of the key too. */
    private static boolean sameTypes(TableFacts root, List<String> key, TableFacts other, List<String> references) {
        for (int i = 0; i < key.size(); i++) {
            var one = root.column(key.get(i)).map(ColumnFacts::base);
            if (one.isEmpty() || !one.equals(other.column(references.get(i)).map(ColumnFacts::base))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isReadable(TableFacts table) {
        return table.isTable()
                && !table.rights().policed()
                && table.columns().values().stream().anyMatch(ColumnFacts::readable);
    }

    private String largest(TableFacts root, List<String> key) {
        return "SELECT " + texts("t", key) + " FROM " + root.table().sql() + " t" + scan.sql(root) + " WHERE "
                + present("t", key) + " ORDER BY " + RowInspection.width(root, "t") + " DESC LIMIT " + ROWS;
    }

    private static String byChance(TableFacts root, List<String> key) {
        double percent = root.rows() > 20L * BY_CHANCE ? Math.max(0.001, 400.0 * BY_CHANCE / root.rows()) : 100;
        return "SELECT " + texts("t", key) + " FROM " + root.table().sql() + " t TABLESAMPLE SYSTEM (" + percent
                + ") WHERE " + present("t", key) + " LIMIT " + BY_CHANCE;
    }

    private static String texts(String alias, List<String> columns) {
        return columns.stream()
                .map(name -> alias + "." + TableRef.quoted(name) + "::text")
                .collect(Collectors.joining(", "));
    }

    private static String columns(String alias, List<String> columns) {
        return columns.stream().map(name -> alias + "." + TableRef.quoted(name)).collect(Collectors.joining(", "));
    }

    private static String present(String alias, List<String> columns) {
        return columns.stream()
                .map(name -> alias + "." + TableRef.quoted(name) + " IS NOT NULL")
                .collect(Collectors.joining(" AND "));
    }

    /** What cannot be asked is left out: the rest says enough. */
    private void ask(String sql, DocumentSchema schema, String way, Set<Key> keys) throws SQLException {
        var savepoint = connection.setSavepoint();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                var parts = new ArrayList<String>();
                for (int i = 1; i <= schema.primaryKey().size(); i++) {
                    parts.add(rows.getString(i));
                }
                keys.add(new Key(parts));
                ways.add(way);
            }
        } catch (SQLException e) {
            connection.rollback(savepoint);
        }
    }
}
