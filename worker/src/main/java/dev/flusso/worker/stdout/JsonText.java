package dev.flusso.worker.stdout;

import java.io.ByteArrayOutputStream;

/** JSON text treated as text: no number loses a digit, no string is decoded. Takes well-formed JSON in UTF-8. */
final class JsonText {

    private JsonText() {}

    /** A string with quotes and escapes. */
    static String quoted(String text) {
        var quoted = new StringBuilder(text.length() + 2).append('"');
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < 0x20) {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    /** How many keys the object has on its own level. */
    static int fields(byte[] json) {
        var fields = 0;
        var depth = 0;
        for (var i = 0; i < json.length; i++) {
            switch (json[i]) {
                case '"' -> i = endOfString(json, i);
                case '{', '[' -> depth++;
                case '}', ']' -> depth--;
                case ':' -> fields += depth == 1 ? 1 : 0;
                default -> {}
            }
        }
        return fields;
    }

    /** The same JSON over several lines, two spaces a level; empty objects and arrays stay together. Keeps a final line feed. */
    static byte[] indented(byte[] json) {
        var out = new ByteArrayOutputStream(json.length * 2);
        var depth = 0;
        for (var i = 0; i < json.length; i++) {
            var b = json[i];
            switch (b) {
                case '"' -> {
                    var end = endOfString(json, i);
                    out.write(json, i, end - i + 1);
                    i = end;
                }
                case '{', '[' -> {
                    out.write(b);
                    var next = afterSpace(json, i + 1);
                    if (json[next] == '}' || json[next] == ']') {
                        out.write(json[next]);
                        i = next;
                    } else {
                        newLine(out, ++depth);
                    }
                }
                case '}', ']' -> {
                    newLine(out, --depth);
                    out.write(b);
                }
                case ',' -> {
                    out.write(b);
                    newLine(out, depth);
                }
                case ':' -> {
                    out.write(b);
                    out.write(' ');
                }
                case ' ', '\t', '\r' -> {}
                case '\n' -> {
                    if (i == json.length - 1) {
                        out.write(b);
                    }
                }
                default -> out.write(b);
            }
        }
        return out.toByteArray();
    }

    /** The place of the quote that ends the string which begins at {@code start}. */
    private static int endOfString(byte[] json, int start) {
        var i = start + 1;
        while (json[i] != '"') {
            i += json[i] == '\\' ? 2 : 1;
        }
        return i;
    }

    private static int afterSpace(byte[] json, int from) {
        var i = from;
        while (json[i] == ' ' || json[i] == '\t' || json[i] == '\r' || json[i] == '\n') {
            i++;
        }
        return i;
    }

    private static void newLine(ByteArrayOutputStream out, int depth) {
        out.write('\n');
        for (var i = 0; i < depth; i++) {
            out.write(' ');
            out.write(' ');
        }
    }
}
