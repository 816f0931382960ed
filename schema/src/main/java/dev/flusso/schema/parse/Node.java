package dev.flusso.schema.parse;

import dev.flusso.schema.Literal;
import dev.flusso.schema.Place;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What was written, with its place, whatever notation it was written in. */
sealed interface Node {

    Place place();

    /** Such as {@code a string}; says nothing of the value, which may be a secret. */
    String kind();

    /** The value and its kind, for messages: {@code "five" (a string)}. */
    String found();

    /** The value as a literal; empty when there is a part in it that has no JSON form. */
    Optional<Literal> literal();

    /** One value. */
    record Scalar(Literal value, Place place) implements Node {

        private static final int LONGEST = 60;

        @Override
        public String kind() {
            if (value instanceof Literal.Text) {
                return "a string";
            }
            if (value instanceof Literal.Bool) {
                return "a boolean";
            }
            if (value instanceof Literal.Whole) {
                return "a whole number";
            }
            return value instanceof Literal.Null ? "null" : "a number";
        }

        @Override
        public String found() {
            if (value instanceof Literal.Null) {
                return "null";
            }
            var text = value.json();
            var shown = text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
            return shown + " (" + kind() + ")";
        }

        @Override
        public Optional<Literal> literal() {
            return Optional.of(value);
        }

        boolean isNull() {
            return value instanceof Literal.Null;
        }
    }

    /** A value of the notation that means nothing to us, such as a TOML date or a YAML infinity. */
    record Odd(String kind, Place place) implements Node {
        @Override
        public String found() {
            return kind;
        }

        @Override
        public Optional<Literal> literal() {
            return Optional.empty();
        }
    }

    /** A list. */
    record Items(List<Node> nodes, Place place) implements Node {
        public Items {
            nodes = List.copyOf(nodes);
        }

        @Override
        public String kind() {
            return "a list";
        }

        @Override
        public String found() {
            return kind();
        }

        @Override
        public Optional<Literal> literal() {
            var values = nodes.stream().map(Node::literal).toList();
            if (values.stream().anyMatch(Optional::isEmpty)) {
                return Optional.empty();
            }
            return Optional.of(
                    new Literal.Items(values.stream().map(Optional::orElseThrow).toList()));
        }
    }

    /** A table or mapping, no key twice. */
    record Mapping(List<Entry> entries, Place place) implements Node {
        public Mapping {
            entries = List.copyOf(entries);
        }

        @Override
        public String kind() {
            return "a mapping";
        }

        @Override
        public String found() {
            return kind();
        }

        @Override
        public Optional<Literal> literal() {
            Map<String, Literal> values = new LinkedHashMap<>();
            for (var entry : entries) {
                var value = entry.value().literal();
                if (value.isEmpty()) {
                    return Optional.empty();
                }
                values.put(entry.key(), value.orElseThrow());
            }
            return Optional.of(new Literal.Entries(values));
        }
    }

    /**
     * One key with its value.
     *
     * @param place where the key stands
     */
    record Entry(String key, Place place, Node value) {}
}
