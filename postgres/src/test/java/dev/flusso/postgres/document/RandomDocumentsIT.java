package dev.flusso.postgres.document;

import static dev.flusso.postgres.document.Schemas.belongsTo;
import static dev.flusso.postgres.document.Schemas.count;
import static dev.flusso.postgres.document.Schemas.foreignKey;
import static dev.flusso.postgres.document.Schemas.group;
import static dev.flusso.postgres.document.Schemas.hasMany;
import static dev.flusso.postgres.document.Schemas.hasOne;
import static dev.flusso.postgres.document.Schemas.ids;
import static dev.flusso.postgres.document.Schemas.latLon;
import static dev.flusso.postgres.document.Schemas.leaf;
import static dev.flusso.postgres.document.Schemas.literal;
import static dev.flusso.postgres.document.Schemas.manyToMany;
import static dev.flusso.postgres.document.Schemas.raw;
import static dev.flusso.postgres.document.Schemas.schema;
import static dev.flusso.postgres.document.Schemas.through;
import static dev.flusso.postgres.document.Schemas.where;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flusso.schema.DocumentSchema;
import dev.flusso.schema.Field;
import dev.flusso.schema.Filter;
import dev.flusso.schema.LeafType;
import dev.flusso.schema.Link;
import dev.flusso.schema.Literal;
import dev.flusso.schema.Transform;
import dev.flusso.worker.Key;
import dev.flusso.worker.KeyRange;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Random schemas over random rows: the statement of the worker, by key and by range, and the plain way to the documents agree. {@code
 * -Dflusso.seed=} makes the same schemas again, {@code -Dflusso.random.schemas=} says how many.
 */
class RandomDocumentsIT {

    private static final List<String> COLUMNS = List.of("label", "price", "at", "tags", "extra", "flag", "n");
    private static final List<Field.Aggregate.Function> ON_A_COLUMN = List.of(
            Field.Aggregate.Function.SUM,
            Field.Aggregate.Function.AVG,
            Field.Aggregate.Function.MIN,
            Field.Aggregate.Function.MAX);
    private static final List<String> TABLES = List.of("thing", "part", "\"Odd Table\"");

    private static Database database;

