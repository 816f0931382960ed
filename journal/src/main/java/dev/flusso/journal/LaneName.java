package dev.flusso.journal;

/**
 * One index in one sink, written {@code primary/users}.
 *
 * @param sink the sink's name in the config
 * @param index the index' name in the config
 */
public record LaneName(String sink, String index) implements Comparable<LaneName> {

    public LaneName {
        if (!isIdentifier(sink) || !isIdentifier(index)) {
            throw new IllegalArgumentException("'" + sink + "/" + index
                    + "' is not a lane, expected <sink>/<index>, each a letter followed by letters, digits, _ or -");
        }
    }

    /** Reads {@code <sink>/<index>}; anything else is refused. */
    public static LaneName parse(String text) {
        var slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("'" + text + "' is not a lane, expected <sink>/<index>");
        }
        return new LaneName(text.substring(0, slash), text.substring(slash + 1));
    }

    @Override
    public int compareTo(LaneName other) {
        var bySink = sink.compareTo(other.sink);
        return bySink != 0 ? bySink : index.compareTo(other.index);
    }

    @Override
    public String toString() {
        return sink + "/" + index;
    }

    /** What may be a folder's name: the config is stricter, this only keeps a lane inside its journal. */
    private static boolean isIdentifier(String part) {
        return !part.isEmpty()
                && part.charAt(0) != '.'
                && part.chars()
                        .allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '.'));
    }
}
