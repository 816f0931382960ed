package dev.flusso.cli.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flusso.schema.Field;
import dev.flusso.schema.IndexConfig;
import dev.flusso.schema.LeafType;
import dev.flusso.worker.Key;
import dev.flusso.worker.Outcome;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every type key of a schema file with every sibling it takes, from the file through the statement and the sink into a real OpenSearch. The
 * tables of two schemas have the same name, and names hold dots and quotes.
 */
final class EveryFieldIT {

    private static final String FIELDS = """
              - long: id
              - text: title
                column: t
                transforms: [trim, lowercase]
                required: true
                options: {index: false}
              - text: untitled
                column: nothing
                default: "none"
              - identifier: code
                default: X-1
              - keyword: Label
                column: '"La.bel"'
                transforms: [trim]
                options: {ignore_above: 10}
              - uuid: u
              - enum: level
                variants: [low, mid, high]
                default: low
              - enum: plain
                column: level
              - boolean: on
                column: flag
                default: false
              - short: s
              - integer: i
              - float: f
                default: 0.5
              - double: d
              - decimal: price
                default: 1.50
              - date: day
                default: 2026-01-02
              - timestamp: at
              - binary: raw
              - json: attrs
              - json: opaque
                column: attrs
                options: {enabled: false}
              - custom: rating
                column: price
                postgres: [numeric, float8]
                opensearch: scaled_float
                required: false
                default: 3
                options: {scaling_factor: 100}
              - custom: address
                postgres: [inet]
                opensearch: ip
              - geo: place
                lat: lat
                lon: lon
              - geo: spot
                column: spot
              - object: nested_in
                fields:
                  - short: s
                  - object: deeper
                    fields:
                      - keyword: code
                      - count: parts
                        table: '"Two.Shops"."It.em ""s\"""'
                        foreign_key: '"item.id"'
              - map: texts
                column: m
                values: text
              - map: words
                column: m
                values: keyword
              - map: codes
                column: m
                values: identifier
              - map: levels
                column: m
                values: enum
              - map: uuids
                column: mu
                values: uuid
              - map: longs
                column: mn
                values: long
              - map: decimals
                column: mn
                values: decimal
              - map: days
                column: md
                values: date
              - map: moments
                column: md
                values: timestamp
              - belongs_to: twin
                table: '"Two.Shops".item'
                primary_key: id
                column: twin_id
                filters:
                  - column: code
                    op: is_not_null
                fields:
                  - keyword: code
                  - belongs_to: back
                    table: one.item
                    primary_key: id
                    column: back_id
                    fields:
                      - integer: i
              - belongs_to: parent
                table: one.item
                primary_key: id
                fields:
                  - keyword: code
                  - has_many: children
                    table: one.item
                    primary_key: id
                    foreign_key: parent
                    fields:
                      - long: id
              - has_one: last_part
                table: '"Two.Shops"."It.em ""s\"""'
                primary_key: '"Part.Id"'
                foreign_key: '"item.id"'
                order_by:
                  - column: '"Part.Id"'
                    direction: desc
                fields:
                  - keyword: name
              - has_many: parts
                table: '"Two.Shops"."It.em ""s\"""'
                primary_key: '"Part.Id"'
                foreign_key: '"item.id"'
                order_by:
                  - column: weight
                    direction: desc
                  - column: name
                limit: 3
                filters:
                  - raw: weight is distinct from 99
                fields:
                  - keyword: name
                  - decimal: weight
              - many_to_many: tags
                table: one.tag
                primary_key: id
                through:
                  table: one.item_tag
                  left_key: item_id
                  right_key: tag_id
                order_by:
                  - column: name
                limit: 5
                filters:
                  - column: name
                    op: not_in
                    value: [hidden]
                fields:
                  - keyword: name
              - count: part_count
                table: '"Two.Shops"."It.em ""s\"""'
                foreign_key: '"item.id"'
                filters:
                  - column: weight
                    op: between
                    value: [1, 50]
              - avg: average
                table: '"Two.Shops"."It.em ""s\"""'
                foreign_key: '"item.id"'
                column: weight
              - sum: total
                table: '"Two.Shops"."It.em ""s\"""'
                foreign_key: '"item.id"'
                column: weight
                value_type: decimal
              - min: first_name
                table: '"Two.Shops"."It.em ""s\"""'
                foreign_key: '"item.id"'
                column: name
                value_type: keyword
              - max: tag_rank
                table: one.tag
                through:
                  table: one.item_tag
                  left_key: item_id
                  right_key: tag_id
                column: rank
                value_type: integer
              - ids: tag_ids
                table: one.tag
                through:
                  table: one.item_tag
                  left_key: item_id
                  right_key: tag_id
                element_type: long
              - ids: part_ids
                table: '"Two.Shops"."It.em ""s\"""'
                foreign_key: '"item.id"'
                element_type: keyword
              - constant: a_text
                value: "1.50"
              - constant: a_number
                value: 1.50
              - constant: a_whole
                value: -7
              - constant: a_truth
                value: true
              - constant: a_list
                value: [x, y]
              - constant: an_object
                value: {name: 'it''s "so"', parts: [1, 2]}
              - constant: nothing
                value: null
            """;

