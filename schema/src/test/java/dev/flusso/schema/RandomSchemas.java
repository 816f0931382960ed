package dev.flusso.schema;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Any valid schema, by a seed. */
public final class RandomSchemas {

    private static final String FILE = "random.schema.yml";
    private static final List<String> NAMES =
            List.of("id", "name", "user_id", "createdAt", "Größe", "a b", "x\"y", "order", "1st", "a.b");

    private final Random random;
    private int line = 1;

    public RandomSchemas(long seed) {
        random = new Random(seed);
    }

    public DocumentSchema schema() {
        var key = columns(1 + random.nextInt(2));
        var softDelete = random.nextBoolean() ? null : new SoftDelete(column(), filters(), place());
        return new DocumentSchema(table(), key, softDelete, filters(), fields(key, 3), place());
    }

    private List<Field> fields(List<String> key, int depth) {
        int count = 1 + random.nextInt(4);
        return IntStream.range(0, count)
                .mapToObj(i -> field("f" + i + one("", "_x", "X"), key, depth))
                .toList();
    }

    private Field field(String name, List<String> key, int depth) {
        return switch (depth == 0 ? random.nextInt(5) : random.nextInt(9)) {
            case 0 -> leaf(name, key);
            case 1 ->
                new Field.Custom(
                        name,
                        List.of("numeric", "int4"),
                        "scaled_float",
                        column(key),
                        truth(key),
                        number(),
                        options(),
                        place());
            case 2 -> new Field.Geo(name, source(), random.nextBoolean(), options(), place());
            case 3 -> map(name, key);
            case 4 -> new Field.Constant(name, literal(3), place());
            case 5 -> new Field.Group(name, fields(key, depth - 1), options(), place());
            case 6 -> join(name, key, depth);
            case 7 -> aggregate(name, key);
            default ->
                new Field.Ids(name, table(), figureLink(key), one(LeafType.LONG, LeafType.UUID), filters(), place());
        };
    }

    private String leafColumn = "id";

    private String column(List<String> ignored) {
        leafColumn = column();
        return leafColumn;
    }

    /** A column of the primary key is never null. */
    private boolean truth(List<String> key) {
        return random.nextBoolean() || key.contains(leafColumn);
    }

    private Field leaf(String name, List<String> key) {
        var type = one(LeafType.values());
        var column = column(key);
        boolean required = truth(key);
        List<Transform> transforms =
                type.isString() && random.nextBoolean() ? List.of(one(Transform.values())) : List.of();
        List<String> variants =
                type == LeafType.ENUM && random.nextBoolean() ? List.of("a", "a b", "=> \\\"", "ß") : List.of();
        return new Field.Leaf(name, type, column, required, transforms, variants, fallback(type), options(), place());
    }

    private @Nullable Literal fallback(LeafType type) {
        if (random.nextBoolean()) {
            return null;
        }
        return switch (type) {
            case TEXT, IDENTIFIER, KEYWORD, ENUM -> text();
            case UUID -> new Literal.Text("123e4567-e89b-12d3-a456-426614174000");
            case BOOLEAN -> new Literal.Bool(random.nextBoolean());
            case SHORT, INTEGER, LONG -> new Literal.Whole(BigInteger.valueOf(random.nextInt(30_000) - 15_000));
            case FLOAT, DOUBLE, DECIMAL -> number();
            case DATE -> new Literal.Text("2026-11-20");
            case TIMESTAMP -> new Literal.Text("2026-11-20 10:20:30.5+02:00");
            case BINARY, JSON -> null;
        };
    }

    private Field map(String name, List<String> key) {
        var column = column(key);
        return new Field.MapOf(
                name, one(LeafType.TEXT, LeafType.DATE, LeafType.FLOAT), column, truth(key), options(), place());
    }

    private Field.Geo.Source source() {
        return random.nextBoolean()
                ? new Field.Geo.Source.Column(column())
                : new Field.Geo.Source.LatLon(column(), column());
    }

