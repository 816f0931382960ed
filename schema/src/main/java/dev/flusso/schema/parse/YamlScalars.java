package dev.flusso.schema.parse;

import dev.flusso.schema.Literal;
import dev.flusso.schema.Place;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Set;
import java.util.regex.Pattern;

/** What an unquoted scalar means by the core schema of YAML 1.2: {@code yes} is a string, {@code 010} is ten. */
final class YamlScalars {

    /** More digits, or a larger exponent, is no number anyone means, and costs quadratic time. */
    private static final int MOST_DIGITS = 400;

    private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");
    private static final Set<String> TRUES = Set.of("true", "True", "TRUE");
    private static final Set<String> FALSES = Set.of("false", "False", "FALSE");
    private static final Pattern DECIMAL = Pattern.compile("[-+]?[0-9]+");
    private static final Pattern OCTAL = Pattern.compile("0o[0-7]+");
    private static final Pattern HEXADECIMAL = Pattern.compile("0x[0-9a-fA-F]+");
    private static final Pattern FRACTION = Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?([0-9]+))?");
    private static final Pattern ENDLESS = Pattern.compile("[-+]?(\\.inf|\\.Inf|\\.INF)|\\.nan|\\.NaN|\\.NAN");

    private YamlScalars() {}

    static Node plain(String text, Place place) {
        if (NULLS.contains(text)) {
            return new Node.Scalar(new Literal.Null(), place);
        }
        if (TRUES.contains(text) || FALSES.contains(text)) {
            return new Node.Scalar(new Literal.Bool(TRUES.contains(text)), place);
        }
        if (ENDLESS.matcher(text).matches()) {
            return new Node.Odd("an infinity or not-a-number", place);
        }
        return number(text, place);
    }

    private static Node number(String text, Place place) {
        char first = text.charAt(0);
        boolean numeric = (first >= '0' && first <= '9') || first == '-' || first == '+' || first == '.';
        if (!numeric) {
            return new Node.Scalar(new Literal.Text(text), place);
        }
        boolean tooLong = text.length() > MOST_DIGITS;
        if (DECIMAL.matcher(text).matches()) {
            return tooLong ? unbounded(place) : whole(new BigInteger(text), place);
        }
        if (OCTAL.matcher(text).matches()) {
            return tooLong ? unbounded(place) : whole(new BigInteger(text.substring(2), 8), place);
        }
        if (HEXADECIMAL.matcher(text).matches()) {
            return tooLong ? unbounded(place) : whole(new BigInteger(text.substring(2), 16), place);
        }
        var fraction = FRACTION.matcher(text);
        if (!fraction.matches()) {
            return new Node.Scalar(new Literal.Text(text), place);
        }
        var exponent = fraction.group(4);
        if (tooLong || (exponent != null && exponent.length() > 3)) {
            return unbounded(place);
        }
        return new Node.Scalar(new Literal.Fraction(new BigDecimal(text)), place);
    }

    private static Node whole(BigInteger value, Place place) {
        return new Node.Scalar(new Literal.Whole(value), place);
    }

    private static Node unbounded(Place place) {
        return new Node.Odd("a number of more than " + MOST_DIGITS + " digits", place);
    }
}
