package dev.flusso.cli.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.TreeSet;

/** Where two documents first differ. */
final class FirstDifference {

    private FirstDifference() {}

    /**
     * The path, such as {@code orders[0].total}; empty when the documents are the same. Numbers are the same when they are written the
     * same, an expected double when it is near; the order of an object's keys does not matter.
     */
    static String path(JsonNode expected, JsonNode found) {
        return path("", expected, found);
    }

    private static String path(String here, JsonNode expected, JsonNode found) {
        if (expected.isObject() && found.isObject()) {
            var names = new TreeSet<String>();
            expected.fieldNames().forEachRemaining(names::add);
            found.fieldNames().forEachRemaining(names::add);
            for (var name : names) {
                var below = here.isEmpty() ? name : here + "." + name;
                var path = path(below, expected.path(name), found.path(name));
                if (!path.isEmpty()) {
                    return path;
                }
            }
            return "";
        }
        if (expected.isArray() && found.isArray()) {
            for (int i = 0; i < Math.max(expected.size(), found.size()); i++) {
                var path = path(here + "[" + i + "]", expected.path(i), found.path(i));
                if (!path.isEmpty()) {
                    return path;
                }
            }
            return "";
        }
        if (expected.isDouble() && found.isNumber()) {
            return isNear(expected.doubleValue(), found.doubleValue()) ? "" : here.isEmpty() ? "." : here;
        }
        boolean same = expected.getNodeType() == found.getNodeType()
                && expected.toString().equals(found.toString());
        if (same) {
            return "";
        }
        return here.isEmpty() ? "." : here;
    }

    /** A sum of floating point numbers has other last digits in another order. */
    private static boolean isNear(double one, double other) {
        return Math.abs(one - other) <= 1e-9 * Math.max(Math.abs(one), Math.abs(other));
    }
}