    private static final String FULL = """
            {"id":1,"title":"a title","untitled":"none","code":"C-01","Label":"L","u":"00000000-0000-0000-0000-000000000001",\
            "level":"high","plain":"high","on":true,"s":-3,"i":7,"f":1.5,"d":0.1,"price":9.90,"day":"2026-11-20",\
            "at":"2026-11-20T10:20:30.5Z","raw":"AQI=","attrs":{"k": [1, 2]},"opaque":{"k": [1, 2]},"rating":9.90,\
            "address":"10.0.0.1","place":{"lat":48.5,"lon":11.25},"spot":{"lat":1,"lon":-2},\
            "nested_in":{"s":-3,"deeper":{"code":"C-01","parts":4}},\
            "texts":{"a": "low"},"words":{"a": "low"},"codes":{"a": "low"},"levels":{"a": "low"},\
            "uuids":{"x": "00000000-0000-0000-0000-00000000000a"},"longs":{"n": 5},"decimals":{"n": 5},\
            "days":{"d": "2026-11-20"},"moments":{"d": "2026-11-20"},\
            "twin":{"code":"other shop","back":{"i":7}},"parent":{"code":"P","children":[{"id":1}]},\
            "last_part":{"name":"nut"},\
            "parts":[{"name":"nut","weight":null},{"name":"bolt","weight":2.5},{"name":"clip","weight":2.5}],\
            "tags":[{"name":"blue"},{"name":"red"}],"part_count":2,"average":34.6666666666666667,"total":104.0,\
            "first_name":"bolt","tag_rank":3,"tag_ids":[1,2,3],"part_ids":[10,11,12,13],\
            "a_text":"1.50","a_number":1.50,"a_whole":-7,"a_truth":true,"a_list":["x","y"],\
            "an_object":{"name":"it's \\"so\\"","parts":[1,2]},"nothing":null}""";

    private static final String EMPTY = """
            {"id":2,"title":"","untitled":"none","code":"P","Label":null,"u":null,"level":"low","plain":null,"on":false,"s":null,\
            "i":null,"f":0.5,"d":null,"price":1.50,"day":"2026-01-02","at":null,"raw":null,"attrs":null,"opaque":null,"rating":3,\
            "address":null,"place":null,"spot":null,"nested_in":{"s":null,"deeper":{"code":"P","parts":0}},\
            "texts":null,"words":null,"codes":null,"levels":null,"uuids":null,"longs":null,"decimals":null,"days":null,\
            "moments":null,"twin":null,"parent":null,"last_part":null,"parts":[],"tags":[],"part_count":0,"average":null,\
            "total":null,"first_name":null,"tag_rank":null,"tag_ids":[],"part_ids":[],\
            "a_text":"1.50","a_number":1.50,"a_whole":-7,"a_truth":true,"a_list":["x","y"],\
            "an_object":{"name":"it's \\"so\\"","parts":[1,2]},"nothing":null}""";

    @TempDir
    Path folder;

