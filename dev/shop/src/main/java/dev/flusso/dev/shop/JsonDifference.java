package dev.flusso.dev.shop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where two JSON documents differ. No change at all means: the same members with the same values in every object, in whatever order; the
 * same elements in the same order in every array; and numbers with the same digits, so 1.5 and 1.50 differ.
 *
 * <p>Elements of an array are told apart by their member {@code id} where all of them have one of their own; so an element that was put in
 * front is one change, not one for each that it moved. That those which stayed changed places is a change by itself, of the list of ids.
 */
final class JsonDifference {

    private static final String ID = "id";

    private final List<Change> changes = new ArrayList<>();

    private JsonDifference() {}

    /** The changes that lead from {@code before} to {@code after} in the order of the documents; null is no document. */
    static List<Change> between(@Nullable JsonNode before, @Nullable JsonNode after) {
        var difference = new JsonDifference();
        difference.compare("", before, after);
        return List.copyOf(difference.changes);
    }

    private void compare(String path, @Nullable JsonNode before, @Nullable JsonNode after) {
        if (before == null && after == null) {
            return;
        }
        if (before == null || after == null) {
            changes.add(new Change(path, before, after));
        } else if (before.isObject() && after.isObject()) {
            var names = new LinkedHashSet<String>();
            after.fieldNames().forEachRemaining(names::add);
            before.fieldNames().forEachRemaining(names::add);
            names.forEach(name -> compare(member(path, name), before.get(name), after.get(name)));
        } else if (before.isArray() && after.isArray()) {
            compareArrays(path, before, after);
        } else if (!sameValue(before, after)) {
            changes.add(new Change(path, before, after));
        }
    }

    private void compareArrays(String path, JsonNode before, JsonNode after) {
        var old = byId(before);
        var young = byId(after);
        if (old.isEmpty() || young.isEmpty()) {
            for (var i = 0; i < Math.max(before.size(), after.size()); i++) {
                compare(path + "[" + i + "]", before.get(i), after.get(i));
            }
            return;
        }
        var stayedBefore = new ArrayList<>(old.get().keySet());
        var stayedAfter = new ArrayList<>(young.get().keySet());
        stayedBefore.retainAll(young.get().keySet());
        stayedAfter.retainAll(old.get().keySet());
        if (!stayedBefore.equals(stayedAfter)) {
            changes.add(new Change(path + " order", list(stayedBefore), list(stayedAfter)));
        }
        var ids = new LinkedHashSet<>(young.get().keySet());
        ids.addAll(old.get().keySet());
        ids.forEach(id ->
                compare(path + "[id=" + id + "]", old.get().get(id), young.get().get(id)));
    }

    /** The elements by id, or nothing when one has none or shares it; an empty array has all it needs. */
    private static Optional<Map<String, JsonNode>> byId(JsonNode array) {
        var elements = new LinkedHashMap<String, JsonNode>();
        for (var element : array) {
            var id = element.get(ID);
            if (id == null || !id.isValueNode() || elements.put(id.toString(), element) != null) {
                return Optional.empty();
            }
        }
        return Optional.of(elements);
    }

    private static ArrayNode list(List<String> ids) {
        var list = JsonNodeFactory.instance.arrayNode();
        ids.forEach(list::add);
        return list;
    }

    /** By text and not by the library's equality, for which 7 as an int and 7 as a long are two things. */
    private static boolean sameValue(JsonNode before, JsonNode after) {
        return before.getNodeType() == after.getNodeType() && before.toString().equals(after.toString());
    }

    private static String member(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
