package dev.flusso.postgres.document;

import dev.flusso.schema.DocumentSchema;
import dev.flusso.schema.Field;
import dev.flusso.schema.Link;
import dev.flusso.schema.TableRef;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The tables a schema reads. */
final class SchemaTables {

    private SchemaTables() {}

    static Set<TableRef> of(DocumentSchema schema) {
        var tables = new LinkedHashSet<TableRef>();
        tables.add(schema.table());
        collect(schema.fields(), tables);
        return tables;
    }

    private static void collect(List<Field> fields, Set<TableRef> tables) {
        for (var field : fields) {
            switch (field.kind()) {
                case OBJECT -> collect(((Field.Group) field).fields(), tables);
                case JOIN -> {
                    var join = (Field.Join) field;
                    linked(join.table(), join.link(), tables);
                    collect(join.fields(), tables);
                }
                case AGGREGATE -> linked(((Field.Aggregate) field).table(), ((Field.Aggregate) field).link(), tables);
                case IDS -> linked(((Field.Ids) field).table(), ((Field.Ids) field).link(), tables);
                case LEAF, CUSTOM, GEO, MAP, CONSTANT -> {
                    // the level's own table
                }
            }
        }
    }

    private static void linked(TableRef table, Link link, Set<TableRef> tables) {
        tables.add(table);
        if (link instanceof Link.Through through) {
            tables.add(through.table());
        }
    }
}
