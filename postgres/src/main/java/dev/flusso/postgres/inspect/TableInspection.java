package dev.flusso.postgres.inspect;

import dev.flusso.postgres.inspect.DatabaseFinding.Severity;
import dev.flusso.schema.Place;
import dev.flusso.schema.TableRef;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether tables and columns are there, can be read, and can be followed. */
final class TableInspection {

    private final Map<TableRef, TableFacts> facts;
    private final Map<TableRef, TableRef> near;
    private final String role;
    private final Findings findings;

    /** @param near what a table that is not there may have been meant to be */
    TableInspection(Map<TableRef, TableFacts> facts, Map<TableRef, TableRef> near, String role, Findings findings) {
        this.facts = facts;
        this.near = near;
        this.role = role;
        this.findings = findings;
    }

    /** The table, unless there is none; what is wrong with it is said once. */
    Optional<TableFacts> table(TableRef table, Place place) {
        var found = facts.get(table);
        if (found == null) {
            findings.error(
                    place,
                    "there is no table " + table + " in the database" + nearest(table),
                    "create it, or name an existing one; unquoted names are lower case, other schemas are written"
                            + " schema.table");
            return Optional.empty();
        }
        if (!found.isTable()) {
            once(
                    Severity.ERROR,
                    place,
                    table + " is " + found.what() + ", and changes of it are not replicated",
                    "name the table that holds the rows");
            return Optional.of(found);
        }
        rights(found, place);
        changes(found, place);
        return Optional.of(found);
    }

    private String nearest(TableRef table) {
        var other = near.get(table);
        return other == null ? "" : "; there is " + other.sql();
    }

    private void rights(TableFacts found, Place place) {
        var sql = found.table().sql();
        if (!found.rights().schemaUsable()) {
            once(
                    Severity.ERROR,
                    place,
                    "role " + role + " may not use schema " + found.table().schema(),
                    "GRANT USAGE ON SCHEMA " + TableRef.quoted(found.table().schema()) + " TO " + TableRef.quoted(role)
                            + ";\nGRANT SELECT ON " + sql + " TO " + TableRef.quoted(role) + ";");
        } else if (found.columns().values().stream().noneMatch(ColumnFacts::readable)
                && !found.columns().isEmpty()) {
            once(
                    Severity.ERROR,
                    place,
                    "role " + role + " may not read " + found.table(),
                    "GRANT SELECT ON " + sql + " TO " + TableRef.quoted(role) + ";");
        }
        if (found.rights().policed()) {
            once(
                    Severity.ERROR,
                    place,
                    found.table() + " has row-level security, which hides rows from role " + role,
                    "ALTER ROLE " + TableRef.quoted(role) + " BYPASSRLS;");
        }
    }

    private void changes(TableFacts found, Place place) {
        if (found.unlogged()) {
            once(
                    Severity.ERROR,
                    place,
                    found.table() + " is unlogged, and changes of it are not replicated",
                    "ALTER TABLE " + found.table().sql() + " SET LOGGED;");
        }
        if (found.heirs() > 0) {
            once(
                    Severity.ERROR,
                    place,
                    found.heirs() + " tables inherit from " + found.table()
                            + ": their rows are read with it, but changes of them are not followed",
                    "use declarative partitioning, or end it: ALTER TABLE … NO INHERIT "
                            + found.table().sql() + ";");
        }
        if (found.partitioned()) {
            once(
                    Severity.NOTE,
                    place,
                    found.table() + " is partitioned (" + found.leaves().size()
                            + " partitions with rows): attaching, detaching or dropping one builds the index anew",
                    "");
            found.leaves().forEach(leaf -> leaf(found, leaf, place));
        }
        if (found.primaryKey().isEmpty()) {
            once(
                    Severity.WARNING,
                    place,
                    found.table() + " has no primary key: only REPLICA IDENTITY FULL lets its changes be followed, and"
                            + " each UPDATE and DELETE writes the whole old row to the log",
                    "ALTER TABLE " + found.table().sql() + " ADD PRIMARY KEY (…);");
        }
    }

    private void leaf(TableFacts found, TableFacts.Leaf leaf, Place place) {
        var whose = "partition " + leaf.table() + " of " + found.table();
        if (leaf.unlogged()) {
            once(
                    Severity.ERROR,
                    place,
                    whose + " is unlogged, and changes of it are not replicated",
                    "ALTER TABLE " + leaf.table().sql() + " SET LOGGED;");
        } else if (!leaf.kind().equals("r")) {
            once(
                    Severity.ERROR,
                    place,
                    whose + " is a foreign table, and changes of it are not replicated",
                    "ALTER TABLE " + found.table().sql() + " DETACH PARTITION "
                            + leaf.table().sql() + "; -- or move its rows into a table here");
        }
    }

    private void once(Severity severity, Place place, String message, String fix) {
        findings.once(new DatabaseFinding(severity, place, message, fix));
    }

    /** Whether all are there. */
    boolean columns(TableFacts table, Collection<String> names, Place place) {
        return names.stream()
                        .filter(name -> column(table, name, place).isEmpty())
                        .count()
                == 0;
    }

    /** The column, unless there is none. */
    Optional<ColumnFacts> column(@Nullable TableFacts table, String name, Place place) {
        if (table == null) {
            return Optional.empty();
        }
        var column = table.column(name);
        if (column.isEmpty()) {
            findings.error(
                    place,
                    "table " + table.table() + " has no column '" + name + "'" + nearest(table, name),
                    "name an existing column, or run: ALTER TABLE "
                            + table.table().sql() + " ADD COLUMN " + TableRef.quoted(name) + " …;");
            return Optional.empty();
        }
        boolean anyReadable = table.columns().values().stream().anyMatch(ColumnFacts::readable);
        if (!column.get().readable() && anyReadable) {
            findings.error(
                    place,
                    "role " + role + " may not read column '" + name + "' of " + table.table(),
                    "GRANT SELECT ON " + table.table().sql() + " TO " + TableRef.quoted(role) + ";");
        }
        return column;
    }

    private static String nearest(TableFacts table, String name) {
        return table.columns().keySet().stream()
                .filter(other -> other.equalsIgnoreCase(name))
                .findFirst()
                .map(other -> "; there is '" + other + "', whose case is kept when it is written '\"" + other + "\"'")
                .orElseGet(() -> table.columns().isEmpty()
                        ? ""
                        : ", only " + String.join(", ", table.columns().keySet()));
    }
}
