package dev.flusso.postgres.expectation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what Postgres writes for arrays, rows and hstores. One literal each. */
final class Literals {

    private final String text;
    private int at;

    private Literals(String text) {
        this.text = text;
    }

    /** An element is a text, null, or a list of elements. */
    static List<@Nullable Object> array(String text) {
        var reading = new Literals(text);
        reading.at = text.startsWith("[") ? text.indexOf('=') + 1 : 0; // bounds
        return reading.list();
    }

    private List<@Nullable Object> list() {
        var elements = new ArrayList<@Nullable Object>();
        at++; // {
        while (text.charAt(at) != '}') {
            if (text.charAt(at) == ',') {
                at++;
            } else if (text.charAt(at) == '{') {
                elements.add(list());
            } else if (text.charAt(at) == '"') {
                elements.add(quoted());
            } else {
                int end = at;
                while (text.charAt(end) != ',' && text.charAt(end) != '}') {
                    end++;
                }
                var bare = text.substring(at, end);
                elements.add(bare.equals("NULL") ? null : bare);
                at = end;
            }
        }
        at++;
        return elements;
    }

    /** What stands between quotes; both a backslash and a second quote make a quote a part of it. */
    private String quoted() {
        var value = new StringBuilder();
        at++;
        while (true) {
            char c = text.charAt(at++);
            if (c == '\\') {
                value.append(text.charAt(at++));
            } else if (c != '"') {
                value.append(c);
            } else if (at < text.length() && text.charAt(at) == '"') {
                value.append('"');
                at++;
            } else {
                return value.toString();
            }
        }
    }

    /** The members of a row. */
    static List<@Nullable String> row(String text) {
        var reading = new Literals(text);
        var members = new ArrayList<@Nullable String>();
        reading.at = 1;
        while (reading.at < text.length()) {
            members.add(reading.member());
            reading.at++; // , or )
        }
        return members;
    }

    private @Nullable String member() {
        var value = new StringBuilder();
        boolean isNull = true;
        while (text.charAt(at) != ',' && text.charAt(at) != ')') {
            isNull = false;
            value.append(text.charAt(at) == '"' ? quoted() : text.charAt(at++));
        }
        return isNull ? null : value.toString();
    }

    static Map<String, @Nullable String> hstore(String text) {
        var reading = new Literals(text);
        var pairs = new LinkedHashMap<String, @Nullable String>();
        while (reading.at < text.length()) {
            var key = reading.quoted();
            reading.at += 2; // =>
            if (text.charAt(reading.at) == '"') {
                pairs.put(key, reading.quoted());
            } else {
                reading.at += 4; // NULL
                pairs.put(key, null);
            }
            reading.at += 2; // comma and blank
        }
        return pairs;
    }
}
