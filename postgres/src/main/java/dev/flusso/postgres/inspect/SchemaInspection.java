package dev.flusso.postgres.inspect;

import dev.flusso.schema.DocumentSchema;
import dev.flusso.schema.Field;
import dev.flusso.schema.Filter;
import dev.flusso.schema.IndexConfig;
import dev.flusso.schema.LeafType;
import dev.flusso.schema.Link;
import dev.flusso.schema.Place;
import dev.flusso.schema.SoftDelete;
import dev.flusso.schema.TableRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Holds one schema against the catalog: its tables, columns, types, keys. Used once. */
final class SchemaInspection {

    private final IndexConfig index;
    private final TableInspection tables;
    private final LinkInspection links;
    private final LongTexts texts;
    private final Findings findings;

    /** @param texts is told which columns must not hold too long a text */
    SchemaInspection(IndexConfig index, TableInspection tables, LongTexts texts, Findings findings) {
        this.index = index;
        this.tables = tables;
        this.texts = texts;
        this.links = new LinkInspection(tables, findings);
        this.findings = findings;
    }

    /**
     * A level of the document.
     *
     * @param facts null when the table is not there: of what hangs on it nothing is said
     */
    record Level(@Nullable TableFacts facts, List<String> key) {}

    void inspect() {
        DocumentSchema schema = index.schema();
        var root = new Level(tables.table(schema.table(), schema.place()).orElse(null), schema.primaryKey());
        key(root, schema.place());
        filters(root.facts(), schema.filters());
        var softDelete = schema.softDelete();
        if (softDelete != null) {
            softDelete(root.facts(), softDelete);
        }
        fields(root, schema.fields());
    }

    private void key(Level root, Place place) {
        var facts = root.facts();
        if (facts == null || !tables.columns(facts, root.key(), place)) {
            return;
        }
        if (!facts.isUnique(root.key())) {
            findings.error(
                    place,
                    "primary_key " + String.join(", ", root.key()) + " is not unique in " + facts.table()
                            + ", so several rows would be one document",
                    facts.indexSql("UNIQUE INDEX", root.key()));
        }
        for (var name : root.key()) {
            if (facts.column(name).filter(column -> !column.notNull()).isPresent()) {
                findings.warning(
                        place,
                        "key column '" + name + "' of " + facts.table()
                                + " may be null, and such a row has no document",
                        setNotNull(facts, name));
            }
        }
    }

    private static String setNotNull(TableFacts facts, String column) {
        return "ALTER TABLE " + facts.table().sql() + " ALTER COLUMN " + TableRef.quoted(column) + " SET NOT NULL;";
    }

    private void softDelete(@Nullable TableFacts facts, SoftDelete delete) {
        filters(facts, delete.when());
        var column = tables.column(facts, delete.column(), delete.place());
        if (facts == null || column.isEmpty() || !delete.when().isEmpty()) {
            return;
        }
        var found = column.get();
        boolean byValue =
                found.family() == ColumnFacts.Family.BOOLEAN || found.family().isNumber();
        if (found.notNull() && !byValue) {
            findings.error(
                    delete.place(),
                    "soft_delete column '" + found.name() + "' of " + facts.table() + " is " + found.type()
                            + " NOT NULL: every row would count as deleted",
                    "name a column that is null while the row lives, a boolean or a number");
        }
    }

    private void filters(@Nullable TableFacts facts, List<Filter> filters) {
        for (var filter : filters) {
            if (filter instanceof Filter.Comparison comparison) {
                tables.column(facts, comparison.column(), comparison.place());
            }
        }
    }

    private void fields(Level level, List<Field> fields) {
        for (var field : fields) {
            switch (field.kind()) {
                case LEAF -> leaf(level, (Field.Leaf) field);
                case CUSTOM -> {
                    var custom = (Field.Custom) field;
                    filled(level, custom, custom.column(), custom.required() && custom.fallback() == null);
                }
                case MAP -> {
                    var map = (Field.MapOf) field;
                    filled(level, map, map.column(), map.required())
                            .ifPresent(column -> misfit(map, "map", column, FieldFit.ofMap(column)));
                }
                case GEO -> geo(level, (Field.Geo) field);
                case OBJECT -> fields(level, ((Field.Group) field).fields());
                case JOIN -> join(level, (Field.Join) field);
                case AGGREGATE -> aggregate(level, (Field.Aggregate) field);
                case IDS -> ids(level, (Field.Ids) field);
                case CONSTANT -> {
                    // no column
                }
            }
        }
    }

