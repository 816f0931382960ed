package dev.flusso.postgres.document;

import dev.flusso.schema.TableRef;
import java.util.List;

/** Pieces of SQL text. */
final class SqlText {

    private SqlText() {}

    /** A string literal; relies on {@code standard_conforming_strings}. */
    static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    static String name(String identifier) {
        return TableRef.quoted(identifier);
    }

    /** {@code alias."column"}. */
    static String column(String alias, String column) {
        return alias + "." + name(column);
    }

    /**
     * The pieces one after the other. A balanced tree of {@code ||}: a chain would copy a long first piece once for each that follows,
     * and functions take at most a hundred arguments.
     */
    static String concatenated(List<String> pieces) {
        if (pieces.isEmpty()) {
            return "''";
        }
        if (pieces.size() == 1) {
            return pieces.get(0);
        }
        int middle = pieces.size() / 2;
        return "(" + concatenated(pieces.subList(0, middle)) + " || "
                + concatenated(pieces.subList(middle, pieces.size())) + ")";
    }

    /**
     * SQL a user wrote, for a driver that takes every {@code ?} outside of quotes and comments for a parameter: those are doubled.
     */
    static String escaped(String raw) {
        var out = new StringBuilder(raw.length() + 8);
        int i = 0;
        while (i < raw.length()) {
            int end = quotedEnd(raw, i);
            if (end > i) {
                out.append(raw, i, end);
                i = end;
            } else {
                char c = raw.charAt(i++);
                out.append(c == '?' ? "??" : String.valueOf(c));
            }
        }
        return out.toString();
    }

    /** Where the string, quoted name or comment that begins at {@code i} ends; {@code i} when none begins there. */
    private static int quotedEnd(String sql, int i) {
        char c = sql.charAt(i);
        if (c == '\'') {
            boolean escapes = i > 0
                    && (sql.charAt(i - 1) == 'e' || sql.charAt(i - 1) == 'E')
                    && (i < 2 || !isNamePart(sql.charAt(i - 2)));
            return stringEnd(sql, i + 1, '\'', escapes);
        }
        if (c == '"') {
            return stringEnd(sql, i + 1, '"', false);
        }
        if (sql.startsWith("--", i)) {
            int end = sql.indexOf('\n', i);
            return end < 0 ? sql.length() : end;
        }
        if (sql.startsWith("/*", i)) {
            return commentEnd(sql, i + 2);
        }
        if (c == '$' && (i == 0 || !isNamePart(sql.charAt(i - 1)))) {
            int tagEnd = i + 1;
            while (tagEnd < sql.length() && isNamePart(sql.charAt(tagEnd))) {
                tagEnd++;
            }
            if (tagEnd < sql.length() && sql.charAt(tagEnd) == '$') {
                var tag = sql.substring(i, tagEnd + 1);
                int end = sql.indexOf(tag, tagEnd + 1);
                return end < 0 ? sql.length() : end + tag.length();
            }
        }
        return i;
    }

    private static int stringEnd(String sql, int from, char quote, boolean escapes) {
        for (int i = from; i < sql.length(); i++) {
            char c = sql.charAt(i);
            if (escapes && c == '\\') {
                i++;
            } else if (c == quote) {
                return i + 1; // a doubled quote simply begins the next string
            }
        }
        return sql.length();
    }

    private static int commentEnd(String sql, int from) {
        int depth = 1;
        for (int i = from; i < sql.length(); i++) {
            if (sql.startsWith("*/", i)) {
                i++;
                if (--depth == 0) {
                    return i + 1;
                }
            } else if (sql.startsWith("/*", i)) {
                i++;
                depth++;
            }
        }
        return sql.length();
    }

    private static boolean isNamePart(char c) {
        return c == '_' || Character.isLetterOrDigit(c);
    }
}