    private Field join(String name, List<String> upperKey, int depth) {
        var verb = one(Field.Join.Verb.values());
        var key = columns(1 + random.nextInt(2));
        boolean toMany = verb.isToMany();
        Link link = switch (verb) {
            case BELONGS_TO -> new Link.ParentColumns(columns(key.size()));
            case HAS_ONE, HAS_MANY -> new Link.ForeignKey(columns(upperKey.size()));
            case MANY_TO_MANY -> new Link.Through(table(), columns(upperKey.size()), columns(key.size()));
        };
        List<SortKey> orderBy = verb == Field.Join.Verb.BELONGS_TO || random.nextBoolean()
                ? List.of()
                : List.of(new SortKey(column(), random.nextBoolean(), place()));
        return new Field.Join(
                name,
                verb,
                table(),
                key,
                link,
                fields(key, depth - 1),
                filters(),
                orderBy,
                toMany ? random.nextInt(3) : 0,
                !toMany && random.nextBoolean(),
                options(),
                place());
    }

    private Field aggregate(String name, List<String> upperKey) {
        var function = one(Field.Aggregate.Function.values());
        var type = switch (function) {
            case COUNT -> LeafType.LONG;
            case AVG -> LeafType.DOUBLE;
            case SUM -> one(LeafType.DECIMAL, LeafType.LONG);
            case MIN, MAX -> one(LeafType.KEYWORD, LeafType.TIMESTAMP, LeafType.SHORT);
        };
        var column = function == Field.Aggregate.Function.COUNT ? null : column();
        return new Field.Aggregate(
                name, function, table(), figureLink(upperKey), filters(), column, type, options(), place());
    }

    private Link figureLink(List<String> upperKey) {
        return random.nextBoolean()
                ? new Link.ForeignKey(columns(upperKey.size()))
                : new Link.Through(table(), columns(upperKey.size()), columns(1 + random.nextInt(2)));
    }

    private List<Filter> filters() {
        var filters = new ArrayList<Filter>();
        for (int i = random.nextInt(3); i > 0; i--) {
            if (random.nextInt(4) == 0) {
                filters.add(new Filter.Raw("a = 'b' -- \n\t" + text().value(), place()));
                continue;
            }
            var operator = one(Filter.Operator.values());
            List<Literal> operands = switch (operator) {
                case IS_NULL, IS_NOT_NULL -> List.of();
                case LIKE, ILIKE -> List.of(text());
                case EQ, NEQ, LT, LTE, GT, GTE -> List.of(scalar());
                case IN, NOT_IN ->
                    Stream.generate(this::scalar).limit(random.nextInt(3)).toList();
                case BETWEEN -> List.of(scalar(), scalar());
            };
            filters.add(new Filter.Comparison(column(), operator, operands, place()));
        }
        return filters;
    }

    private Literal.Entries options() {
        if (random.nextInt(3) > 0) {
            return Literal.Entries.EMPTY;
        }
        Map<String, Literal> options = new LinkedHashMap<>();
        options.put(one("format", "@", "@file", "boost", "ü"), literal(2));
        options.put("meta", literal(2));
        return new Literal.Entries(options);
    }

    private Literal literal(int depth) {
        return switch (depth == 0 ? random.nextInt(2) : random.nextInt(5)) {
            case 0 -> scalar();
            case 1 -> new Literal.Null();
            case 2 ->
                new Literal.Items(Stream.generate(() -> literal(depth - 1))
                        .limit(random.nextInt(3))
                        .toList());
            case 3 -> new Literal.Entries(Map.of(one("@", "@@", "@file", "a.b", ""), literal(depth - 1)));
            default -> scalar();
        };
    }

    private Literal scalar() {
        return switch (random.nextInt(4)) {
            case 0 -> new Literal.Bool(random.nextBoolean());
            case 1 -> new Literal.Whole(new BigInteger(random.nextInt(100), random).negate());
            case 2 -> number();
            default -> text();
        };
    }

    private Literal number() {
        return new Literal.Fraction(new BigDecimal(new BigInteger(60, random), random.nextInt(30) - 10));
    }

    private Literal.Text text() {
        return new Literal.Text(one("", "x", "010", "null", "ü\u2028\uD83D\uDE00", "a\nb\t\"\\", "- [", "# no", "@"));
    }

    private String column() {
        return NAMES.get(random.nextInt(NAMES.size()));
    }

    private List<String> columns(int count) {
        var columns = new ArrayList<>(NAMES);
        java.util.Collections.shuffle(columns, random);
        return columns.subList(0, count);
    }

    private TableRef table() {
        return new TableRef(one("public", "Other", "s x"), one("users", "Orders", "order", "tags"));
    }

    private Place place() {
        return new Place(FILE, line++, 1 + random.nextInt(20));
    }

    @SafeVarargs
    private <T> T one(T... values) {
        return values[random.nextInt(values.length)];
    }
}
