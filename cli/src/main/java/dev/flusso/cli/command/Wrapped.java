package dev.flusso.cli.command;

/** Text broken between words, so that it is readable on a terminal of 80 columns. */
final class Wrapped {

    private static final int COLUMNS = 80;
    private static final String INDENT = "  ";

    private Wrapped() {}

    /**
     * The text over as many lines as it takes; those after the first are indented. A word that is too long stays whole.
     *
     * @param taken how many columns of the first line are taken already
     */
    static String after(int taken, String text) {
        var broken = new StringBuilder();
        int column = taken;
        for (var word : text.split(" ", -1)) {
            boolean first = broken.isEmpty();
            if (!first && column + 1 + word.length() > COLUMNS) {
                broken.append('\n').append(INDENT);
                column = INDENT.length();
            } else if (!first) {
                broken.append(' ');
                column++;
            }
            broken.append(word);
            column += word.length();
        }
        return broken.toString();
    }
}
