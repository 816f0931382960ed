package dev.flusso.schema.parse;

import dev.flusso.schema.DocumentSchema;
import dev.flusso.schema.Field;
import dev.flusso.schema.Literal;
import dev.flusso.schema.SoftDelete;
import dev.flusso.schema.TableRef;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads a whole {@code *.schema.yml}. */
final class SchemaReader {

    private static final String DEFAULT_SCHEMA = "public";

    private SchemaReader() {}

    /** The schema; empty when there is a problem that leaves nothing to return. Others are among the problems only. */
    static Optional<DocumentSchema> read(Node root, Problems problems) {
        if (!(root instanceof Node.Mapping mapping)) {
            problems.add(
                    root.place(), "the schema is " + root.found() + ", expected a mapping with 'table' and 'fields'");
            return Optional.empty();
        }
        int before = problems.size();
        var known = Stream.concat(Keys.SCHEMA.stream(), Stream.of("doc_id")).toList();
        var table = new Table(mapping, "the schema", known, problems);
        version(table);
        if (table.raw("doc_id") != null) {
            problems.add(
                    table.place("doc_id"),
                    "'doc_id' is not supported: a document's id is always its primary key; leave it out");
        }
        var ref = tableRef(table);
        var primaryKey = JoinReader.primaryKey(table, "the columns that name a document");
        var level = new FieldReader.Level(primaryKey, ref.schema());
        var filters = FilterReader.filters(table, "filters");
        int beforeFields = problems.size();
        var fields = FieldReader.fields(table, level);
        var softDelete = softDelete(table, fields, problems.size() == beforeFields);
        if (problems.size() > before) {
            return Optional.empty();
        }
        return Optional.of(new DocumentSchema(ref, primaryKey, softDelete, filters, fields, mapping.place()));
    }

    private static void version(Table table) {
        var found = table.node("version");
        if (found == null) {
            return;
        }
        if (!(found instanceof Node.Scalar scalar
                && scalar.value() instanceof Literal.Whole whole
                && whole.value().equals(BigInteger.ONE))) {
            table.wrong("version", found, "1, the only version there is");
        }
    }

    private static TableRef tableRef(Table table) {
        var schema = DEFAULT_SCHEMA;
        var schemaNode = table.node("schema");
        if (schemaNode != null) {
            schema = Names.column(table, "schema", schemaNode).orElse(DEFAULT_SCHEMA);
        }
        var found = table.node("table");
        if (found == null) {
            table.missing("table", "the root table's name");
            return new TableRef(schema, "invalid");
        }
        var ref = Names.table(table, "table", found, schema).orElse(new TableRef(schema, "invalid"));
        if (schemaNode != null && !ref.schema().equals(schema)) {
            table.problems()
                    .add(
                            schemaNode.place(),
                            "'schema' is '" + schema + "' and 'table' names schema '" + ref.schema()
                                    + "', expected one of them or both the same");
        }
        return ref;
    }

    private static @Nullable SoftDelete softDelete(Table schema, List<Field> fields, boolean complete) {
        var mapping = schema.mapping("soft_delete", "{column: deleted_at}");
        if (mapping.isEmpty()) {
            return null;
        }
        var table = new Table(mapping.orElseThrow(), "'soft_delete'", Keys.SOFT_DELETE, schema.problems());
        var when = FilterReader.filters(table, "when");
        var column = table.node("column");
        var field = table.node("field");
        if ((column == null) == (field == null)) {
            var found = column == null ? "neither 'column' nor 'field'" : "both 'column' and 'field'";
            table.problems().add(table.place(), "'soft_delete' has " + found + ", expected one of them");
            return null;
        }
        var name = column != null
                ? Names.column(table, "column", column)
                : columnOf(table, Objects.requireNonNull(field), fields, complete);
        return name.map(found -> new SoftDelete(found, when, table.place())).orElse(null);
    }

    /**
     * The column behind a document key of the root row.
     *
     * @param complete whether every field could be read, so that one that is not there is unknown
     */
    private static Optional<String> columnOf(Table table, Node found, List<Field> fields, boolean complete) {
        var name = Table.text(found).orElse("");
        var names = new ArrayList<String>();
        for (var field : fields) {
            names.add(field.name());
            if (!field.name().equals(name)) {
                continue;
            }
            if (field instanceof Field.Leaf leaf) {
                return Optional.of(leaf.column());
            }
            if (field instanceof Field.Custom custom) {
                return Optional.of(custom.column());
            }
            if (field instanceof Field.MapOf map) {
                return Optional.of(map.column());
            }
            table.wrong("field", found, "a field that is one column of the root table; use 'column' for any other");
            return Optional.empty();
        }
        if (complete) {
            table.wrong("field", found, "the document key of a field at the top" + Nearest.hint(name, names));
        }
        return Optional.empty();
    }
}
