package dev.flusso.dev.shop;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Every document of one index beside the one it must be.
 *
 * @param index the index' plain name
 * @param compared how many documents there are, on either side
 * @param missing ids of documents the database asks for and the index does not have
 * @param unexpected ids of documents the index has and the database knows nothing of
 * @param different by id, where the index (after) is not as the database says (before)
 */
record Comparison(
        String index,
        int compared,
        List<String> missing,
        List<String> unexpected,
        SortedMap<String, List<Change>> different) {

    Comparison {
        missing = List.copyOf(missing);
        unexpected = List.copyOf(unexpected);
    }

    /** @param expected and {@code found} documents by id */
    static Comparison of(String index, Map<String, JsonNode> expected, Map<String, JsonNode> found) {
        var missing = new ArrayList<String>();
        var different = new TreeMap<String, List<Change>>();
        new TreeMap<>(expected).forEach((id, wanted) -> {
            var document = found.get(id);
            if (document == null) {
                missing.add(id);
                return;
            }
            var changes = JsonDifference.between(wanted, document);
            if (!changes.isEmpty()) {
                different.put(id, changes);
            }
        });
        var unexpected = found.keySet().stream()
                .filter(id -> !expected.containsKey(id))
                .sorted()
                .toList();
        return new Comparison(index, expected.size() + unexpected.size(), missing, unexpected, different);
    }

    boolean isEqual() {
        return differences() == 0;
    }

    /** How many documents are not as they must be. */
    int differences() {
        return missing.size() + unexpected.size() + different.size();
    }

    /** The differences for people: at most {@code maxDocuments} of each kind, each line at most {@code columns} wide. */
    List<String> report(int maxDocuments, int columns) {
        var lines = new ArrayList<String>();
        ids("missing in the index", missing, maxDocuments, lines);
        ids("not in the database", unexpected, maxDocuments, lines);
        different.entrySet().stream().limit(maxDocuments).forEach(entry -> {
            lines.add(index + "/" + entry.getKey() + " differs: database → index");
            DifferenceTable.lines(entry.getValue(), 10, columns - 4).forEach(line -> lines.add("    " + line));
        });
        if (different.size() > maxDocuments) {
            lines.add("… and " + (different.size() - maxDocuments) + " more documents of " + index + " that differ");
        }
        return lines;
    }

    private void ids(String what, List<String> ids, int max, List<String> lines) {
        if (!ids.isEmpty()) {
            var shown = String.join(", ", ids.subList(0, Math.min(max, ids.size())));
            lines.add(index + ": " + ids.size() + " " + what + ": " + shown + (ids.size() > max ? ", …" : ""));
        }
    }
}
