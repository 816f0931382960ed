package dev.flusso.schema.parse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flusso.schema.DocumentSchema;
import dev.flusso.schema.Field;
import dev.flusso.schema.Filter;
import dev.flusso.schema.Link;
import dev.flusso.schema.Literal;
import dev.flusso.schema.Place;
import dev.flusso.schema.TableRef;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * Writes a schema in the form {@link SchemaReader} reads. What is at its default is left out, so that a key added later changes neither
 * an old text nor an old hash.
 */
final class SchemaForm {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final boolean places;

    private SchemaForm(boolean places) {
        this.places = places;
    }

    static ObjectNode withPlaces(DocumentSchema schema) {
        var form = NODES.objectNode();
        form.put(JsonDocument.FILE, schema.place().file());
        return new SchemaForm(true).schema(form, schema);
    }

    static ObjectNode canonical(DocumentSchema schema) {
        return (ObjectNode) sorted(new SchemaForm(false).schema(NODES.objectNode(), schema));
    }

    private ObjectNode schema(ObjectNode form, DocumentSchema schema) {
        place(form, schema.place());
        form.put("table", typed(schema.table()));
        columns(form, "primary_key", schema.primaryKey());
        var softDelete = schema.softDelete();
        if (softDelete != null) {
            var table = form.putObject("soft_delete");
            place(table, softDelete.place());
            table.put("column", Names.typed(softDelete.column()));
            filters(table, "when", softDelete.when());
        }
        filters(form, "filters", schema.filters());
        fields(form, schema.fields());
        return form;
    }

    private void place(ObjectNode form, Place place) {
        if (places) {
            form.put(JsonDocument.PLACE, JsonDocument.place(place));
        }
    }

    private void fields(ObjectNode form, List<Field> fields) {
        var array = form.putArray("fields");
        var ordered = places
                ? fields
                : fields.stream().sorted(Comparator.comparing(Field::name)).toList();
        for (var field : ordered) {
            var item = array.addObject();
            place(item, field.place());
            field(item, field);
        }
    }

    private void field(ObjectNode form, Field field) {
        switch (field.kind()) {
            case LEAF -> leaf(form, (Field.Leaf) field);
            case CUSTOM -> custom(form, (Field.Custom) field);
            case GEO -> geo(form, (Field.Geo) field);
            case OBJECT -> {
                var group = (Field.Group) field;
                form.put("object", group.name());
                options(form, group.options());
                fields(form, group.fields());
            }
            case MAP -> {
                var map = (Field.MapOf) field;
                form.put("map", map.name()).put("values", map.values().key()).put("column", Names.typed(map.column()));
                required(form, map.required());
                options(form, map.options());
            }
            case JOIN -> join(form, (Field.Join) field);
            case AGGREGATE -> aggregate(form, (Field.Aggregate) field);
            case IDS -> {
                var ids = (Field.Ids) field;
                form.put("ids", ids.name()).put("table", typed(ids.table()));
                form.put("element_type", ids.elementType().key());
                link(form, ids.link());
                filters(form, "filters", ids.filters());
            }
            case CONSTANT -> {
                var constant = (Field.Constant) field;
                form.put("constant", constant.name()).set("value", literal(constant.value()));
            }
        }
    }

    private void leaf(ObjectNode form, Field.Leaf leaf) {
        form.put(leaf.type().key(), leaf.name()).put("column", Names.typed(leaf.column()));
        required(form, leaf.required());
        if (!leaf.transforms().isEmpty()) {
            var transforms = form.putArray("transforms");
            leaf.transforms().forEach(transform -> transforms.add(Table.word(transform)));
        }
        if (!leaf.variants().isEmpty()) {
            leaf.variants().forEach(form.putArray("variants")::add);
        }
        var fallback = leaf.fallback();
        if (fallback != null) {
            form.set("default", literal(fallback));
        }
        options(form, leaf.options());
    }

    private void custom(ObjectNode form, Field.Custom custom) {
        form.put("custom", custom.name());
        custom.postgres().forEach(form.putArray("postgres")::add);
        form.put("opensearch", custom.opensearch()).put("column", Names.typed(custom.column()));
        required(form, custom.required());
        var fallback = custom.fallback();
        if (fallback != null) {
            form.set("default", literal(fallback));
        }
        options(form, custom.options());
    }

    private void geo(ObjectNode form, Field.Geo geo) {
        form.put("geo", geo.name());
        if (geo.source() instanceof Field.Geo.Source.LatLon both) {
            form.put("lat", Names.typed(both.lat())).put("lon", Names.typed(both.lon()));
        } else {
            form.put("column", Names.typed(((Field.Geo.Source.Column) geo.source()).column()));
        }
        required(form, geo.required());
        options(form, geo.options());
    }

