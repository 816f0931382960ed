package dev.flusso.dev.servers;

import java.util.ArrayList;
import java.util.List;

/** Takes an array of a JSON object apart without looking into its elements; a JSON library would come onto everybody's classpath. */
final class JsonArray {

    private JsonArray() {}

    /** The elements, as text, of the array that is the value of {@code key} in the outermost object; none when there is no such array. */
    static List<String> elements(String json, String key) {
        var elements = new ArrayList<String>();
        var depth = 0;
        var inArray = false;
        var begin = -1;
        for (var at = 0; at < json.length(); at++) {
            switch (json.charAt(at)) {
                case '"' -> {
                    var end = endOfString(json, at);
                    if (depth == 1 && !inArray && json.substring(at + 1, end).equals(key)) {
                        var bracket = arrayAfter(json, end + 1);
                        if (bracket > 0) {
                            inArray = true;
                            depth = 2;
                            begin = bracket + 1;
                            end = bracket;
                        }
                    }
                    at = end;
                }
                case '{', '[' -> depth++;
                case '}', ']' -> {
                    depth--;
                    if (inArray && depth == 1) {
                        add(elements, json, begin, at);
                        return elements;
                    }
                }
                case ',' -> {
                    if (inArray && depth == 2) {
                        add(elements, json, begin, at);
                        begin = at + 1;
                    }
                }
                default -> {}
            }
        }
        return elements;
    }

    private static void add(List<String> elements, String json, int begin, int end) {
        var element = json.substring(begin, end).strip();
        if (!element.isEmpty()) {
            elements.add(element);
        }
    }

    /** The index of the string's closing quotation mark. */
    private static int endOfString(String json, int begin) {
        var at = begin + 1;
        while (at < json.length() && json.charAt(at) != '"') {
            at += json.charAt(at) == '\\' ? 2 : 1;
        }
        return Math.min(at, json.length() - 1);
    }

    /** The index of the bracket when only a colon and white space stand before it, else -1. */
    private static int arrayAfter(String json, int from) {
        var colon = false;
        for (var at = from; at < json.length(); at++) {
            var next = json.charAt(at);
            if (next == ':' && !colon) {
                colon = true;
            } else if (next == '[' && colon) {
                return at;
            } else if (!Character.isWhitespace(next)) {
                return -1;
            }
        }
        return -1;
    }
}
