package dev.flusso.dev.shop;

import java.io.PrintStream;
import java.util.Locale;

/** What the demo says, line by line. Any thread may write; lines never mix. */
final class Console {

    private final PrintStream out;
    private final boolean colours;
    private final int columns;
    private boolean inProgress;
    private boolean silent;

    /**
     * @param colours whether {@code out} is a terminal that may be coloured; progress is shown in place on one only
     * @param columns how wide a line may be
     */
    Console(PrintStream out, boolean colours, int columns) {
        this.out = out;
        this.colours = colours;
        this.columns = columns;
    }

    int columns() {
        return columns;
    }

    /** A new part of the demo. */
    synchronized void title(String format, Object... values) {
        var text = text(format, values);
        print("");
        print(Colour.BOLD, "── " + text + " " + "─".repeat(Math.max(3, Math.min(columns, 100) - text.length() - 4)));
    }

    synchronized void say(String format, Object... values) {
        print("   " + text(format, values));
    }

    /** A statement as it is sent to the database. */
    synchronized void sql(String statement) {
        statement.lines().forEach(line -> print(Colour.CYAN, "   sql> " + line));
    }

    /** A line of a table or an example, shown as it is. */
    synchronized void detail(Colour colour, String line) {
        print(colour, "     " + line);
    }

    synchronized void passed(String format, Object... values) {
        print(Colour.GREEN, "   ✔ " + text(format, values));
    }

    synchronized void failed(String format, Object... values) {
        print(Colour.RED, "   ✘ " + text(format, values));
    }

    /** A line another program wrote. */
    synchronized void quote(String program, Colour ofProgram, Colour ofText, String line) {
        var prefix = String.format(Locale.ROOT, "%10s │ ", program);
        var rest = DifferenceTable.cut(line, Math.max(40, columns - prefix.length()));
        print(paint(ofProgram, prefix) + paint(ofText, rest));
    }

    /** How far something is; on a terminal the next one, or any other line, takes its place. */
    synchronized void progress(String format, Object... values) {
        if (colours && !silent) {
            out.print("\r\u001b[2K   " + DifferenceTable.cut(text(format, values), columns - 4));
            out.flush();
            inProgress = true;
        }
    }

    /** A line by itself at the left, without any colour, for programs that read us. */
    synchronized void last(String line) {
        print("");
        print(line);
    }

    /** Nothing more is shown: what is being torn down would only complain. */
    synchronized void hush() {
        if (inProgress) {
            out.println();
            inProgress = false;
        }
        silent = true;
    }

    /** One line more although {@link #hush} was called. */
    synchronized void farewell(String line) {
        out.println(line);
        out.flush();
    }

    private void print(Colour colour, String line) {
        print(paint(colour, line));
    }

    private void print(String line) {
        if (silent) {
            return;
        }
        if (inProgress) {
            out.print("\r\u001b[2K");
            inProgress = false;
        }
        out.println(line);
        out.flush();
    }

    private String paint(Colour colour, String text) {
        return colours ? colour.of(text) : text;
    }

    private static String text(String format, Object... values) {
        return values.length == 0 ? format : String.format(Locale.ROOT, format, values);
    }
}