    private void leaf(Level level, Field.Leaf leaf) {
        filled(level, leaf, leaf.column(), leaf.required() && leaf.fallback() == null)
                .ifPresent(column -> {
                    misfit(leaf, leaf.type().key(), column, FieldFit.of(leaf.type(), column));
                    order(leaf, column);
                    var facts = level.facts();
                    if (facts != null) {
                        texts.consider(facts.table(), leaf, column);
                    }
                });
    }

    /** An enum of Postgres says which values there can be. */
    private void order(Field.Leaf leaf, ColumnFacts column) {
        if (leaf.variants().isEmpty()
                || column.labels().isEmpty()
                || !leaf.transforms().isEmpty()) {
            return;
        }
        var unranked = new ArrayList<>(column.labels());
        unranked.removeAll(leaf.variants());
        if (!unranked.isEmpty()) {
            findings.warning(
                    leaf.place(),
                    "'" + leaf.name() + "': type " + column.type() + " also has " + String.join(", ", unranked)
                            + ", which 'variants' leaves out and which sort after all others",
                    "add them to variants");
        }
        var unknown = new ArrayList<>(leaf.variants());
        unknown.removeAll(column.labels());
        if (!unknown.isEmpty()) {
            findings.note(
                    leaf.place(),
                    "'" + leaf.name() + "': type " + column.type() + " has no " + String.join(", ", unknown)
                            + ", which 'variants' names",
                    "");
        }
    }

    private void geo(Level level, Field.Geo geo) {
        if (geo.source() instanceof Field.Geo.Source.LatLon pair) {
            for (var name : List.of(pair.lat(), pair.lon())) {
                filled(level, geo, name, geo.required())
                        .ifPresent(column -> misfit(geo, "geo", column, FieldFit.ofCoordinate(column)));
            }
        } else if (geo.source() instanceof Field.Geo.Source.Column one) {
            filled(level, geo, one.column(), geo.required())
                    .ifPresent(column -> misfit(geo, "geo", column, FieldFit.ofPoint(column)));
        }
    }

    /** The column of a field; says so when it may be null where the field is declared never to be. */
    private Optional<ColumnFacts> filled(Level level, Field field, String name, boolean required) {
        var facts = level.facts();
        var column = tables.column(facts, name, field.place());
        boolean isKey = level.key().contains(name);
        if (facts != null
                && required
                && !isKey
                && column.isPresent()
                && !column.get().notNull()) {
            findings.warning(
                    field.place(),
                    "'" + field.name() + "' is required, and column '" + name + "' of " + facts.table()
                            + " may be null: give the field a default, take 'required' away, or forbid null",
                    setNotNull(facts, name));
        }
        return column;
    }

    private void misfit(Field field, String key, ColumnFacts column, Optional<FieldFit.Misfit> misfit) {
        misfit.ifPresent(found -> {
            var message = "'" + field.name() + "': column '" + column.name() + "' is of type " + column.type()
                    + ", and " + FieldFit.article(key) + " field " + found.reason();
            var fix = found.fix().isEmpty() ? fitting(column) : found.fix();
            switch (found.severity()) {
                case ERROR -> findings.error(field.place(), message, fix);
                case WARNING -> findings.warning(field.place(), message, fix);
                case NOTE -> findings.note(field.place(), message, "");
            }
        });
    }

    /** The type key that holds such a column whole. */
    private static String fitting(ColumnFacts column) {
        var key = switch (column.family()) {
            case WHOLE -> column.base().equals("int2") ? "short" : column.base().equals("int4") ? "integer" : "long";
            case FRACTION -> column.base().equals("numeric") ? "decimal" : "double";
            case MONEY -> "decimal";
            case BOOLEAN -> "boolean";
            case TEXT -> "keyword or text";
            case ENUM -> "enum";
            case UUID -> "uuid";
            case DATE -> "date";
            case TIMESTAMP -> "timestamp";
            case BYTES -> "binary";
            case JSON, OBJECT -> "json or map";
            case POINT -> "geo or keyword";
            case OTHER -> "keyword or custom";
        };
        return "write its type key as " + key;
    }

