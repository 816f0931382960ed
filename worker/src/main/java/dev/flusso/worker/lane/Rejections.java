package dev.flusso.worker.lane;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * Tells poison from a fault of the mapping: when over half of the last 200 documents were rejected with one type of error, it is not
 * the documents that are wrong.
 */
final class Rejections {

    private static final int WINDOW = 200;

    private final ArrayDeque<String> window = new ArrayDeque<>(WINDOW);
    private final Map<String, Integer> counts = new HashMap<>();

    void written() {
        add("");
    }

    /** Notes one; returns whether its type now makes up over half of a full window. */
    boolean rejected(String type) {
        add(type);
        return window.size() == WINDOW && counts.getOrDefault(type, 0) > WINDOW / 2;
    }

    private void add(String type) {
        if (window.size() == WINDOW) {
            counts.merge(window.remove(), -1, Integer::sum);
        }
        window.add(type);
        counts.merge(type, 1, Integer::sum);
    }
}
