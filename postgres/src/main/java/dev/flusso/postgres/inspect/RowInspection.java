package dev.flusso.postgres.inspect;

import dev.flusso.postgres.inspect.LongTexts.Spot;
import dev.flusso.schema.Place;
import dev.flusso.schema.TableRef;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Measures the rows of a table by one statement: all of them where that is cheap, else those of so many pages, taken by chance. Sizes are
 * those on disk, compressed where Postgres has done so. One thread.
 */
final class RowInspection {

    /** The longest term Lucene takes; a document with a longer one is rejected. */
    private static final long LONGEST_TERM = 32_766;

    /** What is shorter on disk cannot be longer than a term when it is unpacked. */
    private static final int SHORT_ON_DISK = 100;

    private final Connection connection;
    private final Scan scan;
    private final Findings findings;

    RowInspection(Connection connection, Scan scan, Findings findings) {
        this.connection = connection;
        this.scan = scan;
        this.findings = findings;
    }

    /** What a row takes on disk, as SQL; only columns we may read count. */
    static String width(TableFacts table, String alias) {
        var parts = table.columns().values().stream()
                .filter(ColumnFacts::readable)
                .map(column -> "coalesce(pg_column_size(" + alias + "." + TableRef.quoted(column.name()) + "), 0)")
                .collect(Collectors.joining(" + "));
        return "(" + (parts.isEmpty() ? "0" : parts) + ")::bigint";
    }

    /**
     * Says how large its rows are, and which of its texts are too long for their field.
     *
     * @param place where the table is first named
     */
    void inspect(TableFacts table, List<Spot> texts, Place place) throws SQLException {
        if (!table.isTable()
                || table.rights().policed()
                || table.columns().values().stream().noneMatch(ColumnFacts::readable)) {
            return;
        }
        var savepoint = connection.setSavepoint();
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(sql(table, texts))) {
            row.next();
            told(table, row.getLong(1), row.getLong(2), place);
            for (int i = 0; i < texts.size(); i++) {
                text(table, texts.get(i), row.getLong(3 + i));
            }
        } catch (SQLException e) {
            connection.rollback(savepoint);
            findings.note(place, table.table() + ": its rows could not be measured: " + e.getMessage(), "");
        }
    }

    private String sql(TableFacts table, List<Spot> texts) {
        var columns = new ArrayList<>(List.of("count(*)", "coalesce(max(" + width(table, "t") + "), 0)"));
        for (var spot : texts) {
            var column = "t." + TableRef.quoted(spot.column());
            columns.add("coalesce(max(CASE WHEN pg_column_size(" + column + ") > " + SHORT_ON_DISK
                    + " THEN octet_length(" + column + "::text) END), 0)");
        }
        return "SELECT " + String.join(", ", columns) + " FROM " + table.table().sql() + " t" + scan.sql(table);
    }

    private void told(TableFacts table, long seen, long largest, Place place) {
        if (seen == 0) {
            return;
        }
        findings.once(new DatabaseFinding(
                DatabaseFinding.Severity.NOTE,
                place,
                table.table() + ": " + rows(table, seen) + "; the largest has " + ByteText.of(largest) + " on disk ("
                        + scan.seen(table) + ")",
                ""));
    }

    private String rows(TableFacts table, long seen) {
        if (scan.isWhole(table)) {
            return seen + (seen == 1 ? " row" : " rows");
        }
        return table.rows() < 0 ? "an unknown number of rows" : "about " + table.rows() + " rows";
    }

    private void text(TableFacts table, Spot spot, long bytes) {
        if (bytes > LONGEST_TERM) {
            findings.warning(
                    spot.place(),
                    "'" + spot.field() + "': column '" + spot.column() + "' of " + table.table() + " holds a value of "
                            + bytes + " bytes, and a " + spot.key() + " field takes " + LONGEST_TERM
                            + " at most: its document is rejected",
                    "write its type key as text, or let it be found only when it is short: options: {ignore_above: 8191}");
        }
    }
}
