package dev.flusso.schema.parse;

import java.util.Collection;
import java.util.Locale;

/** Guesses what a mistyped word was meant to be. */
final class Nearest {

    private Nearest() {}

    /** {@code , did you mean 'column'?}, or nothing when no word is near. */
    static String hint(String typed, Collection<String> known) {
        var best = "";
        var bestDistance = Integer.MAX_VALUE;
        for (var word : known) {
            var distance = distance(plain(typed), plain(word));
            if (distance < bestDistance) {
                bestDistance = distance;
                best = word;
            }
        }
        var allowed = Math.max(1, Math.min(typed.length(), best.length()) / 3);
        return best.isEmpty() || bestDistance > allowed ? "" : ", did you mean '" + best + "'?";
    }

    /** Case, and whether words are joined by {@code -} or {@code _} or not at all, count for nothing. */
    private static String plain(String word) {
        return word.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
    }

    /** How many letters must be changed, added, taken away or swapped with their neighbour. */
    private static int distance(String left, String right) {
        if (Math.abs(left.length() - right.length()) > 8 || left.length() > 80) {
            return Integer.MAX_VALUE;
        }
        var table = new int[left.length() + 1][right.length() + 1];
        for (int row = 0; row <= left.length(); row++) {
            for (int column = 0; column <= right.length(); column++) {
                if (row == 0 || column == 0) {
                    table[row][column] = row + column;
                    continue;
                }
                int change = left.charAt(row - 1) == right.charAt(column - 1) ? 0 : 1;
                int least = Math.min(
                        table[row - 1][column - 1] + change,
                        1 + Math.min(table[row - 1][column], table[row][column - 1]));
                if (row > 1
                        && column > 1
                        && left.charAt(row - 1) == right.charAt(column - 2)
                        && left.charAt(row - 2) == right.charAt(column - 1)) {
                    least = Math.min(least, table[row - 2][column - 2] + 1);
                }
                table[row][column] = least;
            }
        }
        return table[left.length()][right.length()];
    }
}
