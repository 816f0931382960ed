package dev.flusso.postgres.inspect;

import dev.flusso.schema.Field;
import dev.flusso.schema.Place;
import dev.flusso.schema.TableRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The columns whose values are one term each in OpenSearch, and so may be too long. */
final class LongTexts {

    private final Map<TableRef, List<Spot>> spots = new TreeMap<>();

    /**
     * A field of such a column.
     *
     * @param key the type key as typed
     */
    record Spot(String column, String field, String key, Place place) {}

    /** Remembers a field if its column can hold long texts that are indexed whole. */
    void consider(TableRef table, Field.Leaf leaf, ColumnFacts column) {
        boolean unbounded = leaf.options().values().keySet().stream()
                .noneMatch(option -> List.of("ignore_above", "type", "index").contains(option));
        boolean whole = switch (leaf.type()) {
            case KEYWORD, ENUM -> true;
            default -> false;
        };
        boolean text = column.family() == ColumnFacts.Family.TEXT && !column.array() && column.readable();
        if (whole && unbounded && text) {
            spots.computeIfAbsent(table, any -> new ArrayList<>())
                    .add(new Spot(column.name(), leaf.name(), leaf.type().key(), leaf.place()));
        }
    }

    List<Spot> of(TableRef table) {
        return spots.getOrDefault(table, List.of());
    }
}
