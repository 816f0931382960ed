package dev.flusso.postgres.inspect;

import dev.flusso.schema.DocumentSchema;
import dev.flusso.schema.Field;
import dev.flusso.schema.Link;
import dev.flusso.schema.Place;
import dev.flusso.schema.TableRef;
import java.util.ArrayList;
import java.util.List;

/** Where a schema names tables, in its order. */
final class Mentions {

    private final List<Mention> found = new ArrayList<>();

    private Mentions() {}

    record Mention(TableRef table, Place place) {}

    static List<Mention> of(DocumentSchema schema) {
        var mentions = new Mentions();
        mentions.found.add(new Mention(schema.table(), schema.place()));
        mentions.collect(schema.fields());
        return mentions.found;
    }

    private void collect(List<Field> fields) {
        for (var field : fields) {
            switch (field.kind()) {
                case OBJECT -> collect(((Field.Group) field).fields());
                case JOIN -> {
                    var join = (Field.Join) field;
                    linked(join.table(), join.link(), join.place());
                    collect(join.fields());
                }
                case AGGREGATE ->
                    linked(((Field.Aggregate) field).table(), ((Field.Aggregate) field).link(), field.place());
                case IDS -> linked(((Field.Ids) field).table(), ((Field.Ids) field).link(), field.place());
                case LEAF, CUSTOM, GEO, MAP, CONSTANT -> {
                    // the level's own table
                }
            }
        }
    }

    private void linked(TableRef table, Link link, Place place) {
        found.add(new Mention(table, place));
        if (link instanceof Link.Through through) {
            found.add(new Mention(through.table(), place));
        }
    }
}
