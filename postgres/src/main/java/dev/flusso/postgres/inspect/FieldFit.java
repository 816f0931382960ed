package dev.flusso.postgres.inspect;

import dev.flusso.postgres.inspect.ColumnFacts.Family;
import dev.flusso.postgres.inspect.DatabaseFinding.Severity;
import dev.flusso.schema.LeafType;
import dev.flusso.schema.mapping.ValueLimit;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which column a field can hold: what would be rejected ({@link ValueLimit}) is known from the types before the first document is sent.
 */
final class FieldFit {

    private static final Map<String, Integer> WHOLE_BYTES = Map.of("int2", 2, "int4", 4, "int8", 8);
    private static final Map<LeafType, Integer> FIELD_BYTES =
            Map.of(LeafType.SHORT, 2, LeafType.INTEGER, 4, LeafType.LONG, 8);

    /** {@code numeric(12,2)}, {@code numeric(9)[]}. */
    private static final Pattern NUMERIC = Pattern.compile("numeric\\((\\d+)(?:,(-?\\d+))?\\)(\\[])?");

    /** Decimal digits that any value of the type can hold. */
    private static final Map<LeafType, Integer> FIELD_DIGITS = Map.of(
            LeafType.SHORT,
            4,
            LeafType.INTEGER,
            9,
            LeafType.LONG,
            18,
            LeafType.FLOAT,
            6,
            LeafType.DOUBLE,
            15,
            LeafType.DECIMAL,
            15);

    private FieldFit() {}

    /**
     * What is wrong with a pair.
     *
     * @param severity ERROR when no value fits, WARNING when some do not, NOTE when they are kept, but not found by all that they are
     * @param reason completes "column 'x' is of type y, and a long field …"
     * @param fix empty where the fitting type key is the fix
     */
    record Misfit(Severity severity, String reason, String fix) {
        Misfit(Severity severity, String reason) {
            this(severity, reason, "");
        }
    }

    /** The values of an array are indexed one by one, so that its element is what must fit. */
    static Optional<Misfit> of(LeafType type, ColumnFacts column) {
        var family = column.family();
        return switch (type) {
            case TEXT, IDENTIFIER, KEYWORD, UUID, ENUM -> string(family);
            case BOOLEAN -> bool(family);
            case SHORT, INTEGER, LONG -> whole(type, column);
            case FLOAT, DOUBLE, DECIMAL ->
                family.isNumber() ? rounded(type, column) : text(family, ValueLimit.NUMBER_TEXT.reason());
            case DATE, TIMESTAMP -> moment(family, column.base());
            case BINARY ->
                family == Family.BYTES ? Optional.empty() : text(family, "takes of a text only what is base64");
            case JSON -> family == Family.OBJECT ? Optional.empty() : json(column);
        };
    }

    /** Of a map, whose column must hold an object. */
    static Optional<Misfit> ofMap(ColumnFacts column) {
        return column.family() == Family.JSON || column.family() == Family.OBJECT
                ? Optional.empty()
                : Optional.of(new Misfit(Severity.ERROR, ValueLimit.OBJECT_ONLY.reason()));
    }

    /** Of a point in one column. */
    static Optional<Misfit> ofPoint(ColumnFacts column) {
        return Set.of(Family.POINT, Family.TEXT, Family.JSON, Family.OBJECT).contains(column.family())
                ? Optional.empty()
                : Optional.of(new Misfit(
                        Severity.ERROR,
                        "takes a point, json, or a text like '41.12,-71.34'; other types are not read"));
    }

    /** Of a latitude or a longitude. */
    static Optional<Misfit> ofCoordinate(ColumnFacts column) {
        return column.family().isNumber() && !column.array()
                ? Optional.empty()
                : Optional.of(new Misfit(Severity.ERROR, "takes numbers as coordinates"));
    }

    /** What OpenSearch makes of the keys of a document it has not seen before. */
    private static Optional<Misfit> json(ColumnFacts column) {
        if (column.family() != Family.JSON) {
            return Optional.of(new Misfit(Severity.ERROR, ValueLimit.OBJECT_ONLY.reason()));
        }
        return column.base().equals("json")
                ? Optional.of(new Misfit(
                        Severity.WARNING,
                        "rejects a document in which a key is given twice, which json keeps and jsonb does not",
                        "ALTER TABLE … ALTER COLUMN … TYPE jsonb;"))
                : Optional.empty();
    }

