package dev.flusso.postgres.inspect;

import java.util.Locale;

/**
 * How much of a table is read: all of it where that is cheap, else so many pages, taken by chance.
 *
 * @param mostBytes of one table
 */
record Scan(long mostBytes) {

    static final Scan CHEAP = new Scan(64L << 20);

    boolean isWhole(TableFacts table) {
        return table.bytes() <= mostBytes;
    }

    /** The {@code TABLESAMPLE} for it, with a blank before it; empty where the whole table is read. */
    String sql(TableFacts table) {
        return isWhole(table) ? "" : String.format(Locale.ROOT, " TABLESAMPLE SYSTEM (%.5f)", percent(table));
    }

    /** What was looked at, for people. */
    String seen(TableFacts table) {
        return isWhole(table)
                ? "all were looked at"
                : String.format(Locale.ROOT, "%.2g %% of its pages were looked at, taken by chance", percent(table));
    }

    private double percent(TableFacts table) {
        return 100.0 * mostBytes / table.bytes();
    }
}