    private void join(Level above, Field.Join join) {
        var facts = tables.table(join.table(), join.place()).orElse(null);
        var level = new Level(facts, join.primaryKey());
        if (facts != null
                && tables.columns(facts, join.primaryKey(), join.place())
                && !facts.isUnique(join.primaryKey())) {
            findings.warning(
                    join.place(),
                    "primary_key " + String.join(", ", join.primaryKey()) + " of '" + join.name()
                            + "' is not unique in " + facts.table() + ", so rows may change places in the document",
                    facts.indexSql("UNIQUE INDEX", join.primaryKey()));
        }
        links.link(above, level, join.link(), join.name(), join.place());
        if (join.required() && join.link() instanceof Link.ParentColumns parent) {
            for (var name : parent.columns()) {
                filled(above, join, name, true);
            }
        }
        filters(facts, join.filters());
        join.orderBy().forEach(sorted -> tables.column(facts, sorted.column(), sorted.place()));
        fields(level, join.fields());
    }

    private void aggregate(Level above, Field.Aggregate aggregate) {
        var facts = tables.table(aggregate.table(), aggregate.place()).orElse(null);
        links.link(
                above,
                farLevel(facts, aggregate.link(), aggregate.place()),
                aggregate.link(),
                aggregate.name(),
                aggregate.place());
        filters(facts, aggregate.filters());
        var name = aggregate.column();
        if (name == null) {
            return;
        }
        var column = tables.column(facts, name, aggregate.place());
        if (column.isEmpty()) {
            return;
        }
        boolean adds = aggregate.function() == Field.Aggregate.Function.SUM
                || aggregate.function() == Field.Aggregate.Function.AVG;
        if (adds && !column.get().family().isNumber() && column.get().family() != ColumnFacts.Family.OTHER) {
            findings.error(
                    aggregate.place(),
                    "'" + aggregate.name() + "': column '" + name + "' is of type "
                            + column.get().type() + ", of which there is no sum",
                    "name a column of numbers");
            return;
        }
        if (aggregate.function() != Field.Aggregate.Function.AVG) {
            valueType(aggregate, aggregate.valueType(), column.get(), adds);
        }
    }

    private void valueType(Field.Aggregate aggregate, LeafType type, ColumnFacts column, boolean adds) {
        misfit(
                aggregate,
                type.key(),
                column,
                adds && column.family() == ColumnFacts.Family.WHOLE ? FieldFit.ofSum(type) : FieldFit.of(type, column));
    }

    private void ids(Level above, Field.Ids ids) {
        var facts = tables.table(ids.table(), ids.place()).orElse(null);
        var level = new Level(facts, facts == null ? List.of() : facts.primaryKey());
        links.link(above, level, ids.link(), ids.name(), ids.place());
        filters(facts, ids.filters());
        if (facts == null) {
            return;
        }
        if (facts.primaryKey().isEmpty()) {
            findings.error(
                    ids.place(),
                    "'" + ids.name() + "': table " + facts.table() + " has no primary key, and its keys are the ids",
                    "ALTER TABLE " + facts.table().sql() + " ADD PRIMARY KEY (…);");
        } else if (facts.primaryKey().size() == 1) {
            facts.column(facts.primaryKey().get(0))
                    .ifPresent(column ->
                            misfit(ids, ids.elementType().key(), column, FieldFit.of(ids.elementType(), column)));
        }
    }

    /** The far table of a junction is joined by the primary key the catalog knows. */
    private Level farLevel(@Nullable TableFacts facts, Link link, Place place) {
        if (facts != null && link instanceof Link.Through && facts.primaryKey().isEmpty()) {
            findings.error(
                    place,
                    "table " + facts.table() + " has no primary key by which the junction could name its rows",
                    "ALTER TABLE " + facts.table().sql() + " ADD PRIMARY KEY (…);");
        }
        return new Level(facts, facts == null ? List.of() : facts.primaryKey());
    }
}