    /** Of a {@code sum}, which is wider than what it adds. */
    static Optional<Misfit> ofSum(LeafType type) {
        return type == LeafType.SHORT || type == LeafType.INTEGER
                ? Optional.of(new Misfit(
                        Severity.WARNING, "rejects a sum that has grown beyond it", "write value_type as long"))
                : Optional.empty();
    }

    /** {@code a long}, {@code an integer}. */
    static String article(String key) {
        return ("aeiou".indexOf(key.charAt(0)) < 0 ? "a " : "an ") + key;
    }

    private static Optional<Misfit> string(Family family) {
        return switch (family) {
            case OBJECT -> Optional.of(new Misfit(Severity.ERROR, ValueLimit.NO_OBJECT.reason()));
            case JSON ->
                Optional.of(new Misfit(Severity.WARNING, "takes no objects, only json that is a single value"));
            default -> Optional.empty();
        };
    }

    private static Optional<Misfit> bool(Family family) {
        return family == Family.BOOLEAN ? Optional.empty() : text(family, ValueLimit.BOOLEAN_TEXT.reason());
    }

    private static Optional<Misfit> whole(LeafType type, ColumnFacts column) {
        int room = FIELD_BYTES.getOrDefault(type, 8);
        if (column.family() == Family.WHOLE) {
            return WHOLE_BYTES.getOrDefault(column.base(), 8) <= room
                    ? Optional.empty()
                    : Optional.of(new Misfit(
                            Severity.WARNING, "is narrower: larger numbers are rejected, so use " + wider(column)));
        }
        if (column.family().isNumber()) {
            return fraction(type, column);
        }
        return none(column.family(), "takes numbers only");
    }

    private static Optional<Misfit> fraction(LeafType type, ColumnFacts column) {
        var declared = NUMERIC.matcher(column.type());
        if (declared.matches() && (declared.group(2) == null || Integer.parseInt(declared.group(2)) <= 0)) {
            return Integer.parseInt(declared.group(1)) <= FIELD_DIGITS.getOrDefault(type, 18)
                    ? Optional.empty()
                    : Optional.of(
                            new Misfit(Severity.WARNING, "is narrower: larger numbers are rejected, so use decimal"));
        }
        return Optional.of(new Misfit(
                Severity.WARNING, ValueLimit.WHOLE_FRACTION.reason() + ", so it is rejected: use decimal or double"));
    }

    /** The document keeps every digit, the index a binary fraction. */
    private static Optional<Misfit> rounded(LeafType type, ColumnFacts column) {
        int digits = FIELD_DIGITS.getOrDefault(type, 15);
        if (type == LeafType.FLOAT
                && !column.base().equals("float4")
                && !column.base().equals("int2")) {
            var declared = NUMERIC.matcher(column.type());
            return declared.matches() && Integer.parseInt(declared.group(1)) <= digits
                    ? Optional.empty()
                    : Optional.of(
                            new Misfit(
                                    Severity.WARNING,
                                    "is searched and sorted by some seven digits, and rejects numbers beyond 3.4e38: use double"));
        }
        if (column.base().equals("int8")) {
            return Optional.of(
                    new Misfit(Severity.NOTE, "tells numbers beyond 2^53 apart in the document only: use long"));
        }
        var declared = NUMERIC.matcher(column.type());
        return declared.matches() && Integer.parseInt(declared.group(1)) > digits
                ? Optional.of(new Misfit(
                        Severity.NOTE, "is searched and sorted by some 15 digits; the document keeps them all"))
                : Optional.empty();
    }

    private static String wider(ColumnFacts column) {
        return column.base().equals("int4") ? "integer" : "long";
    }

    private static Optional<Misfit> moment(Family family, String base) {
        if (family == Family.DATE || family == Family.TIMESTAMP) {
            return Optional.empty();
        }
        if (family.isNumber()) {
            var severity = base.equals("int8") ? Severity.WARNING : Severity.ERROR;
            return Optional.of(new Misfit(severity, ValueLimit.DATE_FRACTION.reason()));
        }
        return text(family, ValueLimit.DATE_TEXT.reason());
    }

    /** Some texts and json may fit, nothing else does. */
    private static Optional<Misfit> text(Family family, String condition) {
        return family == Family.TEXT || family == Family.JSON || family == Family.ENUM
                ? Optional.of(new Misfit(Severity.WARNING, condition))
                : none(family, condition);
    }

    private static Optional<Misfit> none(Family family, String condition) {
        return family == Family.JSON
                ? Optional.of(new Misfit(Severity.WARNING, condition))
                : Optional.of(new Misfit(Severity.ERROR, condition));
    }
}