    private static void fill(DocumentBed bed) throws Exception {
        bed.sql(
                "create schema one",
                "create schema \"Two.Shops\"",
                "create table one.item(id bigint primary key, t text not null, nothing text, code text, \"La.bel\" text,"
                        + " u uuid, level text, flag boolean, s smallint, i int, f real, d float8, price numeric, day date,"
                        + " at timestamptz, raw bytea, attrs json, address inet, lat float8, lon numeric, spot point,"
                        + " m jsonb, mu jsonb, mn jsonb, md jsonb, twin_id int, parent bigint)",
                "create table \"Two.Shops\".item(id int primary key, code varchar(20), back_id bigint)",
                "create table \"Two.Shops\".\"It.em \"\"s\"\"\"(\"Part.Id\" int primary key, \"item.id\" int, name text,"
                        + " weight numeric)",
                "create table one.tag(id int primary key, name text, rank int)",
                "create table one.item_tag(item_id bigint, tag_id int)",
                "insert into one.item values (1, '  A Title ', null, 'C-01', ' L ', '00000000-0000-0000-0000-000000000001',"
                        + " 'high', true, -3, 7, 1.5, 0.1, 9.90, '2026-11-20', '2026-11-20 10:20:30.5+00', '\\x0102',"
                        + " '{\"k\": [1, 2]}', '10.0.0.1', 48.5, 11.25, '(-2,1)', '{\"a\": \"low\"}',"
                        + " '{\"x\": \"00000000-0000-0000-0000-00000000000a\"}', '{\"n\": 5}', '{\"d\": \"2026-11-20\"}', 5, 2),"
                        + " (2, '', null, 'P'" + ", null".repeat(23) + ")",
                "insert into \"Two.Shops\".item values (5, 'other shop', 1), (2, 'a namesake', 2)",
                "insert into \"Two.Shops\".\"It.em \"\"s\"\"\" values (10, 1, 'bolt', 2.5), (11, 1, 'clip', 2.5),"
                        + " (12, 1, 'heavy', 99.0), (13, 1, 'nut', null)",
                "insert into one.tag values (1, 'red', 3), (2, 'blue', 2), (3, 'hidden', 1), (4, 'unused', 9)",
                "insert into one.item_tag values (1, 1), (1, 2), (1, 3)");
    }

    @Test
    @DisplayName("C12 every kind of field with every sibling, read back from the index as the tables say")
    void isReadBackAsTheTablesSay() throws Exception {
        try (var bed = new DocumentBed("every_field", folder)) {
            fill(bed);
            var index = bed.index("every_field", "one.item", FIELDS);
            assertNothingIsLeftOut(index);
            assertThat(bed.written(index, List.of(Key.of("1"), Key.of("2"))))
                    .containsExactly(new Outcome.Written(), new Outcome.Written());
            assertThat(bed.source("1")).isEqualTo(FULL);
            assertThat(bed.source("2")).isEqualTo(EMPTY);
            assertFound(bed, "{\"match\":{\"texts.a\":\"LOW\"}}", 1);
            assertFound(bed, "{\"range\":{\"longs.n\":{\"gte\":5}}}", 1);
            assertFound(bed, "{\"range\":{\"days.d\":{\"gte\":\"2026-11-20\"}}}", 1);
            assertFound(bed, "{\"term\":{\"address\":\"10.0.0.0/8\"}}", 1);
            assertFound(bed, "{\"term\":{\"a_list\":\"y\"}}", 2);
            assertFound(bed, "{\"term\":{\"tag_ids\":3}}", 1);
            assertFound(bed, "{\"nested\":{\"path\":\"parts\",\"query\":{\"term\":{\"parts.name\":\"clip\"}}}}", 1);
            assertFound(bed, "{\"geo_distance\":{\"distance\":\"9km\",\"place\":{\"lat\":48.5,\"lon\":11.3}}}", 1);
        }
    }

    /** So that a new kind, type or function must be added here. */
    private static void assertNothingIsLeftOut(IndexConfig index) {
        var kinds = EnumSet.noneOf(Field.Kind.class);
        var types = EnumSet.noneOf(LeafType.class);
        var functions = EnumSet.noneOf(Field.Aggregate.Function.class);
        var verbs = EnumSet.noneOf(Field.Join.Verb.class);
        collect(index.schema().fields(), kinds, types, functions, verbs);
        assertThat(kinds).containsExactly(Field.Kind.values());
        assertThat(types).containsExactly(LeafType.values());
        assertThat(functions).containsExactly(Field.Aggregate.Function.values());
        assertThat(verbs).containsExactly(Field.Join.Verb.values());
    }

    private static void collect(
            List<Field> fields,
            Set<Field.Kind> kinds,
            Set<LeafType> types,
            Set<Field.Aggregate.Function> functions,
            Set<Field.Join.Verb> verbs) {
        for (var field : fields) {
            kinds.add(field.kind());
            if (field instanceof Field.Leaf leaf) {
                types.add(leaf.type());
            } else if (field instanceof Field.Aggregate aggregate) {
                functions.add(aggregate.function());
            } else if (field instanceof Field.Group group) {
                collect(group.fields(), kinds, types, functions, verbs);
            } else if (field instanceof Field.Join join) {
                verbs.add(join.verb());
                collect(join.fields(), kinds, types, functions, verbs);
            }
        }
    }

    private static void assertFound(DocumentBed bed, String query, int documents) throws Exception {
        JsonNode found = FirstDay.JSON.readTree(bed.search("{\"query\":" + query + "}"));
        assertThat(found.path("hits").path("total").path("value").asInt())
                .as("%s: %s", query, found)
                .isEqualTo(documents);
    }
}
