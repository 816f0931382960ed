package dev.flusso.schema;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a search document is: one {@code *.schema.yml}, checked.
 *
 * @param table the root table: a row of it is a document
 * @param primaryKey its columns that name the document, in order; never empty
 * @param softDelete when a row counts as deleted; null when only a DELETE deletes
 * @param filters a row outside them has no document
 * @param fields the document's keys, no two equal; never empty
 * @param place where the schema begins
 */
public record DocumentSchema(
        TableRef table,
        List<String> primaryKey,
        @Nullable SoftDelete softDelete,
        List<Filter> filters,
        List<Field> fields,
        Place place) {

    public DocumentSchema {
        primaryKey = List.copyOf(primaryKey);
        filters = List.copyOf(filters);
        fields = List.copyOf(fields);
        if (primaryKey.isEmpty()) {
            throw new IllegalArgumentException(place + ": a document needs a primary key");
        }
        distinct(fields, place);
    }

    /** Each way from a row of some table to the documents it is part of; the root's own comes first. */
    public List<ResolutionPath> paths() {
        return ResolutionPath.of(this);
    }

    /**
     * Per table, the columns a change must carry so that every path can be begun: what {@link ResolutionPath#start} names. Columns of a
     * table's primary key are its key, others are references. A table of which only the catalog knows the primary key has neither.
     */
    public SortedMap<TableRef, TableColumns> needs() {
        var keys = new HashSet<Map.Entry<TableRef, List<String>>>();
        keys.add(Map.entry(table, primaryKey));
        joinedKeys(fields, keys);
        var needs = new TreeMap<TableRef, TableColumns>();
        for (var path : paths()) {
            boolean isKey = keys.contains(Map.entry(path.table(), path.start()));
            var columns = isKey ? TableColumns.ofKey(path.start()) : TableColumns.ofReferences(path.start());
            needs.merge(path.table(), columns, TableColumns::plus);
        }
        return Collections.unmodifiableSortedMap(needs);
    }

    /**
     * Conditions in SQL of the user's own, wherever they stand. What they look at beyond their own row, and the clock, is not tracked:
     * they are evaluated when something else rebuilds the document.
     */
    public List<Filter.Raw> rawFilters() {
        var raw = new ArrayList<Filter.Raw>();
        collectRaw(filters, raw);
        if (softDelete != null) {
            collectRaw(softDelete.when(), raw);
        }
        rawOfFields(fields, raw);
        return List.copyOf(raw);
    }

    private static void rawOfFields(List<Field> fields, List<Filter.Raw> raw) {
        for (var field : fields) {
            switch (field.kind()) {
                case OBJECT -> rawOfFields(((Field.Group) field).fields(), raw);
                case JOIN -> {
                    var join = (Field.Join) field;
                    collectRaw(join.filters(), raw);
                    rawOfFields(join.fields(), raw);
                }
                case AGGREGATE -> collectRaw(((Field.Aggregate) field).filters(), raw);
                case IDS -> collectRaw(((Field.Ids) field).filters(), raw);
                case LEAF, CUSTOM, GEO, MAP, CONSTANT -> {
                    // no filters
                }
            }
        }
    }

    private static void collectRaw(List<Filter> filters, List<Filter.Raw> raw) {
        for (var filter : filters) {
            if (filter instanceof Filter.Raw condition) {
                raw.add(condition);
            }
        }
    }

    private static void joinedKeys(List<Field> fields, Set<Map.Entry<TableRef, List<String>>> keys) {
        for (var field : fields) {
            if (field instanceof Field.Join join) {
                keys.add(Map.entry(join.table(), join.primaryKey()));
                joinedKeys(join.fields(), keys);
            } else if (field instanceof Field.Group group) {
                joinedKeys(group.fields(), keys);
            }
        }
    }

    /** Fields of one level: at least one, and no two of the same name. */
    static void distinct(List<Field> fields, Place place) {
        var names = new HashSet<String>();
        for (var field : fields) {
            if (!names.add(field.name())) {
                throw new IllegalArgumentException(
                        field.place() + ": document key '" + field.name() + "' is used twice");
            }
        }
        if (fields.isEmpty()) {
            throw new IllegalArgumentException(place + ": an object needs a field");
        }
    }
}
