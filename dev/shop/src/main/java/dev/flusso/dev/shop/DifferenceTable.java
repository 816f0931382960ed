package dev.flusso.dev.shop;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes as lines for people: where, before, after, each column as wide as it must be; what only came or only went has no other side to
 * be beside of.
 *
 * <pre>
 *   orderCount         4     →  5
 *   spent              9.90  →  71.38
 *   orders[id=6001]    +  {"id":6001,"status":"new","total":61.48}
 * </pre>
 */
final class DifferenceTable {

    private static final int LEAST_VALUE = 24;
    private static final String GAP = "  ";
    private static final String BECOMES = "  →  ";

    private DifferenceTable() {}

    /**
     * @param maxRows further changes are counted in a last line
     * @param columns how wide a line may be; longer values end in an ellipsis
     */
    static List<String> lines(List<Change> changes, int maxRows, int columns) {
        var shown = changes.subList(0, Math.min(maxRows, changes.size()));
        var pathWidth =
                shown.stream().mapToInt(change -> length(change.path())).max().orElse(0);
        var room = columns - pathWidth - (pathWidth == 0 ? 0 : GAP.length());
        var twoValues = room - BECOMES.length();
        var widestBefore = shown.stream()
                .filter(DifferenceTable::hasBoth)
                .mapToInt(change -> length(text(change.before())))
                .max()
                .orElse(0);
        var widestAfter = shown.stream()
                .filter(DifferenceTable::hasBoth)
                .mapToInt(change -> length(text(change.after())))
                .max()
                .orElse(0);
        var beforeWidth =
                Math.min(widestBefore, Math.max(LEAST_VALUE, twoValues - Math.min(widestAfter, twoValues / 2)));
        var afterWidth = Math.max(LEAST_VALUE, twoValues - beforeWidth);
        var lines = new ArrayList<String>();
        for (var change : shown) {
            lines.add((pathWidth == 0 ? "" : padded(change.path(), pathWidth) + GAP)
                    + (hasBoth(change)
                            ? padded(cut(text(change.before()), beforeWidth), beforeWidth)
                                    + BECOMES
                                    + cut(text(change.after()), afterWidth)
                            : oneSide(change, Math.max(LEAST_VALUE, room - 3))));
        }
        if (shown.size() < changes.size()) {
            lines.add("… and " + (changes.size() - shown.size()) + " more places");
        }
        return lines;
    }

    private static boolean hasBoth(Change change) {
        return change.before() != null && change.after() != null;
    }

    private static String oneSide(Change change, int width) {
        return change.before() == null
                ? "+  " + cut(text(change.after()), width)
                : "-  " + cut(text(change.before()), width);
    }

    private static String text(@Nullable JsonNode value) {
        return value == null ? "" : value.toString();
    }

    /** In characters as a terminal shows them, near enough: a surrogate pair is one. */
    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - length(text)));
    }

    /** At most {@code width} characters, the last an ellipsis when some are left out. */
    static String cut(String text, int width) {
        return length(text) <= width ? text : text.substring(0, text.offsetByCodePoints(0, width - 1)) + "…";
    }
}
