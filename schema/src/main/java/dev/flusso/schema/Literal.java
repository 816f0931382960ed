package dev.flusso.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A value as it was written in YAML, TOML or JSON, with its type kept. */
public sealed interface Literal {

    /** {@code null}. */
    record Null() implements Literal {}

    /** {@code true} or {@code false}. */
    record Bool(boolean value) implements Literal {}

    /** A whole number of any size. */
    record Whole(BigInteger value) implements Literal {}

    /** A number with a point or an exponent; its digits are kept as written, {@code 5.} becomes {@code 5.0}. */
    record Fraction(BigDecimal value) implements Literal {
        public Fraction {
            if (value.scale() == 0) {
                value = value.setScale(1);
            }
        }
    }

    /** A string. */
    record Text(String value) implements Literal {}

    /** A list. */
    record Items(List<Literal> values) implements Literal {
        public Items {
            values = List.copyOf(values);
        }
    }

    /** A mapping from strings, in the order written. */
    record Entries(Map<String, Literal> values) implements Literal {

        public static final Entries EMPTY = new Entries(Map.of());

        public Entries {
            values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        }

        public boolean isEmpty() {
            return values.isEmpty();
        }
    }

    /** As a JSON tree; free to change. */
    default JsonNode node() {
        return LiteralJson.node(this);
    }

    /** As JSON text on one line, without white space; the same value always gives the same text. */
    default String json() {
        return LiteralJson.text(this);
    }
}