    private void join(ObjectNode form, Field.Join join) {
        form.put(Table.word(join.verb()), join.name()).put("table", typed(join.table()));
        columns(form, "primary_key", join.primaryKey());
        link(form, join.link());
        filters(form, "filters", join.filters());
        if (!join.orderBy().isEmpty()) {
            var orderBy = form.putArray("order_by");
            for (var key : join.orderBy()) {
                var item = orderBy.addObject();
                place(item, key.place());
                item.put("column", Names.typed(key.column())).put("direction", key.descending() ? "desc" : "asc");
            }
        }
        if (join.limit() > 0) {
            form.put("limit", join.limit());
        }
        required(form, join.required());
        options(form, join.options());
        fields(form, join.fields());
    }

    private void aggregate(ObjectNode form, Field.Aggregate aggregate) {
        form.put(Table.word(aggregate.function()), aggregate.name()).put("table", typed(aggregate.table()));
        var column = aggregate.column();
        if (column != null) {
            form.put("column", Names.typed(column));
        }
        switch (aggregate.function()) {
            case SUM, MIN, MAX -> form.put("value_type", aggregate.valueType().key());
            case COUNT, AVG -> {
                // fixed
            }
        }
        link(form, aggregate.link());
        filters(form, "filters", aggregate.filters());
        options(form, aggregate.options());
    }

    private static void link(ObjectNode form, Link link) {
        if (link instanceof Link.ParentColumns parent) {
            columns(form, "column", parent.columns());
        } else if (link instanceof Link.ForeignKey foreign) {
            columns(form, "foreign_key", foreign.columns());
        } else {
            var through = (Link.Through) link;
            var table = form.putObject("through").put("table", typed(through.table()));
            columns(table, "left_key", through.leftKey());
            columns(table, "right_key", through.rightKey());
        }
    }

    private void filters(ObjectNode form, String key, List<Filter> filters) {
        if (filters.isEmpty()) {
            return;
        }
        var array = form.putArray(key);
        for (var filter : filters) {
            var item = array.addObject();
            place(item, filter.place());
            if (filter instanceof Filter.Raw raw) {
                item.put("raw", raw.sql());
            } else {
                comparison(item, (Filter.Comparison) filter);
            }
        }
    }

    private static void comparison(ObjectNode form, Filter.Comparison comparison) {
        form.put("column", Names.typed(comparison.column())).put("op", Table.word(comparison.operator()));
        switch (comparison.operator()) {
            case IS_NULL, IS_NOT_NULL -> {
                // no operand
            }
            case EQ, NEQ, LT, LTE, GT, GTE, LIKE, ILIKE ->
                form.set("value", literal(comparison.operands().get(0)));
            case IN, NOT_IN, BETWEEN -> {
                ArrayNode values = form.putArray("value");
                comparison.operands().forEach(operand -> values.add(literal(operand)));
            }
        }
    }

    private static void required(ObjectNode form, boolean required) {
        if (required) {
            form.put("required", true);
        }
    }

    private static void options(ObjectNode form, Literal.Entries options) {
        if (!options.isEmpty()) {
            form.set("options", literal(options));
        }
    }

    /** A literal whose keys cannot be taken for places. */
    private static JsonNode literal(Literal literal) {
        return escaped(literal.node());
    }

    private static JsonNode escaped(JsonNode node) {
        if (node.isObject()) {
            var object = NODES.objectNode();
            node.properties().forEach(entry -> object.set(JsonDocument.key(entry.getKey()), escaped(entry.getValue())));
            return object;
        }
        if (node.isArray()) {
            var array = NODES.arrayNode();
            node.forEach(item -> array.add(escaped(item)));
            return array;
        }
        return node;
    }

    private static void columns(ObjectNode form, String key, List<String> columns) {
        if (columns.size() == 1) {
            form.put(key, Names.typed(columns.get(0)));
        } else {
            var array = form.putArray(key);
            columns.forEach(column -> array.add(Names.typed(column)));
        }
    }

    private static String typed(TableRef table) {
        return Names.typed(table.schema()) + "." + Names.typed(table.name());
    }

    private static JsonNode sorted(JsonNode node) {
        if (node.isArray()) {
            var array = NODES.arrayNode();
            node.forEach(item -> array.add(sorted(item)));
            return array;
        }
        if (!node.isObject()) {
            return node;
        }
        var byKey = new TreeMap<String, JsonNode>();
        node.properties().forEach(entry -> byKey.put(entry.getKey(), sorted(entry.getValue())));
        var object = NODES.objectNode();
        byKey.forEach(object::set);
        return object;
    }
}
