package dev.flusso.schema.parse;

import dev.flusso.schema.TableRef;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Names as SQL reads them: without quotes they fold to lower case, in double quotes they are taken exactly. Postgres cuts a name at 63
 * bytes in silence; here a longer one is refused.
 */
final class Names {

    static final int MOST_BYTES = 63;
    static final String LOWER =
            "a lower-case name of letters, digits and '_' that begins with no digit, at most 63 bytes";

    private static final Pattern UNQUOTED = Pattern.compile("[A-Za-z_][A-Za-z0-9_$]*");
    private static final Pattern LOWER_CASE = Pattern.compile("[a-z_][a-z0-9_]*");
    private static final Pattern DOCUMENT_KEY = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");

    private Names() {}

    static boolean isLowerCase(String name) {
        return LOWER_CASE.matcher(name).matches() && name.length() <= MOST_BYTES;
    }

    static boolean isDocumentKey(String name) {
        return DOCUMENT_KEY.matcher(name).matches() && name.length() <= MOST_BYTES;
    }

    /** A column that is not given: the document key, lower-cased. */
    static String columnOf(String documentKey) {
        return documentKey.toLowerCase(Locale.ROOT);
    }

    /** A column's name as it must be typed so that it is read as this one. */
    static String typed(String name) {
        return UNQUOTED.matcher(name).matches() && name.equals(name.toLowerCase(Locale.ROOT))
                ? name
                : TableRef.quoted(name);
    }

    /** One name, as the catalog spells it; notes a problem and is empty when it is none. */
    static Optional<String> column(Table table, String key, Node found) {
        var typed = Table.text(found);
        if (typed.isEmpty()) {
            table.wrong(key, found, "a name");
            return Optional.empty();
        }
        var parts = parts(typed.orElseThrow().strip());
        if (parts.problem == null && parts.names.size() > 1) {
            table.wrong(key, found, "one name without a dot; a name that has a dot is written '\"like.this\"'");
            return Optional.empty();
        }
        return first(table, key, found, parts);
    }

    /** A name or {@code schema.name}; notes a problem and is empty when it is neither. */
    static Optional<TableRef> table(Table table, String key, Node found, String defaultSchema) {
        var typed = Table.text(found);
        if (typed.isEmpty()) {
            table.wrong(key, found, "a table's name");
            return Optional.empty();
        }
        var parts = parts(typed.orElseThrow().strip());
        if (parts.problem == null && parts.names.size() > 2) {
            table.wrong(key, found, "a table's name, alone or as schema.table");
            return Optional.empty();
        }
        return first(table, key, found, parts)
                .map(name -> parts.names.size() == 2
                        ? new TableRef(name, parts.names.get(1))
                        : new TableRef(defaultSchema, name));
    }

    private static Optional<String> first(Table table, String key, Node found, Parts parts) {
        if (parts.problem != null) {
            table.wrong(key, found, parts.problem);
            return Optional.empty();
        }
        return Optional.of(parts.names.get(0));
    }

    /** @param problem what was expected; null when the names are good */
    private record Parts(List<String> names, @Nullable String problem) {}

    private static Parts parts(String typed) {
        var names = new ArrayList<String>();
        int at = 0;
        while (true) {
            var name = new StringBuilder();
            if (at < typed.length() && typed.charAt(at) == '"') {
                at = quoted(typed, at + 1, name);
                if (at < 0) {
                    return new Parts(List.of(), "a closing double quote at the end of the name");
                }
            } else {
                int dot = typed.indexOf('.', at);
                int end = dot < 0 ? typed.length() : dot;
                name.append(typed, at, end);
                at = end;
                if (!UNQUOTED.matcher(name).matches()) {
                    return new Parts(List.of(), unquotedProblem(name.toString()));
                }
                name = new StringBuilder(name.toString().toLowerCase(Locale.ROOT));
            }
            if (name.isEmpty() || name.indexOf("\0") >= 0) {
                return new Parts(List.of(), "a name that is not empty");
            }
            if (name.toString().getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
                return new Parts(List.of(), "a name of at most " + MOST_BYTES + " bytes, the most Postgres keeps");
            }
            names.add(name.toString());
            if (at == typed.length()) {
                return new Parts(List.copyOf(names), null);
            }
            if (typed.charAt(at) != '.') {
                return new Parts(List.of(), "nothing, or a dot and another name, behind the closing double quote");
            }
            at++;
        }
    }

    private static String unquotedProblem(String name) {
        return name.isBlank()
                ? "a name that is not empty"
                : "letters, digits and '_', or the exact name in double quotes: '" + TableRef.quoted(name) + "'";
    }

    /** Reads up to behind the closing quote; -1 when there is none. */
    private static int quoted(String typed, int start, StringBuilder name) {
        for (int at = start; at < typed.length(); at++) {
            if (typed.charAt(at) != '"') {
                name.append(typed.charAt(at));
            } else if (at + 1 < typed.length() && typed.charAt(at + 1) == '"') {
                name.append('"');
                at++;
            } else {
                return at + 1;
            }
        }
        return -1;
    }
}