    @BeforeAll
    static void fill() {
        database = Database.fresh("random_documents_it");
        for (var table : TABLES) {
            database.run(
                    "create table " + table + "(id int primary key, thing_id int, part_id bigint, \"Odd Id\" numeric,"
                            + " label text, price numeric, at timestamptz, tags text[], extra jsonb, flag boolean, n smallint,"
                            + " lat float8, lon float8)",
                    "insert into " + table + " select g, case when g % 7 > 0 then 1 + (g * 37) % 60 end,"
                            + " case when g % 5 > 0 then 1 + (g * 53) % 60 end, case when g % 4 > 0 then 1 + (g * 11) % 60 end,"
                            + " case when g % 6 > 0 then ' Label Ä' || g % 9 || E'\\n\"' end,"
                            + " case when g % 11 > 0 then (g % 13) * 1.10 else 'NaN' end,"
                            + " case when g % 9 > 0 then '0044-03-15 BC'::timestamptz + g * interval '123 days 4.5 s' end,"
                            + " case when g % 3 > 0 then array['x' || g, null, 'Y,' || g % 2] end,"
                            + " case when g % 4 > 0 then jsonb_build_object('k', g, 'l', array[g % 3]) end,"
                            + " case when g % 3 > 0 then g % 2 = 0 end, g % 4, g, case when g % 2 = 0 then -g end"
                            + " from generate_series(1, 60) g");
        }
        database.run(
                "create index on part(thing_id)",
                "create table junction(left_id int, right_id int, weight int)",
                "insert into junction select 1 + (g * 7) % 60, 1 + (g * 13) % 60, g from generate_series(1, 150) g",
                "create index on junction(left_id)",
                "analyze");
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void theStatementAndThePlainWayAgree() {
        long seed = Long.getLong("flusso.seed", System.nanoTime());
        int count = Integer.getInteger("flusso.random.schemas", 8);
        System.getLogger(RandomDocumentsIT.class.getName())
                .log(System.Logger.Level.INFO, "random documents seed={0} schemas={1}", Long.toString(seed), count);
        var random = new SplittableRandom(seed);
        for (int i = 0; i < count; i++) {
            agree(random(random.split()), "schema " + i + " of -Dflusso.seed=" + seed);
        }
    }

    private static void agree(DocumentSchema schema, String which) {
        var expected = new TreeMap<String, String>();
        database.expected.all(
                schema, each -> expected.put(each.id(), each.document().toString()));
        var index = database.open(schema);
        var scanned = new TreeMap<String, String>();
        Database.scan(index, KeyRange.ALL).forEach((id, json) -> scanned.put(id, Database.exact(json)));
        assertThat(scanned).as("%s, by range: %s", which, schema).isEqualTo(expected);
        var keys = new ArrayList<Key>();
        for (int id = 0; id <= 61; id++) {
            keys.add(Key.of(Integer.toString(id)));
        }
        var built = new TreeMap<String, String>();
        for (var answer : index.documents(keys).answers()) {
            if (answer.document() != null) {
                built.put(answer.askedId(), Database.exact(Database.text(answer)));
            }
        }
        assertThat(built).as("%s, by key: %s", which, schema).isEqualTo(expected);
    }

    private static DocumentSchema random(SplittableRandom random) {
        var deleted = random.nextInt(3) == 0
                ? Schemas.deleted(
                        List.of("flag", "n", "at").get(random.nextInt(3)),
                        random.nextBoolean() ? new Filter[] {filter(random)} : new Filter[0])
                : null;
        return schema(
                table(random),
                List.of("id"),
                deleted,
                filters(random),
                fields(random, 3).toArray(Field[]::new));
    }

    private static String table(SplittableRandom random) {
        return TABLES.get(random.nextInt(TABLES.size())).replace("\"", "");
    }

    private static List<Field> fields(SplittableRandom random, int depth) {
        var fields = new ArrayList<Field>();
        int count = 1 + random.nextInt(5);
        for (int i = 0; i < count; i++) {
            fields.add(field(random, "f" + i, depth));
        }
        return fields;
    }

    private static Field field(SplittableRandom random, String name, int depth) {
        var column = COLUMNS.get(random.nextInt(COLUMNS.size()));
        return switch (random.nextInt(depth > 0 ? 14 : 6)) {
            case 0, 1 -> leaf(name, LeafType.KEYWORD, column);
            case 2 ->
                new Field.Leaf(
                        name,
                        LeafType.KEYWORD,
                        random.nextBoolean() ? "label" : "tags",
                        false,
                        List.of(Transform.TRIM, Transform.LOWERCASE),
                        List.of(),
                        null,
                        Literal.Entries.EMPTY,
                        Schemas.line(7));
            case 3 ->
                new Field.Leaf(
                        name,
                        LeafType.KEYWORD,
                        column,
                        false,
                        List.of(),
                        List.of(),
                        literal("none"),
                        Literal.Entries.EMPTY,
                        Schemas.line(7));
            case 4 -> latLon(name, "lat", "lon");
            case 5 -> Schemas.constant(name, literal(random.nextInt(9)));
            case 6 -> group(name, fields(random, depth - 1).toArray(Field[]::new));
            case 7 -> count(name, table(random), link(random), filters(random).toArray(Filter[]::new));
            case 8 ->
                Schemas.aggregate(
                        name,
                        ON_A_COLUMN.get(random.nextInt(ON_A_COLUMN.size())),
                        table(random),
                        link(random),
                        random.nextBoolean() ? "n" : "price",
                        filters(random).toArray(Filter[]::new));
            case 9 -> ids(name, table(random), link(random), filters(random).toArray(Filter[]::new));
            default -> join(random, name, depth);
        };
    }

    private static Link link(SplittableRandom random) {
        return random.nextInt(3) == 0 ? through("junction", "left_id", "right_id") : foreignKey(reference(random));
    }

    private static String reference(SplittableRandom random) {
        return List.of("thing_id", "part_id", "Odd Id").get(random.nextInt(3));
    }

    private static Field join(SplittableRandom random, String name, int depth) {
        var table = table(random);
        var join = switch (random.nextInt(5)) {
            case 0 -> belongsTo(name, table, "id", reference(random));
            case 1 -> hasOne(name, table, "id", reference(random));
            case 2 -> manyToMany(name, table, "id", through("junction", "left_id", "right_id"));
            default -> hasMany(name, table, "id", reference(random));
        };
        var many = join.verb().isToMany();
        if (random.nextBoolean() && join.verb() != Field.Join.Verb.BELONGS_TO) {
            join = join.by((random.nextBoolean() ? "-" : "")
                    + List.of("label", "at", "n").get(random.nextInt(3)));
        }
        if (many && random.nextBoolean()) {
            join = join.first(1 + random.nextInt(3));
        }
        return join.where(filters(random).toArray(Filter[]::new))
                .of(fields(random, depth - 1).toArray(Field[]::new));
    }

    private static List<Filter> filters(SplittableRandom random) {
        var filters = new ArrayList<Filter>();
        while (random.nextInt(3) == 0) {
            filters.add(filter(random));
        }
        return filters;
    }

    private static Filter filter(SplittableRandom random) {
        return switch (random.nextInt(8)) {
            case 0 -> where("flag", Filter.Operator.EQ, random.nextBoolean());
            case 1 -> where("n", Filter.Operator.IN, 0, 2, 3);
            case 2 -> where("label", Filter.Operator.ILIKE, "%ä1%");
            case 3 -> where("at", Filter.Operator.GTE, "0030-01-01 00:00+00 BC");
            case 4 -> where("price", Filter.Operator.BETWEEN, 1.1, 9.9);
            case 5 -> where(random.nextBoolean() ? "extra" : "tags", Filter.Operator.IS_NOT_NULL);
            case 6 -> where("n", Filter.Operator.NOT_IN, 1, 2);
            default -> raw("extra ? 'k' and n < 3 -- \"?\"");
        };
    }
}
