package dev.flusso.schema.parse;

import dev.flusso.schema.LeafType;
import dev.flusso.schema.Literal;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.util.Base64;
import java.util.UUID;
import java.util.regex.Pattern;

/** Whether a {@code default} fits its field's type. */
final class Defaults {

    private static final Pattern UUID_TEXT = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    private static final DateTimeFormatter TIMESTAMP = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .optionalStart()
            .appendPattern("['T'][' ']")
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .optionalStart()
            .appendOffset("+HH:mm", "Z")
            .optionalEnd()
            .optionalEnd()
            .toFormatter()
            .withResolverStyle(ResolverStyle.STRICT);

    private Defaults() {}

    /**
     * What was expected instead of a value.
     *
     * @param options of the field: an own {@code format} decides what a date may be, an own {@code type} what a json may be
     * @return empty when the value fits
     */
    static String expected(LeafType type, Literal value, Literal.Entries options) {
        return switch (type) {
            case TEXT, IDENTIFIER, KEYWORD, ENUM ->
                value instanceof Literal.Text ? "" : "a string (in quotes), as the field is " + article(type);
            case UUID -> isUuid(value) ? "" : "a UUID such as " + new UUID(0, 0);
            case BOOLEAN -> value instanceof Literal.Bool ? "" : "true or false, as the field is a boolean";
            case SHORT -> whole(value, 16, type);
            case INTEGER -> whole(value, 32, type);
            case LONG -> whole(value, 64, type);
            case FLOAT -> isNumber(value, Float.MAX_VALUE) ? "" : "a number that a float holds";
            case DOUBLE, DECIMAL ->
                isNumber(value, Double.MAX_VALUE)
                        ? ""
                        : "a number that a double holds, as the field is " + article(type);
            case DATE -> options.values().containsKey("format") || isDate(value) ? "" : "a date such as \"2026-11-20\"";
            case TIMESTAMP ->
                options.values().containsKey("format") || isTimestamp(value)
                        ? ""
                        : "a timestamp such as \"2026-11-20T10:20:30Z\"";
            case BINARY -> isBase64(value) ? "" : "base64, as the field is binary";
            case JSON ->
                options.values().containsKey("type") || options.values().containsKey("enabled")
                        ? ""
                        : "none, as OpenSearch holds json as an object and no single value is one";
        };
    }

    static String article(LeafType type) {
        return ("aeiou".indexOf(type.key().charAt(0)) < 0 || type == LeafType.UUID ? "a " : "an ") + type.key();
    }

    private static boolean isUuid(Literal value) {
        return value instanceof Literal.Text text
                && UUID_TEXT.matcher(text.value()).matches();
    }

    private static String whole(Literal value, int bits, LeafType type) {
        boolean fits = value instanceof Literal.Whole whole && whole.value().bitLength() < bits;
        var limit = BigInteger.ONE.shiftLeft(bits - 1);
        return fits
                ? ""
                : "a whole number from " + limit.negate() + " to " + limit.subtract(BigInteger.ONE)
                        + ", as the field is " + article(type);
    }

    private static boolean isNumber(Literal value, double largest) {
        if (value instanceof Literal.Whole whole) {
            return new BigDecimal(whole.value()).abs().compareTo(BigDecimal.valueOf(largest)) <= 0;
        }
        return value instanceof Literal.Fraction fraction
                && fraction.value().abs().compareTo(BigDecimal.valueOf(largest)) <= 0;
    }

    private static boolean isDate(Literal value) {
        try {
            return value instanceof Literal.Text text && LocalDate.parse(text.value()) != null;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static boolean isTimestamp(Literal value) {
        try {
            return value instanceof Literal.Text text && TIMESTAMP.parse(text.value()) != null;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static boolean isBase64(Literal value) {
        try {
            return value instanceof Literal.Text text && Base64.getDecoder().decode(text.value()) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
